"""
The vault's tables, and the way from each version to the next; on the partner's premises.

A migration is never edited once released: append another. `PRAGMA user_version` says how many have been applied.
"""

import apsw

from api.agent.errors import VaultError
from api.agent.vault.connection import transaction

_FIRST = """
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE case_record (
    case_ref          TEXT PRIMARY KEY,      -- the partner's own
    reference         TEXT NOT NULL UNIQUE,  -- random, 32 hex digits: what claims say instead
    digest            BLOB NOT NULL,         -- of all that entries depend on: unlike means encode again
    release           INTEGER NOT NULL,      -- api.wire.batches.Release
    held_for          TEXT NOT NULL,         -- why release is manual: codes with a space between
    encounter_quarter TEXT,
    encounter_kind    TEXT,
    encounter_status  TEXT,
    exit_quarter      TEXT
) STRICT;

CREATE TABLE batch (
    batch_id        INTEGER PRIMARY KEY,
    purpose         TEXT NOT NULL,
    reason          TEXT NOT NULL,
    schema_id       TEXT NOT NULL,
    key_epoch       INTEGER NOT NULL,
    encoder_version INTEGER NOT NULL,
    receipt         TEXT                     -- null until the hub has acknowledged
) STRICT;

CREATE TABLE entry (
    entry_id BLOB PRIMARY KEY,
    case_ref TEXT NOT NULL REFERENCES case_record,
    token    BLOB,                           -- token and sketch are dropped once the hub has them
    sketch   BLOB,
    release  INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    batch_id INTEGER REFERENCES batch,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'withdrawn'))
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_case ON entry (case_ref);
CREATE INDEX entry_state ON entry (state, batch_id);

CREATE TABLE meeting (
    meeting_id  TEXT PRIMARY KEY,
    entry_id    BLOB NOT NULL,
    grade       TEXT NOT NULL,
    state       TEXT NOT NULL,
    other_class TEXT NOT NULL,
    purpose     TEXT NOT NULL
) STRICT;
CREATE INDEX meeting_state ON meeting (state);
CREATE INDEX meeting_entry ON meeting (entry_id);

CREATE TABLE match (
    match_id    TEXT PRIMARY KEY,
    reference   TEXT NOT NULL,
    cluster_id  TEXT NOT NULL,
    other_class TEXT NOT NULL,
    grade       TEXT NOT NULL,
    state       TEXT NOT NULL,
    verdict     TEXT,
    reasons     TEXT NOT NULL,
    reported    TEXT                         -- the encounters the hub has of us, as sent
) STRICT;

CREATE TABLE column_map (
    headers TEXT PRIMARY KEY,
    mapping TEXT NOT NULL
) STRICT;
"""

_POLICE_STATEMENTS = """
ALTER TABLE batch ADD COLUMN case_tag TEXT;      -- what the police states beside purpose and reason
ALTER TABLE batch ADD COLUMN lawful_basis TEXT;
ALTER TABLE batch ADD COLUMN approval_id TEXT;
"""

MIGRATIONS = (_FIRST, _POLICE_STATEMENTS)


def migrate(connection: apsw.Connection) -> None:
    """
    Bring a vault to this version, one step at a time, each whole or not at all.

    Raises:
        VaultError: the vault was written by a later version.
    """
    if connection.pragma("user_version") == len(MIGRATIONS):
        return
    with transaction(connection):
        version = int(connection.pragma("user_version"))
        if version > len(MIGRATIONS):
            advice = "Use the version of casematch that wrote it, or a later one."
            raise VaultError("written by a later version", code="vault_version", where="vault", advice=advice)
        for step in MIGRATIONS[version:]:
            for _ in connection.execute(step):
                pass
        connection.pragma("user_version", len(MIGRATIONS))
