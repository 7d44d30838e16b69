"""Rows of a hub that grows: what the last hundredth of all people costs beside all of them."""

import time
from collections.abc import Iterator, Sequence
from itertools import repeat, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.wire.batches import MAXIMUM_ENTRIES, FiledEntry, Release, month_number, pack_batch
from api.wire.statements import Purpose, Statement
from benchmarks.attacks.encodings.hub_under_attack import HubUnderAttack
from benchmarks.attacks.encodings.ours import linkage_secret
from benchmarks.attacks.population import People, duplicates
from benchmarks.speed.row import Profile, Row, row_of
from matcher.encode.encoder import Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encoding import Encoding

PEOPLE = {"ci": (1_000,), "full": (10_000, 100_000)}
LAST = 0.01  # of the people
EXPIRES = month_number(2028, 1)
LEAST_RATIO = 0.5
SEED = 1
NAMES = ("first", "second")  # two organisations whose lists grow in turns


def rows(profile: Profile) -> Iterator[Row]:
    """Yield a row for each size, of one run: its batches, all of one size, are the repetitions."""
    for people in PEOPLE[profile]:
        total = round(people * (1 + LAST))
        held, last = _seconds(duplicates("nepali", total, SEED))
        whole = sum(held) + sum(last)
        yield row_of(
            f"file {total - people:,} records more into a hub that holds {people:,}, SQLite",
            "records/s of CPU",
            [(total - people) / sum(last)],
            peer="all of them, from the first",
            peers=total / whole,
            least_ratio=LEAST_RATIO,
            note=f"{sum(last) / whole:.2%} of the cost of linking all {total:,}; meetings included",
        )


def _seconds(people: People) -> tuple[list[float], list[float]]:
    """File everybody; return the CPU seconds of each batch, those of the last hundredth of the people apart."""
    cut = round(len(people) / (1 + LAST))
    with TemporaryDirectory() as folder, HubUnderAttack(Path(folder), people.schema, NAMES) as hub:
        prf = SharedSecretPrf(linkage_secret(np.random.default_rng(SEED)), hub.schema)
        encodings = Encoder(hub.schema, prf, people.frequencies).encode(people.persons)
        most = min(MAXIMUM_ENTRIES, sum(len(encoding.entries) for encoding in encodings[cut:]))
        lists = (
            zip(repeat(name), _bodies(encodings[start:cut:2], most), strict=False) for start, name in enumerate(NAMES)
        )
        turns = (turn for turns in zip_longest(*lists) for turn in turns if turn)
        held = [_spent(hub, name, body) for name, body in turns]
        return held, [_spent(hub, NAMES[1], body) for body in _bodies(encodings[cut:], most)]


def _spent(hub: HubUnderAttack, name: str, body: bytes) -> float:
    """File a batch; return the CPU seconds it took, the operator's leave to file so many included."""
    started = time.process_time()
    hub.file(name, body)
    return time.process_time() - started


def _bodies(encodings: Sequence[Encoding], most: int) -> Iterator[bytes]:
    """Pack the entries of some records into batches of at most so many."""
    statement = Statement(purpose=Purpose.PROTECTION, reason="intake")
    filed = [FiledEntry(entry, Release.AUTOMATIC, EXPIRES) for encoding in encodings for entry in encoding.entries]
    for start in range(0, len(filed), most):
        yield pack_batch(encodings[0].envelope, statement, filed[start : start + most])
