"""
A world: people on the lists of several partners, with the truth.

The same seed, number of records and level give the same world. Seeds 1 to 9 are for development and for fitting what
is shipped; seeds 101 to 109 are the test split, on which nothing is chosen or tuned.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

from benchmarks.data.worlds.births import quarter_day
from benchmarks.data.worlds.chance import Chance, Weighted
from benchmarks.data.worlds.encounters import make_history
from benchmarks.data.worlds.noise import LEVELS, Level
from benchmarks.data.worlds.partners import partners_of
from benchmarks.data.worlds.people import Settlement, Villager
from benchmarks.data.worlds.writing import Occasion, write
from matcher.episodes import Encounter, Verdict
from matcher.person import RawRecord

DEVELOPMENT_SEEDS = range(1, 10)
TEST_SEEDS = range(101, 110)
CONTACTS = Weighted({1: 0.65, 2: 0.26, 3: 0.09})  # 35 % of people are on file twice or more


@dataclass(frozen=True, slots=True)
class WorldRecord:
    """
    One row of one partner's list.

    Attributes:
        case_ref: unique in the world; the partner's key stands before the dash.
        person: who it is; the truth.
        columns: text by attribute name, encounter columns not included; blank ones are left out.
        encounter: what the partner knows of the contact; the exit may be unrecorded.
        contact: 0 for the person's first record, then rising.
        verdict: what the contact is to the one before; None for her first.
    """

    case_ref: str
    partner: str
    person: Villager
    columns: dict[str, str]
    encounter: Encounter
    contact: int
    verdict: Verdict | None
    script: str
    precision: str


@dataclass(frozen=True, slots=True)
class World:
    """Records in random order; positions in it name them."""

    seed: int
    level: Level
    records: tuple[WorldRecord, ...]

    def raw_records(self) -> list[RawRecord]:
        """Return the rows as the library reads them."""
        return [RawRecord(record.case_ref, record.columns) for record in self.records]

    def true_pairs(self) -> list[tuple[int, int]]:
        """Return all pairs of records of one person, lower position first."""
        return self._pairs_sharing(lambda record: record.person.number)

    def sibling_pairs(self) -> list[tuple[int, int]]:
        """Return all pairs of records of two people born in one family."""
        pairs = self._pairs_sharing(lambda record: record.person.family)
        return [(a, b) for a, b in pairs if self.records[a].person.number != self.records[b].person.number]

    def verdicts(self) -> dict[tuple[int, int], Verdict]:
        """Return what happened between consecutive records of one person, by pair, lower position first."""
        place = {(record.person.number, record.contact): row for row, record in enumerate(self.records)}
        found: dict[tuple[int, int], Verdict] = {}
        for row, record in enumerate(self.records):
            if record.verdict is not None:
                before = place[record.person.number, record.contact - 1]
                found[min(before, row), max(before, row)] = record.verdict
        return found

    def _pairs_sharing(self, key: Callable[[WorldRecord], int]) -> list[tuple[int, int]]:
        """Return all pairs of positions that share a key."""
        groups: dict[int, list[int]] = defaultdict(list)
        for row, record in enumerate(self.records):
            groups[key(record)].append(row)
        return sorted(pair for rows in groups.values() for pair in combinations(rows, 2))


def make_world(seed: int, records: int, level: Level) -> World:
    """
    Make a world.

    Args:
        seed: 1 to 9 for development, 101 to 109 for tests.
        records: on all lists together.
        level: L for careful offices, H for oral intake across a border.
    """
    chance = Chance(seed)
    settlement = Settlement(chance)
    made: list[WorldRecord] = []
    while len(made) < records:
        for person in settlement.next_family():
            made.extend(_records_of(person, level, chance))
    made = made[:records]
    order = sorted(range(records), key=lambda _: chance.draw())
    counts: dict[str, int] = defaultdict(int)
    placed = []
    for row in order:
        partner = made[row].partner
        counts[partner] += 1
        placed.append(replace(made[row], case_ref=f"{partner}-{counts[partner]:05}"))
    return World(seed, level, tuple(placed))


def _records_of(person: Villager, level: Level, chance: Chance) -> list[WorldRecord]:
    """Write down every contact of one person."""
    noise = LEVELS[level]
    steps = make_history(CONTACTS.pick(chance), chance)
    partners = partners_of(len(steps), level, chance)
    records = []
    for contact, (step, partner) in enumerate(zip(steps, partners, strict=True)):
        on = quarter_day(step.encounter.quarter, chance)
        written = write(person, Occasion(partner, on, noise, is_first=contact == 0), chance)
        known = replace(step.encounter, exit_quarter=None) if chance.happens(noise.exit_unrecorded) else step.encounter
        records.append(
            WorldRecord(
                case_ref="",
                partner=partner.key,
                person=person,
                columns=written.columns,
                encounter=known,
                contact=contact,
                verdict=step.verdict,
                script=written.script,
                precision=written.precision,
            )
        )
    return records
