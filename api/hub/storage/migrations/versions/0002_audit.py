"""
The audit log.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the audit log, and its head: an empty tree."""
    head = op.create_table(
        "audit_head",
        sa.Column("head_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("head_id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"head_id": 1, "size": 0, "frontier": b""}])
    op.create_table(
        "audit_entry",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_object",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["audit_entry.number"], name=op.f("fk_audit_object_number")),
        sa.PrimaryKeyConstraint("tag", "number", name=op.f("pk_audit_object")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_audit_object_number"), "audit_object", ["number"])
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_audit_checkpoint")),
    )
    op.create_table(
        "audit_cosignature",
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.String(length=100), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["size"], ["audit_checkpoint.size"], name=op.f("fk_audit_cosignature_size")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.organisation_id"],
            name=op.f("fk_audit_cosignature_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("size", "witness", name=op.f("pk_audit_cosignature")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("audit_cosignature")
    op.drop_table("audit_checkpoint")
    op.drop_index(op.f("ix_audit_object_number"), table_name="audit_object")
    op.drop_table("audit_object")
    op.drop_table("audit_entry")
    op.drop_table("audit_head")
