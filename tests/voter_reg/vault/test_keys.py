"""The keystore: refused unless whole, private and its own; a destroyed key never comes back."""

import json
import os
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.vault import KeyGone, MasterKey, VaultError, create_keys, open_vault
from voter_reg.vault import vault as vault_module
from voter_reg.vault.keys import Keystore, create_keystore, epoch_of
from voter_reg.vault.master import new_master_key


@pytest.fixture
def files(tmp_path):
    create_keys(tmp_path / "keys" / "master.key", tmp_path / "keys" / "keystore.json")
    return tmp_path / "keys" / "master.key", tmp_path / "keys" / "keystore.json"


@pytest.fixture
def quick(monkeypatch):
    """Processes look at the keystore before every envelope, not twice a second."""
    monkeypatch.setattr(vault_module, "LOOK_EVERY", 0.0)


def refusal(*files):
    with pytest.raises(VaultError) as refused:
        open_vault(*files)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_both_files_are_for_their_owner_alone(files):
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    assert files[0].parent.stat().st_mode & 0o777 == 0o700


def test_keys_that_are_there_are_never_overwritten(files):
    before = [path.read_bytes() for path in files]

    with pytest.raises(VaultError, match="never overwritten"):
        create_keys(*files)

    assert [path.read_bytes() for path in files] == before


@pytest.mark.parametrize("which", [0, 1])
def test_a_lost_file_is_not_quietly_replaced(files, which):
    files[which].unlink()

    assert "cannot be read" in refusal(*files)
    assert not files[which].exists()


@pytest.mark.parametrize("which", [0, 1])
def test_a_key_file_that_others_may_read_is_refused(files, which):
    files[which].chmod(0o640)

    assert "may be read by others" in refusal(*files)


def test_a_keystore_cut_at_any_length_is_refused_in_one_line(files):
    open_vault(*files).seal("voter", "1", "2030-11", b"x")
    whole = files[1].read_bytes()

    for kept in range(len(whole)):
        files[1].write_bytes(whole[:kept])
        assert str(files[1]) in refusal(*files)


def test_a_keystore_changed_in_any_byte_is_refused_or_the_same(files):
    open_vault(*files).seal("voter", "1", "2030-11", b"x")
    whole = files[1].read_bytes()

    for place in range(len(whole)):
        files[1].write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert refusal(*files)


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "00" * 31, "00" * 33, "ü" * 64])
def test_a_master_key_that_is_none_is_refused(files, content):
    files[0].write_text(content, "utf-8")

    assert "key" in refusal(*files)


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '"x"', "7", '{"version": 2}', '{"version": 2, "keys": []}', '{"version": 1, "keys": {}}',
     '{"version": 3, "keys": {}}',
     '{"version": 2, "generation": 1, "keys": {}, "index": "", "destroyed": {}, "code": ""}'],
)  # fmt: skip
def test_a_keystore_with_another_shape_is_refused(files, content):
    files[1].write_text(content)

    assert refusal(*files)


def test_an_older_format_is_named(files):
    files[1].write_text('{"version": 1, "keys": {}}')

    assert "format 1, not 2" in refusal(*files)


def test_a_keystore_of_another_master_key_is_refused(files, tmp_path):
    create_keys(tmp_path / "other.key", tmp_path / "other.json")

    assert "does not open with this master key" in refusal(tmp_path / "other.key", files[1])


@pytest.mark.parametrize("change", ["swap", "remove", "revive", "forget"])
def test_entries_cannot_be_swapped_removed_or_revived(files, change):
    vault = open_vault(*files)
    for month in ("2020-01", "2030-11", "2030-12"):
        vault.seal("voter", "1", month, b"x")
    wrapped = json.loads(files[1].read_text())["keys"]["2020-01"]
    vault.destroy("2020-01", date(2025, 1, 1))
    content = json.loads(files[1].read_text())
    if change == "swap":
        content["keys"]["2030-12"] = content["keys"]["2030-11"]
    elif change == "remove":
        del content["keys"]["2030-12"]
    elif change == "revive":
        content["keys"]["2020-01"] = wrapped
    else:
        content["destroyed"] = {}
    files[1].write_text(json.dumps(content))

    assert "was changed" in refusal(*files)


def test_two_processes_that_are_first_in_a_month_agree_on_its_key(files):
    one, other = open_vault(*files), open_vault(*files)

    assert other.open("voter", "1", one.seal("voter", "1", "2030-11", b"yes")) == b"yes"
    assert one.open("voter", "2", other.seal("voter", "2", "2030-11", b"and back")) == b"and back"
    assert list(json.loads(files[1].read_text())["keys"]) == ["2030-11"]


def test_a_key_that_could_not_be_written_seals_nothing(files, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    vault, before = open_vault(*files), files[1].read_bytes()
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            vault.seal("voter", "1", "2030-11", b"x")

    assert files[1].read_bytes() == before
    sealed = vault.seal("voter", "1", "2030-11", b"later")
    assert open_vault(*files).open("voter", "1", sealed) == b"later"


@pytest.mark.parametrize(
    "key_id", ["", "2030-13", "2030-00", "2030-1", "h-1", "h-000001", "index", "../../x", "2030-11\n", "Service"]
)
def test_what_is_no_keys_id_seals_nothing(files, key_id):
    vault, before = open_vault(*files), files[1].read_bytes()

    with pytest.raises(VaultError, match="no key's id"):
        vault.seal("voter", "1", key_id, b"x")
    assert files[1].read_bytes() == before


@pytest.mark.parametrize("key_id", ["2030-11", "h-00001", "service"])
def test_months_holds_and_the_service_have_keys(files, key_id):
    vault = open_vault(*files)

    assert open_vault(*files).open("voter", "1", vault.seal("voter", "1", key_id, b"x")) == b"x"


class TestDestroying:
    def test_what_it_sealed_opens_no_more_and_no_key_of_its_id_is_made_again(self, files):
        vault = open_vault(*files)
        sealed = vault.seal("voter", "1", "2020-01", b"x")

        vault.destroy("2020-01", date(2025, 1, 1))

        for each in (vault, open_vault(*files)):
            with pytest.raises(KeyGone, match="no key of 2020-01"):
                each.open("voter", "1", sealed)
            with pytest.raises(VaultError, match="destroyed on 2025-01-01"):
                each.seal("voter", "2", "2020-01", b"y")

    def test_another_process_forgets_it_too(self, files, quick):
        other, vault = open_vault(*files), open_vault(*files)
        sealed = other.seal("voter", "1", "2020-01", b"x")
        draft = other.seal_for(b"token", "draft", "1", "2020-01", b"x")
        assert (other.open("voter", "1", sealed), other.open_for(b"token", "draft", "1", draft)) == (b"x", b"x")

        vault.destroy("2020-01", date(2025, 1, 1))

        with pytest.raises(KeyGone):
            other.open("voter", "1", sealed)
        with pytest.raises(KeyGone):
            other.open_for(b"token", "draft", "1", draft)
        with pytest.raises(VaultError):
            other.seal("voter", "1", "2020-01", b"x")

    def test_a_process_looks_within_a_second(self, files):
        other, vault = open_vault(*files), open_vault(*files)
        sealed = other.seal("voter", "1", "2020-01", b"x")
        vault.destroy("2020-01", date(2025, 1, 1))
        time.sleep(vault_module.LOOK_EVERY + 0.1)

        with pytest.raises(KeyGone):
            other.open("voter", "1", sealed)

    @pytest.mark.parametrize(
        ("key_id", "today"),
        [
            ("service", date(2099, 1, 1)),
            ("2025-02", date(2025, 2, 28)),
            ("2025-03", date(2025, 2, 28)),
            ("x", date(2099, 1, 1)),
        ],
    )
    def test_what_is_in_use_is_not_destroyed(self, files, key_id, today):
        vault = open_vault(*files)
        for one in ("service", "2025-02", "2025-03"):
            vault.seal("voter", "1", one, b"x")
        before = files[1].read_bytes()

        with pytest.raises(VaultError):
            vault.destroy(key_id, today)
        assert files[1].read_bytes() == before

    def test_a_month_may_go_the_day_after_it_and_a_hold_at_any_time(self, files):
        vault = open_vault(*files)
        for one in ("2025-02", "h-00001"):
            vault.seal("voter", "1", one, b"x")
            vault.destroy(one, date(2025, 3, 1))

        assert [str(one.destroyed_on) for one in vault.status()[1]] == ["2025-03-01"] * 2

    def test_destroying_twice_is_done_once_and_keeps_the_first_day(self, files):
        vault = open_vault(*files)
        vault.seal("voter", "1", "2020-01", b"x")
        vault.destroy("2020-01", date(2025, 1, 1))
        before = files[1].read_bytes()

        open_vault(*files).destroy("2020-01", date(2026, 1, 1))

        assert files[1].read_bytes() == before

    def test_a_key_that_never_was_cannot_be_destroyed(self, files):
        with pytest.raises(KeyGone):
            open_vault(*files).destroy("2020-01", date(2025, 1, 1))

    def test_setting_the_clock_back_brings_nothing_back(self, files):
        vault = open_vault(*files)
        sealed = vault.seal("voter", "1", "2020-01", b"x")
        vault.destroy("2020-01", date(2025, 1, 1))

        with pytest.raises(VaultError, match="still in use"):
            vault.destroy("2020-01", date(2019, 1, 1))
        with pytest.raises(KeyGone):
            vault.open("voter", "1", sealed)

    def test_its_bytes_are_overwritten_where_they_lay(self, files):
        vault = open_vault(*files)
        vault.seal("voter", "1", "2020-01", b"x")
        wrapped = json.loads(files[1].read_text())["keys"]["2020-01"].encode()
        with files[1].open("rb") as old:
            vault.destroy("2020-01", date(2025, 1, 1))
            remains = old.read()

        assert set(remains) == {0}
        assert wrapped not in files[1].read_bytes()

    def test_an_older_keystore_put_back_is_noticed_by_who_has_seen_the_newer(self, files, quick):
        vault = open_vault(*files)
        sealed = vault.seal("voter", "1", "2020-01", b"x")
        copy = files[1].read_bytes()
        vault.destroy("2020-01", date(2025, 1, 1))
        files[1].write_bytes(copy)

        with pytest.raises(VaultError, match="older than the one in use"):
            vault.open("voter", "1", sealed)


class TestRotating:
    def test_everything_opens_and_is_found_under_the_new_master_key_alone(self, files, tmp_path):
        vault = open_vault(*files)
        sealed, index, old = vault.seal("voter", "1", "2030-11", b"x"), vault.index("card", "1"), files[0].read_text()

        vault.rotate(new_master_key())

        again = open_vault(*files)
        assert (again.open("voter", "1", sealed), again.index("card", "1")) == (b"x", index)
        assert files[0].read_text() != old
        (tmp_path / "old.key").touch(mode=0o600)
        (tmp_path / "old.key").write_text(old)
        assert "does not open" in refusal(tmp_path / "old.key", files[1])

    def test_a_running_process_goes_on(self, files, quick):
        other, vault = open_vault(*files), open_vault(*files)
        sealed = other.seal("voter", "1", "2030-11", b"x")

        vault.rotate(new_master_key())

        assert other.open("voter", "1", sealed) == b"x"
        assert open_vault(*files).open("voter", "2", other.seal("voter", "2", "2031-01", b"y")) == b"y"

    @pytest.mark.parametrize("step", range(8))
    def test_cut_short_at_any_point_one_pair_opens(self, files, monkeypatch, step):
        vault = open_vault(*files)
        sealed = vault.seal("voter", "1", "2030-11", b"x")
        calls, real_fsync, real_replace = iter(range(step)), os.fsync, type(files[0]).replace

        def cut(real):
            def call(*args):
                if next(calls, None) is None:
                    raise OSError("cut short")
                return real(*args)

            return call

        with monkeypatch.context() as fault:
            fault.setattr(os, "fsync", cut(real_fsync))
            fault.setattr(type(files[0]), "replace", cut(real_replace))
            try:
                vault.rotate(new_master_key())
            except OSError:
                cut_short = True
            else:
                cut_short = False

        assert cut_short == (step < 8)
        again = open_vault(*files)
        assert again.open("voter", "1", sealed) == b"x"
        again.rotate(new_master_key())
        assert open_vault(*files).open("voter", "1", sealed) == b"x"


class TestWhereTheMasterKeyComesFrom:
    def test_from_the_environment(self, tmp_path):
        key = new_master_key()
        source = MasterKey(tmp_path / "none", text=key.hex())
        create_keystore(key, tmp_path / "keystore.json")
        vault = open_vault(source, tmp_path / "keystore.json")
        sealed, new = vault.seal("voter", "1", "2030-11", b"x"), new_master_key()

        assert key.hex() not in repr(source)
        vault.rotate(new)
        after = open_vault(MasterKey(tmp_path / "none", text=new.hex()), tmp_path / "keystore.json")
        assert after.open("voter", "1", sealed) == b"x"
        assert not (tmp_path / "none").exists()

    def test_from_a_command(self, tmp_path):
        key = new_master_key()
        (tmp_path / "key").write_text(key.hex())
        create_keystore(key, tmp_path / "keystore.json")

        source = MasterKey(tmp_path / "none", command=("cat", str(tmp_path / "key")))

        assert open_vault(source, tmp_path / "keystore.json").seal("voter", "1", "2030-11", b"x")

    @pytest.mark.parametrize(
        "command", [("false",), ("no-such-program",), ("echo", "abc"), ("printf", "\\377"), ("true",)]
    )
    def test_a_command_that_fails_is_one_line_without_its_output(self, tmp_path, command):
        create_keystore(new_master_key(), tmp_path / "keystore.json")

        said = refusal(MasterKey(tmp_path / "none", command=command), tmp_path / "keystore.json")

        assert "abc" not in said


def test_no_key_stands_in_clear_in_the_keystore(files):
    keystore = Keystore(files[1], MasterKey(files[0]))
    keystore.load()
    key = keystore.key_for_sealing("2030-11")

    content = files[1].read_bytes()
    for secret in (key, keystore.index_root):
        assert secret not in content
        assert secret.hex().encode() not in content


@given(day=st.dates())
def test_the_epoch_is_the_month_of_expiry(day):
    assert epoch_of(day) == day.isoformat()[:7]
