"""Somebody feels their way through what others hold, with the agent's own encodings; the hub notices in time."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.hub.scoring import score_sketches
from api.hub.watch.signs import WALK_REPEATS
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
}
STARTS = ["Su", "Sa", "Ani", "Ka", "Mi", "Bi", "Ra", "Pra", "De", "Lax"]
ENDS = ["nita", "mita", "rina", "bina", "kala"]
SPELLINGS = [{"given_name": start + end} for start in STARTS for end in ENDS]
BIRTH_DATES = [{"birth_date": f"{1999 + step % 10}-{1 + step % 12:02}-{1 + step % 28:02}"} for step in range(50)]
SECRET = LinkageSecret.from_bytes(bytes(range(32)))


@pytest.fixture
def real_world(sqlite_template: Path, tmp_path: Path, schema: Any, open_world: Any) -> Iterator[Any]:
    """Return a hub with the library's own scorer."""
    path = tmp_path / "real.sqlite3"
    shutil.copy(sqlite_template, path)
    opened = open_world(f"sqlite+pysqlite:///{path}", schema, score_sketches)
    yield opened
    opened.client.close()
    opened.hub.database.close()


@pytest.fixture
def encode(real_world: Any) -> Any:
    """Return a function that encodes one record as an agent does."""
    schema = real_world.schema
    encoder = Encoder(
        schema,
        SharedSecretPrf(SECRET, schema),
        FrequencyModel.shipped(schema.gate.frequency_model),
        secrets.token_bytes,
    )

    def encode_one(columns: dict[str, str]) -> list[FiledEntry]:
        (encoding,) = encoder.encode([normalise(RawRecord("case", columns), schema)])
        return [FiledEntry(entry, Release.AUTOMATIC, month_number(2028, 1)) for entry in encoding.entries]

    return encode_one


def alarms(world: Any) -> list[str]:
    """Return the kinds of all alarms."""
    return [row[0] for row in world.rows("SELECT kind FROM alarm")]


@pytest.mark.parametrize("steps", [SPELLINGS, BIRTH_DATES], ids=["spellings", "birth dates"])
def test_a_walk_is_noticed_within_fifty_filings(real_world: Any, encode: Any, steps: list[dict[str, str]]) -> None:
    """Each step a filing that is erased before the next; answered as every filing is, to the end."""
    asker = real_world.join("asker")
    taken = 0
    for step in steps:
        rows = encode({**SUNITA, **step})
        assert asker.file(*rows).json()["state"] == "received"
        asker.erase(*rows)
        taken += 1
        if "walk" in alarms(real_world):
            break
    assert len(steps) == 50
    assert taken == WALK_REPEATS


def test_asking_again_in_other_words_gives_no_better_answer(real_world: Any, encode: Any, all_rules: Any) -> None:
    """What a token has answered for a person it answers again, however the rest is written."""
    holder, asker = real_world.join("holder", "ngo", all_rules), real_world.join("asker", "ngo", all_rules)
    holder.file(*encode(SUNITA))
    first = encode(SUNITA | {"birth_date": "2005"})
    asker.file(*first)
    grades = {row.entry.token: None for row in first}
    by_entry = {row.entry.entry_id.hex(): row.entry.token for row in first}
    for meeting in asker.meetings().values():
        grades[by_entry[meeting["entry_id"]]] = meeting["grade"]
    again = encode(SUNITA)
    asker.file(*again)
    by_entry = {row.entry.entry_id.hex(): row.entry.token for row in again}
    told = {
        by_entry[each["entry_id"]]: each["grade"] for each in asker.meetings().values() if each["entry_id"] in by_entry
    }
    common = {token for token in told if grades.get(token)}
    assert len(common) > 3
    assert {token: told[token] for token in common} == {token: grades[token] for token in common}


def test_an_honest_day_raises_no_alarm(real_world: Any, encode: Any) -> None:
    """Ten strangers of one district and birth date, and one more who is corrected and filed anew."""
    partner = real_world.join("honest")
    for step in SPELLINGS[:10]:
        partner.file(
            *encode({**SUNITA, **step, "birth_date": "1999-01-02", "father_name": step["given_name"] + " Lama"})
        )
    old = encode(SUNITA)
    partner.file(*old)
    partner.file(*encode({**SUNITA, "given_name": "Sunitaa"}))
    partner.erase(*old)
    assert alarms(real_world) == []
