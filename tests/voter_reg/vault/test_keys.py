"""The master key and the keystore: refused unless whole and private, and never half written."""

import json
import os
from datetime import date

import pytest

from voter_reg.vault import Vault, VaultError, create_keys, open_vault
from voter_reg.vault.keys import Keystore, epoch_of, read_master_key


@pytest.fixture
def files(tmp_path):
    create_keys(tmp_path / "keys" / "master.key", tmp_path / "keys" / "keystore.json")
    return tmp_path / "keys" / "master.key", tmp_path / "keys" / "keystore.json"


def test_both_files_are_for_their_owner_alone(files):
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    assert files[0].parent.stat().st_mode & 0o777 == 0o700


def test_keys_that_are_there_are_never_overwritten(files):
    before = [path.read_bytes() for path in files]

    with pytest.raises(VaultError, match="never overwritten"):
        create_keys(*files)

    assert [path.read_bytes() for path in files] == before


def test_a_lost_keystore_is_not_quietly_replaced_by_an_empty_one(files):
    files[1].unlink()

    with pytest.raises(VaultError, match="cannot be read"):
        open_vault(*files)


@pytest.mark.parametrize("which", [0, 1])
def test_a_key_file_that_others_may_read_is_refused(files, which):
    files[which].chmod(0o640)

    with pytest.raises(VaultError, match="may be read by others"):
        open_vault(*files)


@pytest.mark.parametrize("kept", [0, 1, 20, -2])
def test_a_keystore_that_was_cut_short_is_refused_in_one_line(files, kept):
    open_vault(*files).seal("voter", "1", "2030-11", b"x")
    files[1].write_bytes(files[1].read_bytes()[:kept])

    with pytest.raises(VaultError) as refused:
        open_vault(*files)

    assert "\n" not in str(refused.value)
    assert str(files[1]) in str(refused.value)


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "00" * 31, "00" * 33, "ü" * 64])
def test_a_master_key_that_is_none_is_refused(files, content):
    files[0].write_text(content, "utf-8")

    with pytest.raises(VaultError, match="key"):
        read_master_key(files[0])


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 1, "keys": []}',
        '{"version": 2, "keys": {}}',
        '{"version": 1, "keys": {"2030-11": 7}}',
        '{"version": 1, "keys": {"2030-11": ""}}',
    ],
)
def test_a_keystore_with_another_shape_is_refused(files, content):
    files[1].write_text(content)

    with pytest.raises(VaultError):
        open_vault(*files)


def test_a_keystore_of_another_master_key_is_refused(files, tmp_path):
    open_vault(*files).seal("voter", "1", "2030-11", b"x")
    create_keys(tmp_path / "other.key", tmp_path / "other.json")

    with pytest.raises(VaultError, match="does not open with this master key"):
        open_vault(tmp_path / "other.key", files[1])


def test_an_epoch_cannot_take_another_epochs_key(files):
    vault = open_vault(*files)
    vault.seal("voter", "1", "2030-11", b"x")
    vault.seal("voter", "1", "2030-12", b"x")
    content = json.loads(files[1].read_text())
    content["keys"]["2030-12"] = content["keys"]["2030-11"]
    files[1].write_text(json.dumps(content))

    with pytest.raises(VaultError, match="2030-12"):
        open_vault(*files)


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


def test_a_destroyed_key_leaves_what_it_sealed_unreadable(files):
    sealed = open_vault(*files).seal("voter", "1", "2030-11", b"x")
    files[1].write_text('{"version": 1, "keys": {}}')

    with pytest.raises(VaultError, match="no key of 2030-11"):
        open_vault(*files).open("voter", "1", sealed)


def test_no_key_stands_in_clear_in_the_keystore(files):
    master = read_master_key(files[0])
    keystore = Keystore(files[1], master)
    key = keystore.key_for_sealing("2030-11")

    content = files[1].read_bytes()
    assert key not in content
    assert key.hex().encode() not in content
    assert isinstance(Vault(keystore, master), Vault)


def test_the_epoch_is_the_month_of_expiry():
    assert [epoch_of(date(2030, 1, 31)), epoch_of(date(2030, 2, 1))] == ["2030-01", "2030-02"]
