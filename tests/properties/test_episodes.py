"""What holds for every set of encounters."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.episodes import Encounter, EncounterKind, EncounterStatus, Verdict, format_quarter, judge, parse_quarter

QUARTERS = st.integers(4 * 1990, 4 * 2100)
ENCOUNTERS = st.lists(
    st.builds(
        Encounter,
        QUARTERS,
        st.sampled_from(EncounterKind),
        st.sampled_from(EncounterStatus),
        st.none() | QUARTERS,
    ),
    max_size=6,
)


@given(ENCOUNTERS.flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_verdict_ignores_the_order_of_arrival(orders: tuple[list[Encounter], list[Encounter]]) -> None:
    """Who tells first plays no part."""
    told, shuffled = orders
    assert judge(told) == judge(shuffled)


@given(ENCOUNTERS)
def test_telling_twice_changes_nothing(told: list[Encounter]) -> None:
    """Both sides of a match may know of one encounter."""
    assert judge(told + told) == judge(told)


@given(ENCOUNTERS)
def test_re_trafficking_needs_a_recorded_exit(told: list[Encounter]) -> None:
    """Without an exit nobody is said to have returned."""
    stays = [Encounter(each.quarter, each.kind, each.status, None) for each in told]
    assert judge(stays).verdict not in {Verdict.POSSIBLE_RE_TRAFFICKING, Verdict.ATTEMPT}


@given(QUARTERS)
def test_a_quarter_survives_being_written(quarter: int) -> None:
    """Writing and reading are inverse."""
    assert parse_quarter(format_quarter(quarter)) == quarter
