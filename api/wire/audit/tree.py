"""
A Merkle tree that only grows, and what proves that it did: RFC 9162, section 2.1; pure; both sides of the wire.

A leaf is hashed after the byte 0, a node after the byte 1, so that neither can be taken for the other. The hub keeps
the hash of every perfect subtree under its place (`Node`), and finds in them the root and every proof; a witness keeps
one size and one root, and checks with a proof of at most 64 hashes that all it had seen is still there, in order.

A plain chain of hashes would do for order as well, but proves that one entry is in it only by showing all the others.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from api.wire.audit.errors import ProofError

HASH_BYTES = 32
LONGEST_PROOF = 64  # a tree of 2**64 leaves has no more levels
EMPTY_ROOT = hashlib.sha256().digest()

Node = tuple[int, int]  # level, index: a perfect subtree, of the leaves from index * 2**level, 2**level of them
Span = tuple[int, int]  # leaves from the first up to, not including, the second
HashOf = Callable[[Node], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf, 32 bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two halves, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """
    The perfect subtrees of a tree: all that is needed to let it grow and to know its root.

    Attributes:
        size: number of leaves.
        hashes: one for each bit that is set in `size`, greatest subtree first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def grow(self, leaf: bytes) -> tuple["Frontier", tuple[bytes, ...]]:
        """
        Append a leaf.

        Args:
            leaf: its hash.

        Returns:
            The tree after it, and the hashes of the perfect subtrees that it completes, from level 0 up.
        """
        waiting, completed, size = list(self.hashes), [leaf], self.size
        while size & 1:
            completed.append(node_hash(waiting.pop(), completed[-1]))
            size >>= 1
        return Frontier(self.size + 1, (*waiting, completed[-1])), tuple(completed)

    @property
    def root(self) -> bytes:
        """The hash of the whole tree."""
        return _folded(self.hashes) if self.hashes else EMPTY_ROOT


def nodes_of(span: Span) -> Iterator[Node]:
    """Return the perfect subtrees of a span, greatest first; the span begins as one in a proof does."""
    start, end = span
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def span_hash(span: Span, hash_of: HashOf) -> bytes:
    """Return the hash over a span of leaves, given the hashes of perfect subtrees."""
    return _folded([hash_of(node) for node in nodes_of(span)])


def last_leaf(node: Node) -> int:
    """Return the number of the leaf that completes a perfect subtree."""
    level, index = node
    return ((index + 1) << level) - 1


def inclusion_spans(index: int, size: int) -> list[Span]:
    """
    Return the spans whose hashes prove that a leaf is in a tree, lowest first (RFC 9162, 2.1.3.1).

    Raises:
        ProofError: there is no such leaf in a tree of this size.
    """
    if not 0 <= index < size:
        raise ProofError("no such leaf in a tree of this size", code="proof_range")
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """
    Return the spans whose hashes prove that one tree began as another, smaller one (RFC 9162, 2.1.4.1).

    Empty when there is nothing to prove: `old` is 0, or equal to `new`.

    Raises:
        ProofError: `old` is larger than `new`.
    """
    if not 0 <= old <= new:
        raise ProofError("a log does not become smaller", code="proof_range")
    start, end, spans, is_whole = 0, new, [], True
    while 0 < old < end:
        middle = start + _half(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, is_whole = middle, False
    if old and not is_whole:
        spans.append((start, end))
    return spans[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """
    Check that a leaf stands at an index of a tree (RFC 9162, 2.1.3.2).

    Args:
        leaf: its hash.
        index: from 0.
        size: of the tree.
        path: hashes of `inclusion_spans`.
        root: of the tree.

    Raises:
        ProofError: it does not, or the proof is not one of this leaf.
    """
    if not 0 <= index < size or len(path) > LONGEST_PROOF:
        raise ProofError("no such leaf in a tree of this size", code="proof_range")
    left, right, found = index, size - 1, leaf
    for each in path:
        if right == 0:
            raise ProofError("the proof is longer than its tree is high", code="proof_false")
        if left & 1 or left == right:
            found = node_hash(each, found)
            while left and not left & 1:
                left, right = left >> 1, right >> 1
        else:
            found = node_hash(found, each)
        left, right = left >> 1, right >> 1
    if right or found != root:
        raise ProofError("the entry is not in the log as it stands", code="proof_false")


def verify_consistency(old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """
    Check that a tree began as another, smaller one (RFC 9162, 2.1.4.2).

    Args:
        old: size of the smaller tree.
        new: size of the larger one.
        path: hashes of `consistency_spans`.
        old_root: of the smaller tree.
        new_root: of the larger one.

    Raises:
        ProofError: it did not: the log was cut, changed or put in another order; or the proof is another one's.
    """
    if not 0 <= old <= new or len(path) > LONGEST_PROOF:
        raise ProofError("the log has become smaller", code="log_truncated")
    if old in {0, new}:
        expected = new_root if old else EMPTY_ROOT
        if path or old_root != expected:
            raise ProofError("two logs of one size and different content", code="log_forked")
        return
    if _roots_of(old, new, path, old_root) != (old_root, new_root):
        raise ProofError("what was in the log before is not in it as it was", code="log_forked")


def _roots_of(old: int, new: int, path: Sequence[bytes], old_root: bytes) -> tuple[bytes, bytes] | None:
    """Work out both roots from a proof of consistency; None when it has not the length of one."""
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return None
    left, right = old - 1, new - 1
    while left & 1:
        left, right = left >> 1, right >> 1
    first = second = steps[0]
    for each in steps[1:]:
        if right == 0:
            return None
        if left & 1 or left == right:
            first, second = node_hash(each, first), node_hash(each, second)
            while left and not left & 1:
                left, right = left >> 1, right >> 1
        else:
            second = node_hash(second, each)
        left, right = left >> 1, right >> 1
    return None if right else (first, second)


def _half(count: int) -> int:
    """Return the greatest power of two below a count of at least 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _folded(hashes: Sequence[bytes]) -> bytes:
    """Join subtrees, greatest first, from the right."""
    found = hashes[-1]
    for each in reversed(hashes[:-1]):
        found = node_hash(each, found)
    return found
