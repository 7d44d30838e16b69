"""What a match says is read by the hub that has the key, and by nobody else."""

import pytest

from api.hub.errors import BrokenSealError
from api.hub.keys import HUB_KEY_BYTES, HubKey
from api.hub.matches.match_seal import MatchSeal
from matcher.pairs import Grade

KEYS = [HubKey(bytes([number]) * HUB_KEY_BYTES) for number in (1, 2)]
MATCH, OTHER = "0" * 36, "1" * 36


@pytest.mark.parametrize("grade", list(Grade))
def test_a_grade_is_read_back(grade: int) -> None:
    """From the match it is of."""
    seal = MatchSeal(KEYS[0])
    assert seal.grade(seal.grade_box(grade, MATCH), MATCH) == grade


@pytest.mark.parametrize("detail", ["", "2", "not_same", OTHER])
def test_a_detail_is_read_back_and_shows_no_length(detail: str) -> None:
    """Nothing, a word or an id: all boxes are as long."""
    seal = MatchSeal(KEYS[0])
    box = seal.detail_box(detail, MATCH, 3)
    assert seal.detail(box, MATCH, 3) == detail
    assert len(box) == len(seal.detail_box("", MATCH, 1))


def test_no_two_matches_or_events_look_alike() -> None:
    """Of the same grade and detail: what they have in common would tie them together."""
    seal = MatchSeal(KEYS[0])
    assert seal.grade_box(Grade.CERTAIN, MATCH) != seal.grade_box(Grade.CERTAIN, OTHER)
    assert len({seal.detail_box("3", name, number) for name in (MATCH, OTHER) for number in (1, 2)}) == 4


def test_another_match_event_or_hub_does_not_open() -> None:
    """A cell that is moved is broken."""
    seal, stranger = map(MatchSeal, KEYS)
    grade, detail = seal.grade_box(Grade.CERTAIN, MATCH), seal.detail_box("3", MATCH, 1)
    for wrong, name in ((seal, OTHER), (stranger, MATCH)):
        with pytest.raises(BrokenSealError):
            wrong.grade(grade, name)
    for wrong, name, number in ((seal, OTHER, 1), (seal, MATCH, 2), (stranger, MATCH, 1)):
        with pytest.raises(BrokenSealError):
            wrong.detail(detail, name, number)
