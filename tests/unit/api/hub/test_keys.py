"""The hub's key, what is derived from it, and cursors."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.hub.cursors import read_cursor, write_cursor
from api.hub.errors import SetupError, UnreadableError
from api.hub.keys import HubKey, create_key_file, keyed_digest, read_key_file

KEY = HubKey(bytes(range(32)))
OWNER = ("meetings", "organisation", "project")


def test_a_derived_key_is_for_one_use_and_one_context() -> None:
    """Another use, another context or another split of it gives another key."""
    keys = [KEY.derive("token"), KEY.derive("row"), KEY.derive("token", "a"), KEY.derive("token", "a", "b")]
    keys += [KEY.derive("token", "ab"), KEY.derive("tokena"), HubKey(bytes(32)).derive("token")]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_derivation_is_fixed() -> None:
    """A known answer, worked out once by hand with Python's hmac: stored tokens depend on it."""
    assert KEY.derive("token", "nepal", "1").hex() == "37bbe70d6b16fe0a8ac213b1b976d9ec5177dda5a6d450cccd3ac35423ce1c4e"
    assert keyed_digest(bytes(32), b"token").hex() == "3a6a70b57f919d9218bd35c24f98c3e7"


def test_a_key_never_shows_itself() -> None:
    """Neither repr nor str holds a byte of it."""
    assert (repr(KEY), str(KEY)) == ("HubKey()", "HubKey()")


def test_a_key_file_is_made_once_and_read_back(tmp_path: Path) -> None:
    """A second one is refused."""
    path = tmp_path / "hub.key"
    made = create_key_file(path)
    assert read_key_file(path).commitment == made.commitment
    with pytest.raises(SetupError) as caught:
        create_key_file(path)
    assert caught.value.code == "hub_key_not_written"


@given(st.integers(0, 2**63))
def test_a_cursor_is_read_back(number: int) -> None:
    """By the one it was given to."""
    assert read_cursor(KEY, OWNER, write_cursor(KEY, OWNER, number)) == number


def test_no_cursor_is_the_start() -> None:
    """An agent that has none begins at the beginning."""
    assert read_cursor(KEY, OWNER, "") == 0


@given(st.text(min_size=1, max_size=60))
def test_no_text_passes_for_a_cursor(text: str) -> None:
    """Whatever it is, it is refused without being quoted."""
    with pytest.raises(UnreadableError) as caught:
        read_cursor(KEY, OWNER, text)
    assert caught.value.code == "unknown_cursor"


def test_another_lists_or_organisations_cursor_is_refused() -> None:
    """A cursor is for one list of one organisation."""
    cursor = write_cursor(KEY, OWNER, 7)
    for other in (("matches", *OWNER[1:]), ("meetings", "somebody", "project")):
        with pytest.raises(UnreadableError):
            read_cursor(KEY, other, cursor)
