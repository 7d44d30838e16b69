"""Clusters keep their ids while records come and go."""

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from matcher.cluster.lineage import Change, Cluster, Lineage, Turn, follow

PARTITIONS = st.lists(st.integers(0, 3), min_size=8, max_size=8)


def now(previous: list[Cluster], *components: str) -> Lineage:
    """Follow clusters to components written as words; new ids are n1, n2, …."""
    numbers = count(1)
    return follow(previous, map(frozenset, components), lambda: f"n{next(numbers)}")


def old(**members: str) -> list[Cluster]:
    """Write clusters as words, oldest first."""
    return [Cluster(name, frozenset(word)) for name, word in members.items()]


def test_a_first_cluster_is_born() -> None:
    """With nothing before, every component is new."""
    found = now([], "ab")
    assert found == Lineage((Cluster("n1", frozenset("ab")),), (Change(Turn.BORN, "n1"),))


def test_an_unchanged_cluster_has_no_history() -> None:
    """Nothing happened, and nothing is said."""
    assert now(old(x="ab"), "ab").changes == ()


def test_a_cluster_that_grows_keeps_its_id() -> None:
    """One more record changes no id."""
    assert now(old(x="ab"), "abc") == Lineage((Cluster("x", frozenset("abc")),), (Change(Turn.GREW, "x"),))


def test_the_oldest_id_survives_a_merge() -> None:
    """Age counts, not size."""
    found = now(old(x="ab", y="cde"), "abcde")
    assert found.clusters == (Cluster("x", frozenset("abcde")),)
    assert found.changes == (Change(Turn.GREW, "x"), Change(Turn.MERGED, "y", "x"))


def test_after_a_split_the_larger_part_keeps_the_id() -> None:
    """The smaller part gets a new one, and its history says from where."""
    found = now(old(x="abcde"), "ab", "cde")
    assert set(found.clusters) == {Cluster("x", frozenset("cde")), Cluster("n1", frozenset("ab"))}
    assert found.changes == (Change(Turn.SHRANK, "x"), Change(Turn.SPLIT, "n1", "x"))


def test_a_cluster_without_records_has_ended() -> None:
    """An id is never given to somebody else."""
    assert now(old(x="ab")) == Lineage((), (Change(Turn.ENDED, "x"),))


@given(PARTITIONS, PARTITIONS)
def test_every_component_gets_one_id_of_its_own(before: list[int], after: list[int]) -> None:
    """Ids are unique, components are kept as they are, and every lost id is accounted for."""
    words = [
        {letter for letter, part in zip("abcdefgh", parts, strict=True) if part == at}
        for parts in (before, after)
        for at in range(4)
    ]
    previous = [Cluster(f"o{index}", frozenset(word)) for index, word in enumerate(words[:4]) if word]
    found = now(previous, *("".join(sorted(word)) for word in words[4:] if word))
    ids = [cluster.cluster_id for cluster in found.clusters]
    assert len(set(ids)) == len(ids)
    assert {cluster.members for cluster in found.clusters} == {frozenset(word) for word in words[4:] if word}
    gone = {change.cluster_id for change in found.changes if change.turn in {Turn.MERGED, Turn.ENDED}}
    assert gone == {cluster.cluster_id for cluster in previous} - set(ids)
