"""Links become components, and constraints keep records apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.cluster.components import Link, components

RECORDS = st.sampled_from("abcdefgh")
LINKS = st.lists(st.builds(Link, RECORDS, RECORDS, st.integers(0, 3)), max_size=12)
APART = st.lists(st.tuples(RECORDS, RECORDS).filter(lambda pair: pair[0] != pair[1]), max_size=4)


def sets(*members: str) -> tuple[frozenset[str], ...]:
    """Write components as words."""
    return tuple(map(frozenset, members))


def test_a_chain_of_links_is_one_component() -> None:
    """Transitive links join."""
    assert components([Link("a", "b"), Link("b", "c"), Link("d", "e")]).members == sets("abc", "de")


def test_nothing_gives_nothing() -> None:
    """No link, no component."""
    assert components([]).members == ()


def test_a_link_to_itself_is_a_record_alone() -> None:
    """A record can be named without another."""
    assert components([Link("a", "a")]).members == sets("a")


def test_a_constraint_takes_the_weakest_link_out() -> None:
    """Of two ways to bring records together that must stay apart, the weaker is refused."""
    weak, strong = Link("b", "c", 1), Link("a", "b", 3)
    found = components([weak, strong], [("a", "c")])
    assert found.members == sets("ab", "c")
    assert found.refused == (weak,)


def test_a_record_cannot_be_kept_apart_from_itself() -> None:
    """Such a constraint is a mistake of the caller."""
    with pytest.raises(ValueError, match="apart from itself"):
        components([], [("a", "a")])


@given(LINKS, APART, st.randoms(use_true_random=False))
def test_components_partition_whatever_the_order(
    links: list[Link], apart: list[tuple[str, str]], shuffler: object
) -> None:
    """Every record is in exactly one component, constraints hold, and arrival plays no part."""
    found = components(links, apart)
    members = [member for component in found.members for member in component]
    assert sorted(members) == sorted({end for link in links for end in (link.left, link.right)})
    assert not any({left, right} <= component for left, right in apart for component in found.members)
    other_order = list(links)
    shuffler.shuffle(other_order)  # type: ignore[attr-defined]
    assert components(other_order, apart).members == found.members


@given(LINKS)
def test_components_equal_the_slow_obvious_closure(links: list[Link]) -> None:
    """Merging sets until nothing changes gives the same."""
    parts = [{link.left, link.right} for link in links]
    for _ in parts:
        parts = [set().union(*(other for other in parts if other & one)) for one in parts]
    assert set(components(links).members) == {frozenset(part) for part in parts}
