"""
A partner who asks: a hub at which a holder has filed people, all released by rule, and organisations with an API key.

The adversary has the linkage secret, as every partner does, and may alter its agent; it sees what the hub's interface
answers to it, and nothing of alarms, which are counted for scoring alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.wire.batches import FiledEntry, Release, month_number, pack_batch
from api.wire.statements import Purpose, Statement
from benchmarks.attacks.encodings.hub_under_attack import HubUnderAttack
from benchmarks.attacks.encodings.ours import linkage_secret
from benchmarks.attacks.population import People
from matcher.encode.encoder import Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encoding import Entry, Envelope
from matcher.person import Person
from matcher.schema import LinkageSchema

HOLDER, ASKER, SECOND = "holder", "asker", "second"
EXPIRES = month_number(2028, 1)
BATCH_PEOPLE = 200  # so that no batch is longer than the hub takes


@dataclass(frozen=True, slots=True)
class Scene:
    """
    The hub, and what every partner of its project has.

    Attributes:
        hub: two askers have filed nothing yet.
        schema: the project's.
        encoder: an agent's.
    """

    hub: HubUnderAttack
    schema: LinkageSchema
    encoder: Encoder
    envelope: Envelope

    def encode(self, person: Person) -> tuple[Entry, ...]:
        """Encode one person as an agent does."""
        (entries,) = self.encode_all([person])
        return entries

    def encode_all(self, persons: Sequence[Person]) -> list[tuple[Entry, ...]]:
        """Encode persons; returns the entries of each."""
        return [encoding.entries for encoding in self.encoder.encode(persons)]

    def ask(self, asker: str, entries: Sequence[Entry]) -> int:
        """File entries in one batch; return the status of the answer."""
        return self.hub.ask(asker, self.pack(entries))

    def told(self, asker: str, entries: Sequence[Entry]) -> set[bytes]:
        """Return the tokens of those entries whose meetings are new since the asker last looked."""
        token_of = {entry.entry_id.hex(): entry.token for entry in entries}
        found = (token_of.get(meeting.entry_id) for meeting in self.hub.news(asker))
        return {token for token in found if token is not None}

    def pack(self, entries: Sequence[Entry]) -> bytes:
        """Pack entries into one batch, all of them released by rule."""
        statement = Statement(purpose=Purpose.PROTECTION, reason="intake")
        return pack_batch(self.envelope, statement, [FiledEntry(each, Release.AUTOMATIC, EXPIRES) for each in entries])


@contextmanager
def scene(people: People, held: Sequence[Person], seed: int) -> Iterator[Scene]:
    """
    Open a hub at which some people are held, on the day after they were filed.

    Args:
        people: give schema and frequencies.
        held: the holder's; filed by its agent.
        seed: draws secret and random bytes.
    """
    draw = np.random.default_rng([seed, len(held)])
    with TemporaryDirectory() as folder, HubUnderAttack(Path(folder), people.schema, (HOLDER, ASKER, SECOND)) as hub:
        schema = hub.schema
        prf = SharedSecretPrf(linkage_secret(draw), schema)
        opened = Scene(hub, schema, Encoder(schema, prf, people.frequencies, draw.bytes), prf.envelope)
        file_all(opened, HOLDER, held)
        hub.turn_day()
        yield opened


def file_all(opened: Scene, name: str, persons: Sequence[Person]) -> dict[str, int]:
    """File persons without a quota; return the position of each entry's person by the entry's id in hexadecimals."""
    owner: dict[str, int] = {}
    for start in range(0, len(persons), BATCH_PEOPLE):
        encodings = opened.encoder.encode(persons[start : start + BATCH_PEOPLE])
        for place, encoding in enumerate(encodings, start=start):
            owner.update((entry.entry_id.hex(), place) for entry in encoding.entries)
        entries = [entry for encoding in encodings for entry in encoding.entries]
        if entries:
            opened.hub.file(name, opened.pack(sorted(entries, key=lambda entry: entry.entry_id)))
    return owner
