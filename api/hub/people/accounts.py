"""Accounts: made with a one-time password, reset, ended; hub."""

import unicodedata
import uuid
from collections.abc import Iterable

from sqlalchemy import Connection

from api.hub.audit.acts import Act, Kind
from api.hub.audit.log import append
from api.hub.context import Hub
from api.hub.errors import ConflictError, NotFoundError, UnreadableError
from api.hub.keys import HubKey, keyed_digest
from api.hub.organisations import service as organisations
from api.hub.people import repository
from api.hub.people.passwords import hash_password, one_time_password
from api.hub.people.repository import UserRow
from api.hub.policy import HOMES, Action, Actor, Role
from api.wire.people import NewUser, OneTimePassword, User, Users
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass

PEOPLE_ROLES = frozenset(Role) - {Role.UPLOADING_AGENT, Role.QUERYING_AGENT}


def login_digest(key: HubKey, login: str) -> bytes:
    """Return what is kept of a login: the database names nobody."""
    plain = unicodedata.normalize("NFKC", login).casefold().strip()
    return keyed_digest(key.derive("login"), plain.encode())


def add(hub: Hub, actor: Actor, wanted: NewUser) -> OneTimePassword:
    """
    Make an account.

    Raises:
        ConflictError: the login is taken, or a role is not at home in the organisation's class.
        NotFoundError: there is no such organisation.
        UnreadableError: an unknown role.
    """
    roles = _roles(wanted.roles)
    user_id, password = str(uuid.uuid4()), one_time_password()
    kept = hash_password(hub.key, user_id, password)
    with hub.database.writing() as connection:
        _require_homes(roles, _class_of(connection, wanted.organisation_id))
        digest = login_digest(hub.key, wanted.login)
        if repository.user_by_login(connection, digest) is not None:
            raise ConflictError("there is an account of that login already", code="login_taken")
        repository.add_user(
            connection,
            {
                "user_id": user_id,
                "organisation_id": wanted.organisation_id or None,
                "login_digest": digest,
                "password_hash": kept,
                "must_change": True,
                "roles": " ".join(sorted(roles)),
                "totp_salt": None,
                "totp_is_on": False,
                "totp_step": 0,
                "is_ended": False,
                "created_on": hub.today(),
            },
        )
        append(connection, hub, actor, [Act(Action.USERS_ADD, "added", kind=Kind.USER, objects=(user_id,))])
    return OneTimePassword(user_id=user_id, password=password)


def add_first(hub: Hub, actor: Actor, login: str) -> str | None:
    """Make the first administrator of a hub that has no account yet; return its one-time password, or None."""
    with hub.database.reading() as connection:
        if repository.count_users(connection):
            return None
    return add(hub, actor, NewUser(login=login, roles=[Role.OPERATOR.value])).password


def reset(hub: Hub, actor: Actor, user_id: str) -> OneTimePassword:
    """
    Give an account a new one-time password, without second factor and sessions.

    Raises:
        NotFoundError: there is none, or it is ended.
    """
    password = one_time_password()
    kept = hash_password(hub.key, user_id, password)
    with hub.database.writing() as connection:
        row = repository.user(connection, user_id)
        if row is None or row.is_ended:
            raise NotFoundError
        repository.change_user(connection, user_id, password_hash=kept, must_change=True, totp_is_on=False)
        repository.end_sessions(connection, user_id)
        append(connection, hub, actor, [Act(Action.USERS_ADD, "reset", kind=Kind.USER, objects=(user_id,))])
    return OneTimePassword(user_id=user_id, password=password)


def end(hub: Hub, actor: Actor, user_id: str) -> User:
    """
    End an account for good, with its sessions.

    Raises:
        NotFoundError: there is none.
    """
    with hub.database.writing() as connection:
        if repository.user(connection, user_id) is None:
            raise NotFoundError
        repository.change_user(connection, user_id, is_ended=True)
        repository.end_sessions(connection, user_id)
        row = repository.user(connection, user_id)
        append(connection, hub, actor, [Act(Action.USERS_END, "ended", kind=Kind.USER, objects=(user_id,))])
    if row is None:
        raise NotFoundError
    return _view(row)


def listing(hub: Hub) -> Users:
    """Return all accounts."""
    with hub.database.reading() as connection:
        return Users(users=[_view(row) for row in repository.users(connection)])


def id_of(hub: Hub, login: str) -> str:
    """
    Return the id of an account by its login.

    Raises:
        NotFoundError: there is none.
    """
    with hub.database.reading() as connection:
        row = repository.user_by_login(connection, login_digest(hub.key, login))
    if row is None:
        raise NotFoundError
    return str(row.user_id)


def _roles(names: Iterable[str]) -> frozenset[Role]:
    """Read roles of people."""
    found = frozenset(role for role in PEOPLE_ROLES if role.value in set(names))
    if len(found) != len(set(names)):
        faults = [Fault(where="/roles", code="unknown_role")]
        raise UnreadableError("not a role of a person", code="unknown_role", faults=faults)
    return found


def _class_of(connection: Connection, organisation_id: str) -> OrganisationClass | None:
    """Return the class of an organisation, or None for the hub itself."""
    return organisations.read(connection, organisation_id).organisation_class if organisation_id else None


def _require_homes(roles: Iterable[Role], kind: OrganisationClass | None) -> None:
    """Refuse a role that is worth nothing in a class."""
    if any(kind not in HOMES[role] for role in roles):
        faults = [Fault(where="/roles", code="role_of_class")]
        raise ConflictError("this class of organisation has no such role", code="role_of_class", faults=faults)


def _view(row: UserRow) -> User:
    """Return an account without anything that names a person."""
    return User(
        user_id=row.user_id,
        organisation_id=row.organisation_id or "",
        roles=row.roles.split(),
        has_second_factor=row.totp_is_on,
        must_change_password=row.must_change,
        is_ended=row.is_ended,
        created_on=row.created_on.isoformat(),
    )
