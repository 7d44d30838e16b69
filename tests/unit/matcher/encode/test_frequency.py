"""A frequency model holds aggregates only, and says what share carries a value."""

import pytest

from matcher.encode.frequency import FrequencyModel
from matcher.errors import InvalidSchemaError

COUNTS = {"given_name": {"maya": 6, "sita": 3, "odd": 1, "rare": 2}}


def test_values_seen_fewer_than_three_times_are_not_listed() -> None:
    """They get the mean share of such a value instead: (1 + 2) / 2 of 12."""
    model = FrequencyModel.from_counts("own", "a test", COUNTS)
    assert "odd" not in model.to_json()
    assert model.share("given_name", "odd") == model.share("given_name", "never seen") == 1.5 / 12
    assert model.share("given_name", "maya") == 0.5


def test_people_assumed_unseen_make_every_value_rarer() -> None:
    """Twelve who were counted among twenty-four: each share is halved."""
    model = FrequencyModel.from_counts("own", "a test", COUNTS, unseen=12)
    assert model.share("given_name", "maya") == 0.25


def test_a_saved_model_says_the_same() -> None:
    """It can be shared as the shipped one is."""
    model = FrequencyModel.from_counts("own", "a test", COUNTS)
    assert FrequencyModel.from_json(model.to_json()).document == model.document


def test_an_unknown_part_is_an_error_not_a_guess() -> None:
    """A gate without figures would let anything through."""
    with pytest.raises(InvalidSchemaError, match="surname"):
        FrequencyModel.from_counts("own", "a test", COUNTS).share("surname", "rai")


def test_shares_outside_zero_and_one_are_refused_by_pointer() -> None:
    """The error names the share's place, not its value."""
    document = {"format": "casematch-frequency-model/1", "name": "x", "basis": "y", "parts": {"a": {"default": 0}}}
    with pytest.raises(InvalidSchemaError) as caught:
        FrequencyModel(document)
    assert caught.value.where == "/parts/a/default"


def test_a_share_out_of_range_is_named_without_its_value() -> None:
    """The keys of the shares are names and places: the pointer leaves them out."""
    parts = {"town": {"default": 0.1, "shares": {"sita tamang": 0}}}
    with pytest.raises(InvalidSchemaError) as caught:
        FrequencyModel({"format": "casematch-frequency-model/1", "name": "x", "basis": "y", "parts": parts})
    assert caught.value.where == "/parts/town/shares/*"
    assert "sita" not in str(caught.value)


def test_an_unknown_shipped_name_is_refused() -> None:
    """Only what is shipped can be asked for by name."""
    with pytest.raises(InvalidSchemaError):
        FrequencyModel.shipped("nepal-0")
