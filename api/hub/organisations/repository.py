"""The tables of organisations, memberships, standing rules and API keys."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, insert, select, update

from api.hub.access.repository import API_KEYS, KeyRow
from api.hub.places import Place, place_of
from api.hub.storage import models
from api.wire.statements import OrganisationClass, Purpose

Rule = tuple[OrganisationClass, Purpose]
OrganisationRow = Row[str, str, str, str, bool, bool, bool]

# made once, as filings ask them: to build a statement takes longer than to run it
_organisation, _membership = models.organisation.c, models.membership.c
_PLACE = select(_organisation.organisation_class, _organisation.is_location_sensitive).where(
    _organisation.organisation_id == bindparam("of_organisation")
)
_ORGANISATIONS: BindParameter[str] = bindparam("of_organisations", expanding=True)
_DECOYS = select(_organisation.organisation_id).where(
    _organisation.organisation_id.in_(_ORGANISATIONS), _organisation.is_decoy
)
_RULES = select(models.standing_rule.c.organisation_id, models.standing_rule.c.other_class).where(
    models.standing_rule.c.project_id == bindparam("of_project"), models.standing_rule.c.purpose == bindparam("purpose")
)
_MINE = (
    _membership.project_id == bindparam("of_project"),
    _membership.organisation_id == bindparam("of_organisation"),
)
_LAST_CHANGE = select(_membership.last_change).where(*_MINE)
_TAKE_CHANGES = update(models.membership).where(*_MINE).values(last_change=_membership.last_change + bindparam("taken"))


def add_organisation(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new organisation; `row` has all its columns but the suspension."""
    connection.execute(insert(models.organisation), [{"is_suspended": False, **row}])


def organisation_named(connection: Connection, name: str) -> OrganisationRow | None:
    """Return the organisation of a name."""
    return connection.execute(_organisations().where(models.organisation.c.name == name)).one_or_none()


def organisation(connection: Connection, organisation_id: str) -> OrganisationRow | None:
    """Return an organisation."""
    return connection.execute(
        _organisations().where(models.organisation.c.organisation_id == organisation_id)
    ).one_or_none()


def organisations(connection: Connection) -> list[OrganisationRow]:
    """Return all organisations, by name."""
    return list(connection.execute(_organisations().order_by(models.organisation.c.name)))


def set_suspended(connection: Connection, organisation_id: str, *, is_suspended: bool) -> bool:
    """Suspend an organisation or let it go on; tell whether there is one."""
    table = models.organisation
    change = update(table).where(table.c.organisation_id == organisation_id).values(is_suspended=is_suspended)
    return connection.execute(change).rowcount == 1


def place(connection: Connection, organisation_id: str) -> Place:
    """Return what tells of an organisation's place."""
    return place_of(*connection.execute(_PLACE, {"of_organisation": organisation_id}).one())


def decoys(connection: Connection, organisation_ids: Iterable[str]) -> frozenset[str]:
    """Return which of these organisations are decoys."""
    return frozenset(connection.execute(_DECOYS, {"of_organisations": list(organisation_ids)}).scalars())


def _organisations() -> Any:
    """Select id, name, class, contact alias, location sensitivity, suspension, and whether it is a decoy."""
    table = models.organisation.c
    return select(
        table.organisation_id,
        table.name,
        table.organisation_class,
        table.contact_alias,
        table.is_location_sensitive,
        table.is_suspended,
        table.is_decoy,
    )


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
    found: dict[str, set[str]] = {}
    for organisation_id, other_class in connection.execute(
        _RULES, {"of_project": project_id, "purpose": purpose.value}
    ):
        found.setdefault(organisation_id, set()).add(other_class)
    return {organisation_id: frozenset(classes) for organisation_id, classes in found.items()}


def take_changes(connection: Connection, project_id: str, organisation_id: str, count: int) -> int:
    """Reserve `count` change numbers of an organisation, under the project's lock; return the first."""
    mine = {"of_project": project_id, "of_organisation": organisation_id}
    connection.execute(_TAKE_CHANGES, {**mine, "taken": count})
    last = connection.execute(_LAST_CHANGE, mine).scalar_one()
    return int(last) - count + 1


def memberships(connection: Connection, organisation_id: str) -> list[str]:
    """Return the projects that an organisation takes part in, in order."""
    table = models.membership.c
    query = select(table.project_id).where(table.organisation_id == organisation_id).order_by(table.project_id)
    return list(connection.execute(query).scalars())


def add_key(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new API key; of its secret only the digest."""
    connection.execute(insert(models.api_key), [row])


def keys_of(connection: Connection, project_id: str, organisation_id: str) -> list[KeyRow]:
    """Return the API keys of an organisation in a project, oldest first."""
    key = models.api_key.c
    query = API_KEYS.where(key.project_id == project_id, key.organisation_id == organisation_id)
    return list(connection.execute(query.order_by(key.created_on, key.key_id)))


def revoke_key(connection: Connection, key_id: str) -> bool:
    """Revoke a key; tell whether there was one."""
    table = models.api_key
    done = connection.execute(update(table).where(table.c.key_id == key_id).values(is_revoked=True))
    return done.rowcount == 1


def end_key_on(connection: Connection, key_id: str, expires_on: date) -> None:
    """Let a key expire on a day."""
    table = models.api_key
    connection.execute(update(table).where(table.c.key_id == key_id).values(expires_on=expires_on))
