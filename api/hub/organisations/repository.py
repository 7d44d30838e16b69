"""The tables of organisations, memberships, standing rules and API keys."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, Row, insert, select, update

from api.hub.storage import models
from api.wire.statements import OrganisationClass, Purpose

Rule = tuple[OrganisationClass, Purpose]


def add_organisation(connection: Connection, organisation_id: str, name: str, kind: OrganisationClass) -> None:
    """Keep a new organisation."""
    row = {"organisation_id": organisation_id, "name": name, "organisation_class": kind.value}
    connection.execute(insert(models.organisation), [row])


def organisation_named(connection: Connection, name: str) -> Row[str, str] | None:
    """Return id and class of the organisation of a name."""
    columns = (models.organisation.c.organisation_id, models.organisation.c.organisation_class)
    return connection.execute(select(*columns).where(models.organisation.c.name == name)).one_or_none()


def add_membership(connection: Connection, project_id: str, organisation_id: str) -> None:
    """Let an organisation take part in a project."""
    row = {"project_id": project_id, "organisation_id": organisation_id, "last_change": 0}
    connection.execute(insert(models.membership), [row])


def is_member(connection: Connection, project_id: str, organisation_id: str) -> bool:
    """Tell whether an organisation takes part in a project."""
    table = models.membership.c
    query = select(table.project_id).where(table.project_id == project_id, table.organisation_id == organisation_id)
    return connection.execute(query).first() is not None


def add_rules(connection: Connection, project_id: str, organisation_id: str, rules: Iterable[Rule]) -> None:
    """Keep to whom, and for what, an organisation releases by standing rule."""
    rows = [
        {
            "project_id": project_id,
            "organisation_id": organisation_id,
            "other_class": other.value,
            "purpose": purpose.value,
        }
        for other, purpose in sorted(set(rules))
    ]
    if rows:
        connection.execute(insert(models.standing_rule), rows)


def rules_for(connection: Connection, project_id: str, purpose: Purpose) -> dict[str, frozenset[str]]:
    """Return the classes that each organisation of a project releases to for a purpose."""
    table = models.standing_rule.c
    query = select(table.organisation_id, table.other_class).where(
        table.project_id == project_id, table.purpose == purpose.value
    )
    found: dict[str, set[str]] = {}
    for organisation_id, other_class in connection.execute(query):
        found.setdefault(organisation_id, set()).add(other_class)
    return {organisation_id: frozenset(classes) for organisation_id, classes in found.items()}


def take_changes(connection: Connection, project_id: str, organisation_id: str, count: int) -> int:
    """Reserve `count` change numbers of an organisation, under the project's lock; return the first."""
    table = models.membership
    here = (table.c.project_id == project_id, table.c.organisation_id == organisation_id)
    connection.execute(update(table).where(*here).values(last_change=table.c.last_change + count))
    last = connection.execute(select(table.c.last_change).where(*here)).scalar_one()
    return int(last) - count + 1


def add_key(  # noqa: PLR0913 - the columns of one row
    connection: Connection,
    key_id: str,
    secret_mac: bytes,
    *,
    project_id: str,
    organisation_id: str,
    scopes: Iterable[str],
    created_on: date,
    expires_on: date,
) -> None:
    """Keep a new API key; of its secret only the digest."""
    row = {
        "key_id": key_id,
        "project_id": project_id,
        "organisation_id": organisation_id,
        "secret_mac": secret_mac,
        "scopes": " ".join(sorted(scopes)),
        "created_on": created_on,
        "expires_on": expires_on,
        "is_revoked": False,
    }
    connection.execute(insert(models.api_key), [row])


def key_of(connection: Connection, key_id: str) -> Row[str, str, str, bytes, str, date, bool] | None:
    """Return project, organisation, its class, secret's digest, scopes, expiry and revocation of a key."""
    key, organisation = models.api_key.c, models.organisation.c
    query = (
        select(
            key.project_id,
            key.organisation_id,
            organisation.organisation_class,
            key.secret_mac,
            key.scopes,
            key.expires_on,
            key.is_revoked,
        )
        .join_from(models.api_key, models.organisation, key.organisation_id == organisation.organisation_id)
        .where(key.key_id == key_id)
    )
    return connection.execute(query).one_or_none()


def revoke_key(connection: Connection, key_id: str) -> bool:
    """Revoke a key; tell whether there was one."""
    table = models.api_key
    done = connection.execute(update(table).where(table.c.key_id == key_id).values(is_revoked=True))
    return done.rowcount == 1
