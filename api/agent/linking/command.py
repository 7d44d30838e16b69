"""`casematch link`: the evaluator's command; on the partner's premises. No socket is opened, but Spark's own."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from api.agent.linking.blocks import MOST_IN_A_BLOCK
from api.agent.linking.bulk import MEMORY_MB
from api.agent.linking.engines import Engine, choose_engine, is_large
from api.agent.linking.files import Linkage, Wish, link_files
from api.agent.linking.inputs import Records, Truth, read_truth
from api.agent.linking.judging import LinkedPairs
from api.agent.linking.quality import measure
from api.agent.linking.report import Volume, figures, write_pairs
from matcher.encode.frequency import FrequencyModel
from matcher.encoding import entry_bytes
from matcher.pairs import Grade

MATCH_PROBABILITY = 0.5  # the label-free threshold: more likely one person than not

Left = Annotated[
    Path, typer.Argument(help="CSV or Parquet; alone, duplicates within it are sought.", show_default=False)
]
Right = Annotated[Path | None, typer.Argument(help="File to link it with.", show_default=False)]
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
OutOption = Annotated[
    Path | None, typer.Option(help="Write the matched pairs to it, CSV or Parquet.", show_default=False)
]
LeastOption = Annotated[
    float, typer.Option("--least-probability", min=0, max=1, help="Least posterior of a pair in --out.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
FrequenciesOption = Annotated[
    Path | None,
    typer.Option(help="Frequency model for the gate; `general` makes one from the files.", show_default=False),
]
EngineOption = Annotated[
    Engine | None,
    typer.Option(help="Default: memory; if installed, duckdb for files of over 8 MB.", show_default=False),
]
WorkOption = Annotated[
    Path | None,
    typer.Option(
        help="duckdb, spark: folder to keep entries in, some 15 GB per million records; no name is in it. "
        "By default a temporary one.",
        show_default=False,
    ),
]
MemoryOption = Annotated[
    int, typer.Option("--memory-mb", min=200, help="duckdb, spark: what the engine may take before it spills to disk.")
]
BlockOption = Annotated[
    int,
    typer.Option(
        "--most-in-block",
        min=2,
        help="Most entries of a file under one token; more are left out and reported.",
    ),
]
GateOption = Annotated[
    int | None,
    typer.Option(
        "--gate-population",
        min=1,
        help="People among whom a key must be rare. Default: the schema's, or the longer list's records if these are "
        "more; a schema file's as it stands.",
        show_default=False,
    ),
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
    engine: EngineOption = None,
    work: WorkOption = None,
    memory_mb: MemoryOption = MEMORY_MB,
    most_in_a_block: BlockOption = MOST_IN_A_BLOCK,
    gate_population: GateOption = None,
) -> None:
    """
    Link two files, or find the duplicates within one, as a hub would, and measure the result.

    All is encoded under a throw-away secret and linked on this machine; nothing is sent anywhere. Pairs are judged one
    by one: a record may match several others. Files of more than 8 MB go through DuckDB, when it is installed, so that
    memory stays small; the pairs are the same on every engine. With --work, a run that was stopped goes on.

    Example: casematch link a.csv b.csv --map first=name,last=name,born=date,town=place --id key --truth pairs.csv
    """
    console = Console(stderr=True)
    paths = [left] if right is None else [left, right]
    chosen = choose_engine(paths) if engine is None else engine
    if engine is None and chosen is Engine.MEMORY and is_large(paths):
        console.print("These files are large: casematch\\[duckdb] would link them in less memory.")
    wish = Wish(
        schema=schema,
        columns=columns,
        id_column=id_column,
        frequencies=None if frequencies is None else FrequencyModel.from_json(frequencies.read_text(encoding="utf-8")),
        gate_population=gate_population,
        engine=chosen,
        work=work,
        memory_mb=memory_mb,
        most_in_a_block=most_in_a_block,
        least_probability=0.0 if truth is not None else min(least_probability, MATCH_PROBABILITY),
    )
    with _progress(console) as bars:
        found = link_files(paths, wish, partial(_advance, bars))
    lists, linked = found.lists, found.linked
    if save_frequencies is not None:
        save_frequencies.write_text(found.frequencies().to_json() + "\n", encoding="utf-8")
    known = None if truth is None else read_truth(truth, lists[0], None if right is None else lists[1])
    console.print(f"gate: keys that are rare among {found.schema.gate.population:,} people")
    _tell_set_aside(console, found, known)
    volume = Volume(
        sum(len(each.ids) for each in lists), _possible_pairs(lists), entry_bytes(found.schema), found.seconds
    )
    quality, true_pairs = (None, None) if known is None else (measure(linked, known), len(known))
    told = figures(linked, volume, quality, true_pairs)
    if out is not None:
        written = write_pairs(out, linked, lists[0].ids, lists[-1].ids, least_probability)
        console.print(f"{written} pairs written to {out}")
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _print_table(linked, told)


def _possible_pairs(lists: Sequence[Records]) -> int:
    """Count the pairs of records that could be compared."""
    first, last = len(lists[0].ids), len(lists[-1].ids)
    return first * (first - 1) // 2 if len(lists) == 1 else first * last


def _progress(console: Console) -> Progress:
    """Make the progress bars; they vanish when done, and are silent when nobody looks."""
    columns = (TextColumn("{task.description:10}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)


def _advance(bars: Progress, stage: str, done: int, total: int) -> None:
    """Move the bar of a stage, or open it."""
    task = next((task.id for task in bars.tasks if task.description == stage and not task.finished), None)
    bars.update(bars.add_task(stage, total=total) if task is None else task, completed=done)


def _tell_set_aside(console: Console, found: Linkage, known: Truth | None) -> None:
    """Say what was not understood or not compared, by column and kind, never by value."""
    rows = Counter(fault.code for each in found.lists for fault in each.faults)
    left_out = found.linked.left_out
    for code, count in sorted(rows.items()):
        console.print(f"set aside: {count} rows, {code}")
    for (column, code), count in sorted(found.set_aside.items()):
        console.print(f"set aside: {count} cells of {column}, {code}")
    if left_out.tokens:
        console.print(
            f"left out: {left_out.pairs:,} pairs of entries under {left_out.tokens:,} tokens that too many records "
            "share; see --most-in-block"
        )
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
