"""
`casematch-hub`: set up a hub, let organisations in, and serve; on the hub's machine.

Commands parse, call one function and print. Whoever may read the hub's key file may run them: they work on the
database, not over HTTP.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer
import uvicorn
from sqlalchemy.exc import DBAPIError

from api.hub import operating
from api.hub.app import open_hub
from api.hub.errors import HubError
from api.hub.policy_page import write_page
from api.hub.settings import HubSettings
from api.wire.organisations import MAXIMUM_KEY_DAYS, Scope
from api.wire.statements import OrganisationClass, Purpose
from matcher.errors import MatcherError

Parameters = ParamSpec("Parameters")

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # its tracebacks show local variables
    help="The linkage unit: it holds entries that look random, finds those that meet, and never sees a name.\n\n"
    "A first hub in four steps:\n\n"
    "  casematch-hub init --project nepal\n\n"
    '  casematch-hub organisation add "Asha" --class ngo --release-to ngo:protection\n\n'
    '  casematch-hub api-key new "Asha"\n\n'
    "  casematch-hub serve\n\n"
    "Every option can be set by environment as well: --data-dir is CASEMATCH_HUB_DATA_DIR.",
)
organisations = typer.Typer(no_args_is_help=True, help="The organisations that take part.")
api_keys = typer.Typer(no_args_is_help=True, help="The keys with which their agents come.")
epochs = typer.Typer(no_args_is_help=True, help="Key epochs: each linkage secret has its own.")
app.add_typer(organisations, name="organisation")
app.add_typer(api_keys, name="api-key")
app.add_typer(epochs, name="epoch")
audit = typer.Typer(no_args_is_help=True, help="The audit log: export it, and the key that signs it.")
app.add_typer(audit, name="audit")

DataDir = Annotated[
    Path,
    typer.Option("--data-dir", envvar="CASEMATCH_HUB_DATA_DIR", help="Folder of database and key file."),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="CASEMATCH_HUB_DATABASE",
        help="postgresql+psycopg://… or empty for SQLite in the data folder.",
        show_default=False,
    ),
]
ProjectName = Annotated[str, typer.Option("--project", help="The project; may be left out when there is one only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]
HERE = Path("hub")


def _settings(data_dir: Path, database: str) -> HubSettings:
    """Read the settings; options stand before the environment."""
    return HubSettings(data_dir=data_dir, database=database)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Print an error as one line, and end with status 1."""
    line = ""
    try:
        yield
    except HubError as error:
        line = f"{error.reason} [{error.code}]"
    except MatcherError as error:
        line = f"{error} [{error.code}]"
    except DBAPIError:
        line = "the database cannot be used [database_unusable]"
    if line:
        typer.echo(f"casematch-hub: {line}", err=True)
        raise typer.Exit(1)


def _command(function: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Make what a command writes its owner's alone, and its errors plain."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        os.umask(0o077)
        with _plain_errors():
            function(*args, **kwargs)

    return run


def _print(as_json: bool, found: dict[str, Any], *lines: str) -> None:  # noqa: FBT001 - one switch of all commands
    """Print the result for a script or for a reader."""
    typer.echo(json.dumps(found) if as_json else "\n".join(lines))


@app.command()
@_command
def init(
    *,
    project: Annotated[str, typer.Option(help="Id of the first project: lower-case letters, digits, `_`, `-`.")],
    schema: Annotated[str, typer.Option(help="A linkage schema: the name of a shipped one, or a file.")] = "nepal",
    purpose: Annotated[
        list[Purpose] | None, typer.Option(help="A purpose that entries may be filed for; repeat it. All by default.")
    ] = None,
    retention_months: Annotated[int, typer.Option(min=1, max=240, help="Greatest life of an entry.")] = 36,
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make database, key file and first project. Keep a copy of the key file, but never beside the database's."""
    settings = _settings(data_dir, database)
    made = operating.initialise(settings, project, schema, purpose or list(Purpose), retention_months)
    _print(
        as_json,
        {"project_id": project, "schema_id": made.schema_id, "key_epoch": made.key_epoch},
        f"Project {project} is ready; its schema id is {made.schema_id}.",
        f"The hub's key is in {settings.key_path}: without it the database is of no use. Keep a copy elsewhere.",
        f"Partners compare the audit log's key with you: {operating.log_key(settings)}",
        "Next: casematch-hub organisation add NAME --class ngo",
    )


@app.command()
@_command
def migrate(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Bring the database to this version's tables; stop the hub before."""
    operating.migrate_database(_settings(data_dir, database))
    typer.echo("The database is up to date.")


@organisations.command("add")
@_command
def add_organisation(
    name: Annotated[str, typer.Argument(help="For you alone; other organisations never learn it.")],
    *,
    kind: Annotated[OrganisationClass, typer.Option("--class", help="What others are told of it.")],
    release_to: Annotated[
        list[str] | None,
        typer.Option(
            help="CLASS:PURPOSE to which it releases meetings without a hand, e.g. ngo:protection; repeat it."
        ),
    ] = None,
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Let an organisation take part in a project."""
    rules = [operating.read_rule(text) for text in release_to or ()]
    with operating.opened(_settings(data_dir, database)) as hub:
        organisation_id = operating.add_organisation(hub, project, name, kind, rules)
    _print(
        as_json,
        {"organisation_id": organisation_id},
        "The organisation takes part now.",
        "Next: casematch-hub api-key new NAME",
    )


@api_keys.command("new")
@_command
def new_key(
    organisation: Annotated[str, typer.Argument(help="Its name, as it was added.")],
    *,
    scope: Annotated[list[Scope] | None, typer.Option(help="What the key may do; repeat it. Both by default.")] = None,
    days: Annotated[int, typer.Option(min=1, max=MAXIMUM_KEY_DAYS, help="Days until it expires.")] = MAXIMUM_KEY_DAYS,
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make an API key. It is shown this once: hand it over by a safe way."""
    with operating.opened(_settings(data_dir, database)) as hub:
        made = operating.new_key(hub, project, organisation, scope or [], days)
    _print(
        as_json,
        {"key_id": made.key_id, "api_key": made.api_key, "expires_on": made.expires_on},
        made.api_key,
    )


@api_keys.command("revoke")
@_command
def revoke_key(
    key: Annotated[str, typer.Argument(help="The key's id: the part between the underscores.")],
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """Revoke an API key; it stops working with the next request."""
    with operating.opened(_settings(data_dir, database)) as hub:
        operating.revoke_key(hub, key)
    typer.echo("The key is revoked.")


@epochs.command("advance")
@_command
def advance_epoch(
    project: ProjectName = "", data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False
) -> None:
    """Open the next key epoch, for a new linkage secret. Earlier ones are taken until you retire them."""
    with operating.opened(_settings(data_dir, database)) as hub:
        made = operating.advance_epoch(hub, project)
    _print(
        as_json,
        {"key_epoch": made.key_epoch, "schema_id": made.schema_id},
        f"Key epoch {made.key_epoch} is open; its schema id is {made.schema_id}.",
    )


@epochs.command("retire")
@_command
def retire_epoch(
    key_epoch: Annotated[int, typer.Argument(min=1, max=65_535, help="Its number.")],
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """Take no more entries of a key epoch; what is on file stays until it expires."""
    with operating.opened(_settings(data_dir, database)) as hub:
        operating.retire_epoch(hub, project, key_epoch)
    typer.echo(f"Key epoch {key_epoch} is retired.")


@audit.command("export")
@_command
def export_log(
    file: Annotated[Path, typer.Argument(help="A new file; nothing is overwritten.")],
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    *,
    sealed: Annotated[
        bool, typer.Option(help="Hashes in place of entries: enough to verify the log, and nothing to read.")
    ] = False,
) -> None:
    """Write the audit log as last published, for the data-protection officer; `casematch audit verify` checks it."""
    with operating.opened(_settings(data_dir, database)) as hub:
        number = operating.export_log(hub, file, is_sealed=sealed)
    typer.echo(f"{number:,} entries are in the file.")


@audit.command("key")
@_command
def log_key(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Print the audit log's public key, for partners to compare by another way than the hub."""
    typer.echo(operating.log_key(_settings(data_dir, database)))


@audit.command("rotate")
@_command
def rotate_log_key(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Replace the key that signs the audit log; then restart the hub, and have every partner pin the new one."""
    typer.echo(operating.rotate_log_key(_settings(data_dir, database)))


@app.command()
@_command
def expire(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Erase what has expired, for instance by a nightly job; filings do so bit by bit as well."""
    with operating.opened(_settings(data_dir, database)) as hub:
        operating.expire_all(hub)
    typer.echo("Nothing expired is left.")


@app.command()
@_command
def serve(
    *,
    host: Annotated[str, typer.Option(envvar="CASEMATCH_HUB_HOST", help="Address; TLS is a proxy's.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(envvar="CASEMATCH_HUB_PORT", min=0, max=65_535, help="0 takes a free one.")
    ] = 8470,
    workers: Annotated[int, typer.Option(envvar="CASEMATCH_HUB_WORKERS", min=1, max=64, help="Processes.")] = 1,
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """
    Serve. Refuses to start without its key file, or with one that others may read.

    By environment alone: CASEMATCH_HUB_KEY_FILE, when the key file lies elsewhere, and
    CASEMATCH_HUB_ANSWER_QUANTUM_MS: answers to filings leave at multiples of it (200), so that
    their time does not tell whether anything met.
    """
    open_hub(_settings(data_dir, database)).database.close()
    os.environ["CASEMATCH_HUB_DATA_DIR"] = str(data_dir.resolve())
    os.environ["CASEMATCH_HUB_DATABASE"] = database
    uvicorn.run(
        "api.hub.app:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,  # it would hold paths with ids; our own log has route templates
        server_header=False,
        proxy_headers=False,
    )


@app.command()
@_command
def policy() -> None:
    """Print who may do what, as docs/authorisation.md has it."""
    typer.echo(write_page(), nl=False)


@app.command()
@_command
def openapi() -> None:
    """Print the interface as an OpenAPI 3.1 document, as docs/openapi.json has it."""
    typer.echo(json.dumps(operating.describe_interface(), indent=2, ensure_ascii=False))
