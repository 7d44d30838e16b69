"""Passwords and second factors: what is kept, what is taken, and how many at once."""

from typing import Any

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from api.hub.errors import UnavailableError
from api.hub.keys import HubKey
from api.hub.people import passwords, second_factor
from api.hub.people.passwords import hash_password, is_password, one_time_password
from api.hub.people.throttle import ADDRESS_FREE, LOGIN_FREE, LONGEST_PAUSE_SECONDS, pause_seconds

KEY, OTHER_KEY = HubKey(bytes(range(32))), HubKey(bytes(range(1, 33)))
NOW = 1_111_111_109  # one of the times of RFC 6238, appendix B


def test_what_is_kept_is_argon2id_as_owasp_has_it() -> None:
    """Two passes, 19 MiB, one lane; a salt of its own each time."""
    kept = hash_password(KEY, "u", "correct horse battery")
    found = extract_parameters(kept)
    assert (found.type, found.time_cost, found.memory_cost, found.parallelism) == (Type.ID, 2, 19_456, 1)
    assert kept != hash_password(KEY, "u", "correct horse battery")


def test_a_password_is_bound_to_hub_and_account() -> None:
    """A stolen hash is of no use under another key, and cannot be moved to another account."""
    kept = hash_password(KEY, "u", "correct horse battery")
    assert is_password(KEY, "u", "correct horse battery", kept)
    assert not is_password(KEY, "u", "correct horse batterY", kept)
    assert not is_password(OTHER_KEY, "u", "correct horse battery", kept)
    assert not is_password(KEY, "v", "correct horse battery", kept)


def test_nobody_has_no_password() -> None:
    """An unknown login is compared with a hash of the same cost, and never right."""
    found = extract_parameters(passwords.NOBODY)
    assert (found.time_cost, found.memory_cost, found.parallelism) == (2, 19_456, 1)
    assert not is_password(KEY, "", "anything", None)
    assert not is_password(KEY, "", "", None)


def test_hashes_are_bounded(monkeypatch: Any) -> None:
    """When all places are taken, who comes is asked to come again, and a place that was given back is taken."""
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    for _ in range(passwords.HASHES_AT_ONCE):
        assert passwords.PLACES.acquire(timeout=1)
    try:
        with pytest.raises(UnavailableError) as caught:
            hash_password(KEY, "u", "correct horse battery")
        with pytest.raises(UnavailableError):
            is_password(KEY, "u", "correct horse battery", None)
    finally:
        passwords.PLACES.release(passwords.HASHES_AT_ONCE)
    assert caught.value.code == "busy_logins"
    assert hash_password(KEY, "u", "correct horse battery")


def test_one_time_passwords_differ() -> None:
    """120 random bits each."""
    made = {one_time_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(each) for each in made} == {20}


def test_codes_are_those_of_rfc_6238() -> None:
    """Appendix B, SHA-1, cut to six digits: 07081804 at 1111111109."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 - published in the standard
    assert second_factor.step_of(secret, "081804", NOW) == NOW // 30
    assert second_factor.step_of(secret, "081804", NOW + 30) == NOW // 30
    assert second_factor.step_of(secret, "081804", NOW + 90) is None
    assert second_factor.step_of(secret, "081805", NOW) is None


def test_the_secret_is_derived_and_differs_by_account_and_salt() -> None:
    """Nothing but the salt is kept."""
    made = {
        second_factor.secret_of(key, user, salt)
        for key in (KEY, OTHER_KEY)
        for user in ("u", "v")
        for salt in (bytes(16), bytes(15) + b"1")
    }
    assert len(made) == 8
    assert all(len(each) == 32 for each in made)


@pytest.mark.parametrize("free", [LOGIN_FREE, ADDRESS_FREE])
def test_pauses_grow_to_a_quarter_of_an_hour(free: int) -> None:
    """Nothing before, half a minute at first, doubling, never longer."""
    pauses = [pause_seconds(failures, free) for failures in range(free - 1, free + 12)]
    assert pauses[:4] == [0, 30, 60, 120]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
