"""
Records to connected components, under constraints that keep two of them apart; any side.

Links are taken from the strongest down (single linkage, Kruskal's order), and one that would bring two records
together that must stay apart is left out. Why not cut components afterwards: which link goes would then depend on the
order of arrival. Union-find with path halving (Tarjan and van Leeuwen 1984).
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """
    Two records held to be one person.

    Attributes:
        left: one record.
        right: the other; the order means nothing.
        strength: the larger, the sooner it is taken; for instance a grade or a weight.
    """

    left: str
    right: str
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Components:
    """
    A partition of all records that links name, and the links that constraints left out.

    Attributes:
        members: disjoint sets of records, in the order of their least member.
        refused: links that would join what must stay apart, strongest first.
    """

    members: tuple[frozenset[str], ...]
    refused: tuple[Link, ...]


def components(links: Iterable[Link], must_not_link: Iterable[tuple[str, str]] = ()) -> Components:
    """
    Return the connected components of links, without joining what must stay apart.

    The order of the arguments' items plays no part.

    Args:
        links: a record may be linked to itself, and then stands alone.
        must_not_link: pairs of different records that never share a component.

    Raises:
        ValueError: a record must not be linked to itself.
    """
    forest = _Forest(must_not_link)
    refused = tuple(link for link in sorted(links, key=_strongest_first) if not forest.join(link.left, link.right))
    return Components(forest.partition(), refused)


def _strongest_first(link: Link) -> tuple[float, str, str]:
    """Sort by falling strength, then by names, so that arrival plays no part."""
    first, second = sorted((link.left, link.right))
    return (-link.strength, first, second)


class _Forest:
    """Disjoint sets, each with the records it must never take in."""

    def __init__(self, must_not_link: Iterable[tuple[str, str]]) -> None:
        self._parent: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}
        self._apart: dict[str, set[str]] = {}
        for left, right in must_not_link:
            if left == right:
                raise ValueError("a record cannot be kept apart from itself")
            self._apart.setdefault(left, set()).add(right)
            self._apart.setdefault(right, set()).add(left)

    def join(self, left: str, right: str) -> bool:
        """Join the sets of two records; tell whether a constraint allowed it."""
        large, small = self._root(left), self._root(right)
        if large == small:
            return True
        if len(self._members[large]) < len(self._members[small]):
            large, small = small, large
        if any(self._apart.get(member, set()) & self._members[large] for member in self._members[small]):
            return False
        self._parent[small] = large
        self._members[large] |= self._members.pop(small)
        return True

    def partition(self) -> tuple[frozenset[str], ...]:
        """Return all sets, in the order of their least member."""
        return tuple(sorted(map(frozenset, self._members.values()), key=min))

    def _root(self, record: str) -> str:
        """Find the set of a record, shortening the way for the next time."""
        if record not in self._parent:
            self._parent[record] = record
            self._members[record] = {record}
        while self._parent[record] != record:
            self._parent[record] = self._parent[self._parent[record]]
            record = self._parent[record]
        return record
