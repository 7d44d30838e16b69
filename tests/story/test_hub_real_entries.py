"""Real encodings meet through the library's own compare and score; sisters do not."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.hub import operating
from api.hub.scoring import score_sketches
from api.wire.batches import FiledEntry, Release, month_number
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.normalise.record import normalise
from matcher.person import RawRecord

SUNITA = {
    "given_name": "Sunita",
    "family_name": "Tamang",
    "sex": "F",
    "birth_date": "2005-03-14",
    "father_name": "Ram Bahadur Tamang",
    "district": "Sindhupalchok",
    "phone": "9841234567",
}
SUNITA_AGAIN = {**SUNITA, "given_name": "सुनिता", "family_name": "तामाङ", "phone": ""}
SISTER = {**SUNITA, "given_name": "Anjali", "birth_date": "2008-11-02"}


@pytest.fixture
def real_world(sqlite_template: Path, tmp_path: Path, schema: Any, open_world: Any) -> Iterator[Any]:
    """Return a hub with the library's own scorer."""
    path = tmp_path / "real.sqlite3"
    shutil.copy(sqlite_template, path)
    opened = open_world(f"sqlite+pysqlite:///{path}", schema, score_sketches)
    yield opened
    opened.client.close()
    opened.hub.database.close()


def encode(world: Any, secret: LinkageSecret, columns: dict[str, str]) -> list[FiledEntry]:
    """Encode one record as an agent does."""
    schema = world.schema
    encoder = Encoder(schema, SharedSecretPrf(secret, schema), FrequencyModel.shipped(schema.gate.frequency_model))
    (encoding,) = encoder.encode([normalise(RawRecord("case-1", columns), schema)])
    expires = month_number(2028, 1)
    return [FiledEntry(entry, Release.AUTOMATIC, expires) for entry in encoding.entries]


def test_one_person_in_two_scripts_meets_and_her_sister_does_not(real_world: Any, all_rules: Any) -> None:
    """Meetings of the person are certain; with her sister there is none at all."""
    a, b, c = (real_world.join(name, "ngo", all_rules) for name in "abc")
    secret = LinkageSecret.generate()
    a.file(*encode(real_world, secret, SUNITA))
    assert a.meetings() == {}
    b.file(*encode(real_world, secret, SUNITA_AGAIN))
    met = {meeting["grade"] for meeting in a.meetings().values()}
    assert "certain" in met
    assert "possible" not in met
    before = len(a.meetings())
    c.file(*encode(real_world, secret, SISTER))
    assert (c.meetings(), len(a.meetings())) == ({}, before)


def test_another_secret_meets_nobody(real_world: Any, all_rules: Any) -> None:
    """The same record under another linkage secret shares nothing."""
    a, b = real_world.join("a", "ngo", all_rules), real_world.join("b", "ngo", all_rules)
    for partner in (a, b):
        partner.file(*encode(real_world, LinkageSecret.generate(), SUNITA))
    assert (a.meetings(), b.meetings()) == ({}, {})


def test_what_is_stored_of_an_entry(real_world: Any, tmp_path: Path) -> None:
    """Nothing of it as it was filed is anywhere in the file."""
    a = real_world.join("a")
    rows = encode(real_world, LinkageSecret.generate(), SUNITA)
    a.file(*rows)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("real.sqlite3*"))
    for part in ("entry_id", "token", "sketch"):
        assert not any(getattr(row.entry, part) in stored for row in rows)


def test_rows_keep_no_order_of_arrival(real_world: Any) -> None:
    """SQLite keeps entries in the order of their seats' digests; there is no row id and no batch."""
    a = real_world.join("a")
    a.file(*encode(real_world, LinkageSecret.generate(), SUNITA))
    kept = [bytes(row[0]) for row in real_world.rows("SELECT seat_digest, box FROM entry")]
    assert kept == sorted(kept)
    with pytest.raises(Exception, match="no such column: rowid"):
        real_world.rows("SELECT rowid FROM entry")
    columns = {row.name for row in real_world.rows("PRAGMA table_info(entry)")}
    assert columns == {"entry_digest", "seat_digest", "expiry_tag", "box"}


def test_erased_entries_leave_no_byte_in_the_file(
    sqlite_world: Any, entry: Callable[..., FiledEntry], tmp_path: Path
) -> None:
    """Neither the database nor its log holds a digest or any part of a box of them."""
    a = sqlite_world.join("a")
    rows, others = ([entry(secrets.token_bytes(16)) for _ in range(200)] for _ in range(2))
    a.file(*rows)
    of_rows = sqlite_world.rows("SELECT entry_digest, seat_digest, box FROM entry")
    a.file(*others)
    a.erase(*rows)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("alone.sqlite3*"))
    of_others = sqlite_world.rows("SELECT entry_digest, seat_digest, box FROM entry")
    assert (len(of_rows), len(of_others)) == (200, 200)
    assert all(row.entry_digest in stored and row.box in stored for row in of_others)
    for row in of_rows:
        assert row.entry_digest not in stored
        assert row.seat_digest not in stored
        assert not any(row.box[start : start + 16] in stored for start in range(0, len(row.box) - 16, 16))


def test_the_agreement_of_fields_is_told_at_d3(real_world: Any, all_rules: Any) -> None:
    """Field by field, and no value: what is missing on one side is missing, what differs differs."""
    a, b = (real_world.join(name, "ngo", all_rules) for name in "ab")
    secret = LinkageSecret.generate()
    a.file(*encode(real_world, secret, SUNITA))
    b.file(*encode(real_world, secret, {**SUNITA_AGAIN, "father_name": "Hari Tamang"}))
    a.claim("a" * 32)
    (match,) = b.claim("b" * 32).json()["matches"]
    told = a.send("GET", f"/v1/matches/{match['match_id']}/disclosure").json()
    found = {each["field"]: each["agreement"] for each in told["agreement"]}
    assert (found["birth_date"], found["phone"]) == ("agree", "missing")
    assert found["given_name"] in {"agree", "close"}
    assert found["father_name"] in {"close", "differ"}
    assert told == {
        **b.send("GET", f"/v1/matches/{match['match_id']}/disclosure").json(),
        **{name: told[name] for name in ("contact", "other_reference")},
    }


def test_expired_entries_leave_no_byte_in_the_file(
    sqlite_world: Any, entry: Callable[..., FiledEntry], tmp_path: Path
) -> None:
    """What retention or the end of a consent lets expire is gone from the file as if it had been erased by hand."""
    a = sqlite_world.join("a")
    over = [entry(secrets.token_bytes(16), expires=month_number(2026, 11)) for _ in range(50)]
    kept = [entry(secrets.token_bytes(16)) for _ in range(50)]
    a.file(*over, *kept)
    held = set(sqlite_world.rows("SELECT seat_digest, box FROM entry"))
    sqlite_world.calendar.day = date(2026, 12, 1)
    operating.expire_all(sqlite_world.hub)
    left = set(sqlite_world.rows("SELECT seat_digest, box FROM entry"))
    assert (len(held), len(left)) == (100, 50)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("alone.sqlite3*"))
    assert not [part for row in held - left for part in (row.seat_digest, row.box[:16]) if part in stored]
    assert all(row.seat_digest in stored for row in left)
