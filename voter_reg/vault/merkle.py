"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, and proofs that a leaf is in it or that it only grew.

A leaf is hashed behind a zero byte and a node behind a one, so that neither can be taken for the other.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

_HASH_BYTES = 32


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The whole subtrees of a growing tree, largest first: all that is needed to append and to know the root."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def grown(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """The frontier after more leaves."""
        size, hashes = self.size, list(self.hashes)
        for one in leaf_hashes:
            rest, joined = size, one
            while rest & 1:  # as many whole subtrees join as the size ends in ones
                joined = node_hash(hashes.pop(), joined)
                rest >>= 1
            hashes.append(joined)
            size += 1
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        """The root of the tree; of none at all the hash of nothing."""
        if not self.hashes:
            return sha256(b"").digest()
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaves by their hashes."""
    return Frontier().grown(leaf_hashes).root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """What proves that a leaf is in the tree: the hashes beside its way up."""
    if len(leaf_hashes) == 1:
        return []
    half = _half(len(leaf_hashes))
    if index < half:
        return [*inclusion_proof(leaf_hashes[:half], index), root_of(leaf_hashes[half:])]
    return [*inclusion_proof(leaf_hashes[half:], index - half), root_of(leaf_hashes[:half])]


def consistency_proof(leaf_hashes: Sequence[bytes], size: int) -> list[bytes]:
    """What proves that the tree of the first `size` leaves has only grown."""
    return [] if size in (0, len(leaf_hashes)) else _subproof(leaf_hashes, size, whole=True)


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf's hash stands at `index` in the tree of a root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != _HASH_BYTES:
        return False
    place, last, made = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(one, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = node_hash(made, one)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(made, root)


def verify_consistency(size1: int, size2: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of the second root is the first one grown (RFC 9162, section 2.1.4.2).

    A tree of no leaves says nothing of what grew from it, so nothing proves that.
    """
    if not 0 < size1 <= size2:
        return False
    if size1 == size2:
        return not proof and hmac.compare_digest(root1, root2)
    if not proof:
        return False
    path = list(proof) if size1 & (size1 - 1) else [root1, *proof]
    place, last = size1 - 1, size2 - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one)
        place, last = place >> 1, last >> 1
    return last == 0 and hmac.compare_digest(old, root1) and hmac.compare_digest(new, root2)


def _subproof(leaf_hashes: Sequence[bytes], size: int, *, whole: bool) -> list[bytes]:
    if size == len(leaf_hashes):
        return [] if whole else [root_of(leaf_hashes)]
    half = _half(len(leaf_hashes))
    if size <= half:
        return [*_subproof(leaf_hashes[:half], size, whole=whole), root_of(leaf_hashes[half:])]
    return [*_subproof(leaf_hashes[half:], size - half, whole=False), root_of(leaf_hashes[:half])]


def _half(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)
