"""The hub as its own process: killed, restarted, shared, and blind to persons."""

import gzip
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import create_engine, text

from api.hub import operating
from api.hub.audit.acts import Kind
from api.hub.audit.service import acts_about
from api.hub.kept import repository as kept
from api.hub.kept.entry import EntrySeal
from api.hub.keys import read_key_file
from api.hub.settings import KEY_FILE, HubSettings
from api.wire.batches import MEDIA_TYPE, FiledEntry, pack_batch
from api.wire.organisations import Scope
from api.wire.statements import OrganisationClass, Purpose, Statement
from matcher.encoding import envelope_of
from matcher.schema import LinkageSchema

ROOT = Path(__file__).parents[2]
RUN = "from api.hub.cli import app; app(prog_name='casematch-hub')"
BATCHES = 30
PERSON_SIDE = ("matcher.person", "matcher.normalise", "matcher.phonetics", "matcher.encode")


class Served:
    """A hub in a folder, run by its own commands."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "CASEMATCH_HUB_DATA_DIR": str(folder),
            "CASEMATCH_HUB_DATABASE": database,
            "CASEMATCH_HUB_ANSWER_QUANTUM_MS": "0",
            "CASEMATCH_HUB_INSECURE_DEVELOPMENT": "1",  # time tells what meets
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx2.Client(base_url=self.url, timeout=60, trust_env=False)

    @property
    def settings(self) -> HubSettings:
        """Return the settings that the process will read."""
        return HubSettings(data_dir=self.folder, database=self.database)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-c", RUN, *arguments],
            env=self.environment,
            cwd=self.folder.parent,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, workers: int = 1, program: str = RUN) -> None:
        """Serve, and wait until it is ready."""
        arguments = ["serve", "--port", str(self.port), "--workers", str(workers)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", program, *arguments],
                env=self.environment,
                cwd=self.folder.parent,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for _ in range(600):
            with suppress(httpx2.TransportError):
                if self.client.get("/readyz").status_code == 200:
                    return
            time.sleep(0.1)
        pytest.fail((self.folder / "log").read_text())

    def kill(self) -> None:
        """End the process and its workers at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def close(self) -> None:
        """End everything."""
        self.kill()
        self.client.close()

    def interrupt(self) -> None:
        """End the process as Ctrl+C does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.process = None

    def rows(self, query: str) -> list[Any]:
        """Return what a query finds in the database."""
        engine = create_engine(self.database or f"sqlite+pysqlite:///{self.folder / 'hub.sqlite3'}")
        with engine.connect() as connection:
            found = list(connection.execute(text(query)).all())
        engine.dispose()
        return found


def set_up(folder: Path, database: str = "") -> Served:
    """Set up a hub with one project."""
    hub = Served(folder / "hub", database)
    operating.initialise(hub.settings, "nepal", "nepal", list(Purpose), 36)
    return hub


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    """Set up a hub on each kind of database."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()
    hub = set_up(tmp_path, url)
    yield hub
    hub.close()
    if url:
        request.getfixturevalue("postgres").drop_database(url)


@pytest.fixture
def served_on_sqlite(tmp_path: Path) -> Iterator[Served]:
    """Set up a hub on SQLite alone, where the kind of database plays no part."""
    hub = set_up(tmp_path)
    yield hub
    hub.close()


def new_partner(hub: Served, name: str) -> dict[str, str]:
    """Let an organisation take part; return the headers of its agent."""
    with operating.opened(hub.settings) as opened:
        rules = [(OrganisationClass.NGO, Purpose.PROTECTION)]
        operating.add_organisation(opened, "", name, OrganisationClass.NGO, rules)
        return {"Authorization": f"Bearer {operating.new_key(opened, '', name, list(Scope), 30).api_key}"}


def push(hub: Served, headers: dict[str, str], schema: LinkageSchema, rows: list[FiledEntry]) -> httpx2.Response:
    """File entries over a real socket."""
    body = pack_batch(envelope_of(schema), Statement(purpose=Purpose.PROTECTION, reason="intake"), rows)
    kind = {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
    path = "/v1/projects/nepal/entry-batches"
    return hub.client.post(path, content=gzip.compress(body), headers={**headers, **kind})


def own_schema(hub: Served, headers: dict[str, str]) -> LinkageSchema:
    """Read the project's schema, as an agent does."""
    project = hub.client.get("/v1/projects/nepal", headers=headers).json()
    schema = LinkageSchema.from_document(project["linkage_schema"])
    assert schema.schema_id == project["schema_id"]
    return schema


def test_no_acknowledged_entry_is_lost_to_kill_9(served: Served, entry: Callable[..., FiledEntry]) -> None:
    """The process is killed in the middle of filings; what had a receipt is there, and pushing again completes it."""
    headers = new_partner(served, "a")
    served.start()
    schema = own_schema(served, headers)
    batches = [[entry(secrets.token_bytes(16)) for _ in range(20)] for _ in range(BATCHES)]
    acknowledged: list[bytes] = []

    def file(rows: list[FiledEntry]) -> None:
        with suppress(httpx2.TransportError):
            if push(served, headers, schema, rows).status_code == 202:
                acknowledged.extend(row.entry.entry_id for row in rows)

    with ThreadPoolExecutor(4) as pool:
        for rows in batches:
            pool.submit(file, rows)
        for _ in range(6_000):
            if len(acknowledged) >= 100:
                break
            time.sleep(0.01)
        served.kill()
    assert 100 <= len(acknowledged) < BATCHES * 20
    served.start()
    seal = EntrySeal(read_key_file(served.folder / KEY_FILE))
    kept = {bytes(row.entry_digest) for row in served.rows("SELECT entry_digest FROM entry")}
    assert {seal.digest(entry_id) for entry_id in acknowledged} <= kept
    assert all(push(served, headers, schema, rows).status_code == 202 for rows in batches)
    assert served.rows("SELECT count(*) FROM entry")[0][0] == BATCHES * 20


def test_several_workers_share_nothing_but_the_database(served: Served, entry: Callable[..., FiledEntry]) -> None:
    """Two partners file the same people at once through three processes: all is kept, and metrics add up."""
    partners = [new_partner(served, name) for name in "ab"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served.environment["CASEMATCH_HUB_METRICS_PORT"] = str(port)
    served.start(workers=3)
    schema = own_schema(served, partners[0])
    tokens = [secrets.token_bytes(16) for _ in range(30)]
    jobs = [(headers, token) for token in tokens for headers in partners]
    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda job: push(served, job[0], schema, [entry(job[1])]).status_code, jobs))
    assert set(statuses) == {202}
    seal = EntrySeal(read_key_file(served.folder / KEY_FILE))
    rows = [tuple(map(bytes, row)) for row in served.rows("SELECT entry_digest, seat_digest, box FROM entry")]
    stored = {seal.entry(*row).token for row in rows}
    assert sorted(row[1] for row in rows) == sorted(
        seal.seat_digest(token, seat) for token in stored for seat in (0, 1)
    )
    assert (len(rows), len(stored)) == (60, 30)
    shown = httpx2.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    assert 'casematch_hub_entries_total{act="entries_file"} 60.0' in shown


def test_the_process_has_loaded_nothing_of_a_person(served_on_sqlite: Served, entry: Callable[..., FiledEntry]) -> None:
    """After serving requests, a filing that met another among them, no person-side module is in the process."""
    hub = served_on_sqlite
    spy = (
        "import atexit, sys, pathlib\n"
        "atexit.register(lambda: pathlib.Path('modules').write_text('\\n'.join(sorted(sys.modules))))\n" + RUN
    )
    headers = [new_partner(hub, name) for name in "ab"]
    hub.start(program=spy)
    schema = own_schema(hub, headers[0])
    assert [push(hub, each, schema, [entry("x")]).status_code for each in headers] == [202, 202]
    assert hub.client.get("/v1/meetings", headers=headers[0]).status_code == 200
    hub.interrupt()
    modules = (hub.folder.parent / "modules").read_text().splitlines()
    assert {"matcher.compare.sketches", "matcher.score.posterior", "api.hub.entries.service"} <= set(modules)
    assert not [name for name in modules if name.startswith(PERSON_SIDE)]


def test_the_log_holds_no_token_and_no_id(served_on_sqlite: Served, entry: Callable[..., FiledEntry]) -> None:
    """What the process prints are route templates, statuses and times."""
    hub = served_on_sqlite
    headers = new_partner(hub, "Name of a shelter")
    hub.start()
    rows = [entry("x"), entry("y")]
    assert push(hub, headers, own_schema(hub, headers), rows).status_code == 202
    path = "/v1/meetings/0f0f0f0f-0000-4000-8000-000000000000/release"
    assert hub.client.post(path, headers=headers).status_code == 404
    hub.interrupt()
    log = (hub.folder / "log").read_text()
    assert '"route": "/v1/meetings/{meeting_id}/release"' in log
    secret = headers["Authorization"].rpartition("_")[2]
    for kept_back in ("0f0f0f0f", secret, "Name of a shelter", rows[0].entry.entry_id.hex(), rows[0].entry.token.hex()):
        assert kept_back not in log


def test_serve_refuses_a_key_file_that_others_may_read(served_on_sqlite: Served) -> None:
    """It ends with one plain line."""
    (served_on_sqlite.folder / "hub.key").chmod(0o640)
    done = served_on_sqlite.command("serve")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "[hub_key_open]" in done.stderr


class Load:
    """Two partners who file the same people, read their meetings and release them, until they are stopped."""

    def __init__(self, hub: Served, headers: list[dict[str, str]], entry: Callable[..., FiledEntry]) -> None:
        self.hub, self.headers, self.entry = hub, headers, entry
        self.schema = LinkageSchema.shipped("nepal")
        self.shared: list[bytes] = []
        self.filed: list[bytes] = []
        self.told: set[tuple[int, str]] = set()
        self.released: set[tuple[int, str]] = set()
        self.cursors = ["", ""]
        self.is_over = True

    def run_until_killed(self, seconds: float) -> None:
        """Keep the hub busy for a while, kill it, and wait until everybody has noticed."""
        self.is_over = False
        with ThreadPoolExecutor(4) as pool:
            done = [pool.submit(self._again, work, side) for work in (self._file, self._read) for side in (0, 1)]
            time.sleep(seconds)
            while not self.released and not any(job.done() for job in done):  # a slow machine has its time
                time.sleep(0.1)
            self.hub.kill()
            self.is_over = True
        assert [job.exception() for job in done] == [None] * 4

    def _again(self, work: Callable[[int], None], side: int) -> None:
        """Work on until the hub does not answer."""
        with suppress(httpx2.TransportError):
            while not self.is_over:
                work(side)

    def _file(self, side: int) -> None:
        """File two people, of whom one is released by hand; the second partner files those of the first."""
        if side == 0:
            self.shared = [secrets.token_bytes(16) for _ in range(2)]
        rows = [self.entry(token, manual=index == 1) for index, token in enumerate(self.shared)]
        if rows and push(self.hub, self.headers[side], self.schema, rows).status_code == 202:
            self.filed += [row.entry.entry_id for row in rows]

    def _read(self, side: int) -> None:
        """Read what is new, and release what waits."""
        headers = self.headers[side]
        answer = self.hub.client.get("/v1/meetings", params={"cursor": self.cursors[side]}, headers=headers)
        page = answer.json()
        self.told |= {(side, meeting["meeting_id"]) for meeting in page["meetings"]}
        waiting = [meeting["meeting_id"] for meeting in page["meetings"] if meeting["state"] == "to_decide"]
        for meeting_id in waiting:
            path = f"/v1/meetings/{meeting_id}/release"
            if self.hub.client.post(path, headers=headers).status_code == 200:
                self.released.add((side, meeting_id))
        self.cursors[side] = page["next_cursor"]


GRADED_CERTAIN = f"""
from dataclasses import replace
import numpy as np
import api.hub.app as application
from matcher.pairs import Grade, ScoredPairs

def certain(left, right, _schema):
    weight = np.full(len(left), 20.0)
    grade = np.full(len(left), Grade.CERTAIN, np.int8)
    return ScoredPairs(np.zeros((len(left), 1), np.int8), weight, weight / 20, grade)

open_hub = application.open_hub
application.open_hub = lambda settings: replace(open_hub(settings), score=certain)
{RUN}
"""


def test_many_kills_lose_nothing_and_tell_nothing_unwritten(served: Served, entry: Callable[..., FiledEntry]) -> None:
    """
    Killed at random moments under load: no acknowledged filing or release is lost, no meeting told is not in the log.

    CASEMATCH_KILLS sets how often, on each database; the full run is 100.
    """
    headers = [new_partner(served, name) for name in "ab"]
    kills = int(os.environ.get("CASEMATCH_KILLS", "3"))
    with operating.opened(served.settings) as hub:
        for name in "ab":
            operating.raise_quota(hub, "", name, 5_000, 90)
        owners = [operating.organisation_named(hub, name) for name in "ab"]
    load = Load(served, headers, entry)
    for _ in range(kills):
        served.start(program=GRADED_CERTAIN)
        load.schema = own_schema(served, headers[0])
        load.run_until_killed(0.3 + secrets.randbelow(700) / 1000)
    with operating.opened(served.settings) as hub, hub.database.reading() as connection:
        lost = set(load.filed) - set(kept.find(connection, hub.key, load.filed))
        acts = acts_about(connection, hub, {Kind.MEETING: sorted({name for _, name in load.told})})
    told = {(leaf.organisation, name) for _, name, leaf in acts if leaf.action == "meetings_read"}
    decided = {(leaf.organisation, name) for _, name, leaf in acts if leaf.decision == "released"}
    numbers = (kills, len(load.filed), len(load.told), len(load.released))
    print("kills, entries acknowledged, meetings told, releases acknowledged:", *numbers)  # noqa: T201 - for the full run
    assert lost == set()
    assert {(owners[side], name) for side, name in load.told} <= told
    assert {(owners[side], name) for side, name in load.released} <= decided
    assert min(numbers) > 0
    assert served.rows("SELECT size FROM audit_head") == served.rows("SELECT count(*) FROM audit_entry")
