"""
People and their sessions, approvals, quotas, the watch; what organisations and API keys have more.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _of_membership(table: str) -> sa.ForeignKeyConstraint:
    """Return the reference of a table to an organisation's place in a project."""
    return sa.ForeignKeyConstraint(
        ["project_id", "organisation_id"],
        ["membership.project_id", "membership.organisation_id"],
        name=op.f(f"fk_{table}_project_id_organisation_id"),
    )


def upgrade() -> None:
    """Make the tables and columns."""
    op.create_table(
        "login_throttle",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_login_throttle")),
    )
    op.create_table(
        "user_account",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("login_digest", sa.LargeBinary(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("totp_salt", sa.LargeBinary(), nullable=True),
        sa.Column("totp_is_on", sa.Boolean(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=False),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.organisation_id"], name=op.f("fk_user_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("login_digest", name=op.f("uq_user_account_login_digest")),
    )
    op.create_table(
        "alarm",
        sa.Column("alarm_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        _of_membership("alarm"),
        sa.PrimaryKeyConstraint("alarm_id", name=op.f("pk_alarm")),
        sa.UniqueConstraint(
            "project_id",
            "organisation_id",
            "kind",
            "raised_on",
            name=op.f("uq_alarm_project_id_organisation_id_kind_raised_on"),
        ),
    )
    op.create_table(
        "approval",
        sa.Column("approval_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("lawful_basis", sa.String(length=40), nullable=False),
        sa.Column("case_tag", sa.String(length=32), nullable=False),
        sa.Column("entries_left", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _of_membership("approval"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_approval_user_id")),
        sa.PrimaryKeyConstraint("approval_id", name=op.f("pk_approval")),
    )
    op.create_table(
        "bulk_filing",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("entries_left", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _of_membership("bulk_filing"),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_bulk_filing")),
    )
    op.create_table(
        "quota_use",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        _of_membership("quota_use"),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", "key_id", "day", name=op.f("pk_quota_use")),
    )
    op.create_table(
        "user_session",
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=True),
        sa.Column("secret_mac", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.project_id"], name=op.f("fk_user_session_project_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.user_id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "watch_cell",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("cell", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _of_membership("watch_cell"),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", "cell", name=op.f("pk_watch_cell")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watch_day",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("filings", sa.Integer(), nullable=False),
        sa.Column("first_time", sa.Integer(), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        _of_membership("watch_day"),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_watch_day")),
    )
    op.add_column("api_key", sa.Column("networks", sa.String(length=500), server_default="", nullable=False))
    op.add_column("organisation", sa.Column("contact_alias", sa.String(length=80), server_default="", nullable=False))
    op.add_column(
        "organisation", sa.Column("is_location_sensitive", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("organisation", sa.Column("is_suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("organisation", sa.Column("is_decoy", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("organisation", "is_decoy")
    op.drop_column("organisation", "is_suspended")
    op.drop_column("organisation", "is_location_sensitive")
    op.drop_column("organisation", "contact_alias")
    op.drop_column("api_key", "networks")
    op.drop_table("watch_day")
    op.drop_table("watch_cell")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("quota_use")
    op.drop_table("bulk_filing")
    op.drop_table("approval")
    op.drop_table("alarm")
    op.drop_table("user_account")
    op.drop_table("login_throttle")
