"""
The tables of referrals, sealing keys, sealed messages, webhooks and what waits to be delivered to them.

Only repositories touch them. A message is a box that the hub cannot open; when it came is not kept, only when it ends.
A webhook's secret is not kept either: it is derived from the hub's key and a salt.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from api.hub.storage.naming import metadata

_SIDE = ["match_side.match_id", "match_side.organisation_id"]
_MEMBERSHIP = ["membership.project_id", "membership.organisation_id"]

referral = Table(
    "referral",
    metadata,
    Column("referral_id", String(36), primary_key=True),
    Column("match_id", String(36), nullable=False, index=True),
    Column("project_id", String(40), nullable=False),
    Column("referrer_id", String(36), nullable=False),
    Column("receiver_id", String(36), nullable=False),
    Column("service", String(40), nullable=False),
    Column("state", String(12), nullable=False),
    Column("offered_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    ForeignKeyConstraint(["match_id", "referrer_id"], _SIDE),
    ForeignKeyConstraint(["match_id", "receiver_id"], _SIDE),
    Index(None, "project_id", "state", "expires_on"),
    sqlite_with_rowid=False,
)

referral_side = Table(
    "referral_side",
    metadata,
    Column("referral_id", ForeignKey("referral.referral_id"), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("change", Integer, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
    Index(None, "organisation_id", "project_id", "change"),
    sqlite_with_rowid=False,
)

referral_event = Table(
    "referral_event",
    metadata,
    Column("referral_id", ForeignKey("referral.referral_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("move", String(12), nullable=False),
    Column("happened_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

sealing_key = Table(
    "sealing_key",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("identity", String(200), nullable=False),
    Column("number", Integer, nullable=False),
    Column("note", Text, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
    sqlite_with_rowid=False,
)

sealed_message = Table(
    "sealed_message",
    metadata,
    Column("sender_id", String(36), primary_key=True),
    Column("message_id", String(36), primary_key=True),
    Column("match_id", String(36), nullable=False, index=True),
    Column("project_id", String(40), nullable=False),
    Column("recipient_id", String(36), nullable=False),
    Column("key_number", Integer, nullable=False),
    Column("box", LargeBinary, nullable=False),
    Column("expires_on", Date, nullable=False),
    ForeignKeyConstraint(["match_id", "sender_id"], _SIDE),
    ForeignKeyConstraint(["match_id", "recipient_id"], _SIDE),
    Index(None, "recipient_id", "project_id", "message_id"),
    Index(None, "project_id", "expires_on"),
    sqlite_with_rowid=False,
)

webhook = Table(
    "webhook",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("url", String(500), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("old_salt", LargeBinary, nullable=True),
    Column("old_until", BigInteger, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], _MEMBERSHIP),
    sqlite_with_rowid=False,
)

webhook_event = Table(
    "webhook_event",
    metadata,
    Column("event_id", String(36), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("organisation_id", String(36), nullable=False),
    Column("type", String(40), nullable=False),
    Column("thing_id", String(36), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False, index=True),
    ForeignKeyConstraint(
        ["project_id", "organisation_id"], ["webhook.project_id", "webhook.organisation_id"], ondelete="CASCADE"
    ),
    sqlite_with_rowid=False,
)
