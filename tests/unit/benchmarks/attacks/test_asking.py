"""A partner who asks: the searches find what the answers tell, and the hub is asked as it is."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.attacks.asking import ASKER, scene
from benchmarks.attacks.climbing import (
    climb_date,
    climb_ward,
    has_date,
    has_ward,
    is_climbed_to,
)
from benchmarks.attacks.crafted_sketches import file_crafted, file_honest
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.hill_climbing import ask_for_keys, climb_raw
from benchmarks.attacks.population import population
from benchmarks.attacks.trial import Role, Trial
from matcher.person import PartialDate, Person, Precision

PEOPLE = population("nepali", 40, 1)
VICTIM = next(person for person in PEOPLE.persons if is_climbed_to(person))


def rates(run, people: int) -> dict[str, float]:
    """Run an attack once on so many people; its rates by name."""
    trial = Trial("A8", run, Ours(), Role.COMPARED, "", people=people)
    return {outcome.what: outcome.rate for outcome in run(trial, 1)}


def telling(victim: Person):
    """Return answers that count the readings a way to write somebody shares with the victim, part by part."""
    (true,) = victim.readings["birth_date"]

    def answers(tried: Sequence[Person]) -> list[float]:
        dates = [person.readings["birth_date"][0] for person in tried]
        wards = [person.readings.get("ward") == victim.readings["ward"] for person in tried]
        parts = [(date.month == true.month) + (date.day == true.day) for date in dates]
        return [float(part + ward) for part, ward in zip(parts, wards, strict=True)]

    return answers


def test_a_date_is_found_where_answers_tell_it():
    """And by nothing else: answers that are all alike leave chance."""
    draw = np.random.default_rng(1)
    assert has_date(VICTIM, climb_date(VICTIM, telling(VICTIM), draw))
    found = [has_date(VICTIM, climb_date(VICTIM, lambda tried: [0.0] * len(tried), draw)) for _ in range(5)]
    assert not all(found)


def test_a_ward_is_found_where_answers_tell_it():
    """One of 33."""
    assert has_ward(VICTIM, climb_ward(VICTIM, telling(VICTIM), np.random.default_rng(1)))


def test_only_whole_dates_and_single_wards_are_looked_for():
    """A year alone, two wards, no ward: nothing that could be found to the day."""
    year = PartialDate(1990, None, None, Precision.YEAR)
    ward = VICTIM.readings["ward"]
    for other in ({"birth_date": (year,)}, {"ward": ward * 2}, {"ward": ()}):
        assert not is_climbed_to(replace(VICTIM, readings={**VICTIM.readings, **other}))


def test_without_quota_and_with_raw_answers_everything_is_found():
    """The controls of A8, small."""
    assert rates(climb_raw, 1) == {"attributes": 1.0}
    assert rates(file_honest, 2) == {"victims told of": 1.0}


def test_crafted_sketches_are_refused_or_meet_nobody():
    """Whatever is filed under her tokens."""
    assert rates(file_crafted, 2) == {"blatant batches accepted": 0.0, "victims told of": 0.0}


def test_an_altered_agent_hears_which_keys_met():
    """The true way to write somebody is told by keys that no other way has."""
    with scene(PEOPLE, [VICTIM], 1) as opened:
        (ward,) = VICTIM.readings["ward"]
        other = replace(ward, code=str(int(ward.code) % 33 + 1), text=str(int(ward.code) % 33 + 1))
        wrong = replace(VICTIM, readings={**VICTIM.readings, "ward": (other,)})
        scores = ask_for_keys(opened, [opened.encode(wrong), opened.encode(VICTIM)])
        assert scores[0] == 0 < scores[1]
        assert opened.told(ASKER, opened.encode(VICTIM)) == set()


def test_ci_runs_the_suite():
    """The last line of the build attacks everything at small n, and fails with it."""
    lines = (Path(__file__).parents[4] / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert ".venv/bin/python -m benchmarks attacks --profile ci" in lines
