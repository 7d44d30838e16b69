"""Encounters in time become a verdict."""

import pytest

from matcher.episodes import Encounter, EncounterKind, EncounterStatus, Verdict, format_quarter, judge, parse_quarter
from matcher.errors import UnreadableFieldError


def met(quarter: str, kind: str = "admission", status: str = "actual", ended: str = "") -> Encounter:
    """Write an encounter as a case file would."""
    exit_quarter = parse_quarter(ended) if ended else None
    return Encounter(parse_quarter(quarter), EncounterKind(kind), EncounterStatus(status), exit_quarter)


CASES = [
    ("a return after an exit", [met("2023Q1", ended="2023Q3"), met("2025Q1")], "possible_re_trafficking"),
    ("two shelters at once", [met("2023Q1"), met("2023Q2", "rescue")], "same_episode"),
    ("a referral in the same quarter", [met("2023Q1", ended="2023Q3"), met("2023Q3")], "same_episode"),
    ("stopped at the border later", [met("2023Q1", ended="2023Q3"), met("2024Q1", "interception")], "attempt"),
    ("one encounter", [met("2023Q1")], "undetermined"),
    ("the same encounter told twice", [met("2023Q1"), met("2023Q1")], "undetermined"),
    ("nothing", [], "undetermined"),
    ("one was no case", [met("2023Q1", status="not"), met("2025Q1")], "undetermined"),
    ("three years without a recorded exit", [met("2020Q1"), met("2023Q2")], "undetermined"),
    ("an exit before its encounter", [met("2023Q3", ended="2023Q1"), met("2024Q1")], "same_episode"),
    (
        "an exit of what was no case",
        [met("2023Q1", status="not", ended="2023Q2"), met("2024Q1"), met("2024Q2")],
        "same_episode",
    ),
    ("a second encounter inside a stay", [met("2023Q1", ended="2024Q1"), met("2023Q3", "helpline")], "same_episode"),
    (
        "stopped, and later in a shelter",
        [met("2023Q1", ended="2023Q2"), met("2023Q4", "interception"), met("2024Q2")],
        "possible_re_trafficking",
    ),
]


@pytest.mark.parametrize(("encounters", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_verdict_is_as_the_case_says(encounters: list[Encounter], verdict: str) -> None:
    """Each case has the verdict that its name suggests, with a reason."""
    found = judge(encounters)
    assert found.verdict == Verdict(verdict)
    assert found.reasons


@pytest.mark.parametrize("text", ["2024Q3", "2024-Q3", "2024q3", " 2024Q3 "])
def test_a_quarter_is_read_in_its_usual_spellings(text: str) -> None:
    """All of them are the same quarter."""
    assert format_quarter(parse_quarter(text)) == "2024Q3"


@pytest.mark.parametrize(
    "text", ["", "2021", "2024Q5", "2024Q0", "Q3 2024", "\u0968\u0966\u0968\u096aQ3", "2024-07", "1824Q1"]
)
def test_what_is_no_quarter_is_refused_without_being_quoted(text: str) -> None:
    """The error names the field, not the value."""
    with pytest.raises(UnreadableFieldError) as caught:
        parse_quarter(text)
    assert (caught.value.where, caught.value.code) == ("quarter", "unreadable_quarter")
    assert not text or text not in str(caught.value)
