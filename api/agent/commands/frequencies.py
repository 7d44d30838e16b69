"""`casematch frequencies`: make a frequency model of one's own, and hold it against the shipped one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.agent.commands.options import THIS_FOLDER, Folder, ask_passphrase
from matcher.schema import LinkageSchema

SHOWN_VALUES = 5  # of a part

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""
    Frequency models, the gate's yardstick: which share of the people carries a name, a district, a year.

    \b
    Make one from your own people:       casematch frequencies build cases.csv --name shelter-1 --out shelter-1.json
    Hold it against the shipped model:   casematch frequencies check shelter-1.json
    """,
)

SchemaFile = Annotated[Path | None, typer.Option(help="The linkage schema. Default: the shipped `nepal`.")]
Factor = Annotated[float, typer.Option(min=1.01, help="Shares count as differing beyond this factor.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]


@app.command()
def build(
    file: Annotated[Path, typer.Argument(help="CSV of cases, or with the columns part, value, count.")],
    name: Annotated[str, typer.Option(help="Name and version of the model: lower case, such as `shelter-1`.")],
    out: Annotated[Path, typer.Option(help="A new JSON file; it is never overwritten.")],
    schema: SchemaFile = None,
    id_column: Annotated[
        str | None, typer.Option("--id", help="The column with your case reference.", show_default=False)
    ] = None,
    note: Annotated[str, typer.Option(help="A sentence for the model's readers: whose counts, of when.")] = "",
    factor: Factor = 3.0,
    *,
    as_json: AsJson = False,
) -> None:
    """
    Make a frequency model from your own cases or aggregate counts, and compare it with the shipped one.

    A value that fewer than three people carry is not listed, telephones and identifiers never. Count each person once:
    remove duplicates first. Nothing is sent.

    \b
    Examples:
      casematch frequencies build cases.csv --name shelter-1 --out shelter-1.json
      casematch frequencies build counts.csv --name census-1 --out census-1.json --note "Census of 2021."
    """
    from api.agent.frequencies import report
    from api.agent.frequencies.agreement import compare_models
    from api.agent.frequencies.building import build_model
    from api.agent.frequencies.counting import read_counts
    from api.agent.frequencies.files import write_model
    from api.agent.render import progress_bars

    agreed = _schema(schema)
    with progress_bars() as progress:
        counts = read_counts(file, agreed, id_column, progress)
    built = build_model(counts, agreed, name, note)
    parts = compare_models(built.model, agreed, factor)
    write_model(out, built.model)
    shipped = agreed.gate.frequency_model
    if as_json:
        told = {**report.built_figures(built, counts), "agreement": report.agreement_figures(parts, shipped, factor)}
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{report.describe_built(built, counts)}\n")
    typer.echo(report.describe_agreement(parts, shipped, factor, SHOWN_VALUES))
    typer.echo(f"\nWritten to {out}.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A frequency model, as `build` writes it.")],
    schema: SchemaFile = None,
    factor: Factor = 3.0,
    *,
    as_json: AsJson = False,
) -> None:
    """
    Compare a frequency model with the shipped one, part by part: coverage, rank correlation, shares far apart.

    Values that few people carry are counted, never named.

    \b
    Example: casematch frequencies check shelter-1.json --factor 5
    """
    from api.agent.frequencies import report
    from api.agent.frequencies.agreement import compare_models
    from api.agent.frequencies.files import read_model

    agreed = _schema(schema)
    parts = compare_models(read_model(file), agreed, factor)
    shipped = agreed.gate.frequency_model
    if as_json:
        typer.echo(json.dumps(report.agreement_figures(parts, shipped, factor)))
    else:
        typer.echo(report.describe_agreement(parts, shipped, factor, SHOWN_VALUES))


def choose(
    file: Annotated[
        Path | None, typer.Argument(help="A model of your own, as `casematch frequencies build` writes it.")
    ] = None,
    folder: Folder = THIS_FOLDER,
    factor: Factor = 3.0,
    *,
    shipped: Annotated[bool, typer.Option("--shipped", help="Go back to the shipped model.")] = False,
    seen: Annotated[bool, typer.Option("--seen", help="Take a model far off the shipped one, after a look.")] = False,
) -> None:
    """
    Show or choose the frequency model that decides which keys of your cases may leave.

    One of your own helps where many of your people carry names that the shipped model takes for rare. It is held
    against the shipped model first. Other partners may keep theirs; agree on one, and nothing is lost between you.
    Import your file again afterwards: cases are encoded anew and keep their matches.

    \b
    Examples:
      casematch agent frequencies
      casematch agent frequencies shelter-1.json
      casematch agent frequencies --shipped
    """
    from api.agent.frequencies import report
    from api.agent.frequencies.choice import use_model, use_shipped
    from api.agent.frequencies.files import read_model
    from api.agent.session import open_session

    if file is not None and shipped:
        raise typer.BadParameter("give either a file or --shipped")
    with open_session(folder, ask_passphrase) as session:
        if file is not None:
            model = read_model(file)
            parts = use_model(session, model, factor, is_seen=seen)
            agreed = session.schema.gate.frequency_model
            typer.echo(f"{report.describe_agreement(parts, agreed, factor, SHOWN_VALUES)}\n")
        elif shipped:
            use_shipped(session)
        typer.echo(f"Frequency model: {session.frequencies.name}")
    if file is not None or shipped:
        typer.echo("Next: casematch agent import FILE")


def _schema(path: Path | None) -> LinkageSchema:
    """Read the schema that was given, or the shipped one."""
    from api.agent.setup import read_schema_file

    return LinkageSchema.shipped("nepal") if path is None else read_schema_file(path)
