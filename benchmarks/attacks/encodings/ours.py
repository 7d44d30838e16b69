"""
Ours: what the hub's database really holds after partners filed, met and claimed, through the hub's own code.

Each list of the people is one organisation. All of them file their whole list on one day each, in shuffled batches, as
on the day a partner joins; a person filed alone on a later day is another adversary's luck, told by A10. Half of the
people may be released by rule and are claimed as soon as they meet; the others wait for a hand that never comes, so
that there are people who met and are not claimed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from api.agent.linking.run import link_persons
from api.hub.keys import read_key_file
from api.hub.settings import KEY_FILE
from api.wire.batches import MAXIMUM_ENTRIES, FiledEntry, Release, month_number, pack_batch
from api.wire.matches import Claim
from api.wire.meetings import MeetingState
from api.wire.statements import Purpose, Statement
from benchmarks.attacks.encodings.hub_under_attack import HubUnderAttack
from benchmarks.attacks.encodings.hub_view import Filed, read_database, with_hub_key
from benchmarks.attacks.population import People
from matcher.encode.encoder import Encoder
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import SECRET_BYTES, LinkageSecret
from matcher.encoding import Entry, Envelope
from matcher.pairs import Grade

EXPIRES = month_number(2028, 1)
CLAIMED_AT_ONCE = 1_000  # what one claim may hold


@dataclass(frozen=True)
class Ours:
    """
    The default encoding in a hub that works.

    Attributes:
        automatic: share of people whose meetings are released and claimed.
    """

    automatic: float = 0.5
    name: str = "ours"

    def encode(self, people: People, seed: int) -> Filed:
        """Return the hub's database after everybody filed, under a secret drawn from the seed."""
        draw = np.random.default_rng([seed, len(people)])
        # the same people are automatic whoever encodes: an attacker with a copy of the files knows their policy
        is_automatic = (people.numbers * 2_654_435_761 % 1_000 < 1_000 * self.automatic).tolist()
        names = sorted(set(people.lists))
        with TemporaryDirectory() as folder:
            with HubUnderAttack(Path(folder), people.schema, names) as hub:
                schema = hub.schema
                prf = SharedSecretPrf(linkage_secret(draw), schema)
                encoder = Encoder(schema, prf, people.frequencies, draw.bytes)
                owner: dict[bytes, int] = {}
                for name in names:
                    rows = [row for row, each in enumerate(people.lists) if each == name]
                    filed = list(_encoded(people, rows, encoder))
                    owner.update((entry.entry_id, row) for row, entry in filed)
                    for body in _batches(filed, prf.envelope, is_automatic):
                        hub.file(name, body)
                    hub.turn_day()
                claimant = _claim(hub, names, owner, draw)
            view, key = read_database(hub.database_file), read_key_file(Path(folder) / KEY_FILE)
        opened = with_hub_key(view, key)
        met = {owner[entry_id] for entry_id in opened["meeting_side"].column("entry_id") if entry_id is not None}
        return Filed(view, opened, key, owner, claimant, frozenset(claimant.values()), frozenset(met))

    def linkage_f1(self, people: People, seed: int) -> float:
        """Return F1 at the label-free threshold, as `casematch link` finds it; the seed plays no part."""
        del seed
        key = (people.name, len(people))
        if key not in _LINKED:
            _LINKED[key] = _linked_f1(people)
        return _LINKED[key]


_LINKED: dict[tuple[str, int], float] = {}  # by name and length of a list: several encodings link as ours does


def _linked_f1(people: People) -> float:
    """Link a list, and compare with the truth."""
    linked = link_persons(people.persons, None, people.schema, people.frequencies)
    is_match = linked.grade >= Grade.POSSIBLE
    is_true = people.numbers[linked.left] == people.numbers[linked.right]
    _, counts = np.unique(people.numbers, return_counts=True)
    return float(2 * (is_true & is_match).sum() / (is_match.sum() + (counts * (counts - 1) // 2).sum()))


def linkage_secret(draw: np.random.Generator) -> LinkageSecret:
    """Draw a linkage secret."""
    return LinkageSecret.from_bytes(draw.bytes(SECRET_BYTES))


def _encoded(people: People, rows: Sequence[int], encoder: Encoder) -> Iterator[tuple[int, Entry]]:
    """Encode one list; yields each entry with the position of its record, in the order of random ids."""
    encodings = encoder.encode([people.persons[row] for row in rows])
    found = [(row, entry) for row, encoding in zip(rows, encodings, strict=True) for entry in encoding.entries]
    yield from sorted(found, key=lambda each: each[1].entry_id)


def _batches(filed: Sequence[tuple[int, Entry]], envelope: Envelope, is_automatic: Sequence[bool]) -> Iterator[bytes]:
    """Pack entries into batches, in the order they come."""
    statement = Statement(purpose=Purpose.PROTECTION, reason="intake")
    rows = [FiledEntry(entry, Release(int(is_automatic[row])), EXPIRES) for row, entry in filed]
    for start in range(0, len(rows), MAXIMUM_ENTRIES):
        yield pack_batch(envelope, statement, rows[start : start + MAXIMUM_ENTRIES])


def _claim(
    hub: HubUnderAttack, names: Sequence[str], owner: dict[bytes, int], draw: np.random.Generator
) -> dict[bytes, int]:
    """Let every organisation claim what is released, as agents do; return the record by the reference of its claim."""
    claimant: dict[bytes, int] = {}
    for name in names:
        released = [
            (owner[bytes.fromhex(meeting.entry_id)], meeting.meeting_id)
            for meeting in hub.meetings(name)
            if meeting.state is MeetingState.RELEASED
        ]
        for row, group in groupby(sorted(released), key=lambda each: each[0]):
            ids = [meeting_id for _, meeting_id in group]
            reference = draw.bytes(16)
            claimant[reference] = row
            for start in range(0, len(ids), CLAIMED_AT_ONCE):
                hub.claim(name, Claim(meeting_ids=ids[start : start + CLAIMED_AT_ONCE], reference=reference.hex()))
    return claimant
