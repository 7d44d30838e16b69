"""Options that many commands of `casematch-hub` share, and how all of them fail and print; on the hub's machine."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer
from pydantic import ValidationError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from api.hub.errors import HubError, SetupError
from api.hub.settings import HubSettings
from matcher.errors import MatcherError

Parameters = ParamSpec("Parameters")

HERE = Path("hub")


def _or_here(context: typer.Context, parameter: typer.CallbackParam, folder: Path) -> Path:
    """Return `HERE` itself when nobody named a folder, so that the default does not stand before a settings file."""
    source = context.get_parameter_source(parameter.name or "")
    return HERE if source is not None and source.name == "DEFAULT" else folder


def _without_password(context: typer.Context, parameter: typer.CallbackParam, database: str) -> str:
    """Refuse a password on the command line; by environment it may come."""
    source = context.get_parameter_source(parameter.name or "")
    if source is not None and source.name == "COMMANDLINE" and _has_password(database):
        advice = "use a password file (PGPASSFILE), CASEMATCH_HUB_DATABASE or the settings file"
        reason = f"every user of this machine sees a password in --database: {advice}"
        with _plain_errors():
            raise SetupError(reason, code="database_password")
    return database


def _has_password(database: str) -> bool:
    """Tell whether a database URL holds a password, as far as it can be read at all."""
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        return False
    return url.password is not None or "password" in url.query


DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", envvar="CASEMATCH_HUB_DATA_DIR", help="Folder of database and key file.", callback=_or_here
    ),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="CASEMATCH_HUB_DATABASE",
        help="postgresql+psycopg://… without a password, or empty for SQLite in the data folder.",
        callback=_without_password,
        show_default=False,
    ),
]
ProjectName = Annotated[str, typer.Option("--project", help="The project; may be left out when there is one only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for scripts.")]


def settings_of(data_dir: Path, database: str, **further: Any) -> HubSettings:
    """Read the settings; options that were given stand before the environment, and both before the file."""
    given = {**further, "database": database or None, "data_dir": None if data_dir is HERE else data_dir}
    return HubSettings(**{name: value for name, value in given.items() if value is not None})


def as_environment(settings: HubSettings) -> dict[str, str]:
    """Return what makes a worker process read the same folder and database."""
    return {
        "CASEMATCH_HUB_DATA_DIR": str(settings.data_dir.resolve()),
        "CASEMATCH_HUB_DATABASE": settings.database,
    }


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
    except ValidationError as error:
        wrong = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors(include_input=False)}))
        line = f"a setting is not as it must be: {wrong} [setting]"
    except DBAPIError:
        line = "the database cannot be used [database_unusable]"
    if line:
        typer.echo(f"casematch-hub: {line}", err=True)
        raise typer.Exit(1)


def command(function: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Make what a command writes its owner's alone, and its errors plain."""

    @wraps(function)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        os.umask(0o077)
        with _plain_errors():
            function(*args, **kwargs)

    return run


def print_result(as_json: bool, found: dict[str, Any], *lines: str) -> None:  # noqa: FBT001 - one switch of all commands
    """Print the result for a script or for a reader."""
    typer.echo(json.dumps(found) if as_json else "\n".join(lines))
