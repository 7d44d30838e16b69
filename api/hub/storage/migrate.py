"""Bring the database to the newest tables, and tell whether it is there; hub."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.hub.storage import models
from api.hub.storage.session import Database

PART = "entry_part_"


def migrate(database: Database) -> None:
    """Run the migrations that are missing; doing so again changes nothing."""
    with database.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back to a revision, or to `base`; what the later ones hold is lost."""
    with database.writing() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def revisions() -> list[str]:
    """Return the names of all migrations, the first one first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def is_newest(connection: Connection) -> bool:
    """Tell whether the database has all migrations of this program, and none of a later one."""
    heads = ScriptDirectory.from_config(_config()).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def differences(connection: Connection) -> list[str]:
    """Return what the tables in the database lack or have beyond `models`; empty when both agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
    return [str(difference) for difference in compare_metadata(context, models.hub.metadata)]


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tell whether a name is one of `models`: PostgreSQL's parts of the table of entries are not."""
    return kind != "table" or name is None or not name.startswith(PART)


def _config() -> Config:
    """Point Alembic at the migrations in this package; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
