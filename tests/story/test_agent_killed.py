"""A push of 5,000 cases that is killed in the middle, then two pushes at once: every entry is at the hub once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import pytest

from api.agent.consent import Stated
from api.agent.demo.hub import PROJECT, DemoHub
from api.agent.demo.partners import VALLEY, Encounter, Filed, write_file
from api.agent.demo.people import invent
from api.agent.demo.search import count_rows
from api.agent.demo.world import PARTNERS
from api.agent.intake import take_in
from api.agent.private_files import write_private
from api.agent.reading import read_file
from api.agent.secret_file import write_secret
from api.agent.session import open_session
from api.agent.setup import Setup, set_up
from matcher.encode.secret import LinkageSecret
from matcher.schema import LinkageSchema

CASES = 5_000
ENTRIES_PER_CASE = 6  # the shipped schema has 48; fewer keep the test short, and still take three batches
PUSH = (sys.executable, "-c", "from api.agent.cli import app; app()", "agent", "push", "--dir")
SECONDS = 60


def silent(_step: str, _done: int, _total: int) -> None:
    """Show no progress."""


def no_passphrase() -> str:
    """Fail when a passphrase is asked for."""
    pytest.fail("no passphrase is needed")


def start_push(folder: Path) -> subprocess.Popen[bytes]:
    """Start `casematch agent push` as its own process."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen([*PUSH, folder], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def entries_at(hub: DemoHub) -> int:
    """Count the entries in the hub's database."""
    return count_rows(hub.folder)["entry"]


def small_schema(path: Path) -> str:
    """Write the shipped schema with fewer entries to a record."""
    document = dict(LinkageSchema.shipped("nepal").document)
    document["recipes"] = {"minimum_attributes": 3, "maximum_attributes": 3, "maximum_entries": ENTRIES_PER_CASE}
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def test_a_killed_push_is_finished_by_the_next(tmp_path: Path) -> None:
    """After SIGKILL between the first batch and the last, each entry is filed once, and the vault knows it."""
    hub = DemoHub(tmp_path / "hub", small_schema(tmp_path / "schema.json"))
    api_keys = hub.set_up(PARTNERS)
    write_secret(tmp_path / "s", LinkageSecret.generate())
    write_private(tmp_path / "k", api_keys["valley"], role="API key")
    chance = Random(7)  # noqa: S311 - invents people
    met = Encounter("2024Q1", "rescue", "actual")
    cases = [Filed(f"V-{number}", invent(chance), date(2024, 1, 5), met) for number in range(CASES)]
    write_file(tmp_path / "cases.csv", cases, VALLEY, chance)
    with hub.serving():
        set_up(Setup(tmp_path / "agent", tmp_path / "s", hub.url, tmp_path / "k", PROJECT))
        with open_session(tmp_path / "agent", no_passphrase) as session:
            total = take_in(
                session, read_file(session, tmp_path / "cases.csv", (), silent, consent=Stated()), silent
            ).entries
        assert total > 2 * 10_000
        killed = start_push(tmp_path / "agent")
        end = time.monotonic() + SECONDS
        while not entries_at(hub) and time.monotonic() < end and killed.poll() is None:
            time.sleep(0.005)
        os.kill(killed.pid, signal.SIGKILL)
        _, _ = killed.communicate()
        assert killed.returncode == -signal.SIGKILL
        assert 0 < entries_at(hub) < total
        both = [start_push(tmp_path / "agent"), start_push(tmp_path / "agent")]
        told = [push.communicate(timeout=SECONDS)[1] for push in both]
        assert [push.returncode for push in both] == [0, 0], told
        assert entries_at(hub) == total
    with open_session(tmp_path / "agent", no_passphrase) as session:
        counts = session.vault.outbox.counts()
    assert (counts.waiting, counts.sent, counts.withdrawn) == (0, total, 0)
    with closing(sqlite3.connect(hub.folder / "hub.sqlite3")) as database:
        assert database.execute("SELECT count(DISTINCT entry_digest) FROM entry").fetchone() == (total,)
