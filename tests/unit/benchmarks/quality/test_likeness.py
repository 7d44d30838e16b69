"""The plaintext reference compares as sketches do, without their noise."""

import numpy as np
import pytest

from benchmarks.quality.datasets import febrl_set, world_set
from benchmarks.quality.likeness import FieldLikeness, all_fields
from benchmarks.quality.mixture import PlaintextMixture
from matcher.compare.sketches import NAME_ALIKE, NAME_SAME, NAME_SAME_VERY_RARE, compare
from matcher.encode.columns import columns_of
from matcher.encode.min_hash import qgrams
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.encode.sketch import Sketcher
from matcher.encode.slots import skeleton

PEOPLE = 60


@pytest.fixture(scope="module")
def data():
    """Return a small world."""
    return world_set("L", PEOPLE, 1)


def _first_reading_only(person):
    return type(person)(person.reference, {name: readings[:1] for name, readings in person.readings.items()})


def test_plaintext_equals_sketches_but_for_noise(data):
    """Over all pairs, exact similarities and those of sketches under one key agree within the noise of their bits."""
    people = [_first_reading_only(person) for person in data.left]
    rows = np.arange(PEOPLE)
    fields = all_fields(data.schema, people, "folds", data.frequencies)
    exact = np.stack([field.block(rows, rows).ravel() for field in fields.values()], 1)
    sketcher = Sketcher(data.schema, SharedSecretPrf(LinkageSecret.generate(), data.schema), data.frequencies)
    columns = columns_of(people, data.schema.field_names)
    sketches = sketcher.under_one_key(columns, columns.first_ways(), bytes(16))
    noisy = compare(np.repeat(sketches, PEOPLE, 0), np.tile(sketches, (PEOPLE, 1)), data.schema).similarity
    assert (np.isnan(exact) == np.isnan(noisy)).mean() > 0.99  # a gap passes for presence once in 256
    both = ~np.isnan(exact) & ~np.isnan(noisy)
    assert np.abs(exact[both] - noisy[both]).mean() < 0.1
    assert np.allclose(exact[both][exact[both] == 1], noisy[both][exact[both] == 1], atol=0.2)


def test_names_are_compared_by_exact_jaccard(data):
    """The similarity of two names is the mean Jaccard of three views, counted gram by gram."""
    field = next(each for each in data.schema.fields if each.name == "given_name")
    people = [_first_reading_only(person) for person in data.left if "given_name" in person.readings][:20]
    table = FieldLikeness(field, people, "folds").block(np.arange(20), np.arange(20))
    for a, b in ((0, 1), (2, 7), (3, 3)):
        views = []
        one, other = (people[row].readings["given_name"][0] for row in (a, b))
        for view in (lambda name: name.text, lambda name: name.folded, lambda name: skeleton(name.folded)):
            mine, others = set(qgrams(view(one))), set(qgrams(view(other)))
            views.append(len(mine & others) / len(mine | others))
        expected = sum(views) / 3
        assert table[a, b] == pytest.approx(NAME_SAME if expected >= NAME_ALIKE else expected, abs=1e-6)


def test_rare_names_agree_better(data):
    """Equal names are told apart by how rare they are, and only equal ones."""
    field = next(each for each in data.schema.fields if each.name == "given_name")
    people = [_first_reading_only(person) for person in data.left if "given_name" in person.readings][:20]
    rows = np.arange(20)
    plain, rare = (
        FieldLikeness(field, people, "folds", is_rare).block(rows, rows)
        for is_rare in (lambda _name, _below: False, lambda _name, _below: True)
    )
    assert (np.diag(plain) == np.float32(NAME_SAME)).all()
    assert (np.diag(rare) == np.float32(NAME_SAME_VERY_RARE)).all()
    assert np.array_equal(plain[plain < NAME_ALIKE], rare[rare < NAME_ALIKE])


def test_a_missing_field_is_missing(data):
    """Pairs of which one side lacks the field are NaN, all others are not."""
    field = next(each for each in data.schema.fields if each.name == "mother_name")
    has = np.array(["mother_name" in person.readings for person in data.left])
    rows = np.arange(PEOPLE)
    table = FieldLikeness(field, data.left, "folds").block(rows, rows)
    assert np.array_equal(~np.isnan(table), has[:, None] & has[None, :])


@pytest.mark.parametrize("names", ["folds", "jaro-winkler"])
def test_the_mixture_links_without_blocking(names):
    """On FEBRL1 both plaintext mixtures reach an F1 of 0.95, and keep every pair once, lower position first."""
    data = febrl_set(1)
    found = PlaintextMixture(data, names).link()
    assert (found.left < found.right).all()
    truth = set(zip(data.truth.left.tolist(), data.truth.right.tolist(), strict=True))
    matched = set(zip(found.left[found.is_match].tolist(), found.right[found.is_match].tolist(), strict=True))
    assert 2 * len(matched & truth) / (len(matched) + len(truth)) > 0.95
