"""What holds for every message on the wire."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire.batches import FiledEntry, Release, pack_batch, unpack_head, unpack_rows
from api.wire.matches import Claim, EncounterReport, Encounters
from api.wire.meetings import Decisions
from api.wire.statements import Purpose, Statement
from matcher.encoding import Entry, Envelope, entry_bytes, envelope_of
from matcher.errors import MalformedEncodingError
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
ENTRIES = st.binary(min_size=entry_bytes(SCHEMA), max_size=entry_bytes(SCHEMA)).map(
    lambda data: Entry.from_bytes(data, SCHEMA)
)
ROWS = st.lists(
    st.builds(FiledEntry, ENTRIES, st.sampled_from(Release), st.integers(0, 65_535)), min_size=1, max_size=5
)
STATEMENTS = st.builds(
    lambda purpose, reason: Statement(purpose=purpose, reason=reason),
    st.sampled_from(Purpose),
    st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True),
)
HEX = st.binary(min_size=16, max_size=16).map(bytes.hex)
QUARTERS = st.from_regex(r"(19|20|21)[0-9]{2}Q[1-4]", fullmatch=True)
UUIDS = st.uuids().map(str)


@given(ROWS, STATEMENTS, st.integers(1, 65_535))
def test_a_batch_round_trips(rows: list[FiledEntry], statement: Statement, key_epoch: int) -> None:
    """What is packed is what is unpacked, in the same order."""
    body = pack_batch(Envelope(SCHEMA.schema_id, key_epoch), statement, rows)
    head, offset = unpack_head(body)
    assert (head.statement, head.envelope.key_epoch) == (statement, key_epoch)
    assert list(unpack_rows(body, head, offset, SCHEMA)) == rows


@given(st.data())
def test_a_batch_cut_anywhere_is_refused(data: st.DataObject) -> None:
    """No part of a batch passes for a whole one."""
    row = FiledEntry(Entry.from_bytes(secrets.token_bytes(entry_bytes(SCHEMA)), SCHEMA), Release.MANUAL, 300)
    body = pack_batch(envelope_of(SCHEMA), Statement(purpose=Purpose.DEDUP, reason="intake"), [row, row])
    cut = body[: data.draw(st.integers(0, len(body) - 1))]
    with pytest.raises(MalformedEncodingError):
        list(unpack_rows(cut, *unpack_head(cut), SCHEMA))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Anything that is no batch is refused by the library's own error."""
    with pytest.raises(MalformedEncodingError):
        unpack_head(body)
    with pytest.raises(MalformedEncodingError):
        unpack_head(b"CMB1" + len(body).to_bytes(4, "big") + body)


@given(st.lists(UUIDS, min_size=1, max_size=4), HEX)
def test_claims_and_decisions_round_trip(meeting_ids: list[str], reference: str) -> None:
    """Written as JSON and read again they are the same."""
    claim = Claim(meeting_ids=meeting_ids, reference=reference)
    decisions = Decisions(release=meeting_ids, refuse=[])
    assert Claim.model_validate_json(claim.model_dump_json()) == claim
    assert Decisions.model_validate_json(decisions.model_dump_json()) == decisions


@given(QUARTERS, st.none() | QUARTERS)
def test_encounters_round_trip(quarter: str, exit_quarter: str | None) -> None:
    """Written as JSON and read again they are the same."""
    told = EncounterReport(quarter=quarter, kind="rescue", status="possible", exit_quarter=exit_quarter)
    encounters = Encounters(encounters=[told])
    assert Encounters.model_validate_json(encounters.model_dump_json()) == encounters
