"""Entries that should have met meet; what has met stays as it was."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from api.hub import operating
from api.hub.cli import app
from api.hub.relinking import service
from api.hub.relinking.service import Relinked, relink
from api.wire.batches import FiledEntry
from matcher.pairs import ScoredPairs

MakeEntry = Callable[..., FiledEntry]


def nothing_is_alike(left: Any, _right: Any, _schema: Any) -> ScoredPairs:
    """Grade every pair certainly-not, as a score model of yesterday might."""
    rows = len(left)
    return ScoredPairs(np.zeros((rows, 1), np.int8), np.zeros(rows), np.zeros(rows), np.zeros(rows, np.int8))


def walked(world: Any, *, is_dry: bool = False) -> Relinked:
    """Walk over all tokens of the project."""
    told: list[float] = []
    found = relink(world.hub, "nepal", is_dry=is_dry, tell=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    return found


@pytest.fixture
def missed(sqlite_world: Any, entry: MakeEntry, all_rules: Any) -> Any:
    """Return a hub where one pair has met, and one was graded too low by an earlier score model."""
    a, b = sqlite_world.join("a", "ngo", all_rules), sqlite_world.join("b", "ngo", all_rules)
    a.file(entry("met"), entry("alone"))
    b.file(entry("met"))
    graded = sqlite_world.hub
    sqlite_world.client.app.state.hub = replace(graded, score=nothing_is_alike)
    a.file(entry("missed"))
    b.file(entry("missed"))
    sqlite_world.client.app.state.hub = graded
    return sqlite_world, a, b


def test_a_new_score_model_finds_what_the_old_one_missed(missed, monkeypatch) -> None:
    """First counted, then made, once; the meeting that was there is not touched."""
    monkeypatch.setattr(service, "ENTRIES_AT_ONCE", 1)
    world, a, b = missed
    before = a.meetings()
    assert len(before) == 1
    assert walked(world, is_dry=True) == Relinked(tokens=2, pairs=1, meetings=1)
    assert a.meetings() == before
    assert walked(world) == Relinked(tokens=2, pairs=1, meetings=1)
    assert (len(a.meetings()), len(b.meetings())) == (2, 2)
    assert {name: a.meetings()[name] for name in before} == before
    assert walked(world) == Relinked(tokens=2, pairs=0, meetings=0)


def test_what_is_still_no_match_makes_no_meeting(missed) -> None:
    """The same score model gives the same answer."""
    world, a, _ = missed
    world.hub = replace(world.hub, score=nothing_is_alike)
    assert walked(world) == Relinked(tokens=2, pairs=1, meetings=0)
    assert len(a.meetings()) == 1


def test_entries_filed_during_a_suspension_meet_when_it_is_lifted(sqlite_world, entry, all_rules) -> None:
    """Not before."""
    a, b = sqlite_world.join("a", "ngo", all_rules), sqlite_world.join("b", "ngo", all_rules)
    a.file(entry("x"))
    operating.set_suspended(sqlite_world.hub, "a", is_suspended=True)
    b.file(entry("x"))
    assert walked(sqlite_world).meetings == 0
    operating.set_suspended(sqlite_world.hub, "a", is_suspended=False)
    assert b.meetings() == {}
    assert walked(sqlite_world).meetings == 1
    assert len(a.meetings()) == len(b.meetings()) == 1


def test_entries_of_one_organisation_never_meet(sqlite_world, entry, all_rules) -> None:
    """A partner's own duplicates are its own affair."""
    a = sqlite_world.join("a", "ngo", all_rules)
    a.file(entry("x"), entry("x"))
    assert walked(sqlite_world) == Relinked(tokens=1, pairs=0, meetings=0)


def test_the_command_counts_and_says_so(tmp_path) -> None:
    """Of a new hub there is nothing to count."""
    here = ("--data-dir", str(tmp_path / "hub"))
    assert CliRunner().invoke(app, ["init", "--project", "nepal", *here]).exit_code == 0
    done = CliRunner().invoke(app, ["relink", "--dry-run", "--json", *here])
    assert json.loads(done.stdout) == {"tokens": 0, "unmet_pairs": 0, "meetings": 0, "dry_run": True}
    assert "0 meetings made" in CliRunner().invoke(app, ["relink", *here]).stdout
