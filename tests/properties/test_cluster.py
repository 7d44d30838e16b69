"""What holds for clusters however often, and in whatever order, they are worked out anew."""

from collections.abc import Iterable
from itertools import count, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from matcher.cluster.components import Link, components
from matcher.cluster.lineage import Cluster, Lineage, follow

RECORDS = st.sampled_from("abcdefgh")
PAIRS = st.tuples(RECORDS, RECORDS).filter(lambda pair: pair[0] != pair[1])
LINKS = st.lists(st.builds(lambda pair, strength: Link(*pair, strength), PAIRS, st.integers(0, 3)), max_size=14)
APART = st.lists(PAIRS, max_size=4)

Apart = list[tuple[str, str]]


def grown(batches: Iterable[list[Link]], apart: Apart) -> list[Lineage]:
    """Work clusters out anew after each batch of links, keeping their lineage; all links so far count each time."""
    numbers = count()
    told: list[Link] = []
    history = [Lineage((), ())]
    for batch in batches:
        told += batch
        found = components(told, apart).members
        history.append(follow(history[-1].clusters, found, lambda: f"c{next(numbers)}"))
    return history[1:]


def parts(clusters: Iterable[Cluster]) -> set[frozenset[str]]:
    """Return the clusters without their names."""
    return {cluster.members for cluster in clusters}


@given(LINKS, APART, st.randoms(use_true_random=False))
def test_one_link_at_a_time_gives_the_clusters_of_all_at_once(links: list[Link], apart: Apart, order: Random) -> None:
    """Clusters do not depend on the order of arrival, nor on how links are batched."""
    shuffled = list(links)
    order.shuffle(shuffled)
    one_by_one = grown(([link] for link in shuffled), apart)
    at_once = grown([links], apart)
    assert parts(one_by_one[-1].clusters if one_by_one else ()) == parts(at_once[-1].clusters)


@given(st.lists(LINKS, min_size=1, max_size=4), APART)
def test_a_decision_that_two_are_not_one_survives_every_run(batches: list[list[Link]], apart: Apart) -> None:
    """However many links come later, the two never share a cluster."""
    for lineage in grown(batches, apart):
        assert not any({left, right} <= cluster.members for left, right in apart for cluster in lineage.clusters)


@given(LINKS, APART)
def test_a_run_without_news_changes_nothing(links: list[Link], apart: Apart) -> None:
    """Working the same links out again keeps every cluster, its id and its place, and has nothing to tell."""
    first, second = grown([links, []], apart)
    assert second.clusters == first.clusters
    assert second.changes == ()


@given(st.lists(LINKS, min_size=2, max_size=4))
def test_ids_are_stable_through_growth(batches: list[list[Link]]) -> None:
    """Where nothing is taken apart, a record stays with its cluster's id, or with an older one that took it in."""
    history = grown(batches, [])
    for before, after in pairwise(history):
        age = {cluster.cluster_id: place for place, cluster in enumerate(before.clusters)}
        home = {member: cluster.cluster_id for cluster in after.clusters for member in cluster.members}
        for cluster in before.clusters:
            now = {home[member] for member in cluster.members}
            assert len(now) == 1
            assert age[now.pop()] <= age[cluster.cluster_id]
