"""
Referrals, sealing keys, sealed messages, webhooks and what waits to be delivered to them.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SIDE = ["match_side.match_id", "match_side.organisation_id"]
_MEMBER = ["project_id", "organisation_id"]
_MEMBERSHIP = ["membership.project_id", "membership.organisation_id"]


def _text(name: str, length: int) -> sa.Column[str]:
    """Return a column of short text."""
    return sa.Column(name, sa.String(length=length), nullable=False)


def _reference(table: str, columns: list[str], to: list[str], ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """Return a reference to another table, named as the models name it."""
    return sa.ForeignKeyConstraint(columns, to, name=op.f(f"fk_{table}_{'_'.join(columns)}"), ondelete=ondelete)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """Return a primary key, named as the models name it."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _index(table: str, *columns: str) -> None:
    """Make an index, named as the models name it."""
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def upgrade() -> None:
    """Make the tables."""
    _make_referrals()
    _make_messages()
    _make_webhooks()


def _make_referrals() -> None:
    """Make the tables of referrals, of who sees which change, and of what happened."""
    name = "referral"
    op.create_table(
        name,
        _text("referral_id", 36),
        _text("match_id", 36),
        _text("project_id", 40),
        _text("referrer_id", 36),
        _text("receiver_id", 36),
        _text("service", 40),
        _text("state", 12),
        sa.Column("offered_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _reference(name, ["match_id", "referrer_id"], _SIDE),
        _reference(name, ["match_id", "receiver_id"], _SIDE),
        _primary(name, "referral_id"),
        sqlite_with_rowid=False,
    )
    _index(name, "match_id")
    _index(name, "project_id", "state", "expires_on")
    name = "referral_side"
    op.create_table(
        name,
        _text("referral_id", 36),
        _text("organisation_id", 36),
        _text("project_id", 40),
        sa.Column("change", sa.Integer(), nullable=False),
        _reference(name, ["referral_id"], ["referral.referral_id"]),
        _reference(name, _MEMBER, _MEMBERSHIP),
        _primary(name, "referral_id", "organisation_id"),
        sqlite_with_rowid=False,
    )
    _index(name, "organisation_id", "project_id", "change")
    name = "referral_event"
    op.create_table(
        name,
        _text("referral_id", 36),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("move", 12),
        sa.Column("happened_on", sa.Date(), nullable=False),
        _reference(name, ["referral_id"], ["referral.referral_id"]),
        _primary(name, "referral_id", "number"),
        sqlite_with_rowid=False,
    )


def _make_messages() -> None:
    """Make the tables of sealing keys and of sealed messages."""
    name = "sealing_key"
    op.create_table(
        name,
        _text("project_id", 40),
        _text("organisation_id", 36),
        _text("identity", 200),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _reference(name, _MEMBER, _MEMBERSHIP),
        _primary(name, *_MEMBER),
        sqlite_with_rowid=False,
    )
    name = "sealed_message"
    op.create_table(
        name,
        _text("sender_id", 36),
        _text("message_id", 36),
        _text("match_id", 36),
        _text("project_id", 40),
        _text("recipient_id", 36),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _reference(name, ["match_id", "sender_id"], _SIDE),
        _reference(name, ["match_id", "recipient_id"], _SIDE),
        _primary(name, "sender_id", "message_id"),
        sqlite_with_rowid=False,
    )
    _index(name, "match_id")
    _index(name, "recipient_id", "project_id", "message_id")
    _index(name, "project_id", "expires_on")


def _make_webhooks() -> None:
    """Make the tables of webhooks and of what waits for them."""
    name = "webhook"
    op.create_table(
        name,
        _text("project_id", 40),
        _text("organisation_id", 36),
        _text("url", 500),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("old_salt", sa.LargeBinary(), nullable=True),
        sa.Column("old_until", sa.BigInteger(), nullable=False),
        _reference(name, _MEMBER, _MEMBERSHIP),
        _primary(name, *_MEMBER),
        sqlite_with_rowid=False,
    )
    name = "webhook_event"
    op.create_table(
        name,
        _text("event_id", 36),
        _text("project_id", 40),
        _text("organisation_id", 36),
        _text("type", 40),
        _text("thing_id", 36),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        _reference(name, _MEMBER, ["webhook.project_id", "webhook.organisation_id"], "CASCADE"),
        _primary(name, "event_id"),
        sqlite_with_rowid=False,
    )
    _index(name, "due_at")


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_webhook_event_due_at"), table_name="webhook_event")
    op.drop_table("webhook_event")
    op.drop_table("webhook")
    for columns in ("project_id_expires_on", "recipient_id_project_id_message_id", "match_id"):
        op.drop_index(op.f(f"ix_sealed_message_{columns}"), table_name="sealed_message")
    op.drop_table("sealed_message")
    op.drop_table("sealing_key")
    op.drop_table("referral_event")
    op.drop_index(op.f("ix_referral_side_organisation_id_project_id_change"), table_name="referral_side")
    op.drop_table("referral_side")
    for columns in ("project_id_state_expires_on", "match_id"):
        op.drop_index(op.f(f"ix_referral_{columns}"), table_name="referral")
    op.drop_table("referral")
