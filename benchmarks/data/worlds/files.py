"""Write a world as CSV files that any tool can read."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.data.worlds.world import World, WorldRecord
from matcher.episodes import format_quarter

ATTRIBUTES = (
    "given_name", "middle_name", "family_name", "other_names", "father_name", "mother_name", "spouse_name", "sex",
    "birth_date", "birth_year", "age", "recorded_on", "district", "local_unit", "ward", "phone", "citizenship_no",
)  # fmt: skip
ENCOUNTER = ("encounter_quarter", "encounter_kind", "encounter_status", "exit_quarter")
PEOPLE = ("case_ref", "person", "family", "sex", "script", "community", "age_precision", "has_sibling")


def write_world(world: World, folder: Path) -> list[Path]:
    """
    Write one list a partner, all lists together, the truth, the siblings, and who is who.

    `records.csv` holds all rows; `truth.csv` the ids of each true pair, and what the later contact is to the earlier
    one where they are consecutive; `siblings.csv` the pairs of records of two siblings; `people.csv` the subgroups.

    Returns:
        The files, in the order in which they were written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    header = ("case_ref", *ATTRIBUTES, *ENCOUNTER)
    ids = [record.case_ref for record in world.records]
    verdicts = world.verdicts()
    siblings = world.sibling_pairs()
    has_sibling = {row for pair in siblings for row in pair}
    truth = [(ids[a], ids[b], verdicts.get((a, b), "")) for a, b in world.true_pairs()]
    people = [_who(record, row in has_sibling) for row, record in enumerate(world.records)]
    written = [
        _table(folder / f"partner-{key}.csv", header, (_row(each) for each in world.records if each.partner == key))
        for key in sorted({record.partner for record in world.records})
    ]
    written.append(_table(folder / "records.csv", header, map(_row, world.records)))
    written.append(_table(folder / "truth.csv", ("left", "right", "verdict"), truth))
    written.append(_table(folder / "siblings.csv", ("left", "right"), ((ids[a], ids[b]) for a, b in siblings)))
    written.append(_table(folder / "people.csv", PEOPLE, people))
    return written


def _row(record: WorldRecord) -> Sequence[str]:
    """Return one record's cells."""
    met = record.encounter
    left = "" if met.exit_quarter is None else format_quarter(met.exit_quarter)
    cells = (record.columns.get(name, "") for name in ATTRIBUTES)
    return (record.case_ref, *cells, format_quarter(met.quarter), met.kind, met.status, left)


def _who(record: WorldRecord, has_sibling: bool) -> Sequence[object]:  # noqa: FBT001 - a column
    """Return one record's truth."""
    person = record.person
    told = (person.number, person.family, person.sex, record.script, person.community, record.precision)
    return (record.case_ref, *told, "yes" if has_sibling else "no")


def _table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Path:
    """Write one file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
