"""
Grants, disclosure requests, reviews, constraints, break-glass, and the history of clusters.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[str]:
    """Return a column of short text."""
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _reference(table: str, columns: list[str], to: list[str]) -> sa.ForeignKeyConstraint:
    """Return a reference to another table, named as the models name it."""
    return sa.ForeignKeyConstraint(columns, to, name=op.f(f"fk_{table}_{'_'.join(columns)}"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    """Return a primary key, named as the models name it."""
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    """Make the tables and columns."""
    _make_disclosures()
    _make_reviews()
    _make_break_glass()
    op.add_column("meeting_side", sa.Column("is_protected", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute("UPDATE meeting_side SET is_protected = needs_hand")
    op.add_column("joined_match", sa.Column("resolution", sa.String(length=10), server_default="", nullable=False))
    op.add_column("joined_match", sa.Column("is_adjudicated", sa.Boolean(), server_default=sa.false(), nullable=False))


def _make_disclosures() -> None:
    """Make the tables of releases that expire, of grants, and of requests."""
    name = "meeting_release"
    op.create_table(
        name,
        _text("meeting_id", 36),
        _text("organisation_id", 36),
        _text("project_id", 40),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _reference(name, ["meeting_id"], ["meeting.meeting_id"]),
        _reference(name, ["organisation_id"], ["organisation.organisation_id"]),
        _primary(name, "meeting_id", "organisation_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_meeting_release_project_id_expires_on"), name, ["project_id", "expires_on"])
    name = "disclosure_grant"
    op.create_table(
        name,
        _text("grant_id", 36),
        _text("match_id", 36),
        _text("holder_id", 36),
        sa.Column("rung", sa.Integer(), nullable=False),
        _text("cause", 20),
        sa.Column("granted_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        _reference(name, ["match_id", "holder_id"], ["match_side.match_id", "match_side.organisation_id"]),
        _primary(name, "grant_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_disclosure_grant_match_id"), name, ["match_id"])
    name = "disclosure_request"
    op.create_table(
        name,
        _text("request_id", 36),
        _text("match_id", 36),
        _text("project_id", 40),
        _text("asker_id", 36),
        _text("holder_id", 36),
        sa.Column("rung", sa.Integer(), nullable=False),
        _text("reason", 40),
        _text("lawful_basis", 40, nullable=True),
        _text("state", 24),
        _text("question", 40, nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        _reference(name, ["match_id", "asker_id"], ["match_side.match_id", "match_side.organisation_id"]),
        _primary(name, "request_id"),
        sqlite_with_rowid=False,
    )
    for column in ("match_id", "asker_id", "holder_id"):
        op.create_index(op.f(f"ix_disclosure_request_{column}"), name, [column])
    name = "request_approval"
    op.create_table(
        name,
        _text("request_id", 36),
        _text("actor_id", 36),
        _text("organisation_id", 36),
        sa.Column("is_user", sa.Boolean(), nullable=False),
        _reference(name, ["request_id"], ["disclosure_request.request_id"]),
        _primary(name, "request_id", "actor_id"),
        sqlite_with_rowid=False,
    )


def _make_reviews() -> None:
    """Make the tables of reviews, of constraints, and of what became of clusters."""
    name = "review"
    op.create_table(
        name,
        _text("match_id", 36),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("organisation_id", 36),
        _text("actor_id", 36),
        _text("answer", 10, nullable=True),
        _text("disposition", 40, nullable=True),
        _text("invalid_reasons", 200),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("is_desk", sa.Boolean(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        _reference(name, ["match_id"], ["joined_match.match_id"]),
        _reference(name, ["organisation_id"], ["organisation.organisation_id"]),
        _primary(name, "match_id", "number"),
        sqlite_with_rowid=False,
    )
    name = "must_not_link"
    op.create_table(
        name,
        _text("project_id", 40),
        _text("purpose", 20),
        _text("first_id", 36),
        sa.Column("first_reference", sa.LargeBinary(), nullable=False),
        _text("second_id", 36),
        sa.Column("second_reference", sa.LargeBinary(), nullable=False),
        _reference(name, ["project_id"], ["project.project_id"]),
        _primary(name, "project_id", "purpose", "first_id", "first_reference", "second_id", "second_reference"),
        sqlite_with_rowid=False,
    )
    name = "cluster_turn"
    op.create_table(
        name,
        _text("project_id", 40),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _text("cluster_id", 36),
        _text("turn", 10),
        _text("other_id", 36),
        sa.Column("happened_on", sa.Date(), nullable=False),
        _reference(name, ["project_id"], ["project.project_id"]),
        _primary(name, "project_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_cluster_turn_cluster_id"), name, ["cluster_id"])


def _make_break_glass() -> None:
    """Make the tables of emergencies."""
    name = "break_glass"
    op.create_table(
        name,
        _text("break_glass_id", 36),
        _text("match_id", 36),
        _text("project_id", 40),
        _text("asker_id", 36),
        _text("holder_id", 36),
        _text("actor_id", 36),
        _text("danger", 40),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        _text("finding", 20, nullable=True),
        _reference(name, ["match_id"], ["joined_match.match_id"]),
        _reference(name, ["asker_id"], ["organisation.organisation_id"]),
        _reference(name, ["holder_id"], ["organisation.organisation_id"]),
        _primary(name, "break_glass_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_break_glass_match_id"), name, ["match_id"])
    name = "break_glass_approval"
    op.create_table(
        name,
        _text("break_glass_id", 36),
        _text("organisation_id", 36),
        _text("actor_id", 36),
        _reference(name, ["break_glass_id"], ["break_glass.break_glass_id"]),
        _primary(name, "break_glass_id", "organisation_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_column("joined_match", "is_adjudicated")
    op.drop_column("joined_match", "resolution")
    op.drop_column("meeting_side", "is_protected")
    op.drop_table("break_glass_approval")
    op.drop_index(op.f("ix_break_glass_match_id"), table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_index(op.f("ix_cluster_turn_cluster_id"), table_name="cluster_turn")
    op.drop_table("cluster_turn")
    op.drop_table("must_not_link")
    op.drop_table("review")
    op.drop_table("request_approval")
    for column in ("holder_id", "asker_id", "match_id"):
        op.drop_index(op.f(f"ix_disclosure_request_{column}"), table_name="disclosure_request")
    op.drop_table("disclosure_request")
    op.drop_index(op.f("ix_disclosure_grant_match_id"), table_name="disclosure_grant")
    op.drop_table("disclosure_grant")
    op.drop_index(op.f("ix_meeting_release_project_id_expires_on"), table_name="meeting_release")
    op.drop_table("meeting_release")
