"""
A9: a partner enumerates what others hold: a roster of 1,000 people, one person in fifty spellings or with fifty birth
dates, and two organisations that take turns.

What counts is how many filings go by before the hub's people are warned, and where the quota stops them. Everybody
files whole persons, but for the last: an altered agent files one key of each, and fits a roster into a few people.
"""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import cycle

from api.hub.quotas.limits import ENTRIES_PER_PERSON
from api.hub.watch.signs import ROSTER_PEOPLE
from benchmarks.attacks.asking import ASKER, SECOND, Scene, file_all, scene
from benchmarks.attacks.climbing import BIRTH_DATE
from benchmarks.attacks.population import People, population
from benchmarks.attacks.trial import Outcome, Trial
from matcher.normalise.record import normalise
from matcher.person import PartialDate, Person, Precision, RawRecord

ROSTER, HELD, STEPS = 1_000, 100, 50
LETTERS = "aeiourstlnmk"
UNDER_ROSTER = ROSTER_PEOPLE * ENTRIES_PER_PERSON - 1  # entries that raise no alarm in one filing of a day


def enumerate_freely(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Ask about a roster without quota. Outcome `held people found`: those of whom a meeting is told."""
    people = population(trial.data, trial.people, seed)
    with scene(people, people.persons[:HELD], seed) as opened:
        owner = file_all(opened, ASKER, people.persons)
        found = {owner[meeting.entry_id] for meeting in opened.hub.meetings(ASKER)}
        held = {place for place, entries in enumerate(opened.encode_all(people.persons[:HELD])) if entries}
    return [Outcome.counted(len(found & held), len(held), "held people found")]


def enumerate_roster(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Ask about people within the quota.

    Returns:
        For each way, `filings before an alarm: …`, a count; `roster asked about in a day`, a share of it; `one key
        each: roster asked about unseen`, likewise, by an altered agent in one filing.
    """
    people = population(trial.data, trial.people, seed)
    with scene(people, people.persons[:HELD], seed) as opened:
        unseen = _unseen(opened, people.persons)  # goes first: of people asked about before, the watch knows tokens
        emitting = _emitting(opened, people.persons[: 4 * HELD])
        first, second, *_ = emitting
        told = [
            _until_alarm(opened, "roster", emitting, (ASKER,)),
            _until_alarm(opened, "spelling walk", _spellings(people, opened), (ASKER,)),
            _until_alarm(opened, "birth-date walk", _dates(first), (ASKER,)),
            _until_alarm(opened, "roster of two", emitting[STEPS:], (ASKER, SECOND)),
            _until_alarm(opened, "walk of two", _dates(second), (ASKER, SECOND)),
        ]
        asked = _until_quota(opened, emitting[3 * STEPS :])
    return [
        *told,
        Outcome.counted(asked, trial.people, "roster asked about in a day"),
        Outcome.counted(unseen, trial.people, "one key each: roster asked about unseen"),
    ]


def _until_alarm(opened: Scene, what: str, persons: Sequence[Person], askers: Sequence[str]) -> Outcome:
    """File one person after the other, on a day of its own, until an alarm is raised; one more than all if none is."""
    opened.hub.turn_day()
    before, filings = opened.hub.alarms(), len(persons) + 1
    for number, (person, asker) in enumerate(zip(persons, cycle(askers), strict=False), start=1):
        opened.ask(asker, opened.encode(person))
        if opened.hub.alarms() > before:
            filings = number
            break
    return Outcome(f"filings before an alarm: {what}", filings, len(persons), filings, filings)


def _emitting(opened: Scene, persons: Sequence[Person]) -> list[Person]:
    """Return those of whom an agent files anything."""
    encoded = zip(persons, opened.encode_all(persons), strict=True)
    return [person for person, entries in encoded if entries]


def _until_quota(opened: Scene, persons: Sequence[Person]) -> int:
    """File one person after the other until the quota refuses; return how many were taken."""
    opened.hub.turn_day()
    for number, person in enumerate(persons):
        if opened.ask(ASKER, opened.encode(person)) == HTTPStatus.TOO_MANY_REQUESTS:
            return number
    return len(persons)


def _unseen(opened: Scene, persons: Sequence[Person]) -> int:
    """File one key of each person in one batch; return how many were asked about without an alarm."""
    opened.hub.turn_day()
    before = opened.hub.alarms()
    keys = [entries[0] for entries in opened.encode_all(persons) if entries][:UNDER_ROSTER]
    is_taken = opened.ask(ASKER, sorted(keys, key=lambda entry: entry.entry_id)) == HTTPStatus.ACCEPTED
    return len(keys) if is_taken and opened.hub.alarms() == before else 0


def _dates(person: Person) -> list[Person]:
    """Write a person with fifty birth dates."""
    days = [PartialDate(1990 + step % 10, 1 + step % 12, 1 + step % 28, Precision.DAY) for step in range(STEPS)]
    return [replace(person, readings={**person.readings, BIRTH_DATE: (day,)}) for day in days]


def _spellings(people: People, opened: Scene) -> list[Person]:
    """Write the last person of a list, whoever it is, with fifty given names: a letter is exchanged, another added."""
    cells = {column: cell for column, cell in people.cells[-1].items() if cell and column != "birth_year"}
    name = cells["given_name"]
    spelt = (
        name[: step % len(name)] + LETTERS[step % len(LETTERS)] + name[step % len(name) + 1 :] + LETTERS[step // 5]
        for step in range(STEPS)
    )
    return [normalise(RawRecord("walk", {**cells, "given_name": each}), opened.schema) for each in spelt]
