"""Logging in and out, passwords and second factors of one's own; hub."""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection

from api.hub.access.sessions import SESSION_HOURS, secret_mac
from api.hub.addresses import Address
from api.hub.audit.acts import Act
from api.hub.audit.log import append
from api.hub.context import Hub
from api.hub.errors import ConflictError, NotAuthenticatedError, NotFoundError, RefusedError, UnreadableError
from api.hub.organisations import repository as organisations
from api.hub.people import repository
from api.hub.people.accounts import login_digest
from api.hub.people.passwords import hash_password, is_password
from api.hub.people.repository import UserRow
from api.hub.people.second_factor import SALT_BYTES, secret_of, step_of, uri_of
from api.hub.people.throttle import Bucket, buckets_of, count_attempt
from api.hub.policy import Action, Actor, Role
from api.wire.people import LogIn, OpenedSession, PasswordChange, SecondFactor
from api.wire.problems import Fault

SESSION_SECONDS = SESSION_HOURS * 3600


def log_in(hub: Hub, given: LogIn, address: Address | None) -> OpenedSession:
    """
    Open a session.

    Raises:
        NotAuthenticatedError: login, password or code is wrong, or the account or its organisation is stopped; which
            of them is not told.
        TooManyError: too many log-ins failed.
        RefusedError: the password was given for one time, and has to be changed first.
        UnreadableError: the project has to be named, or is none of the organisation's.
    """
    row, buckets = _verified(hub, given.login, given.password, address)
    session_id, secret = secrets.token_hex(8), secrets.token_hex(32)
    with hub.database.writing() as connection:
        project_id = _enter(connection, hub, row, given, buckets)
        repository.drop_old_sessions(connection, hub.now())
        repository.add_session(
            connection,
            {
                "session_id": session_id,
                "user_id": row.user_id,
                "project_id": project_id or None,
                "secret_mac": secret_mac(hub.key, session_id, secret),
                "expires_at": hub.now() + SESSION_SECONDS,
            },
        )
        append(connection, hub, _person(row, project_id), [Act(Action.OWN_ACCOUNT, "logged_in")])
    return OpenedSession(
        session_token=f"cs_{session_id}_{secret}",
        expires_in_seconds=SESSION_SECONDS,
        roles=row.roles.split(),
        project_id=project_id,
    )


def log_out(hub: Hub, actor: Actor) -> None:
    """End all sessions of a person."""
    with hub.database.writing() as connection:
        repository.end_sessions(connection, actor.actor_id)
        append(connection, hub, actor, [Act(Action.OWN_ACCOUNT, "logged_out")])


def change_password(hub: Hub, given: PasswordChange, address: Address | None) -> None:
    """
    Set a password of one's own; all sessions end.

    Raises:
        NotAuthenticatedError: login, password or code is wrong.
        TooManyError: too many log-ins failed.
        UnreadableError: the new password is the old one, or the login.
    """
    if given.new_password in {given.password, given.login}:
        faults = [Fault(where="/new_password", code="weak_password")]
        raise UnreadableError("take another password", code="weak_password", faults=faults)
    row, buckets = _verified(hub, given.login, given.password, address)
    kept = hash_password(hub.key, row.user_id, given.new_password)
    with hub.database.writing() as connection:
        _require_code(connection, hub, _unchanged(connection, row), given.code)
        _forgive(connection, buckets)
        repository.change_user(connection, row.user_id, password_hash=kept, must_change=False)
        repository.end_sessions(connection, row.user_id)
        append(connection, hub, _person(row, ""), [Act(Action.OWN_ACCOUNT, "password_changed")])


def new_second_factor(hub: Hub, actor: Actor) -> SecondFactor:
    """
    Return a new secret; it counts when a code has shown that it arrived.

    Raises:
        ConflictError: there is a second factor already; the operator resets it with the account.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    with hub.database.writing() as connection:
        if _own(connection, actor).totp_is_on:
            raise ConflictError("there is a second factor already", code="second_factor_on")
        repository.change_user(connection, actor.actor_id, totp_salt=salt)
        append(connection, hub, actor, [Act(Action.OWN_ACCOUNT, "second_factor_made")])
    secret = secret_of(hub.key, actor.actor_id, salt)
    return SecondFactor(secret=secret, uri=uri_of(secret))


def confirm_second_factor(hub: Hub, actor: Actor, code: str) -> None:
    """
    Switch the second factor on.

    Raises:
        NotAuthenticatedError: the code is wrong, or no secret was made.
    """
    with hub.database.writing() as connection:
        row = _own(connection, actor)
        _take_code(connection, hub, row, code)
        repository.change_user(connection, actor.actor_id, totp_is_on=True)
        append(connection, hub, actor, [Act(Action.OWN_ACCOUNT, "second_factor_on")])


def _verified(hub: Hub, login: str, password: str, address: Address | None) -> tuple[UserRow, list[Bucket]]:
    """Return the account whose password this is; the attempt is counted until it has succeeded."""
    digest = login_digest(hub.key, login)
    buckets = buckets_of(hub.key, digest, address)
    with hub.database.writing() as connection:
        count_attempt(connection, buckets, hub.now())
        row = repository.user_by_login(connection, digest)
    kept = None if row is None or row.is_ended else row.password_hash
    is_right = is_password(hub.key, "" if row is None else row.user_id, password, kept)
    if row is None or not is_right:
        raise NotAuthenticatedError
    return row, buckets


def _unchanged(connection: Connection, row: UserRow) -> UserRow:
    """Return an account as it is now; who was stopped or reset while the password was looked at does not get in."""
    now = repository.user(connection, row.user_id)
    if now is None or now.is_ended or now.password_hash != row.password_hash:
        raise NotAuthenticatedError
    return now


def _enter(connection: Connection, hub: Hub, row: UserRow, given: LogIn, buckets: Sequence[Bucket]) -> str:
    """Check the rest of a log-in, and return the project to act in."""
    row = _unchanged(connection, row)
    _require_code(connection, hub, row, given.code)
    _forgive(connection, buckets)
    if row.must_change:
        raise RefusedError("set a password of your own first", code="password_change_needed")
    if row.organisation_id is None:
        return ""
    organisation = organisations.organisation(connection, row.organisation_id)
    if organisation is None or organisation.is_suspended:
        raise NotAuthenticatedError
    projects = organisations.memberships(connection, row.organisation_id)
    if given.project_id in projects:
        return given.project_id
    if given.project_id or len(projects) != 1:
        faults = [Fault(where="/project_id", code="unknown_project")]
        raise UnreadableError("name a project of the organisation's", code="unknown_project", faults=faults)
    return projects[0]


def _require_code(connection: Connection, hub: Hub, row: UserRow, code: str) -> None:
    """Ask for a code when the account has a second factor."""
    if row.totp_is_on:
        _take_code(connection, hub, row, code)


def _take_code(connection: Connection, hub: Hub, row: UserRow, code: str) -> None:
    """Take a code that is right and was not used before."""
    step = None
    if row.totp_salt is not None and code:
        step = step_of(secret_of(hub.key, row.user_id, row.totp_salt), code, hub.now())
    if step is None or not repository.take_step(connection, row.user_id, step):
        raise NotAuthenticatedError


def _forgive(connection: Connection, buckets: Sequence[Bucket]) -> None:
    """Forget the failures of the login; of the address only this attempt, which was none."""
    (login, _), *others = buckets
    repository.clear_failures(connection, login)
    for address, _ in others:
        repository.take_back_failure(connection, address)


def _own(connection: Connection, actor: Actor) -> UserRow:
    """Return one's own account."""
    row = repository.user(connection, actor.actor_id)
    if row is None:
        raise NotFoundError
    return row


def _person(row: UserRow, project_id: str) -> Actor:
    """Return a person for the audit log."""
    roles = frozenset(Role(role) for role in row.roles.split())
    return Actor(roles, None, row.organisation_id or "", project_id, row.user_id, is_user=True)
