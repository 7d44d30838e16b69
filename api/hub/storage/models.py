"""
The hub's tables; only repositories touch them.

Ids are random and rows of SQLite lie in the order of ids or keyed digests, so that the file keeps no order of arrival;
there is no table of batches, because a batch would tell which entries came together. What two entries have in common is
first written down when their agents claim it. What an entry came with, and which entries met, lies under the hub's key
(`docs/decisions/0017`): cells called `box` are sealed, those called `digest` or `tag` are keyed digests.
"""

from sqlalchemy import (
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
    Text,
    UniqueConstraint,
    false,
    true,
)

from api.hub.storage import audit_tables, people_tables, referral_tables, resolving_tables
from api.hub.storage.naming import metadata

audit_head = audit_tables.audit_head
audit_entry = audit_tables.audit_entry
audit_object = audit_tables.audit_object
audit_checkpoint = audit_tables.audit_checkpoint
audit_cosignature = audit_tables.audit_cosignature
user_account = people_tables.user_account
user_session = people_tables.user_session
login_throttle = people_tables.login_throttle
approval = people_tables.approval
quota_use = people_tables.quota_use
bulk_filing = people_tables.bulk_filing
watch_cell = people_tables.watch_cell
watch_day = people_tables.watch_day
alarm = people_tables.alarm
meeting_release = resolving_tables.meeting_release
disclosure_grant = resolving_tables.disclosure_grant
disclosure_request = resolving_tables.disclosure_request
request_approval = resolving_tables.request_approval
review = resolving_tables.review
must_not_link = resolving_tables.must_not_link
break_glass = resolving_tables.break_glass
break_glass_approval = resolving_tables.break_glass_approval
cluster_turn = resolving_tables.cluster_turn
referral = referral_tables.referral
referral_side = referral_tables.referral_side
referral_event = referral_tables.referral_event
sealing_key = referral_tables.sealing_key
sealed_message = referral_tables.sealed_message
webhook = referral_tables.webhook
webhook_event = referral_tables.webhook_event

hub = Table(
    "hub",
    metadata,
    Column("hub_id", Integer, primary_key=True, autoincrement=False),
    Column("key_commitment", LargeBinary, nullable=False),
)

project = Table(
    "project",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("purposes", Text, nullable=False),
    Column("retention_months", Integer, nullable=False),
    Column("created_on", Date, nullable=False),
)

key_epoch = Table(
    "key_epoch",
    metadata,
    Column("project_id", ForeignKey("project.project_id"), primary_key=True),
    Column("key_epoch", Integer, primary_key=True, autoincrement=False),
    Column("schema_id", String(32), nullable=False, unique=True),
    Column("schema_document", Text, nullable=False),
    Column("state", String(10), nullable=False),
)

organisation = Table(
    "organisation",
    metadata,
    Column("organisation_id", String(36), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("organisation_class", String(20), nullable=False),
    Column("contact_alias", String(80), nullable=False, server_default=""),
    Column("is_location_sensitive", Boolean, nullable=False, server_default=true()),
    Column("is_suspended", Boolean, nullable=False, server_default=false()),
    Column("is_decoy", Boolean, nullable=False, server_default=false()),
)

membership = Table(
    "membership",
    metadata,
    Column("project_id", ForeignKey("project.project_id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), primary_key=True),
    Column("last_change", Integer, nullable=False),
)

standing_rule = Table(
    "standing_rule",
    metadata,
    Column("project_id", String(40), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("other_class", String(20), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    ForeignKeyConstraint(["project_id", "organisation_id"], ["membership.project_id", "membership.organisation_id"]),
)

api_key = Table(
    "api_key",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("organisation_id", String(36), nullable=False),
    Column("secret_mac", LargeBinary, nullable=False),
    Column("scopes", String(40), nullable=False),
    Column("created_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("is_revoked", Boolean, nullable=False),
    Column("networks", String(500), nullable=False, server_default=""),
    ForeignKeyConstraint(["project_id", "organisation_id"], ["membership.project_id", "membership.organisation_id"]),
)

statement = Table(
    "statement",
    metadata,
    Column("statement_id", String(36), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("organisation_id", String(36), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    UniqueConstraint("project_id", "organisation_id", "purpose", "reason"),
    ForeignKeyConstraint(["project_id", "organisation_id"], ["membership.project_id", "membership.organisation_id"]),
)

entry = Table(
    "entry",
    metadata,
    Column("seat_digest", LargeBinary, primary_key=True),  # first: SQLite keeps rows in this order
    Column("entry_digest", LargeBinary, primary_key=True, unique=True, index=True),
    Column("expiry_tag", LargeBinary, nullable=False, index=True),
    Column("box", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
    postgresql_partition_by="HASH (entry_digest)",  # into eight tables; docs/decisions/0019
)

erased_entry = Table(
    "erased_entry",
    metadata,
    Column("entry_digest", LargeBinary, primary_key=True),
    Column("row_digest", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

erasure = Table(
    "erasure",
    metadata,
    Column("receipt_id", String(36), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("organisation_id", String(36), nullable=False),
    Column("erased_on", Date, nullable=False),
    ForeignKeyConstraint(["project_id", "organisation_id"], ["membership.project_id", "membership.organisation_id"]),
    sqlite_with_rowid=False,
)

meeting = Table(
    "meeting",
    metadata,
    Column("meeting_id", String(36), primary_key=True),
    Column("project_id", ForeignKey("project.project_id"), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("key_epoch", Integer, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("score_model", String(80), nullable=False),
    sqlite_with_rowid=False,
)

meeting_side = Table(
    "meeting_side",
    metadata,
    Column("meeting_id", ForeignKey("meeting.meeting_id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("entry_tag", LargeBinary, nullable=True, index=True),
    Column("entry_box", LargeBinary, nullable=True),
    Column("needs_hand", Boolean, nullable=False),
    Column("is_protected", Boolean, nullable=False, server_default=true()),
    Column("state", String(24), nullable=False),
    Column("change", Integer, nullable=True),
    Index(None, "organisation_id", "project_id", "change"),
    sqlite_with_rowid=False,
)

claim = Table(
    "claim",
    metadata,
    Column("meeting_id", ForeignKey("meeting.meeting_id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("reference_tag", LargeBinary, nullable=False),
    Column("reference_box", LargeBinary, nullable=False),
    Index(None, "organisation_id", "project_id", "reference_tag"),
    sqlite_with_rowid=False,
)

match = Table(
    "joined_match",
    metadata,
    Column("match_id", String(36), primary_key=True),
    Column("project_id", ForeignKey("project.project_id"), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("grade_box", LargeBinary, nullable=False),
    Column("is_void", Boolean, nullable=False),
    Column("cluster_id", String(36), nullable=False, index=True),
    Column("resolution", String(10), nullable=False, server_default=""),
    Column("is_adjudicated", Boolean, nullable=False, server_default=false()),
    sqlite_with_rowid=False,
)

match_side = Table(
    "match_side",
    metadata,
    Column("match_id", ForeignKey("joined_match.match_id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), primary_key=True),
    Column("project_id", String(40), nullable=False),
    Column("reference", LargeBinary, nullable=False),
    Column("has_reported", Boolean, nullable=False),
    Column("change", Integer, nullable=False),
    Column("cluster_id", String(36), nullable=False),
    Index(None, "organisation_id", "project_id", "change"),
    Index(None, "organisation_id", "project_id", "reference"),
    sqlite_with_rowid=False,
)

match_event = Table(
    "match_event",
    metadata,
    Column("match_id", ForeignKey("joined_match.match_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("detail_box", LargeBinary, nullable=False),
    Column("happened_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

encounter = Table(
    "encounter",
    metadata,
    Column("match_id", String(36), primary_key=True),
    Column("organisation_id", String(36), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("quarter", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("exit_quarter", Integer, nullable=True),
    ForeignKeyConstraint(["match_id", "organisation_id"], ["match_side.match_id", "match_side.organisation_id"]),
    sqlite_with_rowid=False,
)

cluster = Table(
    "cluster",
    metadata,
    Column("cluster_id", String(36), primary_key=True),
    Column("project_id", ForeignKey("project.project_id"), nullable=False),
    Column("born", Integer, nullable=False),
    Column("merged_into", String(36), nullable=True),
    UniqueConstraint("project_id", "born"),
)
