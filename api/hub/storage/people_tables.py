"""
The tables of people, their sessions and approvals, of quotas, and of the watch; only repositories touch them.

No name of a person stands here: a login is kept as a keyed digest. `watch_cell` counts tokens of one day in cells that
several tokens share, and is emptied when the day is over; see docs/decisions/0013.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from api.hub.storage.naming import metadata

_MEMBERSHIP = ["membership.project_id", "membership.organisation_id"]

user_account = Table(
    "user_account",
    metadata,
    Column("user_id", String(36), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), nullable=True),
    Column("login_digest", LargeBinary, nullable=False, unique=True),
    Column("password_hash", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("roles", String(200), nullable=False),
    Column("totp_salt", LargeBinary, nullable=True),
    Column("totp_is_on", Boolean, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("is_ended", Boolean, nullable=False),
    Column("created_on", Date, nullable=False),
)

user_session = Table(
    "user_session",
    metadata,
    Column("session_id", String(16), primary_key=True),
    Column("user_id", ForeignKey("user_account.user_id"), nullable=False, index=True),
    Column("project_id", ForeignKey("project.project_id"), nullable=True),
    Column("secret_mac", LargeBinary, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

login_throttle = Table(
    "login_throttle",
    metadata,
    Column("bucket", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

approval = Table(
    "approval",
    metadata,
    Column("approval_id", String(36), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("organisation_id", String(36), nullable=False),
    Column("user_id", ForeignKey("user_account.user_id"), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("lawful_basis", String(40), nullable=False),
    Column("case_tag", String(32), nullable=False),
    Column("entries_left", Integer, nullable=False),
    Column("expires_on", Date, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
)

quota_use = Table(
    "quota_use",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("key_id", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("entries", Integer, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
)

bulk_filing = Table(
    "bulk_filing",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("entries_left", Integer, nullable=False),
    Column("expires_on", Date, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
)

watch_cell = Table(
    "watch_cell",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("count", Integer, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
    sqlite_with_rowid=False,
)

watch_day = Table(
    "watch_day",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("day", Date, nullable=False),
    Column("filings", Integer, nullable=False),
    Column("first_time", Integer, nullable=False),
    Column("erased", Integer, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
)

alarm = Table(
    "alarm",
    metadata,
    Column("alarm_id", String(36), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("organisation_id", String(36), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("closed_on", Date, nullable=True),
    UniqueConstraint("project_id", "organisation_id", "kind", "raised_on"),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
)
