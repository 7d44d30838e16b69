"""Persons become entries: shuffled, unlinkable, and found again by whoever shares the secret."""

import pytest

from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.errors import EnvelopeMismatchError, InvalidSchemaError


@pytest.fixture
def encoder(schema, prf, frequencies):
    """Encode under the fixed secret."""
    return Encoder(schema, prf, frequencies)


def tokens(encoding):
    """Return an encoding's tokens."""
    return {entry.token for entry in encoding.entries}


def test_the_same_person_gives_the_same_tokens_under_other_ids(encoder, make_person) -> None:
    """Ids are random; tokens are what partners have in common."""
    first, second = encoder.encode([make_person(), make_person()])
    assert tokens(first) == tokens(second)
    assert not {e.entry_id for e in first.entries} & {e.entry_id for e in second.entries}


def test_another_secret_shares_nothing(schema, frequencies, encoder, make_person) -> None:
    """Neither tokens nor sketches."""
    other = Encoder(schema, SharedSecretPrf(LinkageSecret.generate(), schema), frequencies)
    ours, theirs = encoder.encode([make_person()])[0], other.encode([make_person()])[0]
    assert not tokens(ours) & tokens(theirs)


def test_another_epoch_shares_nothing(schema, frequencies, encoder, make_person) -> None:
    """The key epoch is part of every key."""
    later = schema.with_project("general", bytes(16), 2)
    prf = SharedSecretPrf(LinkageSecret(bytes(range(32))), later)
    other = Encoder(later, prf, frequencies)
    assert not tokens(encoder.encode([make_person()])[0]) & tokens(other.encode([make_person()])[0])


def test_the_order_of_entries_shows_no_recipe(encoder, make_person) -> None:
    """Two encodings of one person list their tokens in different orders."""
    first, second = encoder.encode([make_person(), make_person()])
    assert [e.token for e in first.entries] != [e.token for e in second.entries]


def test_all_entries_have_the_schemas_size(encoder, schema, make_person) -> None:
    """A missing field does not shorten a sketch."""
    encodings = encoder.encode([make_person(), make_person(town=None)])
    assert {len(entry.sketch) for found in encodings for entry in found.entries} == {schema.sketch_bytes}


def test_a_long_list_is_encoded_in_order(encoder, make_person) -> None:
    """Persons stay with their entries across passes."""
    persons = [make_person(given=f"name{n}") for n in range(600)]
    entries = encoder.entries(persons)
    assert (entries.owner[1:] >= entries.owner[:-1]).all()
    assert set(entries.owner.tolist()) == set(range(600))


def test_no_persons_give_no_entries(encoder) -> None:
    """The empty list is no error."""
    assert encoder.encode([]) == []
    assert encoder.entries([]).sketches.shape == (0, encoder.entries([]).sketches.shape[1])


def test_a_person_of_whom_nothing_is_rare_gets_no_entries(encoder, make_person) -> None:
    """Alone or among others; that is no error."""
    common = make_person("common", "common", None, None)
    assert encoder.encode([common])[0].entries == ()
    assert [bool(found.entries) for found in encoder.encode([make_person(), common, make_person()])] == [
        True,
        False,
        True,
    ]


def test_company_changes_no_token(encoder, make_person) -> None:
    """A person's tokens are the same alone and in a list."""
    persons = [
        make_person(given=f"name{n}", aliases=("gita",) * (n % 3), town=None if n % 2 else "dharan") for n in range(9)
    ]
    together = encoder.encode(persons)
    assert [tokens(found) for found in together] == [tokens(encoder.encode([person])[0]) for person in persons]


def test_keys_of_another_schema_are_refused(schema, prf, frequencies) -> None:
    """Tokens would never meet."""
    with pytest.raises(EnvelopeMismatchError):
        Encoder(schema.with_project("other", bytes(16), 1), prf, frequencies)


def test_a_frequency_model_that_lacks_a_part_is_refused(schema, prf) -> None:
    """A gate without figures would let anything through."""
    with pytest.raises(InvalidSchemaError):
        Encoder(schema, prf, FrequencyModel.from_counts("own-counts", "a test", {"surname": {"rai": 3}}))
