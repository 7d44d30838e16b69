"""
A8: a partner feels out what a holder knows of a person, by the hub's answers within its quota.

The control is a hub that answers raw weights and has no quota. What a grade tells by itself is inherent in telling of a
match at all; beyond it, which of the asker's entries met says which composite keys are right.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus

import numpy as np

from api.hub.scoring import score_sketches
from benchmarks.attacks.asking import ASKER, Scene, scene
from benchmarks.attacks.climbing import (
    Answers,
    climb_date,
    climb_ward,
    has_date,
    has_ward,
    is_climbed_to,
)
from benchmarks.attacks.population import People, population
from benchmarks.attacks.trial import Outcome, Trial
from matcher.encoding import Entry
from matcher.pairs import ScoredPairs
from matcher.person import Person

HELD = 100  # people at the holder, the victims among them

Told = tuple[bool, bool]  # of one attribute of one victim: whether it was found, and whether an alarm came before
AnswersFor = Callable[[Person], Answers]
Asking = Callable[[Scene, Sequence[Sequence[Entry]], int], Sequence[float]]


def climb_raw(trial: Trial, seed: int) -> Sequence[Outcome]:
    """Attack a hub that answers raw weights to as many questions as one likes. Outcome `attributes`."""
    people, victims = _people(trial, seed)
    with scene(people, people.persons[:HELD], seed) as opened:
        told = _climb_all(victims, lambda victim: _raw(opened, victim), seed)
    return [_share([found for found, _ in told], "attributes")]


def climb_answers(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    Attack the hub as it is.

    Returns:
        `by the grade alone`: share of attributes found by the best grade of each question, each answered for itself.
        `attributes`: by all that the hub tells to an altered agent, which files only keys that hold what is varied.
        `beyond the grade`: found so and not by the grade. `before an alarm`: found so before anybody is warned.
        `whole persons, before an alarm`: likewise with an agent that is not altered.
    """
    people, victims = _people(trial, seed)
    with scene(people, people.persons[:HELD], seed) as opened:
        by_grade = _climb_all(victims, lambda victim: _graded(opened, victim), seed)
        by_keys = _climb_all(victims, _at_hub(opened, ask_for_keys), seed, opened.hub.alarms)
        by_persons = _climb_all(victims, _at_hub(opened, ask_for_persons), seed, opened.hub.alarms)
    beyond = [found and not told for (found, _), (told, _) in zip(by_keys, by_grade, strict=True)]
    return [
        _share([found for found, _ in by_grade], "by the grade alone"),
        _share([found for found, _ in by_keys], "attributes"),
        _share(beyond, "beyond the grade"),
        _share([found and not is_seen for found, is_seen in by_keys], "before an alarm"),
        _share([found and not is_seen for found, is_seen in by_persons], "whole persons, before an alarm"),
    ]


def ask_for_keys(opened: Scene, ways: Sequence[Sequence[Entry]], _alarms: int = 0) -> Sequence[float]:
    """Ask about all ways at once, with only those entries that tell one way from the others."""
    keys = _own_entries(ways)
    asked = [entry for own in keys for entry in own]
    if not asked or opened.ask(ASKER, asked) != HTTPStatus.ACCEPTED:
        return [0.0] * len(ways)
    told = opened.told(ASKER, asked)
    return [float(sum(entry.token in told for entry in own)) for own in keys]


def ask_for_persons(opened: Scene, ways: Sequence[Sequence[Entry]], alarms: int) -> Sequence[float]:
    """File each way as a person of its own, one after the other, until the quota or an alarm ends it."""
    met = set[bytes]()
    for entries in ways:
        if entries and opened.hub.alarms() == alarms and opened.ask(ASKER, entries) == HTTPStatus.ACCEPTED:
            met |= opened.told(ASKER, entries)
    return [float(sum(entry.token in met for entry in own)) for own in _own_entries(ways)]


def _people(trial: Trial, seed: int) -> tuple[People, list[Person]]:
    """Return people, and the first of those held of whom birth date and ward are to be found."""
    people = population(trial.data, max(HELD, trial.people), seed)
    return people, [person for person in people.persons[:HELD] if is_climbed_to(person)][: trial.people]


def _climb_all(
    victims: Sequence[Person], answers_for: AnswersFor, seed: int, alarms: Callable[[], int] = int
) -> list[Told]:
    """Feel out all victims, each on a day of her own: birth date, then ward."""
    told: list[Told] = []
    for place, victim in enumerate(victims):
        draw, before = np.random.default_rng([seed, place]), alarms()
        answers = answers_for(victim)
        told.append((has_date(victim, climb_date(victim, answers, draw)), alarms() > before))
        told.append((has_ward(victim, climb_ward(victim, answers, draw)), alarms() > before))
    return told


def _at_hub(opened: Scene, asking: Asking) -> AnswersFor:
    """Return what turns to the hub, on another day for each victim."""

    def answers_for(_victim: Person) -> Answers:
        opened.hub.turn_day()
        before = opened.hub.alarms()
        return lambda tried: asking(opened, opened.encode_all(tried), before)

    return answers_for


def _raw(opened: Scene, victim: Person) -> Answers:
    """
    Return what answers the raw weights of a person's pairs with the victim, as a hub without grades and quota would.

    Of a way to write her counts the mean over the keys that all ways have: their pads are the same, so that chance in
    a sketch falls out.
    """
    (held,) = _entries(opened, [victim])

    def answers(tried: Sequence[Person]) -> Sequence[float]:
        asked = _entries(opened, tried)
        common = sorted(set(held).intersection(*asked))
        return [float(_scored(opened, held, each, common).weight_bits.mean()) if common else 0.0 for each in asked]

    return answers


def _graded(opened: Scene, victim: Person) -> Answers:
    """Return what answers the best grade of a person's pairs with the victim, each way to write her for itself."""
    (held,) = _entries(opened, [victim])

    def answers(tried: Sequence[Person]) -> Sequence[float]:
        asked = _entries(opened, tried)
        common = [sorted(held.keys() & each.keys()) for each in asked]
        return [
            float(_scored(opened, held, each, shared).grade.max()) if shared else 0.0
            for each, shared in zip(asked, common, strict=True)
        ]

    return answers


def _entries(opened: Scene, persons: Sequence[Person]) -> list[dict[bytes, bytes]]:
    """Return the sketches of each person by their tokens."""
    return [{entry.token: entry.sketch for entry in entries} for entries in opened.encode_all(persons)]


def _scored(
    opened: Scene, left: Mapping[bytes, bytes], right: Mapping[bytes, bytes], tokens: Sequence[bytes]
) -> ScoredPairs:
    """Score the pairs of sketches under some tokens."""
    one, other = (
        np.frombuffer(b"".join(sketches[token] for token in tokens), dtype=np.uint8).reshape(len(tokens), -1)
        for sketches in (left, right)
    )
    return score_sketches(one, other, opened.schema)


def _own_entries(ways: Sequence[Sequence[Entry]]) -> list[list[Entry]]:
    """Return of each way the entries whose token no other way has."""
    times = Counter(token for entries in ways for token in {entry.token for entry in entries})
    return [[entry for entry in entries if times[entry.token] == 1] for entries in ways]


def _share(found: Sequence[bool], what: str) -> Outcome:
    """Return how many attributes were found."""
    return Outcome.counted(sum(found), len(found), what)
