"""
`casematch evaluate`: link an evaluator's own files and measure the result with intervals; on the partner's premises.

No socket is opened. `casematch link` is the everyday command; this one tells how far its figures can be trusted, for
whom they are worse, and shows it on a page.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from api.agent.errors import SourceError
from api.agent.evaluate.found import FoundPairs, KnownTruth
from api.agent.evaluate.intervals import Figure, with_intervals
from api.agent.evaluate.measures import Evaluation, reliability
from api.agent.evaluate.page import evaluation_page, interval, number
from api.agent.evaluate.subgroups import SubgroupRow, by_subgroup
from api.agent.linking.inputs import Records, read_truth
from api.agent.linking.judging import LinkedPairs
from api.agent.linking.reading import read_inputs
from api.agent.linking.run import link_persons
from api.agent.sources.csv import read_table

MOST_GROUPS = 50  # a column with more values divides nobody into groups

Left = Annotated[Path, typer.Argument(help="CSV file; alone, duplicates within it are sought.", show_default=False)]
Right = Annotated[Path | None, typer.Argument(help="CSV file to link it with.", show_default=False)]
TruthOption = Annotated[
    Path, typer.Option(help="CSV of true pairs: a header row, then left id, right id.", show_default=False)
]
SchemaOption = Annotated[str, typer.Option("--schema", help="`general`, `nepal`, or a linkage schema file.")]
MapOption = Annotated[
    str | None, typer.Option("--map", help="For `general`: COLUMN=KIND, commas between.", show_default=False)
]
IdOption = Annotated[str | None, typer.Option("--id", help="Column that holds the record id.", show_default=False)]
GroupsOption = Annotated[
    list[str] | None,
    typer.Option("--by", help="Column to measure subgroups by; may be repeated.", show_default=False),
]
PeopleOption = Annotated[
    Path | None,
    typer.Option(
        "--groups", help="CSV with the id first and the --by columns; else the inputs have them.", show_default=False
    ),
]
HtmlOption = Annotated[Path | None, typer.Option(help="Write one page that opens offline.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def evaluate(  # noqa: PLR0913 - one parameter per option of the command
    left: Left,
    right: Right = None,
    *,
    truth: TruthOption,
    schema: SchemaOption = "general",
    columns: MapOption = None,
    id_column: IdOption = None,
    by: GroupsOption = None,
    groups: PeopleOption = None,
    html: HtmlOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Measure how well two CSV files are linked, or duplicates found, with 95 % intervals.

    Example: casematch evaluate records.csv --schema nepal --truth truth.csv --groups people.csv --by sex
    """
    paths = [left] if right is None else [left, right]
    inputs = read_inputs(paths, schema, columns, id_column)
    known = read_truth(truth, inputs.lists[0], inputs.lists[1] if right is not None else None)
    sizes = [len(each.ids) for each in inputs.lists]
    pairs = KnownTruth.of(known.pairs, sizes[0], sizes[1] if right is not None else None, known.unknown)
    labels = {column: _labels(column, inputs.lists, paths, id_column, groups) for column in by or ()}
    linked = link_persons(
        inputs.persons[0], inputs.persons[1] if right is not None else None, inputs.schema, inputs.frequencies
    )
    evaluation = Evaluation(FoundPairs.of(linked), pairs)
    figures = with_intervals(evaluation)
    rows = [row for column, each in labels.items() for row in _subgroups(evaluation, column, each)]
    if html is not None:
        html.write_text(evaluation_page(linked, evaluation, figures, rows), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(_document(linked, evaluation, figures, rows)))
    else:
        _print(figures, rows)


def _labels(
    column: str, lists: Sequence[Records], paths: Sequence[Path], id_column: str | None, groups: Path | None
) -> list[list[str]]:
    """Read each record's group from the file of groups, or else from its own list."""
    labels = []
    for records, path in zip(lists, paths, strict=True):
        table = read_table(groups or path)
        if column not in table.header:
            advice = "Name a column of the file of groups, or of each input."
            raise SourceError("the file has no such column", code="unknown_column", where="--by", advice=advice)
        if groups is None and id_column is None and len(table.rows) == len(records.ids):
            told = [row.cells[table.header.index(column)].strip() for row in table.rows]
        else:
            key = 0 if groups is not None or id_column not in table.header else table.header.index(id_column)
            of_id = {row.cells[key].strip(): row.cells[table.header.index(column)].strip() for row in table.rows}
            told = [of_id.get(each, "") for each in records.ids]
        labels.append([each or "unknown" for each in told])
    if len({each for told in labels for each in told}) > MOST_GROUPS:
        advice = f"Choose a column with at most {MOST_GROUPS} different values."
        raise SourceError("too many groups", code="too_many_groups", where="--by", advice=advice)
    return labels


def _subgroups(evaluation: Evaluation, column: str, labels: Sequence[Sequence[str]]) -> list[SubgroupRow]:
    """Measure the groups of one column."""
    right = labels[1] if len(labels) > 1 else None
    return by_subgroup(evaluation.found, evaluation.truth, column, labels[0], right)


def _document(
    linked: LinkedPairs, evaluation: Evaluation, figures: dict[str, Figure], rows: Sequence[SubgroupRow]
) -> dict[str, object]:
    """Return everything under stable keys."""
    return {
        "true_pairs": evaluation.truth.true_pairs,
        "is_fitted": linked.is_fitted,
        "figures": {name: asdict(each) for name, each in figures.items()},
        "reliability": [asdict(row) for row in reliability(linked.probability, evaluation.is_true)],
        "subgroups": [asdict(row) for row in rows],
    }


def _print(figures: dict[str, Figure], rows: Sequence[SubgroupRow]) -> None:
    """Print the figures, then the subgroups."""
    table = Table("figure", "value", "95 % interval")
    for name, each in figures.items():
        table.add_row(name.replace("_", " "), number(each.value), interval(each))
    Console().print(table)
    if not rows:
        return
    groups = Table("subgroup", "", "true pairs", "precision", "recall", "F1")
    for row in rows:
        groups.add_row(
            row.column, row.group, str(row.true_pairs), number(row.precision), number(row.recall), number(row.f1)
        )
    Console().print(groups)
