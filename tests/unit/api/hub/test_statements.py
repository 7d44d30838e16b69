"""A filing and a poll send few statements to the database."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
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
    """Key, ended releases and changes, in transactions that only read."""
    partner = sqlite_world.join("a")
    sent.clear()
    assert partner.send("GET", "/v1/meetings").status_code == 200
    assert 0 < len(sent) <= MOST_OF_A_POLL
    assert not [statement for statement in sent if statement.startswith(("INSERT", "UPDATE", "DELETE", "SAVEPOINT"))]


# by which index SQLite would walk all that an organisation has of meetings or matches, however many
WALKS = re.compile(r"ix_\w+_side_organisation_id_project_id_change \(organisation_id=\?( AND project_id=\?)?\)")


def test_what_an_organisation_has_met_is_never_walked(
    sqlite_world: Any, entry: Callable[..., Any], all_rules: Any, sent: list[str]
) -> None:
    """No statement of filings that meet, polls, releases and claims takes longer the more has met."""
    a, b = (sqlite_world.join(name, "ngo", all_rules) for name in "ab")
    sent.clear()
    for partner in (a, b, b):
        partner.file(entry(b"1" * 16), entry(b"2" * 16))
        partner.meetings()
    for partner, reference in ((a, "a" * 32), (b, "b" * 32)):
        assert partner.claim(reference).status_code == 200
        partner.matches()
    assert a.matches()
    selects = {statement for statement in sent if statement.startswith("SELECT") and "?" in statement}
    with closing(sqlite3.connect(sqlite_world.hub.settings.database.partition("///")[2])) as raw:
        plans = {
            statement: [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?"))]
            for statement in selects
        }
    assert any("ix_meeting_side_entry_tag" in step for plan in plans.values() for step in plan)
    assert not {statement: plan for statement, plan in plans.items() if any(map(WALKS.search, plan))}
