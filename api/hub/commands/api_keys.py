"""`casematch-hub api-key …`: the keys with which agents come."""

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
from api.wire.organisations import MAXIMUM_KEY_DAYS, MAXIMUM_OVERLAP_DAYS, Scope

app = typer.Typer(no_args_is_help=True, help="The keys with which their agents come.")
Days = Annotated[int, typer.Option(min=1, max=MAXIMUM_KEY_DAYS, help="Days until it expires.")]
KeyId = Annotated[str, typer.Argument(help="The key's id: the part between the underscores.")]
Organisation = Annotated[str, typer.Argument(help="Its name, as it was added.")]


@app.command("new")
@command
def new_key(  # noqa: PLR0913 - an option is an argument
    organisation: Organisation,
    *,
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What the key may do; repeat it. All its class may, by default.")
    ] = None,
    days: Days = MAXIMUM_KEY_DAYS,
    network: Annotated[
        list[str] | None, typer.Option(help="Address or CIDR network it may be used from; repeat it. Any by default.")
    ] = None,
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown this once: hand it over by a safe way."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        made = operating.new_key(hub, project, organisation, scope or [], days, network or [])
    print_result(as_json, made.model_dump(), made.api_key)


@app.command("rotate")
@command
def rotate_key(
    key: KeyId,
    *,
    days: Days = MAXIMUM_KEY_DAYS,
    overlap_days: Annotated[
        int, typer.Option(min=0, max=MAXIMUM_OVERLAP_DAYS, help="Days for which the old key works on.")
    ] = 7,
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Replace an API key by one of the same scopes and networks; both work for the overlap."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        made = operating.rotate_key(hub, key, days, overlap_days)
    print_result(as_json, made.model_dump(), made.api_key)


@app.command("list")
@command
def list_keys(
    organisation: Organisation,
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Show an organisation's API keys without their secrets."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        found = operating.list_keys(hub, project, organisation)
    lines = [
        "  ".join([each.key_id, "+".join(each.scopes), "revoked" if each.is_revoked else f"until {each.expires_on}"])
        for each in found.api_keys
    ]
    print_result(as_json, found.model_dump(mode="json"), *lines)


@app.command("revoke")
@command
def revoke_key(key: KeyId, data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Revoke an API key; it stops working with the next request."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        operating.revoke_key(hub, key)
    typer.echo("The key is revoked.")
