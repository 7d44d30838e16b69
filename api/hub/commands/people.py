"""`casematch-hub user …`: people who log in."""

from typing import Annotated

import typer

from api.hub import operating
from api.hub.audit.acts import OPERATOR
from api.hub.commands.options import HERE, AsJson, DatabaseUrl, DataDir, command, print_result, settings_of
from api.hub.people import accounts
from api.hub.people.accounts import PEOPLE_ROLES
from api.hub.policy import Role
from api.wire.people import NewUser

app = typer.Typer(no_args_is_help=True, help="People who log in, with their roles.")
Login = Annotated[str, typer.Argument(help="What the person types to log in; the hub keeps a digest of it alone.")]
_CHANGE = "It must be changed before the first log-in: casematch person password LOGIN --hub https://…"


@app.command("add")
@command
def add_user(
    login: Login,
    *,
    role: Annotated[
        list[str], typer.Option(help=f"Repeat it: {', '.join(role for role in Role if role in PEOPLE_ROLES)}.")
    ],
    organisation: Annotated[str, typer.Option(help="Its name; left out for people of the hub itself.")] = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make an account; its one-time password is shown this once."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        organisation_id = operating.organisation_named(hub, organisation) if organisation else ""
        wanted = operating.read(NewUser, login=login, organisation_id=organisation_id, roles=role)
        made = accounts.add(hub, OPERATOR, wanted)
    print_result(as_json, made.model_dump(), made.password, _CHANGE)


@app.command("list")
@command
def list_users(data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False) -> None:
    """Show all accounts by their ids; the hub knows no names."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        found = accounts.listing(hub)
    lines = ["  ".join([each.user_id, "+".join(each.roles), "ended" if each.is_ended else ""]) for each in found.users]
    print_result(as_json, found.model_dump(), *lines)


@app.command("reset")
@command
def reset_user(login: Login, data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False) -> None:
    """Give an account a new one-time password; second factor and sessions end."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        made = accounts.reset(hub, OPERATOR, operating.user_named(hub, login))
    print_result(as_json, made.model_dump(), made.password, _CHANGE)


@app.command("end")
@command
def end_user(login: Login, data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """End an account for good, with its sessions."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        accounts.end(hub, OPERATOR, operating.user_named(hub, login))
    typer.echo("The account is ended.")
