"""A filing and a poll send few statements to the database."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

MOST_OF_A_FILING = 31  # of a stranger's, its API key's look-up and what begins a transaction included
MOST_OF_A_POLL = 5


@pytest.fixture
def sent() -> Iterator[list[str]]:
    """Return the statements that are sent from now on."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_a_filing_sends_few_statements(sqlite_world: Any, entry: Callable[..., Any], sent: list[str]) -> None:
    """However many entries it has."""
    partner = sqlite_world.join("a")
    partner.file(entry(b"1" * 16))
    sent.clear()
    assert partner.file(*(entry(bytes([number]) * 16) for number in range(2, 40))).status_code == 202
    assert 0 < len(sent) <= MOST_OF_A_FILING


def test_a_poll_sends_few_statements(sqlite_world: Any, sent: list[str]) -> None:
    """Key, ended releases and changes, in two transactions that only read."""
    partner = sqlite_world.join("a")
    sent.clear()
    assert partner.send("GET", "/v1/meetings").status_code == 200
    assert 0 < len(sent) <= MOST_OF_A_POLL
    assert not [statement for statement in sent if statement.startswith(("INSERT", "UPDATE", "DELETE", "SAVEPOINT"))]
