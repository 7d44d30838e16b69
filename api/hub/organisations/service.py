"""Organisations join a project with standing rules and a contact alias, and are suspended; hub."""

import re
import secrets
import uuid
from collections.abc import Iterable

from sqlalchemy import Connection

from api.hub.errors import ConflictError, NotFoundError, UnreadableError
from api.hub.organisations import repository
from api.hub.organisations.repository import OrganisationRow, Rule
from api.wire.organisations import NewOrganisation, Organisation, Organisations
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass

TELLING_LETTERS = 4  # words of a name that are shorter say little: "the", "for"
_ALIAS = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{1,79}", re.ASCII)
_WORD = re.compile(r"\w+")
_ALIAS_LETTERS = "BCDFGHJKMNPQRSTVWXZ23456789"  # no vowels: no words by chance
_ALIAS_LENGTH = 6


def add_organisation(connection: Connection, project_id: str, wanted: NewOrganisation) -> str:
    """
    Add an organisation to a project, with its standing release rules.

    Args:
        connection: an open writing transaction.
        project_id: the project.
        wanted: the organisation.

    Returns:
        Its id.

    Raises:
        ConflictError: the name is taken.
        UnreadableError: the contact alias gives the name away, or is no plain words.
    """
    if repository.organisation_named(connection, wanted.name) is not None:
        raise ConflictError("there is an organisation of that name already", code="organisation_exists")
    organisation_id = str(uuid.uuid4())
    repository.add_organisation(
        connection,
        {
            "organisation_id": organisation_id,
            "name": wanted.name,
            "organisation_class": wanted.organisation_class.value,
            "contact_alias": _alias(wanted),
            "is_location_sensitive": wanted.is_location_sensitive,
            "is_decoy": wanted.is_decoy,
        },
    )
    repository.add_membership(connection, project_id, organisation_id)
    repository.add_rules(connection, project_id, organisation_id, _rules(wanted))
    return organisation_id


def set_suspended(connection: Connection, organisation_id: str, *, is_suspended: bool) -> None:
    """
    Suspend an organisation, or let it go on.

    Suspended, its keys and sessions are unknown to the hub, and its entries meet nobody; what it met before stays.

    Raises:
        NotFoundError: there is none.
    """
    if not repository.set_suspended(connection, organisation_id, is_suspended=is_suspended):
        raise NotFoundError


def listing(connection: Connection) -> Organisations:
    """Return all organisations, by name; for the hub's people."""
    return Organisations(organisations=[_view(row) for row in repository.organisations(connection)])


def read(connection: Connection, organisation_id: str) -> Organisation:
    """
    Return one organisation, for the hub's people.

    Raises:
        NotFoundError: there is none.
    """
    row = repository.organisation(connection, organisation_id)
    if row is None:
        raise NotFoundError
    return _view(row)


def id_of(connection: Connection, name: str) -> str:
    """
    Return the id of an organisation by its name.

    Raises:
        NotFoundError: there is none.
    """
    row = repository.organisation_named(connection, name)
    if row is None:
        raise NotFoundError
    return str(row.organisation_id)


def _alias(wanted: NewOrganisation) -> str:
    """Return the contact alias that was asked for, or one by chance."""
    if not wanted.contact_alias:
        return "Desk " + "".join(secrets.choice(_ALIAS_LETTERS) for _ in range(_ALIAS_LENGTH))
    told = {word for word in _WORD.findall(wanted.name.casefold()) if len(word) >= TELLING_LETTERS}
    alias = wanted.contact_alias.casefold()
    if not _ALIAS.fullmatch(wanted.contact_alias) or any(word in alias for word in told):
        faults = [Fault(where="/contact_alias", code="telling_alias")]
        raise UnreadableError(
            "the contact alias shares a word with the name, or is no plain words", code="telling_alias", faults=faults
        )
    return wanted.contact_alias


def _rules(wanted: NewOrganisation) -> Iterable[Rule]:
    """Return the standing rules as the table has them."""
    return ((rule.organisation_class, rule.purpose) for rule in wanted.release_to)


def _view(row: OrganisationRow) -> Organisation:
    """Return an organisation as the hub's people see it."""
    return Organisation(
        organisation_id=row.organisation_id,
        name=row.name,
        organisation_class=OrganisationClass(row.organisation_class),
        contact_alias=row.contact_alias,
        is_location_sensitive=row.is_location_sensitive,
        is_suspended=row.is_suspended,
        is_decoy=row.is_decoy,
    )
