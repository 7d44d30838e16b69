"""The examples of docs/client.md run as they stand, against a hub in this process."""

import re
import secrets
from pathlib import Path
from typing import Any

import pytest

from api.agent.client_connection import HubConnection

PAGE = (Path(__file__).parents[2] / "docs" / "client.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def hub_of_examples(sqlite_world: Any, entry: Any, all_rules: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let two organisations match, lead every client to their hub, and return what the examples take as given."""
    a, b = (sqlite_world.join(name, "ngo", all_rules) for name in "ab")
    row = entry("x")
    a.file(row)
    b.file(entry("x"))
    b.file(entry("y"))
    a.file(entry("y", manual=True))
    open_meetings = [each["meeting_id"] for each in a.meetings().values() if each["state"] == "released"]
    a.claim("a" * 32, open_meetings)
    b.claim("b" * 32, open_meetings)
    person = sqlite_world.user("data_protection_officer")
    plain = HubConnection.__init__

    def lead_here(self: HubConnection, _url: str, token: str) -> None:
        plain(self, "http://127.0.0.1:9", token, transport=sqlite_world.client._transport)  # noqa: SLF001 - its way in

    monkeypatch.setattr(HubConnection, "__init__", lead_here)
    return {
        "api_key": a.api_key,
        "entry_ids": [row.entry.entry_id, secrets.token_bytes(16)],
        "login": person.login,
        "password": person.password,
    }


def test_every_example_runs(hub_of_examples: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """One after the other, as a reader would; and they are about something."""
    for example in EXAMPLES:
        exec(compile(example, "docs/client.md", "exec"), hub_of_examples)  # noqa: S102 - our own document
    said = capsys.readouterr().out
    assert len(EXAMPLES) == 5
    assert "1 refused" in said
    assert re.search(r"^D[1-4]$", said, re.MULTILINE)
