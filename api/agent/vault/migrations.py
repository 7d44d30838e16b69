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

_CONSENT = """
CREATE TABLE consent (                           -- kept after its end: what was agreed, and since when it is over
    consent_id    INTEGER PRIMARY KEY,
    case_ref      TEXT NOT NULL,                 -- no row of case_record is needed: it may come before the case
    purpose       TEXT NOT NULL,
    given_by      TEXT,
    basis         TEXT NOT NULL,
    withheld_from TEXT NOT NULL,                 -- classes with a space between
    expires_on    TEXT,
    given_on      TEXT NOT NULL,
    ended         TEXT,                          -- api.agent.consent.Ended
    ended_on      TEXT
) STRICT;
CREATE INDEX consent_case ON consent (case_ref, purpose);

CREATE TABLE erasure (
    receipt_id TEXT PRIMARY KEY,
    entries    INTEGER NOT NULL,
    digest     TEXT NOT NULL,                    -- of the entry ids that were sent; the ids themselves are forgotten
    note       TEXT NOT NULL                     -- signed by the hub
) STRICT;

CREATE TABLE ending (                            -- a case whose entries must not be at the hub any more
    ending_id  INTEGER PRIMARY KEY,
    case_ref   TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    ended      TEXT NOT NULL,
    ended_on   TEXT NOT NULL,
    entries    INTEGER NOT NULL,                 -- that had left, or may have
    receipt_id TEXT REFERENCES erasure           -- null until the hub has erased them
) STRICT;
CREATE INDEX ending_case ON ending (case_ref);

ALTER TABLE case_record ADD COLUMN source TEXT NOT NULL DEFAULT '';

CREATE TABLE added_encounter (                   -- beside the one that the case's row tells of
    case_ref     TEXT NOT NULL REFERENCES case_record ON DELETE CASCADE,
    quarter      TEXT NOT NULL,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    exit_quarter TEXT,
    PRIMARY KEY (case_ref, quarter, kind)
) STRICT, WITHOUT ROWID;

ALTER TABLE match ADD COLUMN rung TEXT NOT NULL DEFAULT 'D1';
ALTER TABLE match ADD COLUMN own_review TEXT;
ALTER TABLE match ADD COLUMN resolution TEXT;
ALTER TABLE match ADD COLUMN review_due_on TEXT NOT NULL DEFAULT '';

CREATE TABLE disclosure_request (                -- as the hub last told; replaced whole with every sync
    request_id TEXT PRIMARY KEY,
    match_id   TEXT NOT NULL,
    told       TEXT NOT NULL                     -- api.wire.disclosures.DisclosureRequest
) STRICT;
"""

_REFERRING = """
CREATE TABLE referral (
    referral_id TEXT PRIMARY KEY,
    match_id    TEXT NOT NULL REFERENCES match ON DELETE CASCADE,
    told        TEXT NOT NULL                    -- api.wire.referrals.Referral
) STRICT;

CREATE TABLE sealing_key (                       -- own ones; messages to the last may still be on their way
    number       INTEGER PRIMARY KEY,
    private      BLOB NOT NULL,
    made_on      TEXT NOT NULL,
    is_published INTEGER NOT NULL
) STRICT;

CREATE TABLE mailbox (                           -- the other side of a match, pinned at its first sight
    match_id TEXT PRIMARY KEY REFERENCES match ON DELETE CASCADE,
    identity TEXT NOT NULL,                      -- Ed25519, as notes write keys
    number   INTEGER NOT NULL                    -- of its last sealing key
) STRICT;

CREATE TABLE message (
    message_id TEXT PRIMARY KEY,
    match_id   TEXT NOT NULL REFERENCES match ON DELETE CASCADE,
    is_own     INTEGER NOT NULL,
    text       TEXT NOT NULL,
    written_at INTEGER NOT NULL,                 -- seconds since 1970, by the writer's clock
    is_read    INTEGER NOT NULL
) STRICT;
CREATE INDEX message_match ON message (match_id);
"""

_TOLD_OF_MATCHES = """
ALTER TABLE match ADD COLUMN answer TEXT;                            -- what the police is told: yes, no, insufficient
ALTER TABLE match ADD COLUMN broken_glass TEXT NOT NULL DEFAULT '';  -- a line for each emergency: danger and day
"""

_PARTED = """
ALTER TABLE match ADD COLUMN was_parted_before INTEGER NOT NULL DEFAULT 0;  -- from another record of that organisation
"""

MIGRATIONS = (_FIRST, _POLICE_STATEMENTS, _CONSENT, _REFERRING, _TOLD_OF_MATCHES, _PARTED)


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
