"""Rows to cases: references, protection, encounters; faults name row and column."""

from datetime import date
from pathlib import Path

import pytest

from api.agent.consent import GivenBy, Stated
from api.agent.sources.cases import CaseRows, read_cases
from api.agent.sources.columns import map_columns
from api.agent.sources.csv import read_table
from api.wire.statements import OrganisationClass
from matcher.schema import LinkageSchema

WITHHELD = frozenset({OrganisationClass.POLICE, OrganisationClass.BORDER})
SCHEMA = LinkageSchema.shipped("nepal")
HEADER = (
    "case_ref,given_name,recorded_on,location_protected,encounter_quarter,encounter_kind,encounter_status,exit_quarter"
)


def cases_of(folder: Path, *rows: str) -> CaseRows:
    """Write rows under the full header and read them."""
    path = folder / "cases.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    table = read_table(path)
    return read_cases(table, map_columns(table.header, {}, SCHEMA))


def test_a_full_row_is_read(tmp_path: Path) -> None:
    """Case columns are read, and of them only the recording day goes on to the normaliser."""
    (case,) = cases_of(tmp_path, "K-1,Sita,2024-05-18,no,2024-q2,Police case,Actual,2024Q3").cases
    assert case.record.columns == {"given_name": "Sita", "recorded_on": "2024-05-18"}
    assert case.record.recorded_on == date(2024, 5, 18)
    assert case.is_location_protected is False
    assert case.encounter is not None
    assert case.encounter.model_dump() == {
        "quarter": "2024Q2",
        "kind": "police_case",
        "status": "actual",
        "exit_quarter": "2024Q3",
    }


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-18", date(2024, 5, 18)),
        ("२०८१-०२-०५", date(2024, 5, 18)),
        ("05/06/2024", date(2024, 5, 6)),
        ("1957-01-02", None),
        ("soon", None),
        ("2024", None),
    ],
)
def test_the_recording_day_is_read_in_both_calendars(tmp_path: Path, text: str, day: date | None) -> None:
    """A day is recent; of two readings the earlier counts; anything else is unknown."""
    rows = cases_of(tmp_path, f"K-1,Sita,{text},no,,,,")
    assert rows.cases[0].record.recorded_on == day
    assert [fault.code for fault in rows.faults] == ([] if day else ["unreadable_date"])


def test_rows_without_a_reference_of_their_own_are_set_aside(tmp_path: Path) -> None:
    """Blank, repeated and endless references are reported by row; the first of two is kept."""
    rows = cases_of(tmp_path, "K-1,Sita,,,,,,", ",Gita,,,,,,", "K-1,Rita,,,,,,", f"{'9' * 300},Mina,,,,,,")
    assert [case.row for case in rows.cases] == [2]
    assert [(fault.row, fault.code) for fault in rows.faults] == [
        (3, "no_case_ref"),
        (4, "repeated_case_ref"),
        (5, "case_ref_too_long"),
    ]
    assert all(fault.is_whole_row for fault in rows.faults)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ("2024,rescue,actual,", "encounter_quarter", "unreadable_quarter"),
        (",rescue,actual,", "encounter_quarter", "unreadable_quarter"),
        ("2024Q1,rescue,actual,later", "exit_quarter", "unreadable_quarter"),
        ("2024Q2,rescue,actual,2024Q1", "exit_quarter", "exit_before_encounter"),
        ("2024Q2,picnic,actual,", "encounter_kind", "unknown_word"),
        ("2024Q2,rescue,,", "encounter_status", "unknown_word"),
    ],
)
def test_an_encounter_is_read_whole_or_set_aside(tmp_path: Path, cells: str, column: str, code: str) -> None:
    """Half an encounter would give a wrong verdict; the case itself goes on."""
    rows = cases_of(tmp_path, f"K-1,Sita,,no,{cells}")
    assert rows.cases[0].encounter is None
    assert [(fault.row, fault.column, fault.code) for fault in rows.faults] == [(2, column, code)]
    assert not rows.faults[0].is_whole_row


@pytest.mark.parametrize(
    ("word", "is_protected"), [("no", False), ("YES", True), ("छैन", False), ("", None), ("ask her", None)]
)
def test_protection_is_yes_no_or_unknown(tmp_path: Path, word: str, is_protected: bool | None) -> None:  # noqa: FBT001 - a table
    """A word that is neither yes nor no is unknown, and said to be."""
    rows = cases_of(tmp_path, f"K-1,Sita,,{word},,,,")
    assert rows.cases[0].is_location_protected is is_protected
    assert bool(rows.faults) == (word == "ask her")


@pytest.mark.parametrize(
    ("cells", "stated"),
    [
        ("self,,,", Stated()),
        (
            "Guardian,consent,Police; border,2027-06-30",
            Stated(GivenBy.GUARDIAN, "consent", WITHHELD, date(2027, 6, 30)),
        ),
        (",court order,,", Stated(None, "court_order")),
        ("no,,,", Stated(None, "", is_refusal=True)),
        (",,police,", Stated(None, "", frozenset({OrganisationClass.POLICE}))),
        ("perhaps,,,", None),
        (",consent,,", None),
        ("self,,polise,", None),
        ("self,,,soon", None),
    ],
)
def test_consent_is_read_whole_or_not_at_all(tmp_path: Path, cells: str, stated: Stated | None) -> None:
    """A word that is not understood is told, and leaves the case without consent whatever is said of the file."""
    path = tmp_path / "cases.csv"
    head = "case_ref,given_name,consent_given_by,consent_basis,consent_withheld_from,consent_expires_on"
    path.write_text(f"{head}\nK-1,Sita,{cells}\n", encoding="utf-8")
    table = read_table(path)
    rows = read_cases(table, map_columns(table.header, {}, SCHEMA))
    (case,) = rows.cases
    assert (case.consent, case.is_consent_told) == (stated, True)
    assert len(rows.faults) == (stated is None)
    assert not any(name.startswith("consent") for name in case.record.columns)
