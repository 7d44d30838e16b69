"""
Records filed one at a time meet whom they would have met in one batch.

No partner files two records of one person here: asked again about the same person, a hub gives its earlier answer.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.hub.scoring import score_sketches
from api.wire.batches import FiledEntry, Release, month_number
from benchmarks.data.worlds.world import make_world
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.normalise.record import normalise

RECORDS = 60
EXPIRES = month_number(2028, 1)
GRADES = "SELECT meeting_id, grade FROM meeting"


@pytest.fixture
def new_hub(sqlite_template: Path, tmp_path: Path, schema: Any, open_world: Any) -> Iterator[Callable[[], Any]]:
    """Return a function that opens a new hub with the library's own scorer."""
    opened = []

    def open_one() -> Any:
        path = tmp_path / f"{secrets.token_hex(4)}.sqlite3"
        shutil.copy(sqlite_template, path)
        opened.append(open_world(f"sqlite+pysqlite:///{path}", schema, score_sketches))
        return opened[-1]

    yield open_one
    for each in opened:
        each.client.close()
        each.hub.database.close()


@pytest.fixture
def records(schema: Any) -> list[tuple[int, list[FiledEntry]]]:
    """Encode an invented world; every record belongs to one of two partners, each with one record of a person."""
    encoder = Encoder(
        schema,
        SharedSecretPrf(LinkageSecret.generate(), schema),
        FrequencyModel.shipped(schema.gate.frequency_model),
    )
    world = make_world(1, RECORDS, "L")
    owned = {}
    for raw, record in zip(world.raw_records(), world.records, strict=True):
        owned.setdefault((record.contact % 2, record.person.number), raw)
    encodings = encoder.encode([normalise(raw, schema) for raw in owned.values()])
    filed = [[FiledEntry(entry, Release.AUTOMATIC, EXPIRES) for entry in each.entries] for each in encodings]
    return [(owner, entries) for (owner, _), entries in zip(owned, filed, strict=True) if entries]


def meetings_of(hub: Any) -> set[tuple[frozenset[bytes], int]]:
    """Return which entries met, and how they were graded."""
    pairs: dict[str, set[bytes]] = {}
    for meeting_id, _, entry_id in hub.met_ids():
        pairs.setdefault(meeting_id, set()).add(entry_id)
    return {(frozenset(pairs[row.meeting_id]), row.grade) for row in hub.rows(GRADES)}


def test_one_at_a_time_in_any_order_or_all_at_once(new_hub: Any, records: Any, all_rules: Any) -> None:
    """The same pairs of entries meet, with the same grades, and some do."""
    at_once, shuffled = new_hub(), new_hub()
    for place, partner in enumerate([at_once.join(name, "ngo", all_rules) for name in "ab"]):
        partner.file(*(entry for owner, entries in records if owner == place for entry in entries))
    joined = [shuffled.join(name, "ngo", all_rules) for name in "ab"]
    Random(1).shuffle(records)  # noqa: S311 - an order, not a secret
    for owner, entries in records:
        assert joined[owner].file(*entries).status_code == 202
    met = [meetings_of(hub) for hub in (at_once, shuffled)]
    assert len(met[0]) > RECORDS
    assert met[0] == met[1]
