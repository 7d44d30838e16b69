"""
The tables of grants, disclosure requests, reviews, constraints, break-glass and the history of clusters.

Only repositories touch them. Nothing here is about an entry: a match, two organisations, random references, codes.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from api.hub.storage.naming import metadata

_SIDE = ["match_side.match_id", "match_side.organisation_id"]

meeting_release = Table(
    "meeting_release",
    metadata,
    Column("meeting_id", ForeignKey("meeting.meeting_id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("expires_on", Date, nullable=False),
    Index(None, "project_id", "expires_on"),
    sqlite_with_rowid=False,
)

disclosure_grant = Table(
    "disclosure_grant",
    metadata,
    Column("grant_id", String(36), primary_key=True),
    Column("match_id", String(36), nullable=False, index=True),
    Column("holder_id", String(36), nullable=False),
    Column("rung", Integer, nullable=False),
    Column("cause", String(20), nullable=False),
    Column("granted_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("expires_at", BigInteger, nullable=True),
    ForeignKeyConstraint(["match_id", "holder_id"], _SIDE),
    sqlite_with_rowid=False,
)

disclosure_request = Table(
    "disclosure_request",
    metadata,
    Column("request_id", String(36), primary_key=True),
    Column("match_id", String(36), nullable=False, index=True),
    Column("project_id", String(40), nullable=False),
    Column("asker_id", String(36), nullable=False, index=True),
    Column("holder_id", String(36), nullable=False, index=True),
    Column("rung", Integer, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("lawful_basis", String(40), nullable=True),
    Column("state", String(24), nullable=False),
    Column("question", String(40), nullable=True),
    Column("days", Integer, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    ForeignKeyConstraint(["match_id", "asker_id"], _SIDE),
    sqlite_with_rowid=False,
)

request_approval = Table(
    "request_approval",
    metadata,
    Column("request_id", ForeignKey("disclosure_request.request_id"), primary_key=True),
    Column("actor_id", String(36), primary_key=True),
    Column("organisation_id", String(36), nullable=False),
    Column("is_user", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

review = Table(
    "review",
    metadata,
    Column("match_id", String(36), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), nullable=False),
    Column("actor_id", String(36), nullable=False),
    Column("answer", String(10), nullable=True),
    Column("disposition", String(40), nullable=True),
    Column("invalid_reasons", String(200), nullable=False),
    Column("has_conflict", Boolean, nullable=False),
    Column("is_desk", Boolean, nullable=False),
    Column("given_on", Date, nullable=False),
    ForeignKeyConstraint(["match_id"], ["joined_match.match_id"]),
    sqlite_with_rowid=False,
)

must_not_link = Table(
    "must_not_link",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("first_id", String(36), primary_key=True),
    Column("first_reference", LargeBinary, primary_key=True),
    Column("second_id", String(36), primary_key=True),
    Column("second_reference", LargeBinary, primary_key=True),
    ForeignKeyConstraint(["project_id"], ["project.project_id"]),
    sqlite_with_rowid=False,
)

break_glass = Table(
    "break_glass",
    metadata,
    Column("break_glass_id", String(36), primary_key=True),
    Column("match_id", ForeignKey("joined_match.match_id"), nullable=False, index=True),
    Column("project_id", String(40), nullable=False),
    Column("asker_id", ForeignKey("organisation.organisation_id"), nullable=False),
    Column("holder_id", ForeignKey("organisation.organisation_id"), nullable=False),
    Column("actor_id", String(36), nullable=False),
    Column("danger", String(40), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=True),
    Column("finding", String(20), nullable=True),
    sqlite_with_rowid=False,
)

break_glass_approval = Table(
    "break_glass_approval",
    metadata,
    Column("break_glass_id", ForeignKey("break_glass.break_glass_id"), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("actor_id", String(36), nullable=False),
    sqlite_with_rowid=False,
)

cluster_turn = Table(
    "cluster_turn",
    metadata,
    Column("project_id", ForeignKey("project.project_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("cluster_id", String(36), nullable=False, index=True),
    Column("turn", String(10), nullable=False),
    Column("other_id", String(36), nullable=False),
    Column("happened_on", Date, nullable=False),
    sqlite_with_rowid=False,
)
