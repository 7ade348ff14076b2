"""Envelopes open for their own kind, row and key alone; blind indexes tell nothing and never meet across purposes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.vault import VaultError, create_keys, open_vault


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    create_keys(folder / "master.key", folder / "keystore.json")
    return open_vault(folder / "master.key", folder / "keystore.json")


@given(clear=st.binary(max_size=2000))
def test_what_is_sealed_opens_again(vault, clear):
    assert vault.open("voter", "1", vault.seal("voter", "1", "2030-11", clear)) == clear


def test_the_same_bytes_are_never_sealed_the_same(vault):
    assert len({vault.seal("voter", "1", "2030-11", b"same") for _ in range(100)}) == 100


@pytest.mark.parametrize(("kind", "row"), [("draft", "1"), ("voter", "2"), ("voter|1", ""), ("", "voter|1")])
def test_an_envelope_does_not_open_as_another_kind_or_row(vault, kind, row):
    sealed = vault.seal("voter", "1", "2030-11", b"x")

    with pytest.raises(VaultError, match="does not open"):
        vault.open(kind, row, sealed)


def test_an_envelope_that_names_another_key_does_not_open(vault):
    sealed = vault.seal("voter", "1", "2030-11", b"x")
    vault.seal("voter", "1", "2030-12", b"x")

    with pytest.raises(VaultError, match="does not open"):
        vault.open("voter", "1", sealed.replace(b"2030-11", b"2030-12"))


def test_no_bit_of_an_envelope_can_change_unseen(vault):
    sealed = vault.seal("voter", "1", "2030-11", b"some bytes")
    for place in range(len(sealed)):
        for bit in range(8):
            changed = bytearray(sealed)
            changed[place] ^= 1 << bit
            with pytest.raises(VaultError):
                vault.open("voter", "1", bytes(changed))


@given(clear=st.binary(max_size=40), place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_nor_of_any_other(vault, clear, place, bit):
    sealed = bytearray(vault.seal("voter", "1", "2030-11", clear))
    sealed[place % len(sealed)] ^= 1 << bit

    with pytest.raises(VaultError):
        vault.open("voter", "1", bytes(sealed))


def test_an_envelope_cut_at_any_length_is_refused(vault):
    sealed = vault.seal("voter", "1", "2030-11", b"some bytes")
    for kept in range(len(sealed)):
        with pytest.raises(VaultError):
            vault.open("voter", "1", sealed[:kept])


@given(clear=st.binary(max_size=200), key_id=st.sampled_from(["2031-05", "h-00007", "service"]))
def test_resealing_moves_it_under_another_key_and_keeps_what_it_holds(vault, clear, key_id):
    sealed = vault.seal("voter", "1", "2030-11", clear)
    moved = vault.reseal("voter", "1", sealed, key_id)

    assert moved[1:8].decode() == key_id
    assert vault.open("voter", "1", moved) == clear
    with pytest.raises(VaultError):
        vault.reseal("voter", "2", sealed, key_id)


@given(raw=st.binary(max_size=60))
def test_what_is_no_envelope_is_refused(vault, raw):
    with pytest.raises(VaultError):
        vault.open("voter", "1", raw)


def test_a_draft_opens_with_its_own_token_alone(vault):
    sealed = vault.seal_for(b"token", "draft", "1", "2030-11", b"x")

    assert vault.open_for(b"token", "draft", "1", sealed) == b"x"
    with pytest.raises(VaultError):
        vault.open_for(b"other", "draft", "1", sealed)
    with pytest.raises(VaultError):
        vault.open("draft", "1", sealed)


def test_a_blind_index_depends_on_its_purpose_and_its_key(vault, tmp_path):
    create_keys(tmp_path / "master.key", tmp_path / "keystore.json")
    other = open_vault(tmp_path / "master.key", tmp_path / "keystore.json")
    indexes = {vault.index("card", "1"), vault.index("code", "1"), vault.index("card", "2"), other.index("card", "1")}

    assert len(indexes) == 4
    assert vault.index("card", "1") in indexes
