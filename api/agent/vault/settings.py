"""What the agent was set up with, and how far it has read; on the partner's premises."""

import json
from dataclasses import asdict, dataclass

import apsw

_AGENT = "agent"
_PROJECT = "project"
_FREQUENCIES = "frequencies"


@dataclass(frozen=True, slots=True)
class AgentSettings:
    """
    What `agent init` was told.

    Attributes:
        hub_url: the only address the agent talks to; empty for an agent that works offline.
        api_key_file: absolute path of the owner-only API key file; empty when offline.
        secret_file: absolute path of the linkage secret.
        secret_check: digest that tells another secret from this one.
        is_shelter: whether every record is held back for a person's decision.
        purpose: purpose of the statements it files.
    """

    hub_url: str
    api_key_file: str
    secret_file: str
    secret_check: str
    is_shelter: bool
    purpose: str


class Settings:
    """The table `setting`: one row per name."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def read(self, name: str) -> str:
        """Return a setting's text, or an empty one."""
        row = self._connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def write(self, name: str, value: str) -> None:
        """Set or replace a setting."""
        self._connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))

    def agent(self) -> AgentSettings | None:
        """Return what `agent init` was told, or None before it has finished."""
        text = self.read(_AGENT)
        return AgentSettings(**json.loads(text)) if text else None

    def write_agent(self, settings: AgentSettings) -> None:
        """Keep what `agent init` was told."""
        self.write(_AGENT, json.dumps(asdict(settings)))

    def project(self) -> str:
        """Return the project document as JSON text, as the hub gave it; empty before `agent init` has finished."""
        return self.read(_PROJECT)

    def write_project(self, document: str) -> None:
        """Keep the project document."""
        self.write(_PROJECT, document)

    def frequencies(self) -> str:
        """Return the partner's own frequency model as JSON text; empty when it works with the shipped one."""
        return self.read(_FREQUENCIES)

    def write_frequencies(self, document: str) -> None:
        """Keep a frequency model; an empty text goes back to the shipped one."""
        self.write(_FREQUENCIES, document)

    def column_map(self, headers: tuple[str, ...]) -> dict[str, str]:
        """Return the attribute of each header as last agreed for a file with these headers; empty when never."""
        row = self._connection.execute(
            "SELECT mapping FROM column_map WHERE headers = ?", (json.dumps(headers),)
        ).fetchone()
        return {} if row is None else dict(json.loads(row[0]))

    def write_column_map(self, headers: tuple[str, ...], mapping: dict[str, str]) -> None:
        """Keep the mapping of a file with these headers."""
        self._connection.execute(
            "INSERT OR REPLACE INTO column_map (headers, mapping) VALUES (?, ?)",
            (json.dumps(headers), json.dumps(mapping)),
        )
