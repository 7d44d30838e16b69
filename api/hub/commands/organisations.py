"""`casematch-hub organisation …`: who takes part, and whether for now."""

from typing import Annotated

import typer

from api.hub import operating
from api.hub.commands.options import (
    HERE,
    AsJson,
    DatabaseUrl,
    DataDir,
    ProjectName,
    command,
    print_result,
    settings_of,
)
from api.wire.statements import OrganisationClass

app = typer.Typer(no_args_is_help=True, help="The organisations that take part.")
Name = Annotated[str, typer.Argument(help="Its name, as it was added.")]


@app.command("add")
@command
def add_organisation(  # noqa: PLR0913 - an option is an argument
    name: Annotated[str, typer.Argument(help="For you alone; other organisations never learn it.")],
    *,
    kind: Annotated[OrganisationClass, typer.Option("--class", help="What others are told of it.")],
    release_to: Annotated[
        list[str] | None,
        typer.Option(
            help="CLASS:PURPOSE to which it releases meetings without a hand, e.g. ngo:protection; repeat it."
        ),
    ] = None,
    contact: Annotated[
        str, typer.Option(help="Alias of its contact desk, which must not give the name. By chance when left out.")
    ] = "",
    open_location: Annotated[
        bool, typer.Option("--open-location", help="Its address endangers nobody. Without this, it does.")
    ] = False,
    decoy: Annotated[
        bool, typer.Option("--decoy", help="It files invented people only: whoever meets one raises an alarm.")
    ] = False,
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Let an organisation take part in a project."""
    rules = [operating.read_rule(text) for text in release_to or ()]
    more = {"contact_alias": contact, "is_location_sensitive": not open_location, "is_decoy": decoy}
    with operating.opened(settings_of(data_dir, database)) as hub:
        organisation_id = operating.add_organisation(hub, project, name, kind, rules, **more)
    print_result(
        as_json,
        {"organisation_id": organisation_id},
        "The organisation takes part now.",
        "Next: casematch-hub api-key new NAME",
    )


@app.command("list")
@command
def list_organisations(data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False) -> None:
    """Show all organisations, with class, contact alias, and which are suspended or decoys."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        found = operating.list_organisations(hub)
    lines = []
    for each in found.organisations:
        marks = [word for word, holds in (("suspended", each.is_suspended), ("decoy", each.is_decoy)) if holds]
        lines.append("  ".join([each.name, each.organisation_class, each.contact_alias, *marks]))
    print_result(as_json, found.model_dump(mode="json"), *lines)


@app.command("suspend")
@command
def suspend_organisation(name: Name, data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Suspend an organisation at once: its keys and sessions are unknown, and its entries meet nobody."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        operating.set_suspended(hub, name, is_suspended=True)
    typer.echo("The organisation is suspended.")


@app.command("resume")
@command
def resume_organisation(name: Name, data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Let a suspended organisation go on; what was filed meanwhile does not meet it later."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        operating.set_suspended(hub, name, is_suspended=False)
    typer.echo("The organisation goes on.")
