"""A5: pattern mining on field Bloom filters, and schemas that are refused."""

import numpy as np
import pytest

from benchmarks.attacks.encodings.clk import Clk
from benchmarks.attacks.encodings.field_filter import FieldFilter
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.pattern_mining import SURNAME, Frequencies, read_field, read_surnames
from benchmarks.attacks.pattern_mining_refused import offer_lone_fields
from benchmarks.attacks.trial import Role, Trial
from matcher.schema import LinkageSchema

NAMES = ["tamang", "yadav", "rai", "thapa", "shrestha", "gurung", "karki", "magar", "lama", "basnet", "oli", "sah"]


def _drawn(seed, size):
    """Draw surnames, the first most often."""
    weights = 1 / np.arange(1, len(NAMES) + 1)
    return np.random.default_rng(seed).choice(NAMES, size, p=weights / weights.sum()).tolist()


def test_surnames_are_read_from_counts_and_bits():
    """Of 400 filters nearly all are read by somebody who knows how common a dozen names are."""
    encoded, counted = _drawn(1, 400), _drawn(2, 1_000)
    bits = FieldFilter().encode_field(SURNAME, encoded, 1)
    own = [FieldFilter().encode_field(SURNAME, Frequencies.of(counted).texts, key) for key in (11, 12, 13)]
    read = read_field(bits, Frequencies.of(counted), lambda _: own)
    assert np.mean([a == b for a, b in zip(read, encoded, strict=True)]) >= 0.95


def test_the_control_succeeds_on_invented_people():
    """600 Nepali surnames of people whom nobody knows are read."""
    trial = Trial("A5", read_surnames, FieldFilter(), Role.CONTROL, "counts", people=600)
    assert read_surnames(trial, 2)[0].rate >= 0.8


def test_blank_fields_are_read_as_nothing():
    """A filter without a bit has no value."""
    bits = FieldFilter().encode_field(SURNAME, ["rai", "rai", "", "sah"], 1)
    known = Frequencies.of(["rai", "rai", "sah", ""])
    own = [FieldFilter().encode_field(SURNAME, known.texts, key) for key in (11, 12, 13)]
    assert read_field(bits, known, lambda _: own) == ["rai", "rai", "", "sah"]


def test_other_encodings_are_not_read_so():
    """The attack says what it reads."""
    with pytest.raises(TypeError, match="field Bloom filters"):
        read_surnames(Trial("A5", read_surnames, Clk(), Role.CONTROL, "counts", people=10), 1)


def test_no_schema_hashes_a_field_alone():
    """Every document that asks for it is refused, though the one it was made from is taken."""
    outcome = offer_lone_fields(Trial("A5", offer_lone_fields, Ours(), Role.TARGET, "nothing"), 1)[0]
    assert (outcome.rate, outcome.of) == (0.0, 40)
    shipped = LinkageSchema.shipped("nepal")
    assert LinkageSchema.from_document(shipped.document).schema_id == shipped.schema_id
