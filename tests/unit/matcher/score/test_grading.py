"""Grades are absolute, and each rule can be read off the pair."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.pairs import Comparisons, Grade
from matcher.schema import LinkageSchema
from matcher.score.grading import THRESHOLDS, grades
from matcher.score.levels import agreement_levels
from matcher.score.model import ScoreModel
from matcher.score.posterior import score

NEPAL = LinkageSchema.shipped("nepal")
HOME = {
    "family_name": 1,
    "father_name": 1,
    "mother_name": 1,
    "sex": 1,
    "district": 1,
    "local_unit": 1,
    "ward": 1,
    "phone": 1,
}
SURE = np.array([0.9999])


@pytest.fixture
def model() -> ScoreModel:
    """Read the shipped model of the nepal schema."""
    return ScoreModel.for_schema(NEPAL)


def compared(**similarity: float) -> Comparisons:
    """Compare one pair: the named fields as given, all others missing."""
    row = [similarity.get(name, np.nan) for name in NEPAL.field_names]
    return Comparisons(NEPAL.field_names, np.array([row], dtype=np.float32))


@pytest.mark.parametrize(
    ("similarity", "grade"),
    [
        ({"given_name": 0.98, "birth_date": 1}, Grade.CERTAIN),
        ({"given_name": 0.98, "birth_date": 0.7}, Grade.CERTAIN),
        ({"given_name": 0.98, "citizenship_no": 1}, Grade.CERTAIN),
        ({"given_name": 0.98, "birth_date": 0.5}, Grade.PROBABLE),
        ({"given_name": 0.98, "citizenship_no": 0.9}, Grade.PROBABLE),
        ({"given_name": 0.85, "birth_date": 1}, Grade.PROBABLE),
        ({"given_name": 0.98}, Grade.PROBABLE),
        ({"given_name": 0, "passport_no": 1}, Grade.PROBABLE),
        ({"birth_date": 1}, Grade.PROBABLE),
        ({"birth_date": 0.7}, Grade.POSSIBLE),
        ({"given_name": 0.7, "birth_date": 1}, Grade.POSSIBLE),
        ({}, Grade.POSSIBLE),
    ],
)
def test_a_grade_asks_for_what_must_agree(model, similarity, grade) -> None:
    """With a posterior near 1 and everything that a household shares, the personal fields decide."""
    levels = agreement_levels(compared(**HOME, **similarity), model)
    assert grades(levels, SURE, model)[0] == grade


@pytest.mark.parametrize(("grade", "least"), THRESHOLDS.items())
def test_a_grade_asks_for_its_posterior(model, grade, least) -> None:
    """Where everything agrees, the posterior decides."""
    levels = agreement_levels(compared(**HOME, given_name=1, birth_date=1), model)
    at, below = (grades(levels, np.array([value]), model)[0] for value in (least, least - 1e-6))
    assert (at, below) == (grade, grade - 1)


@pytest.mark.parametrize("given_name", [0.55, 0.7, 0.85])
@pytest.mark.parametrize("birth_date", [1, 0.7, 0.5])
def test_relatives_who_sound_alike_are_never_certain(model, given_name, birth_date) -> None:
    """Sisters, and twins, who share everything but a name that rhymes."""
    assert score(compared(**HOME, given_name=given_name, birth_date=birth_date), model).grade[0] < Grade.CERTAIN


def test_namesakes_of_one_district_are_not_probable(model) -> None:
    """A common name and a district are two people more often than one."""
    assert score(compared(given_name=0.98, family_name=0.98, sex=1, district=1), model).grade[0] < Grade.PROBABLE


def test_a_schema_without_dates_and_identifiers_has_no_certain_pair(model) -> None:
    """What cannot be told apart from a namesake is never certain."""
    names = replace(model, fields=model.fields[:2])
    levels = np.zeros((1, 2), dtype=np.int8)
    assert grades(levels, SURE, names)[0] == Grade.PROBABLE
