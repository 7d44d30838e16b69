"""
`casematch-hub`: set up a hub, let organisations in, and serve; on the hub's machine.

Commands parse, call one function and print. Whoever may read the hub's key file may run them: they work on the
database, not over HTTP.
"""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from api.hub import operating, serving
from api.hub.commands import api_keys, backups, limits, organisations, people, relink, reports, webhooks
from api.hub.commands.options import (
    HERE,
    AsJson,
    DatabaseUrl,
    DataDir,
    ProjectName,
    as_environment,
    command,
    print_result,
    settings_of,
)
from api.hub.exposing import exposed
from api.hub.logs import configure_logs, server_log_config
from api.hub.policy_page import write_page
from api.hub.safety import require_safe
from api.hub.settings_file import VARIABLE
from api.wire.statements import Purpose

START_SECONDS = 60  # a worker that loads on a busy machine is not dead: uvicorn would end it after five

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
epochs = typer.Typer(no_args_is_help=True, help="Key epochs: each linkage secret has its own.")
app.add_typer(organisations.app, name="organisation")
app.add_typer(api_keys.app, name="api-key")
app.add_typer(people.app, name="user")
app.add_typer(limits.quotas, name="quota")
app.add_typer(limits.alarms, name="alarm")
app.add_typer(reports.app, name="report")
app.add_typer(epochs, name="epoch")
app.command()(webhooks.deliver)
audit = typer.Typer(no_args_is_help=True, help="The audit log: export it, and the key that signs it.")
app.add_typer(audit, name="audit")
app.add_typer(backups.app)
app.add_typer(relink.app)


@app.callback()
def with_settings(
    settings: Annotated[
        Path | None,
        typer.Option(help="TOML file of settings, or CASEMATCH_HUB_SETTINGS; options and environment stand before it."),
    ] = None,
) -> None:
    """Name the settings file for the command, and for the processes it starts."""
    if settings is not None:
        os.environ[VARIABLE] = str(settings.resolve())


@app.command()
@command
def init(  # noqa: PLR0913 - an option is an argument
    *,
    project: Annotated[str, typer.Option(help="Id of the first project: lower-case letters, digits, `_`, `-`.")],
    schema: Annotated[str, typer.Option(help="A linkage schema: the name of a shipped one, or a file.")] = "nepal",
    purpose: Annotated[
        list[Purpose] | None, typer.Option(help="A purpose that entries may be filed for; repeat it. All by default.")
    ] = None,
    retention_months: Annotated[int, typer.Option(min=1, max=240, help="Greatest life of an entry.")] = 36,
    administrator: Annotated[
        str, typer.Option(help="Login of the first administrator, made when the hub has no account yet.")
    ] = "operator",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Make database, key file and first project. Keep a copy of the key file, but never beside the database's."""
    settings = settings_of(data_dir, database)
    made = operating.initialise(settings, project, schema, purpose or list(Purpose), retention_months)
    password = operating.add_administrator(settings, administrator)
    first = f"One-time password of {administrator}, shown this once: {password}" if password else ""
    print_result(
        as_json,
        {
            "project_id": project,
            "schema_id": made.schema_id,
            "key_epoch": made.key_epoch,
            "one_time_password": password,
        },
        f"Project {project} is ready; its schema id is {made.schema_id}.",
        f"The hub's key is in {settings.key_path}: without it the database is of no use. Keep a copy elsewhere.",
        f"Partners compare the audit log's key with you: {operating.log_key(settings)}",
        *filter(None, [first]),
        "Next: casematch-hub organisation add NAME --class ngo",
    )


@app.command()
@command
def migrate(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Bring the database to this version's tables; stop the hub before."""
    operating.migrate_database(settings_of(data_dir, database))
    typer.echo("The database is up to date.")


@epochs.command("advance")
@command
def advance_epoch(
    project: ProjectName = "", data_dir: DataDir = HERE, database: DatabaseUrl = "", *, as_json: AsJson = False
) -> None:
    """Open the next key epoch, for a new linkage secret. Earlier ones are taken until you retire them."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        made = operating.advance_epoch(hub, project)
    print_result(
        as_json,
        {"key_epoch": made.key_epoch, "schema_id": made.schema_id},
        f"Key epoch {made.key_epoch} is open; its schema id is {made.schema_id}.",
    )


@epochs.command("retire")
@command
def retire_epoch(
    key_epoch: Annotated[int, typer.Argument(min=1, max=65_535, help="Its number.")],
    project: ProjectName = "",
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """Take no more entries of a key epoch; what is on file stays until it expires."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        operating.retire_epoch(hub, project, key_epoch)
    typer.echo(f"Key epoch {key_epoch} is retired.")


@audit.command("export")
@command
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
    with operating.opened(settings_of(data_dir, database)) as hub:
        number = operating.export_log(hub, file, is_sealed=sealed)
    typer.echo(f"{number:,} entries are in the file.")


@audit.command("key")
@command
def log_key(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Print the audit log's public key, for partners to compare by another way than the hub."""
    typer.echo(operating.log_key(settings_of(data_dir, database)))


@audit.command("rotate")
@command
def rotate_log_key(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Replace the key that signs the audit log; then restart the hub, and have every partner pin the new one."""
    typer.echo(operating.rotate_log_key(settings_of(data_dir, database)))


@app.command()
@command
def expire(data_dir: DataDir = HERE, database: DatabaseUrl = "") -> None:
    """Erase what has expired, for instance by a nightly job; filings do so bit by bit as well."""
    with operating.opened(settings_of(data_dir, database)) as hub:
        operating.expire_all(hub)
    typer.echo("Nothing expired is left.")


@app.command()
@command
def serve(
    *,
    host: Annotated[
        str | None, typer.Option(envvar="CASEMATCH_HUB_HOST", help="Address, 127.0.0.1 by default; TLS is a proxy's.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(envvar="CASEMATCH_HUB_PORT", min=0, max=65_535, help="8470 by default; 0 takes a free one."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(envvar="CASEMATCH_HUB_WORKERS", min=1, max=64, help="Processes; 1 by default.")
    ] = None,
    data_dir: DataDir = HERE,
    database: DatabaseUrl = "",
) -> None:
    """
    Serve. Refuses to start without its key file, or with one that others may read.

    By environment or settings file alone, among others: CASEMATCH_HUB_KEY_FILE, when the key file
    lies elsewhere; CASEMATCH_HUB_METRICS_PORT, a port of 127.0.0.1 for Prometheus;
    CASEMATCH_HUB_ANSWER_QUANTUM_MS: answers to filings leave at multiples of it (1000), so that
    their time does not tell whether anything met. docs/deploy-hub.md has them all.
    """
    settings = settings_of(data_dir, database, host=host, port=port, workers=workers)
    configure_logs(is_insecure=settings.insecure_development)
    require_safe(settings)
    with operating.opened(settings) as hub, exposed(hub, settings.workers):
        os.environ |= as_environment(settings)  # for the workers
        serving.serve(
            "api.hub.app:from_environment",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            timeout_worker_healthcheck=START_SECONDS,
            access_log=False,  # it would hold paths with ids; our own log has route templates
            log_config=server_log_config(is_insecure=settings.insecure_development),
            server_header=False,
            proxy_headers=False,
        )


@app.command()
@command
def policy() -> None:
    """Print who may do what, as docs/authorisation.md has it."""
    typer.echo(write_page(), nl=False)


@app.command()
@command
def openapi() -> None:
    """Print the interface as an OpenAPI 3.1 document, as docs/openapi.json has it."""
    typer.echo(json.dumps(operating.describe_interface(), indent=2, ensure_ascii=False))
