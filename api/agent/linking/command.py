"""`casematch link`: the evaluator's command; on the partner's premises. No socket is opened."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.agent.errors import SourceError
from api.agent.linking.counts import own_frequencies
from api.agent.linking.inputs import Records, Truth, attribute_names, parse_kinds, read_known, read_mapped, read_truth
from api.agent.linking.quality import measure
from api.agent.linking.report import Volume, figures, write_pairs
from api.agent.linking.run import LinkedPairs, link_persons
from matcher.encode.frequency import FrequencyModel
from matcher.encoding import entry_bytes
from matcher.normalise.record import normalise
from matcher.pairs import Grade
from matcher.person import Person
from matcher.schema import LinkageSchema
from matcher.template import general_schema

MATCH_PROBABILITY = 0.5  # the label-free threshold: more likely one person than not
PROGRESS_STEP = 500

Left = Annotated[Path, typer.Argument(help="CSV file; alone, duplicates within it are sought.", show_default=False)]
Right = Annotated[Path | None, typer.Argument(help="CSV file to link it with.", show_default=False)]
SchemaOption = Annotated[str, typer.Option("--schema", help="`general`, `nepal`, or a linkage schema file.")]
MapOption = Annotated[
    str | None,
    typer.Option(
        "--map",
        help="For `general`: COLUMN=KIND, commas between; "
        "kinds are name, date, place, category, identifier, phone, text.",
        show_default=False,
    ),
]
IdOption = Annotated[
    str | None, typer.Option("--id", help="Column that holds the record id; without it, rows are numbered.")
]
TruthOption = Annotated[
    Path | None, typer.Option(help="CSV of true pairs: a header row, then left id, right id.", show_default=False)
]
OutOption = Annotated[Path | None, typer.Option(help="Write the matched pairs to this CSV file.", show_default=False)]
LeastOption = Annotated[
    float, typer.Option("--least-probability", min=0, max=1, help="Least posterior of a pair in --out.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
FrequenciesOption = Annotated[
    Path | None,
    typer.Option(help="Frequency model for the gate; `general` makes one from the files.", show_default=False),
]
SaveOption = Annotated[
    Path | None, typer.Option(help="Save the frequency model (aggregates, least count 3).", show_default=False)
]


@dataclass(frozen=True, slots=True)
class _Inputs:
    """Everything that was read and normalised."""

    left: Records
    right: Records | None
    schema: LinkageSchema
    persons: list[list[Person]] = field(repr=False)

    @property
    def right_ids(self) -> tuple[str, ...]:
        """Ids of the right list, or of the one list there is."""
        return (self.right or self.left).ids

    @property
    def possible_pairs(self) -> int:
        """Pairs of records that could be compared."""
        count = len(self.left.ids)
        return count * (count - 1) // 2 if self.right is None else count * len(self.right.ids)


def link(  # noqa: PLR0913 - one parameter per option of the command
    left: Left,
    right: Right = None,
    *,
    schema: SchemaOption = "general",
    columns: MapOption = None,
    id_column: IdOption = None,
    truth: TruthOption = None,
    out: OutOption = None,
    least_probability: LeastOption = MATCH_PROBABILITY,
    as_json: JsonOption = False,
    frequencies: FrequenciesOption = None,
    save_frequencies: SaveOption = None,
) -> None:
    """
    Link two CSV files, or find the duplicates within one, as a hub would, and measure the result.

    Both files are encoded under a throw-away secret and linked in this process; nothing is sent anywhere. Pairs are
    judged one by one: a record may match several others.

    Example: casematch link a.csv b.csv --map first=name,last=name,born=date,town=place --id key --truth pairs.csv
    """
    console = Console(stderr=True)
    with _progress(console) as bars:
        inputs = _read(left, right, schema, columns, id_column, bars)
        known = None if truth is None else read_truth(truth, inputs.left, inputs.right)
        model = _frequencies(inputs, schema, frequencies)
        if save_frequencies is not None:
            save_frequencies.write_text(model.to_json() + "\n", encoding="utf-8")
        started = time.perf_counter()
        linked = link_persons(
            inputs.persons[0],
            None if inputs.right is None else inputs.persons[1],
            inputs.schema,
            model,
            lambda stage, done, total: _advance(bars, stage, done, total),
        )
        seconds = time.perf_counter() - started
    _tell_set_aside(console, inputs, known)
    volume = Volume(sum(map(len, inputs.persons)), inputs.possible_pairs, entry_bytes(inputs.schema), seconds)
    found = figures(
        linked, volume, None if known is None else measure(linked, known), None if known is None else len(known)
    )
    if out is not None:
        written = write_pairs(out, linked, inputs.left.ids, inputs.right_ids, least_probability)
        console.print(f"{written} pairs written to {out}")
    if as_json:
        typer.echo(json.dumps(found))
    else:
        _print_table(linked, found)


def _read(
    left: Path, right: Path | None, schema_name: str, columns: str | None, id_column: str | None, bars: Progress
) -> _Inputs:
    """Read the files, build or read the schema, and normalise."""
    paths = [left] if right is None else [left, right]
    if schema_name == "general":
        if columns is None:
            advice = "Say which columns to link: --map COLUMN=KIND,COLUMN=KIND,… (see --help for the kinds)."
            raise SourceError("a general schema needs it", code="no_map", where="--map", advice=advice)
        kinds = parse_kinds(columns)
        names = attribute_names(list(kinds))
        lists = [read_mapped(path, names, id_column) for path in paths]
        by_name = {names[header]: kind for header, kind in kinds.items()}
        schema = general_schema(by_name, population=max(1, *(len(each.ids) for each in lists)))
    else:
        schema = _named_schema(schema_name)
        lists = [read_known(path, schema, id_column) for path in paths]
    persons = [_normalised(each, schema, bars) for each in lists]
    return _Inputs(lists[0], None if right is None else lists[1], schema, persons)


def _named_schema(name: str) -> LinkageSchema:
    """Read a schema file, or a shipped schema."""
    path = Path(name)
    if path.suffix == ".json" and path.is_file():
        return LinkageSchema.from_json(path.read_text(encoding="utf-8"))
    return LinkageSchema.shipped(name)


def _normalised(records: Records, schema: LinkageSchema, bars: Progress) -> list[Person]:
    """Normalise all records of a list."""
    persons = []
    for done, record in enumerate(records.records, start=1):
        persons.append(normalise(record, schema))
        if done % PROGRESS_STEP == 0 or done == len(records.records):
            _advance(bars, "normalise", done, len(records.records))
    return persons


def _frequencies(inputs: _Inputs, schema_name: str, path: Path | None) -> FrequencyModel:
    """Read the frequency model that was given, the one the schema names, or count the lists."""
    if path is not None:
        return FrequencyModel.from_json(path.read_text(encoding="utf-8"))
    if schema_name == "general":
        return own_frequencies((person for persons in inputs.persons for person in persons), inputs.schema)
    return FrequencyModel.shipped(inputs.schema.gate.frequency_model)


def _progress(console: Console) -> Progress:
    """Make the progress bars; they vanish when done, and are silent when nobody looks."""
    columns = (TextColumn("{task.description:10}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)


def _advance(bars: Progress, stage: str, done: int, total: int) -> None:
    """Move the bar of a stage, or open it."""
    task = next((task.id for task in bars.tasks if task.description == stage and not task.finished), None)
    bars.update(bars.add_task(stage, total=total) if task is None else task, completed=done)


def _tell_set_aside(console: Console, inputs: _Inputs, known: Truth | None) -> None:
    """Say what was not understood, by column and kind, never by value."""
    rows = Counter(fault.code for each in (inputs.left, inputs.right) if each is not None for fault in each.faults)
    cells = Counter(
        (aside.column, aside.code) for list_ in inputs.persons for person in list_ for aside in person.set_aside
    )
    for code, count in sorted(rows.items()):
        console.print(f"set aside: {count} rows, {code}")
    for (column, code), count in sorted(cells.items()):
        console.print(f"set aside: {count} cells of {column}, {code}")
    if known is not None and known.unknown:
        console.print(f"truth: {known.unknown} pairs name an id that is in neither file; they count as missed")


def _print_table(linked: LinkedPairs, found: dict[str, object]) -> None:
    """Print the figures and the grades."""
    table = Table(show_header=False)
    for key, value in found.items():
        if value is not None:
            table.add_row(key.replace("_", " "), f"{value:,.4f}" if isinstance(value, float) else f"{value:,}")
    for grade in (Grade.CERTAIN, Grade.PROBABLE, Grade.POSSIBLE):
        table.add_row(f"pairs graded {grade.label}", f"{int((linked.grade == grade).sum()):,}")
    table.add_row(
        "score model", f"{linked.model.name}, {'fitted to these lists' if linked.is_fitted else 'as shipped'}"
    )
    Console().print(table)
