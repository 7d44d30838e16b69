"""A list has the same entries however many processes encode it."""

import numpy as np
import pytest

from api.agent.linking import encoding
from api.agent.linking.encoding import Keys, encode_list
from benchmarks.quality.datasets import febrl_set
from matcher.encode.secret import LinkageSecret

PERSONS = 90


@pytest.fixture(scope="module")
def persons():
    """Return a short list, and what encodes it."""
    data = febrl_set(1)
    return data.left[:PERSONS], Keys(data.schema, LinkageSecret(bytes(range(32))), data.frequencies)


def test_processes_change_nothing_but_noise(persons, monkeypatch) -> None:
    """Owners and tokens are equal and in order, and the progress is told to the end."""
    monkeypatch.setattr(encoding, "PERSONS_AT_ONCE", 40)
    people, keys = persons
    told: list[int] = []
    alone = encode_list(people, keys, told.append, processes=1)
    shared = encode_list(people, keys, told.append, processes=2)
    assert told == [40, 80, 90, 40, 80, 90]
    assert np.array_equal(alone.owner, shared.owner)
    assert np.array_equal(alone.tokens, shared.tokens)
    assert alone.sketches.shape == shared.sketches.shape


def test_an_empty_list_has_no_entries(persons) -> None:
    """In one process, without waiting for others."""
    assert len(encode_list([], persons[1], lambda _done: None).owner) == 0


def test_keys_show_no_secret(persons) -> None:
    """Not even when printed."""
    assert "00010203" not in repr(persons[1])
