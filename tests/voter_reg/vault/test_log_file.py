"""The log's file: every change, removal, swap, doubling and cut is found, by its own checkpoints or an earlier one."""

import base64
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from eligibility import BadInput
from tests.voter_reg.town import command
from voter_reg.vault.log_file import (
    Checkpoint,
    DoesNotVerify,
    canonical,
    origin_of,
    read_checkpoints,
    read_key,
    verify_log,
    write_log,
)
from voter_reg.vault.merkle import leaf_hash, root_of

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = PRIVATE.public_key().public_bytes_raw()
LEAVES = [canonical({"action": "read", "count": number}) for number in range(7)]


def signed(leaves, size, *, private=PRIVATE, at=NOON, **changes):
    public = private.public_key().public_bytes_raw()
    made = Checkpoint(origin_of(public), size, root_of(map(leaf_hash, leaves[:size])), at)
    made = replace(made, **changes)
    return replace(made, signature=private.sign(made.text))


def written(path, leaves=LEAVES, sizes=(3, 7), private=PRIVATE):
    ends = [signed(leaves, size, private=private, at=NOON + timedelta(hours=size)) for size in sizes]
    with path.open("wb") as file:
        write_log(file, private.public_key().public_bytes_raw(), ends, leaves[: sizes[-1]])
    return path


@pytest.fixture
def log(tmp_path):
    return written(tmp_path / "log")


@pytest.fixture
def early(tmp_path):
    path = tmp_path / "early"
    path.write_bytes(signed(LEAVES, 5).line() + b"\n")
    return path


def refused(path, *earlier, key=None):
    with pytest.raises((DoesNotVerify, BadInput)) as problem:
        verify_log(path, earlier, key)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def test_a_log_as_it_was_written_verifies(log, early):
    found = verify_log(log, [early])

    assert (found.leaves, found.checkpoints, found.root) == (7, 3, root_of(map(leaf_hash, LEAVES)))


@pytest.mark.parametrize("sizes", [(0,), (1,), (7,), (0, 1, 2, 7), (7, 7)])
def test_a_log_of_any_size_verifies(tmp_path, sizes):
    assert verify_log(written(tmp_path / "log", sizes=sizes)).leaves == sizes[-1]


def test_a_change_of_any_byte_is_found(log):
    whole = log.read_bytes()
    for place in range(len(whole)):
        for bit in (1, 32):
            log.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            refused(log)


def test_a_byte_that_is_put_in_or_taken_out_anywhere_is_found(log):
    whole = log.read_bytes()
    for place in range(len(whole) + 1):
        for put in (b" ", b"\n", b"0"):
            log.write_bytes(whole[:place] + put + whole[place:])
            refused(log)
        if place < len(whole):
            log.write_bytes(whole[:place] + whole[place + 1 :])
            refused(log)


def test_a_cut_at_any_length_is_found(log):
    whole = log.read_bytes()
    for kept in range(len(whole)):
        log.write_bytes(whole[:kept])
        refused(log)


def test_a_line_that_is_removed_doubled_or_swapped_is_found(log):
    lines = log.read_bytes().splitlines(keepends=True)
    for one in range(len(lines)):
        for other in range(len(lines)):
            swapped = list(lines)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            if one != other:
                log.write_bytes(b"".join(swapped))
                refused(log)
        for changed in ([*lines[:one], *lines[one + 1 :]], [*lines[:one], lines[one], *lines[one:]]):
            log.write_bytes(b"".join(changed))
            refused(log)


@given(data=st.data())
def test_a_log_rewritten_by_whoever_holds_the_key_is_found_by_an_earlier_checkpoint(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("rewritten")
    (folder / "early").write_bytes(signed(LEAVES, 5).line() + b"\n")
    kind = data.draw(st.sampled_from(["change", "remove", "reorder", "truncate"]))
    place = data.draw(st.integers(0, 4))
    leaves = list(LEAVES)
    if kind == "change":
        leaves[place] = canonical({"action": "nothing"})
    elif kind == "remove":
        del leaves[place]
    elif kind == "reorder":
        leaves[place], leaves[6] = leaves[6], leaves[place]
    else:
        leaves = leaves[:place]
    forged = written(folder / "log", leaves, sizes=(len(leaves),))

    assert verify_log(forged).leaves == len(leaves), "by itself it looks well"
    refused(forged, folder / "early")


def test_a_log_signed_by_another_key_is_found_by_the_key_that_was_kept(tmp_path, early):
    forged = written(tmp_path / "forged", private=Ed25519PrivateKey.generate())
    key = tmp_path / "key"
    key.write_text(base64.b64encode(PUBLIC).decode() + "\n")

    assert verify_log(forged).key_given is False
    assert "another key" in refused(forged, key=key)
    assert "not signed by this log's key" in refused(forged, early)
    assert verify_log(written(tmp_path / "own"), key_file=key).key_given is True


def test_a_checkpoint_of_another_log_is_refused(tmp_path, log):
    other = Ed25519PrivateKey.generate()
    (tmp_path / "other").write_bytes(signed(LEAVES, 5, private=other).line() + b"\n")
    (tmp_path / "renamed").write_bytes(signed(LEAVES, 5, origin="0" * 32).line() + b"\n")

    assert "not signed by this log's key" in refused(log, tmp_path / "other")
    assert "not signed by this log's key" in refused(log, tmp_path / "renamed")


def test_a_checkpoint_that_counts_more_says_that_some_are_missing(tmp_path, log):
    (tmp_path / "later").write_bytes(signed([*LEAVES, b"x"], 8).line() + b"\n")

    assert "some are missing" in refused(log, tmp_path / "later")


def test_checkpoints_out_of_order_in_time_are_refused(tmp_path):
    ends = [signed(LEAVES, 3, at=NOON), signed(LEAVES, 7, at=NOON - timedelta(hours=1)), signed(LEAVES, 7, at=NOON)]
    with (tmp_path / "log").open("wb") as file:
        write_log(file, PUBLIC, ends[:1] + ends[2:] + ends[1:2], LEAVES)

    assert "order" in refused(tmp_path / "log")


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}", b"[]\n", b"x" * 50_000, b"\xff\xfe\n", b'{"format":"voter-reg-log/1"}\n']
)
def test_what_is_no_log_is_refused_in_one_line(tmp_path, content):
    (tmp_path / "log").write_bytes(content)

    refused(tmp_path / "log")


@pytest.mark.parametrize("content", [b"", b"{}\n", b"x\n", b'{"checkpoint":"a","signature":"b"}\n'])
def test_what_is_no_checkpoint_is_refused(tmp_path, content):
    (tmp_path / "early").write_bytes(content)

    with pytest.raises(BadInput):
        read_checkpoints(tmp_path / "early")


@pytest.mark.parametrize("content", ["", "x", base64.b64encode(b"short").decode()])
def test_what_is_no_key_is_refused(tmp_path, content):
    (tmp_path / "key").write_text(content)

    with pytest.raises(BadInput, match="public key"):
        read_key(tmp_path / "key")


def test_at_the_command_line_it_ends_with_0_1_or_2(tmp_path, log, early):
    assert command("audit", "verify", str(log), "--checkpoint", str(early), "--json").json["leaves"] == 7
    assert "--key" in command("audit", "verify", str(log)).out
    log.write_bytes(log.read_bytes().replace(b'"count":2', b'"count":3'))
    changed = command("audit", "verify", str(log))
    assert (changed.code, changed.err.count("\n"), "changed, removed or moved" in changed.err) == (1, 1, True)
    for missing in (("verify", str(tmp_path / "none")), ("verify", str(log), "--key", str(tmp_path / "none"))):
        ended = command("audit", *missing)
        assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_verifying_imports_nothing_of_the_service_and_needs_no_configuration(log):
    code = (
        "import sys\nfrom voter_reg.cli import main\n"
        f"assert main(['audit', 'verify', {str(log)!r}]) == 0\n"
        "assert not {'flask', 'sqlalchemy', 'celery', 'voter_reg.service', 'voter_reg.store'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_the_name_of_a_log_is_its_keys_fingerprint():
    assert origin_of(PUBLIC) == sha256(PUBLIC).hexdigest()[:32]
