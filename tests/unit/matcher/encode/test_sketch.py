"""A sketch compares within its block, and says nothing outside it."""

import numpy as np
import pytest

from matcher.compare.sketches import (
    DATE_CLOSE_YEAR,
    DATE_NEAR_YEAR,
    DATE_ONE_PART_OFF,
    DATE_SAME,
    DATE_SAME_MONTH,
    NAME_SAME,
    NAME_SAME_RARE,
    NAME_SAME_VERY_RARE,
    compare,
)
from matcher.encode.columns import columns_of
from matcher.encode.frequency import FrequencyModel
from matcher.encode.min_hash import qgrams
from matcher.encode.sketch import Sketcher
from matcher.person import PartialDate, Precision

KEY = bytes(16)


@pytest.fixture
def similarity_of(schema, prf, frequencies):
    """Compare two persons under one key: similarity by field."""
    sketcher = Sketcher(schema, prf, frequencies)

    def similarity(left, right, right_key=KEY):
        both = columns_of([left, right], schema.field_names)
        first = both.first_ways()
        sides = sketcher.under_one_key(both, first[:1], KEY), sketcher.under_one_key(both, first[1:], right_key)
        found = compare(sides[0], sides[1], schema)
        return dict(zip(found.fields, found.similarity[0].tolist(), strict=True))

    return similarity


def test_equal_persons_agree_on_every_field(similarity_of, make_person) -> None:
    """Equal values always give equal bits within a block."""
    found = similarity_of(make_person(), make_person())
    assert min(found.values()) >= NAME_SAME


def test_agreement_on_a_rare_name_says_more(schema, prf, frequencies, make_person) -> None:
    """The frequency model tells how rare; the hub learns it only of names that two records share."""
    names = {"common": NAME_SAME, "rare": NAME_SAME_RARE, "unheard": NAME_SAME_VERY_RARE}
    given = {**frequencies.document["parts"]["given_name"], "shares": {"common": 0.5, "rare": 0.004}, "default": 1e-4}
    told = FrequencyModel({**frequencies.document, "parts": {**frequencies.document["parts"], "given_name": given}})
    sketcher = Sketcher(schema, prf, told)
    for name, similarity in names.items():
        columns = columns_of([make_person(given=name)], schema.field_names)
        sides = [sketcher.under_one_key(columns, columns.first_ways(), KEY) for _ in range(2)]
        assert compare(sides[0], sides[1], schema).similarity[0, 0] == pytest.approx(similarity)


def test_a_typo_leaves_a_name_close_and_another_name_is_far(similarity_of, make_person) -> None:
    """The share of agreeing bits estimates how far the q-gram sets overlap."""
    first = make_person(given="laxmimaya")
    assert similarity_of(first, make_person(given="lakshmimaya"))["given_name"] > 0.3
    assert similarity_of(first, make_person(given="bishnu"))["given_name"] < 0.3


def test_a_missing_field_is_missing_not_different(similarity_of, make_person) -> None:
    """Either side alone may lack it."""
    assert np.isnan(similarity_of(make_person(), make_person(town=None))["town"])
    assert np.isnan(similarity_of(make_person(born=None), make_person())["born"])


@pytest.mark.parametrize(
    ("born", "similarity"),
    [
        ((2001, 5, 17), DATE_SAME),
        ((2001, 5, 18), DATE_ONE_PART_OFF),
        ((2002, 5, 17), DATE_ONE_PART_OFF),
        ((1944, 5, 17), DATE_ONE_PART_OFF),
    ],
)
def test_dates_agree_by_part(similarity_of, make_person, born, similarity) -> None:
    """One wrong part of three is close."""
    assert similarity_of(make_person(), make_person(born=born))["born"] == pytest.approx(similarity)


def test_exchanged_day_and_month_are_close(similarity_of, make_person) -> None:
    """3 May and 5 March of one year differ in one slip."""
    found = similarity_of(make_person(born=(2001, 5, 3)), make_person(born=(2001, 3, 5)))
    assert found["born"] == pytest.approx(DATE_ONE_PART_OFF)


def test_less_precise_dates_agree_as_far_as_they_go(similarity_of, make_person) -> None:
    """A year agrees with the next one by half; a month says nothing of the day."""
    full = make_person()
    month = make_person(born=(2001, 5, None))
    assert similarity_of(full, month)["born"] == pytest.approx(DATE_SAME_MONTH)
    assert similarity_of(full, make_person(born=(2002, None, None)))["born"] == pytest.approx(DATE_NEAR_YEAR)


@pytest.mark.parametrize("year", [1999, 2003])
def test_ages_two_years_apart_are_close(similarity_of, make_person, year) -> None:
    """Ages are guessed by eye; whatever the year, two more or less share a span of four years."""
    found = similarity_of(make_person(born=(2001, None, None)), make_person(born=(year, None, None)))
    assert found["born"] == pytest.approx(DATE_CLOSE_YEAR)


def test_under_another_key_equal_persons_look_like_strangers(similarity_of, make_person) -> None:
    """Sketches of two blocks have nothing in common: presence itself cannot be seen."""
    found = similarity_of(make_person(), make_person(), right_key=bytes(range(16)))
    assert all(np.isnan(value) for value in found.values())


def test_repeated_qgrams_count_twice() -> None:
    """Otherwise "ana" and "anana" would be one name."""
    assert qgrams("anana") == [" a", "an", "na", "an2", "na2", "a "]


def test_a_date_with_nothing_in_it_is_present_but_says_nothing(similarity_of, make_person) -> None:
    """It neither agrees nor breaks the comparison."""
    person = make_person()
    person.readings["born"] = (PartialDate(None, None, None, Precision.AGE),)
    assert similarity_of(person, person)["town"] == 1.0
