"""`casematch link`: the evaluator's command; on the partner's premises. No socket is opened."""

import json
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.agent.linking.inputs import Truth, read_truth
from api.agent.linking.judging import LinkedPairs
from api.agent.linking.quality import measure
from api.agent.linking.reading import Inputs, read_inputs
from api.agent.linking.report import Volume, figures, write_pairs
from api.agent.linking.run import link_persons
from matcher.encode.frequency import FrequencyModel
from matcher.encoding import entry_bytes
from matcher.pairs import Grade

MATCH_PROBABILITY = 0.5  # the label-free threshold: more likely one person than not

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
        paths = [left] if right is None else [left, right]
        inputs = read_inputs(paths, schema, columns, id_column, partial(_advance, bars))
        right_list = None if right is None else inputs.lists[1]
        known = None if truth is None else read_truth(truth, inputs.lists[0], right_list)
        model = inputs.frequencies
        if frequencies is not None:
            model = FrequencyModel.from_json(frequencies.read_text(encoding="utf-8"))
        if save_frequencies is not None:
            save_frequencies.write_text(model.to_json() + "\n", encoding="utf-8")
        started = time.perf_counter()
        second = None if right is None else inputs.persons[1]
        linked = link_persons(inputs.persons[0], second, inputs.schema, model, partial(_advance, bars))
        seconds = time.perf_counter() - started
    _tell_set_aside(console, inputs, known)
    volume = Volume(sum(map(len, inputs.persons)), _possible_pairs(inputs), entry_bytes(inputs.schema), seconds)
    quality, true_pairs = (None, None) if known is None else (measure(linked, known), len(known))
    found = figures(linked, volume, quality, true_pairs)
    if out is not None:
        written = write_pairs(out, linked, inputs.lists[0].ids, inputs.lists[-1].ids, least_probability)
        console.print(f"{written} pairs written to {out}")
    if as_json:
        typer.echo(json.dumps(found))
    else:
        _print_table(linked, found)


def _possible_pairs(inputs: Inputs) -> int:
    """Count the pairs of records that could be compared."""
    first, last = len(inputs.lists[0].ids), len(inputs.lists[-1].ids)
    return first * (first - 1) // 2 if len(inputs.lists) == 1 else first * last


def _progress(console: Console) -> Progress:
    """Make the progress bars; they vanish when done, and are silent when nobody looks."""
    columns = (TextColumn("{task.description:10}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)


def _advance(bars: Progress, stage: str, done: int, total: int) -> None:
    """Move the bar of a stage, or open it."""
    task = next((task.id for task in bars.tasks if task.description == stage and not task.finished), None)
    bars.update(bars.add_task(stage, total=total) if task is None else task, completed=done)


def _tell_set_aside(console: Console, inputs: Inputs, known: Truth | None) -> None:
    """Say what was not understood, by column and kind, never by value."""
    rows = Counter(fault.code for each in inputs.lists for fault in each.faults)
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
