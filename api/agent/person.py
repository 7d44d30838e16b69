"""
People who are logged in at a hub by the command line: one session, in a file for its owner alone.

On the partner's premises, or those of the linkage desk and the data-protection officer, who have no agent. The file
holds the hub's address and the session's token, never a password; the hub ends the session by itself after some hours.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from api.agent.client_connection import check_hub_url
from api.agent.client_people import PeopleClient
from api.agent.errors import PrivateFileError, SettingsError, UnknownCaseError
from api.agent.private_files import read_private, write_private
from api.wire.people import LogIn, OpenedSession, PasswordChange

SHOWN_OF_ID = 8  # characters; the beginning that lists show and commands take
_ROLE = "session"
_KEYS = {"hub", "token", "project_id"}


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody who is logged in.

    Attributes:
        token: of the session; it goes where an API key would go.
        project_id: the project to act in; empty for people of the hub itself.
    """

    hub_url: str
    token: str = field(repr=False)
    project_id: str

    def client(self) -> PeopleClient:
        """Return a client of the hub under this session; nothing is sent yet."""
        return PeopleClient(self.hub_url, self.token)


def log_in(hub_url: str, given: LogIn, path: Path) -> OpenedSession:
    """
    Open a session, and keep it in a file in place of an earlier one.

    Raises:
        SettingsError: the address is not safe.
        PrivateFileError: the file in the way is no session's, or the folder cannot be written.
        HubRefusalError: login, password or code is wrong, or the password must be changed first.
    """
    if path.exists():
        read_person(path)
    with PeopleClient(hub_url, "") as door:
        opened = door.log_in(given)
    path.unlink(missing_ok=True)
    kept = {"hub": check_hub_url(hub_url), "token": opened.session_token, "project_id": opened.project_id}
    write_private(path, json.dumps(kept), role=_ROLE)
    return opened


def log_out(path: Path) -> None:
    """
    End all sessions of the person, and remove the file.

    Raises:
        SettingsError: nobody is logged in here.
        HubUnreachableError: no answer; the file stays, so that it can be tried again.
    """
    with read_person(path).client() as client:
        client.log_out()
    path.unlink()


def change_password(hub_url: str, change: PasswordChange) -> None:
    """
    Set a password of one's own.

    Raises:
        SettingsError: the address is not safe.
        HubRefusalError: login, password or code is wrong, or the new password is refused.
    """
    with PeopleClient(hub_url, "") as door:
        door.change_password(change)


def read_person(path: Path) -> Person:
    """
    Return who is logged in by a file.

    Raises:
        SettingsError: nobody is, or the file is none of a session's.
        PrivateFileError: others may read it.
    """
    if not path.exists():
        advice = "Log in first: casematch person login LOGIN --hub https://…"
        raise SettingsError("nobody is logged in here", code="not_logged_in", where=_ROLE, advice=advice)
    kept: object = None
    try:
        kept = json.loads(read_private(path, role=_ROLE))
    except ValueError:
        kept = None
    if not isinstance(kept, dict) or set(kept) != _KEYS or not all(isinstance(each, str) for each in kept.values()):
        raise PrivateFileError(
            "not such a file", code="file_format", where=_ROLE, advice="Name another with --session."
        )
    return Person(kept["hub"], kept["token"], kept["project_id"])


def whole_id(ids: Iterable[str], beginning: str, what: str) -> str:
    """
    Return the id that begins so, as a list has shown it.

    Args:
        ids: all that there are.
        beginning: at least one character of it.
        what: the ids are of, for the error.

    Raises:
        UnknownCaseError: none begins so, or several.
    """
    found = {each for each in ids if beginning and each.startswith(beginning)}
    if len(found) != 1:
        advice = "Give the beginning of one id, as the list shows it."
        raise UnknownCaseError("no such one waits, or several begin so", code="no_such_id", where=what, advice=advice)
    return found.pop()
