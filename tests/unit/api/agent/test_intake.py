"""Intake: what is new is encoded, what is unchanged is left, and duplicates in one file are the partner's to see."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.agent.consent import Stated
from api.agent.consent_end import today
from api.agent.errors import ConsentError, SourceError
from api.agent.intake import Intake, missing_cases, take_in
from api.agent.own_pairs import find_local_pairs
from api.agent.reading import ReadFile, read_file
from api.agent.report import describe_file
from api.agent.secret_file import write_secret
from api.agent.session import Session, open_session
from api.agent.setup import Setup, set_up
from api.wire.batches import month_number
from api.wire.statements import Purpose, Statement
from matcher.encode.secret import LinkageSecret
from matcher.encoding import envelope_of

HEADER = (
    "case_ref,given_name,family_name,father_name,birth_date,district,local_unit,phone,recorded_on,location_protected"
)
SABITRI = "Mijar,Karna Bahadur Mijar,1997-09-09,Sindhupalchok,Melamchi,9841770215,2024-08-03,no"
ROWS = (f"V-1,Sabitri,{SABITRI}", "V-2,Kripa,Sherpa,Pasang Sherpa,1990-03-12,Dolakha,Bigu,9800011122,2024-01-05,no")

STATEMENT = Statement(purpose=Purpose.PROTECTION, reason="intake")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open an agent that works offline."""
    write_secret(tmp_path / "s", LinkageSecret.generate())
    set_up(Setup(tmp_path / "offline", tmp_path / "s"))
    with open_session(tmp_path / "offline", str) as session:
        yield session


def silent(_step: str, _done: int, _total: int) -> None:
    """Show no progress."""


def read(session: Session, folder: Path, *rows: str, consent: Stated | None = Stated()) -> ReadFile:  # noqa: B008 - frozen
    """Write rows and read them; everybody has consented unless said otherwise."""
    path = folder / "cases.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return read_file(session, path, (), silent, consent=consent)


def taken(session: Session, folder: Path, *rows: str) -> Intake:
    """Write rows and take them in."""
    return take_in(session, read(session, folder, *rows), silent)


def test_the_same_rows_twice_change_nothing(session: Session, tmp_path: Path) -> None:
    """Neither entries nor references differ after a second import."""
    first = taken(session, tmp_path, *ROWS)
    before = (session.vault.cases.all(), session.vault.outbox.counts())
    assert (first.new, first.changed, first.unchanged) == (2, 0, 0)
    assert first.entries > 10
    again = taken(session, tmp_path, *ROWS)
    assert (again.new, again.changed, again.unchanged, again.entries) == (0, 0, 2, 0)
    assert (session.vault.cases.all(), session.vault.outbox.counts()) == before


@pytest.mark.parametrize("change", [("Sabitri", "Sarita"), (",no", ",yes")], ids=["name", "protection"])
def test_a_changed_row_is_encoded_anew_under_its_old_reference(
    session: Session, tmp_path: Path, change: tuple[str, str]
) -> None:
    """What was to be sent is replaced; the random reference stays, so that matches stay."""
    taken(session, tmp_path, *ROWS)
    before = session.vault.cases.all()
    again = taken(session, tmp_path, ROWS[0].replace(*change), ROWS[1])
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)
    after = session.vault.cases.all()
    assert {ref: case.reference for ref, case in after.items()} == {ref: case.reference for ref, case in before.items()}
    assert session.vault.outbox.counts().withdrawn == 0


def test_a_row_that_is_gone_from_the_file_stays(session: Session, tmp_path: Path) -> None:
    """A partial file is no withdrawal."""
    taken(session, tmp_path, *ROWS)
    before = session.vault.outbox.counts()
    assert taken(session, tmp_path, ROWS[1]).unchanged == 1
    assert session.vault.outbox.counts() == before


def test_a_case_with_too_little_in_it_is_named(session: Session, tmp_path: Path) -> None:
    """Nothing rare enough to be found by, and no entry."""
    intake = taken(session, tmp_path, "V-9,Sita,,,,,,,,")
    assert intake.unlinkable == ("V-9",)
    assert intake.entries == 0


def test_an_unknown_place_and_an_impossible_day_are_told_by_row_and_column(session: Session, tmp_path: Path) -> None:
    """With the official name, and without what the cell says."""
    row = "V-5,Sabitri,Mijar,,1990-13-45,Bhaktabur,Zzup,,2024-08-03,no"
    file = read(session, tmp_path, row)
    assert [(fault.row, fault.column, fault.code) for fault in file.faults] == [
        (2, "birth_date", "no_such_day"),
        (2, "district", "unknown_place"),
        (2, "local_unit", "unknown_place"),
    ]
    told = describe_file(file, 20)
    assert "Is it Bhaktapur?" in told
    assert not any(written in told for written in ("Bhaktabur", "Zzup", "1990-13-45"))


def test_one_fault_of_one_cell_is_told_once(session: Session, tmp_path: Path) -> None:
    """Though both the agent and the normaliser read the day of recording."""
    file = read(session, tmp_path, "V-6,Sabitri,Mijar,,1990-03-04,Dolakha,Bigu,,soon,no")
    assert [(fault.column, fault.code) for fault in file.faults] == [("recorded_on", "unreadable_date")]


def test_duplicates_in_one_file_are_found_on_plaintext(session: Session, tmp_path: Path) -> None:
    """Two cases of one woman are shown to the partner as a pair of its own references."""
    twin = f"V-3,Savitri,{SABITRI}"
    file = read(session, tmp_path, *ROWS, twin)
    (pair,) = find_local_pairs(session.schema, session.frequencies, file, silent)
    assert {pair.left, pair.right} == {"V-1", "V-3"}
    assert "V-1" not in repr(pair)


def test_what_was_read_shows_no_value(session: Session, tmp_path: Path) -> None:
    """Objects that hold people print without them."""
    assert "Sabitri" not in repr(read(session, tmp_path, *ROWS))


def test_what_was_said_of_columns_is_remembered_until_said_otherwise(session: Session, tmp_path: Path) -> None:
    """A column left out stays out, and a new column for an attribute takes the old one's place."""
    path = tmp_path / "cases.csv"
    path.write_text("no,ref,given_name,sex\n1,A,Sita,F\n", encoding="utf-8")

    def attributes(*told: str, id_column: str = "") -> tuple[str, ...]:
        file = read_file(session, path, told, silent, id_column=id_column, consent=Stated())
        take_in(session, file, silent)
        return file.columns.attributes

    assert attributes("sex=-", id_column="no") == ("case_ref", "", "given_name", "")
    assert attributes() == ("case_ref", "", "given_name", "")
    assert attributes(id_column="ref") == ("", "case_ref", "given_name", "")
    assert attributes("sex=sex") == ("", "case_ref", "given_name", "sex")


def test_a_file_without_consent_is_refused_whole(session: Session, tmp_path: Path) -> None:
    """Nothing is kept of it."""
    with pytest.raises(ConsentError) as caught:
        take_in(session, read(session, tmp_path, *ROWS, consent=None), silent)
    assert caught.value.code == "no_consent"
    assert session.vault.cases.count() == 0


def test_a_known_case_ends_when_its_row_says_no(session: Session, tmp_path: Path) -> None:
    """And stays ended when the next file speaks for everybody."""
    taken(session, tmp_path, *ROWS)
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([f"{HEADER},consent", f"{ROWS[0]},none", f"{ROWS[1]},self"]), encoding="utf-8")
    intake = take_in(session, read_file(session, path, (), silent), silent)
    assert (intake.ended, intake.unchanged) == (1, 1)
    assert set(session.vault.cases.all()) == {"V-2"}
    assert taken(session, tmp_path, *ROWS).new == 0


def test_missing_rows_end_their_cases_only_where_every_row_was_read(session: Session, tmp_path: Path) -> None:
    """A row that cannot be read may be the one that seems to be gone; another source's cases stay."""
    taken(session, tmp_path, *ROWS)
    with pytest.raises(SourceError) as caught:
        missing_cases(session, read(session, tmp_path, ROWS[0], ROWS[0]))
    assert caught.value.code == "rows_set_aside"
    assert missing_cases(session, read(session, tmp_path, ROWS[0])) == ("V-2",)
    elsewhere = tmp_path / "other.csv"
    elsewhere.write_text(f"{HEADER}\n{ROWS[0]}\n", encoding="utf-8")
    assert missing_cases(session, read_file(session, elsewhere, (), silent)) == ()


def test_entries_expire_with_the_consent(session: Session, tmp_path: Path) -> None:
    """With its last whole month, where that is before the project's retention."""
    last = today() + timedelta(days=120)
    take_in(session, read(session, tmp_path, *ROWS, consent=Stated(expires_on=last)), silent)
    (number,) = session.vault.outbox.open_batches(envelope_of(session.schema), STATEMENT, 10_000)
    months = {row.expires for row in session.vault.outbox.batch(number).rows}
    after = last + timedelta(days=1)
    assert months == {month_number(after.year, after.month) - 1}
