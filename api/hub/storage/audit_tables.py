"""
The tables of the audit log; only its repository touches them.

An entry keeps, beside its leaf, the hashes of all perfect subtrees that it completes (one on average two), so that
every proof is a handful of rows. Nothing here names a person, an entry or a token: objects are keyed tags.
"""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from api.hub.storage.naming import metadata

audit_head = Table(
    "audit_head",
    metadata,
    Column("head_id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("leaf", Text, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

audit_object = Table(
    "audit_object",
    metadata,
    Column("tag", LargeBinary, primary_key=True),
    Column("number", ForeignKey("audit_entry.number"), primary_key=True),
    Index(None, "number"),
    sqlite_with_rowid=False,
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("published_on", Date, nullable=False),
)

audit_cosignature = Table(
    "audit_cosignature",
    metadata,
    Column("size", ForeignKey("audit_checkpoint.size"), primary_key=True),
    Column("witness", String(100), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.organisation_id"), nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
