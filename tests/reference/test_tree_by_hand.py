"""The tree against its definition in RFC 9162, section 2.1, written down as the recursion that it is."""

import hashlib
import random
from collections.abc import Sequence

import pytest

from api.wire.audit.errors import ProofError
from api.wire.audit.tree import (
    Frontier,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    nodes_of,
    span_hash,
    verify_consistency,
    verify_inclusion,
)

MOST = 70
LEAVES = [number.to_bytes(3, "big") for number in range(MOST)]


def half(count: int) -> int:
    """Return the largest power of two below a count."""
    found = 1
    while found * 2 < count:
        found *= 2
    return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH, 2.1.1."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    middle = half(len(leaves))
    return hashlib.sha256(b"\x01" + root_of(leaves[:middle]) + root_of(leaves[middle:])).digest()


def path_of(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    middle = half(len(leaves))
    if index < middle:
        return [*path_of(index, leaves[:middle]), root_of(leaves[middle:])]
    return [*path_of(index - middle, leaves[middle:]), root_of(leaves[:middle])]


def proof_of(old: int, leaves: Sequence[bytes], *, is_known: bool = True) -> list[bytes]:
    """SUBPROOF, 2.1.4.1."""
    if old == len(leaves):
        return [] if is_known else [root_of(leaves)]
    middle = half(len(leaves))
    if old <= middle:
        return [*proof_of(old, leaves[:middle], is_known=is_known), root_of(leaves[middle:])]
    return [*proof_of(old - middle, leaves[middle:], is_known=False), root_of(leaves[:middle])]


@pytest.fixture(scope="module")
def hashes() -> dict[tuple[int, int], bytes]:
    """Return the hashes of all perfect subtrees, as the hub keeps them."""
    tree, found = Frontier(), {}
    for number, leaf in enumerate(LEAVES):
        tree, completed = tree.grow(leaf_hash(leaf))
        assert tree.root == root_of(LEAVES[: number + 1])
        found |= {(level, number >> level): each for level, each in enumerate(completed)}
    return found


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33, 63, 64, 65, MOST])
def test_inclusion_proofs_are_the_definitions(size: int, hashes: dict) -> None:
    """Every leaf of trees of many sizes; each proof verifies, and no other leaf with it."""
    for index in range(size):
        proof = [span_hash(span, hashes.__getitem__) for span in inclusion_spans(index, size)]
        assert proof == path_of(index, LEAVES[:size])
        verify_inclusion(leaf_hash(LEAVES[index]), index, size, proof, root_of(LEAVES[:size]))
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(b"other"), index, size, proof, root_of(LEAVES[:size]))


@pytest.mark.parametrize("new", [*range(1, 20), 31, 32, 33, 63, 64, 65, MOST])
def test_consistency_proofs_are_the_definitions(new: int, hashes: dict) -> None:
    """Between all sizes; each proof verifies."""
    for old in range(1, new + 1):
        proof = [span_hash(span, hashes.__getitem__) for span in consistency_spans(old, new)]
        assert proof == proof_of(old, LEAVES[:new])
        verify_consistency(old, new, proof, root_of(LEAVES[:old]), root_of(LEAVES[:new]))


def test_a_changed_proof_never_verifies(hashes: dict) -> None:
    """A bit, a hash less or more, another size, another root: 2,000 changes, none passes."""
    chance = random.Random(9162)  # noqa: S311 - the same changes every time
    for _ in range(2_000):
        new = chance.randrange(2, MOST + 1)
        old = chance.randrange(1, new)
        roots = [root_of(LEAVES[:old]), root_of(LEAVES[:new])]
        proof = [span_hash(span, hashes.__getitem__) for span in consistency_spans(old, new)]
        what = chance.randrange(4)
        if what == 0:
            roots[chance.randrange(2)] = chance.randbytes(32)
        elif what == 1:
            proof.insert(chance.randrange(len(proof) + 1), chance.randbytes(32))
        elif what == 2:
            proof.pop(chance.randrange(len(proof)))
        else:
            place = chance.randrange(len(proof))
            proof[place] = bytes([proof[place][0] ^ 1]) + proof[place][1:]
        with pytest.raises(ProofError):
            verify_consistency(old, new, proof, *roots)


def test_a_span_is_cut_into_its_largest_perfect_subtrees() -> None:
    """They follow each other without gap, and there are as few as can be."""
    for start, end in ((0, 7), (4, 7), (8, 15), (64, 70)):
        nodes = list(nodes_of((start, end)))
        assert [index << level for level, index in nodes] == sorted(index << level for level, index in nodes)
        assert sum(1 << level for level, _ in nodes) == end - start
        assert len(nodes) == (end - start).bit_count()


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    """Neither to make nor to verify."""
    with pytest.raises(ProofError):
        inclusion_spans(index, size)
    with pytest.raises(ProofError):
        verify_inclusion(bytes(32), index, size, [], bytes(32))


def test_a_log_does_not_become_smaller() -> None:
    """Neither to prove nor to verify; and of one size there is one root."""
    with pytest.raises(ProofError):
        consistency_spans(5, 4)
    for old, new, roots in ((5, 4, (5, 4)), (4, 4, (4, 5)), (0, 4, (1, 4))):
        with pytest.raises(ProofError):
            verify_consistency(old, new, [], *(root_of(LEAVES[:size]) for size in roots))
