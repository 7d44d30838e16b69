"""Projects: their schema, purposes and key epochs; hub."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.errors import ConflictError, NotFoundError, SetupError
from api.hub.keys import HubKey
from api.hub.projects import repository
from api.hub.scoring import thresholds
from api.wire.batches import month_number
from api.wire.problems import Fault
from api.wire.projects import EpochState, KeyEpoch, Project
from api.wire.statements import Purpose
from matcher.encoding import Envelope, envelope_of
from matcher.errors import EnvelopeMismatchError
from matcher.schema import LinkageSchema

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a filing must fit: the schema of its key epoch, and the project's purposes and retention."""

    schema: LinkageSchema
    purposes: frozenset[Purpose]
    retention_months: int


def bind_key(connection: Connection, key: HubKey) -> None:
    """
    Bind a new database to the hub's key, or check that it is the one.

    Raises:
        SetupError: the database belongs to another hub key.
    """
    kept = repository.key_commitment(connection)
    if kept is None:
        repository.keep_key_commitment(connection, key.commitment)
    else:
        check_key(kept, key)


def is_bound(connection: Connection) -> bool:
    """Tell whether a database, perhaps an empty one, belongs to some hub key."""
    return repository.has_tables(connection) and repository.key_commitment(connection) is not None


def all_projects(connection: Connection) -> list[str]:
    """Return the ids of all projects."""
    return repository.project_ids(connection)


def first_month(connection: Connection, project_id: str) -> int:
    """Return the month, counted as entries' expiry is, before which nothing of a project can have expired."""
    day = repository.created_on(connection, project_id)
    return month_number(day.year, day.month)


def has_key(connection: Connection, key: HubKey) -> bool:
    """Tell whether the database belongs to this hub key."""
    return repository.key_commitment(connection) == key.commitment


def check_key(kept: bytes, key: HubKey) -> None:
    """
    Compare a kept commitment with the hub's key.

    Raises:
        SetupError: they are not of the same key.
    """
    if kept != key.commitment:
        raise SetupError("the database belongs to another hub key", code="hub_key_other")


def create_project(
    connection: Connection,
    today: date,
    name: str,
    template: LinkageSchema,
    purposes: Iterable[Purpose],
    retention_months: int,
) -> LinkageSchema:
    """
    Make a project from a schema, with a fresh salt.

    Args:
        connection: an open writing transaction.
        today: the day.
        name: the project's id.
        template: its fields, gate and recipes are taken over; salt and project id are not.
        purposes: what entries may be filed for.
        retention_months: greatest life of an entry.

    Returns:
        The project's own schema.

    Raises:
        SetupError: there is such a project already.
        InvalidSchemaError: the name cannot be a project's id.
    """
    if repository.project(connection, name) is not None:
        raise SetupError("there is a project of that name already", code="project_exists")
    schema = template.with_project(name, secrets.token_bytes(SALT_BYTES), template.key_epoch)
    listed = " ".join(sorted(set(purposes)))
    repository.add_project(connection, name, listed, retention_months, today)
    repository.add_epoch(connection, name, schema.key_epoch, schema.schema_id, schema.to_json())
    return schema


def only_project(connection: Connection, name: str) -> str:
    """
    Return the project of a name, or the only one when the name is empty.

    Raises:
        SetupError: there is none, or more than one and no name was given.
    """
    ids = repository.project_ids(connection)
    if name in ids:
        return name
    if name or len(ids) != 1:
        raise SetupError("name one of the hub's projects with --project", code="unknown_project")
    return ids[0]


def require_project(hub: Hub, project_id: str) -> None:
    """
    Check that there is a project.

    Raises:
        NotFoundError: there is none.
    """
    with hub.database.reading() as connection:
        if repository.project(connection, project_id) is None:
            raise NotFoundError


def advance_epoch(connection: Connection, project_id: str) -> LinkageSchema:
    """
    Open the next key epoch; the ones before it stay in use until they are retired.

    Returns:
        The schema of the new epoch, to be used with a new linkage secret.
    """
    newest = repository.epochs(connection, project_id)[-1]
    old = read_schema(newest.schema_document)
    schema = old.with_project(project_id, old.project_salt, old.key_epoch + 1)
    repository.add_epoch(connection, project_id, schema.key_epoch, schema.schema_id, schema.to_json())
    return schema


def retire_epoch(connection: Connection, project_id: str, key_epoch: int) -> None:
    """
    Take no more entries of a key epoch.

    Raises:
        SetupError: the project has no such epoch.
    """
    if not repository.retire_epoch(connection, project_id, key_epoch):
        raise SetupError("the project has no such key epoch", code="unknown_key_epoch")


def view(hub: Hub, project_id: str) -> Project:
    """
    Return a project as its partners may see it; the schema is the newest epoch's that is in use.

    Raises:
        NotFoundError: there is no such project.
    """
    with hub.database.reading() as connection:
        row = repository.project(connection, project_id)
        epochs = repository.epochs(connection, project_id)
    if row is None:
        raise NotFoundError
    newest = [epoch for epoch in epochs if epoch.state == EpochState.CURRENT] or epochs
    schema = read_schema(newest[-1].schema_document)
    return Project(
        project_id=project_id,
        linkage_schema=dict(schema.document),
        schema_id=schema.schema_id,
        key_epochs=[KeyEpoch(key_epoch=epoch.key_epoch, state=EpochState(epoch.state)) for epoch in epochs],
        purposes=[Purpose(purpose) for purpose in row.purposes.split()],
        score_model=schema.score_model,
        thresholds=thresholds(),
        retention_months=row.retention_months,
    )


def agreement(connection: Connection, project_id: str, envelope: Envelope) -> Agreement:
    """
    Return what entries under an envelope must fit.

    Raises:
        ConflictError: the envelope is not one of this project, or its key epoch is retired.
    """
    row = repository.project(connection, project_id)
    epochs = repository.epochs(connection, project_id)
    named = [epoch for epoch in epochs if epoch.schema_id == envelope.schema_id] or epochs[-1:]
    if row is None or not named:
        raise NotFoundError
    schema = read_schema(named[0].schema_document)
    fault = ""
    try:
        envelope_of(schema).require_same(envelope)
    except EnvelopeMismatchError as error:
        fault = error.where
    if fault:
        faults = [Fault(where=f"head/{fault}", code="envelope_mismatch")]
        raise ConflictError("entries of another schema or epoch", code="envelope_mismatch", faults=faults)
    if named[0].state == EpochState.RETIRED:
        faults = [Fault(where="head/key_epoch", code="retired_epoch")]
        raise ConflictError("entries of this key epoch are no longer taken", code="retired_epoch", faults=faults)
    purposes = frozenset(Purpose(purpose) for purpose in row.purposes.split())
    return Agreement(schema, purposes, row.retention_months)


def schema_of_epoch(connection: Connection, project_id: str, key_epoch: int) -> LinkageSchema:
    """
    Return the schema of one of a project's key epochs, retired or not.

    Raises:
        NotFoundError: the project has no such epoch.
    """
    for epoch in repository.epochs(connection, project_id):
        if epoch.key_epoch == key_epoch:
            return read_schema(epoch.schema_document)
    raise NotFoundError


@lru_cache(maxsize=64)
def read_schema(document: str) -> LinkageSchema:
    """Read a schema that this hub has kept; it never changes, so it is read once."""
    return LinkageSchema.from_json(document)
