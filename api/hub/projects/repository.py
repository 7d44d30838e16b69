"""The tables of projects and key epochs, and the hub's own row."""

from datetime import date

from sqlalchemy import Connection, Row, bindparam, insert, inspect, select, update

from api.hub.storage import models

_project, _epoch = models.project.c, models.key_epoch.c

# made once, as filings ask them: to build a statement takes longer than to run it
_PROJECT = select(_project.purposes, _project.retention_months).where(_project.project_id == bindparam("of_project"))
_CREATED_ON = select(_project.created_on).where(_project.project_id == bindparam("of_project"))
_EPOCHS = (
    select(_epoch.key_epoch, _epoch.schema_id, _epoch.schema_document, _epoch.state)
    .where(_epoch.project_id == bindparam("of_project"))
    .order_by(_epoch.key_epoch)
)


def has_tables(connection: Connection) -> bool:
    """Tell whether the database has the hub's tables."""
    return inspect(connection).has_table(models.hub.name)


def key_commitment(connection: Connection) -> bytes | None:
    """Return the commitment to the hub's key, or None in a new database."""
    found: bytes | None = connection.execute(select(models.hub.c.key_commitment)).scalar_one_or_none()
    return found


def keep_key_commitment(connection: Connection, commitment: bytes) -> None:
    """Keep the commitment to the hub's key."""
    connection.execute(insert(models.hub), [{"hub_id": 1, "key_commitment": commitment}])


def add_project(
    connection: Connection, project_id: str, purposes: str, retention_months: int, created_on: date
) -> None:
    """Keep a new project; `purposes` is a list with blanks between."""
    row = {
        "project_id": project_id,
        "purposes": purposes,
        "retention_months": retention_months,
        "created_on": created_on,
    }
    connection.execute(insert(models.project), [row])


def project(connection: Connection, project_id: str) -> Row[str, int] | None:
    """Return purposes and retention of a project."""
    return connection.execute(_PROJECT, {"of_project": project_id}).one_or_none()


def created_on(connection: Connection, project_id: str) -> date:
    """Return the day on which a project was made."""
    day: date = connection.execute(_CREATED_ON, {"of_project": project_id}).scalar_one()
    return day


def project_ids(connection: Connection) -> list[str]:
    """Return the ids of all projects, in order."""
    return list(connection.execute(select(models.project.c.project_id).order_by(models.project.c.project_id)).scalars())


def add_epoch(connection: Connection, project_id: str, key_epoch: int, schema_id: str, document: str) -> None:
    """Keep a new key epoch, in use."""
    row = {
        "project_id": project_id,
        "key_epoch": key_epoch,
        "schema_id": schema_id,
        "schema_document": document,
        "state": "current",
    }
    connection.execute(insert(models.key_epoch), [row])


def epochs(connection: Connection, project_id: str) -> list[Row[int, str, str, str]]:
    """Return number, schema id, schema document and state of a project's key epochs, oldest first."""
    return list(connection.execute(_EPOCHS, {"of_project": project_id}))


def retire_epoch(connection: Connection, project_id: str, key_epoch: int) -> bool:
    """Take a key epoch out of use; tell whether there was one."""
    table = models.key_epoch
    here = (table.c.project_id == project_id, table.c.key_epoch == key_epoch)
    return connection.execute(update(table).where(*here).values(state="retired")).rowcount == 1
