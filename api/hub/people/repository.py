"""The tables of accounts, sessions, failed log-ins and approvals."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from api.hub.storage import models

UserRow = Row[str, str | None, str, bool, str, bytes | None, bool, int, bool, date]
ApprovalRow = Row[str, str, str, int, date]


def add_user(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new account."""
    connection.execute(insert(models.user_account), [row])


def user_by_login(connection: Connection, login_digest: bytes) -> UserRow | None:
    """Return the account of a login."""
    return connection.execute(_users().where(models.user_account.c.login_digest == login_digest)).one_or_none()


def user(connection: Connection, user_id: str) -> UserRow | None:
    """Return an account."""
    return connection.execute(_users().where(models.user_account.c.user_id == user_id)).one_or_none()


def users(connection: Connection) -> list[UserRow]:
    """Return all accounts, oldest first."""
    table = models.user_account.c
    return list(connection.execute(_users().order_by(table.created_on, table.user_id)))


def count_users(connection: Connection) -> int:
    """Return how many accounts there are, ended ones as well."""
    return int(connection.execute(select(func.count()).select_from(models.user_account)).scalar_one())


def change_user(connection: Connection, user_id: str, **values: Any) -> None:
    """Change columns of an account."""
    table = models.user_account
    connection.execute(update(table).where(table.c.user_id == user_id).values(**values))


def take_step(connection: Connection, user_id: str, step: int) -> bool:
    """Note the step of a code, unless one as late was used before; tell which."""
    table = models.user_account
    later = (table.c.user_id == user_id, table.c.totp_step < step)
    return connection.execute(update(table).where(*later).values(totp_step=step)).rowcount == 1


def add_session(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new session; of its secret only the digest."""
    connection.execute(insert(models.user_session), [row])


def end_sessions(connection: Connection, user_id: str) -> None:
    """End all sessions of a person."""
    connection.execute(delete(models.user_session).where(models.user_session.c.user_id == user_id))


def end_all_sessions(connection: Connection) -> None:
    """End all sessions of everybody."""
    connection.execute(delete(models.user_session))


def drop_old_sessions(connection: Connection, now: int) -> None:
    """Delete sessions that are over."""
    connection.execute(delete(models.user_session).where(models.user_session.c.expires_at <= now))


def failures(connection: Connection, bucket: bytes) -> tuple[int, int]:
    """Return how many log-ins of a bucket failed, and when the last did; zeros when none did."""
    table = models.login_throttle.c
    query = select(table.failures, table.last_at).where(table.bucket == bucket)
    row = connection.execute(query).one_or_none()
    return (0, 0) if row is None else (row.failures, row.last_at)


def add_failure(connection: Connection, bucket: bytes, now: int) -> None:
    """Count one more failure of a bucket."""
    table = models.login_throttle
    values = {"failures": table.c.failures + 1, "last_at": now}
    if connection.execute(update(table).where(table.c.bucket == bucket).values(values)).rowcount == 0:
        connection.execute(insert(table), [{"bucket": bucket, "failures": 1, "last_at": now}])


def clear_failures(connection: Connection, bucket: bytes) -> None:
    """Forget the failures of a bucket."""
    connection.execute(delete(models.login_throttle).where(models.login_throttle.c.bucket == bucket))


def take_back_failure(connection: Connection, bucket: bytes) -> None:
    """Count one failure less of a bucket."""
    table = models.login_throttle
    connection.execute(update(table).where(table.c.bucket == bucket).values(failures=table.c.failures - 1))


def forget_failures(connection: Connection, before: int) -> None:
    """Forget all failures of buckets that have been quiet since."""
    connection.execute(delete(models.login_throttle).where(models.login_throttle.c.last_at < before))


def add_approval(connection: Connection, row: Mapping[str, Any]) -> None:
    """Keep a new approval."""
    connection.execute(insert(models.approval), [row])


def approval(connection: Connection, project_id: str, organisation_id: str, approval_id: str) -> ApprovalRow | None:
    """
    Return purpose, lawful basis, case tag, entries left and expiry of an organisation's approval.

    Returns:
        None also when the account of the supervisor who gave it is ended.
    """
    table, supervisor = models.approval.c, models.user_account.c
    query = select(table.purpose, table.lawful_basis, table.case_tag, table.entries_left, table.expires_on)
    mine = (table.project_id == project_id, table.organisation_id == organisation_id)
    stands = supervisor.is_ended.is_(False)
    given = query.join_from(models.approval, models.user_account, table.user_id == supervisor.user_id)
    return connection.execute(given.where(*mine, stands, table.approval_id == approval_id)).one_or_none()


def use_approval(connection: Connection, approval_id: str, entries: int) -> bool:
    """Take entries off an approval; tell whether it had as many left."""
    table = models.approval
    enough = (table.c.approval_id == approval_id, table.c.entries_left >= entries)
    change = update(table).where(*enough).values(entries_left=table.c.entries_left - entries)
    return connection.execute(change).rowcount == 1


def _users() -> Any:
    """Select the columns of accounts."""
    table = models.user_account.c
    return select(
        table.user_id,
        table.organisation_id,
        table.password_hash,
        table.must_change,
        table.roles,
        table.totp_salt,
        table.totp_is_on,
        table.totp_step,
        table.is_ended,
        table.created_on,
    )
