"""The Merkle tree: the vectors of RFC 6962's own implementers, and every proof true, every other one false."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voter_reg.vault.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "standards" / "merkle"
leaves = st.lists(st.binary(max_size=8), min_size=1, max_size=40).map(lambda found: [leaf_hash(one) for one in found])


def vectors(kind):
    if not VECTORS.is_dir():
        pytest.skip("the proof vectors are not here: no ../shared/standards/merkle beside the checkout")
    return [json.loads(path.read_text()) for path in sorted((VECTORS / kind).rglob("*.json"))]


def raw(text):
    return base64.b64decode(text or "")


@pytest.mark.real
def test_the_published_vectors_of_inclusion():
    found = vectors("inclusion")
    assert len(found) > 50
    for one in found:
        proof = [raw(text) for text in one["proof"] or []]
        holds = verify_inclusion(one["leafIdx"], one["treeSize"], raw(one["leafHash"]), proof, raw(one["root"]))
        assert holds != one["wantErr"], one["desc"]


@pytest.mark.real
def test_the_published_vectors_of_consistency():
    found = vectors("consistency")
    assert len(found) > 50
    for one in found:
        proof = [raw(text) for text in one["proof"] or []]
        holds = verify_consistency(one["size1"], one["size2"], raw(one["root1"]), raw(one["root2"]), proof)
        assert holds != one["wantErr"], one["desc"]


def test_the_hashes_of_the_standard():
    assert root_of([]) == sha256(b"").digest()
    assert leaf_hash(b"") == sha256(b"\0").digest()
    assert root_of([leaf_hash(b"a"), leaf_hash(b"b")]) == node_hash(leaf_hash(b"a"), leaf_hash(b"b"))
    assert node_hash(b"", b"") != leaf_hash(b"")


@given(leaves=leaves, data=st.data())
def test_every_inclusion_proof_holds_and_no_other(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)

    assert verify_inclusion(index, len(leaves), leaves[index], proof, root)
    assert not verify_inclusion(index, len(leaves), leaf_hash(b"another leaf"), proof, root)
    assert not verify_inclusion(index, len(leaves), leaves[index], [*proof, root], root)
    for place in range(len(proof)):
        assert not verify_inclusion(index, len(leaves), leaves[index], proof[:place] + proof[place + 1 :], root)
        changed = [*proof[:place], leaf_hash(proof[place]), *proof[place + 1 :]]
        assert not verify_inclusion(index, len(leaves), leaves[index], changed, root)
    assert not verify_inclusion(-1, len(leaves), leaves[index], proof, root)
    assert not verify_inclusion(len(leaves), len(leaves), leaves[index], proof, root)


@given(leaves=leaves, data=st.data())
def test_every_consistency_proof_holds_and_no_other(leaves, data):
    size = data.draw(st.integers(1, len(leaves)))
    proof, old, new = consistency_proof(leaves, size), root_of(leaves[:size]), root_of(leaves)

    assert verify_consistency(size, len(leaves), old, new, proof)
    assert not verify_consistency(size, len(leaves), leaf_hash(old), new, proof)
    assert not verify_consistency(size, len(leaves), old, leaf_hash(new), proof)
    assert not verify_consistency(len(leaves) + 1, len(leaves), old, new, proof)
    for place in range(len(proof)):
        assert not verify_consistency(size, len(leaves), old, new, proof[:place] + proof[place + 1 :])


@given(leaves=leaves, data=st.data())
def test_a_tree_grown_in_parts_has_the_root_of_the_whole(leaves, data):
    cut = data.draw(st.integers(0, len(leaves)))
    grown = Frontier().grown(leaves[:cut]).grown(leaves[cut:])

    assert (grown.root(), grown.size) == (root_of(leaves), len(leaves))
    assert len(grown.hashes) == len(leaves).bit_count()
