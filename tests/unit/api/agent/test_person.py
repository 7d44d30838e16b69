"""Sessions of people: a file for its owner alone, taken for nothing else; ids by their beginnings."""

from pathlib import Path

import pytest

from api.agent.errors import PrivateFileError, SettingsError, UnknownCaseError
from api.agent.person import log_in, read_person, whole_id
from api.agent.private_files import write_private
from api.wire.people import LogIn

KEPT = '{"hub": "https://hub.example.org", "token": "cs_1_secret", "project_id": "nepal"}'


def test_a_session_is_read_back_and_does_not_show_its_token(tmp_path: Path) -> None:
    """From its file, with the hub and the project it is for."""
    write_private(tmp_path / "session", KEPT, role="session")
    person = read_person(tmp_path / "session")
    assert (person.hub_url, person.project_id, person.token) == ("https://hub.example.org", "nepal", "cs_1_secret")
    assert "secret" not in repr(person)


def test_nobody_is_logged_in_without_a_file(tmp_path: Path) -> None:
    """And the advice says how to."""
    with pytest.raises(SettingsError) as caught:
        read_person(tmp_path / "session")
    assert caught.value.code == "not_logged_in"


@pytest.mark.parametrize("text", ["an API key", "[]", '{"hub": "x"}', KEPT.replace('"nepal"', "7")])
def test_another_file_is_no_session_and_is_never_overwritten(tmp_path: Path, text: str) -> None:
    """A wrong path must not cost a key; nothing is sent before that is known."""
    write_private(tmp_path / "hub.key", text, role="API key")
    with pytest.raises(PrivateFileError):
        log_in("https://127.0.0.1:9", LogIn(login="somebody", password="x"), tmp_path / "hub.key")  # noqa: S106 - nobody has it
    assert (tmp_path / "hub.key").read_text() == text


def test_a_session_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """As every private file."""
    write_private(tmp_path / "session", KEPT, role="session")
    (tmp_path / "session").chmod(0o644)
    with pytest.raises(PrivateFileError):
        read_person(tmp_path / "session")


@pytest.mark.parametrize(("beginning", "found"), [("ab", "abc"), ("abc", "abc"), ("b", "bcd")])
def test_an_id_is_named_by_its_beginning(beginning: str, found: str) -> None:
    """As lists show it."""
    assert whole_id(["abc", "bcd", "acd"], beginning, "match") == found


@pytest.mark.parametrize("beginning", ["", "a", "x"])
def test_an_id_that_is_not_one_is_refused(beginning: str) -> None:
    """None, several, or nothing typed."""
    with pytest.raises(UnknownCaseError):
        whole_id(["abc", "bcd", "acd"], beginning, "match")
