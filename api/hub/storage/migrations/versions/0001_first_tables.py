"""
The first tables.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
PARTITIONS = 8  # a partition of 10 M people holds some 60 M entries; each makes every look-up a little slower


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "erased_entry",
        sa.Column("entry_digest", sa.LargeBinary(), nullable=False),
        sa.Column("row_digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_digest", name=op.f("pk_erased_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hub",
        sa.Column("hub_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_commitment", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hub_id", name=op.f("pk_hub")),
    )
    op.create_table(
        "organisation",
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation_class", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
    )
    op.create_table(
        "project",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project")),
    )
    op.create_table(
        "cluster",
        sa.Column("cluster_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.project_id"], name=op.f("fk_cluster_project_id")),
        sa.PrimaryKeyConstraint("cluster_id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("project_id", "born", name=op.f("uq_cluster_project_id_born")),
    )
    op.create_table(
        "joined_match",
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("grade_box", sa.LargeBinary(), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column("cluster_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.project_id"], name=op.f("fk_joined_match_project_id")),
        sa.PrimaryKeyConstraint("match_id", name=op.f("pk_joined_match")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_joined_match_cluster_id"), "joined_match", ["cluster_id"], unique=False)
    op.create_table(
        "key_epoch",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("key_epoch", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("schema_id", sa.String(length=32), nullable=False),
        sa.Column("schema_document", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.project_id"], name=op.f("fk_key_epoch_project_id")),
        sa.PrimaryKeyConstraint("project_id", "key_epoch", name=op.f("pk_key_epoch")),
        sa.UniqueConstraint("schema_id", name=op.f("uq_key_epoch_schema_id")),
    )
    op.create_table(
        "meeting",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("key_epoch", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("score_model", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.project_id"], name=op.f("fk_meeting_project_id")),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "membership",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("last_change", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.organisation_id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.project_id"], name=op.f("fk_membership_project_id")),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "api_key",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("secret_mac", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", sa.String(length=40), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "organisation_id"],
            ["membership.project_id", "membership.organisation_id"],
            name=op.f("fk_api_key_project_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_api_key")),
    )
    op.create_table(
        "claim",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("reference_tag", sa.LargeBinary(), nullable=False),
        sa.Column("reference_box", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.meeting_id"], name=op.f("fk_claim_meeting_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.organisation_id"], name=op.f("fk_claim_organisation_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "organisation_id", name=op.f("pk_claim")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_claim_organisation_id_project_id_reference_tag"),
        "claim",
        ["organisation_id", "project_id", "reference_tag"],
        unique=False,
    )
    op.create_table(
        "erasure",
        sa.Column("receipt_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("erased_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "organisation_id"],
            ["membership.project_id", "membership.organisation_id"],
            name=op.f("fk_erasure_project_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("receipt_id", name=op.f("pk_erasure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_event",
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detail_box", sa.LargeBinary(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["joined_match.match_id"], name=op.f("fk_match_event_match_id")),
        sa.PrimaryKeyConstraint("match_id", "number", name=op.f("pk_match_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "match_side",
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("has_reported", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["joined_match.match_id"], name=op.f("fk_match_side_match_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.organisation_id"], name=op.f("fk_match_side_organisation_id")
        ),
        sa.PrimaryKeyConstraint("match_id", "organisation_id", name=op.f("pk_match_side")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_match_side_organisation_id_project_id_change"),
        "match_side",
        ["organisation_id", "project_id", "change"],
        unique=False,
    )
    op.create_index(
        op.f("ix_match_side_organisation_id_project_id_reference"),
        "match_side",
        ["organisation_id", "project_id", "reference"],
        unique=False,
    )
    op.create_table(
        "meeting_side",
        sa.Column("meeting_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("entry_tag", sa.LargeBinary(), nullable=True),
        sa.Column("entry_box", sa.LargeBinary(), nullable=True),
        sa.Column("needs_hand", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("change", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.meeting_id"], name=op.f("fk_meeting_side_meeting_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.organisation_id"], name=op.f("fk_meeting_side_organisation_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "organisation_id", name=op.f("pk_meeting_side")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_meeting_side_entry_tag"), "meeting_side", ["entry_tag"], unique=False)
    op.create_index(
        op.f("ix_meeting_side_organisation_id_project_id_change"),
        "meeting_side",
        ["organisation_id", "project_id", "change"],
        unique=False,
    )
    op.create_table(
        "standing_rule",
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("other_class", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "organisation_id"],
            ["membership.project_id", "membership.organisation_id"],
            name=op.f("fk_standing_rule_project_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "project_id", "organisation_id", "other_class", "purpose", name=op.f("pk_standing_rule")
        ),
    )
    op.create_table(
        "statement",
        sa.Column("statement_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "organisation_id"],
            ["membership.project_id", "membership.organisation_id"],
            name=op.f("fk_statement_project_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement")),
        sa.UniqueConstraint(
            "project_id",
            "organisation_id",
            "purpose",
            "reason",
            name=op.f("uq_statement_project_id_organisation_id_purpose_reason"),
        ),
    )
    op.create_table(
        "encounter",
        sa.Column("match_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("exit_quarter", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["match_id", "organisation_id"],
            ["match_side.match_id", "match_side.organisation_id"],
            name=op.f("fk_encounter_match_id_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("match_id", "organisation_id", "number", name=op.f("pk_encounter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        sa.Column("seat_digest", sa.LargeBinary(), nullable=False),
        sa.Column("entry_digest", sa.LargeBinary(), nullable=False),
        sa.Column("expiry_tag", sa.LargeBinary(), nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seat_digest", "entry_digest", name=op.f("pk_entry")),
        sqlite_with_rowid=False,
        postgresql_partition_by="HASH (entry_digest)",
    )
    if op.get_bind().dialect.name == "postgresql":
        for number in range(PARTITIONS):
            op.execute(
                f"CREATE TABLE entry_part_{number} PARTITION OF entry "
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
            )
    op.create_index(op.f("ix_entry_entry_digest"), "entry", ["entry_digest"], unique=True)
    op.create_index(op.f("ix_entry_expiry_tag"), "entry", ["expiry_tag"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    """Remove them."""
    op.drop_index(op.f("ix_entry_expiry_tag"), table_name="entry")
    op.drop_index(op.f("ix_entry_entry_digest"), table_name="entry")
    op.drop_table("entry")
    op.drop_table("encounter")
    op.drop_table("statement")
    op.drop_table("standing_rule")
    op.drop_index(op.f("ix_meeting_side_organisation_id_project_id_change"), table_name="meeting_side")
    op.drop_index(op.f("ix_meeting_side_entry_tag"), table_name="meeting_side")
    op.drop_table("meeting_side")
    op.drop_index(op.f("ix_match_side_organisation_id_project_id_reference"), table_name="match_side")
    op.drop_index(op.f("ix_match_side_organisation_id_project_id_change"), table_name="match_side")
    op.drop_table("match_side")
    op.drop_table("match_event")
    op.drop_table("erasure")
    op.drop_index(op.f("ix_claim_organisation_id_project_id_reference_tag"), table_name="claim")
    op.drop_table("claim")
    op.drop_table("api_key")
    op.drop_table("membership")
    op.drop_table("meeting")
    op.drop_table("key_epoch")
    op.drop_index(op.f("ix_joined_match_cluster_id"), table_name="joined_match")
    op.drop_table("joined_match")
    op.drop_table("cluster")
    op.drop_table("project")
    op.drop_table("organisation")
    op.drop_table("hub")
    op.drop_table("erased_entry")
    # ### end Alembic commands ###
