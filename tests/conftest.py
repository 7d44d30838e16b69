"""Fixtures that all tests share: a hub on SQLite and on PostgreSQL, and partners that talk to it over HTTP."""

import gzip
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import numpy as np
import pytest
import structlog
from fastapi.testclient import TestClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text

from api.hub import operating
from api.hub.app import create_app
from api.hub.audit.acts import OPERATOR
from api.hub.audit.key_file import make_log_key
from api.hub.context import Hub
from api.hub.kept.entry import EntrySeal, KeptEntry
from api.hub.keys import HUB_KEY_BYTES, HubKey
from api.hub.matches.events import MatchState, replay
from api.hub.matches.match_seal import match_seal
from api.hub.matches.repository import events_of
from api.hub.meetings.sides import SideSeal
from api.hub.organisations.repository import Rule
from api.hub.people import accounts
from api.hub.projects import service as projects
from api.hub.scoring import Scorer, Sketches
from api.hub.settings import HubSettings
from api.hub.storage.migrate import migrate
from api.hub.storage.session import Database
from api.wire.batches import MEDIA_TYPE, FiledEntry, Release, month_number, pack_batch
from api.wire.organisations import Scope
from api.wire.people import NewUser
from api.wire.statements import OrganisationClass, Purpose, Statement
from matcher.encoding import Entry, Envelope, envelope_of
from matcher.pairs import Grade, ScoredPairs
from matcher.schema import LinkageSchema

PROJECT = "nepal"
TODAY = date(2026, 11, 21)
EXPIRES = month_number(2028, 1)

hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")


def graded_by_first_byte(left: Sketches, right: Sketches, _schema: LinkageSchema) -> ScoredPairs:
    """Score pairs by the lesser first byte of their sketches: a grade, as a test wants it."""
    grade = np.minimum(left[:, 0], right[:, 0]).clip(0, Grade.CERTAIN).astype(np.int8)
    weight = grade.astype(np.float64) * 5
    return ScoredPairs(np.zeros((len(grade), 1), dtype=np.int8), weight, weight / 15, grade)


@dataclass
class Calendar:
    """A day that a test may turn."""

    day: date = TODAY

    def today(self) -> date:
        """Return the day."""
        return self.day


class KeptMatch(NamedTuple):
    """A match as the hub keeps it, and the state that its events give."""

    match_id: str
    grade: int
    cluster_id: str
    is_void: bool
    replayed: MatchState

    def require_replay(self) -> None:
        """Check that the match is what its events say."""
        said = self.replayed
        assert (self.grade, self.cluster_id, self.is_void) == (said.grade, said.cluster_id, said.is_void)


@dataclass
class World:
    """A hub in this process, and what tests need to play its partners and its operator."""

    hub: Hub
    schema: LinkageSchema
    calendar: Calendar
    client: TestClient

    def join(
        self, name: str, kind: str = "ngo", rules: Sequence[Rule] = (), scopes: Sequence[Scope] = (), **more: Any
    ) -> "Partner":
        """Let an organisation take part, with an API key and a bulk filing; `more` are fields of `NewOrganisation`."""
        organisation_id = operating.add_organisation(self.hub, PROJECT, name, OrganisationClass(kind), rules, **more)
        key = operating.new_key(self.hub, PROJECT, name, scopes, 30)
        operating.raise_quota(self.hub, PROJECT, name, 5_000, 90)
        return Partner(self, name, key.api_key, organisation_id, kind)

    def user(self, role: str, organisation_id: str = "") -> "Person":
        """Let a person log in, of an organisation or of the hub itself."""
        login, password = f"{role} {secrets.token_hex(4)}", "a password of one's own"
        given = accounts.add(self.hub, OPERATOR, NewUser(login=login, organisation_id=organisation_id, roles=[role]))
        change = {"login": login, "password": given.password, "new_password": password}
        assert self.client.post("/v1/passwords", json=change).status_code == 204
        opened = self.client.post("/v1/sessions", json={"login": login, "password": password})
        assert opened.status_code == 201, opened.text
        return Person(self, login, password, given.user_id, opened.json()["session_token"])

    def rows(self, query: str) -> list[Any]:
        """Return what a query finds in the hub's database."""
        with self.hub.database.reading() as connection:
            return list(connection.execute(text(query)).all())

    def kept_entries(self) -> list[KeptEntry]:
        """Return all entries on file, as the hub with its key reads them, in the order of the file."""
        seal = EntrySeal(self.hub.key)
        rows = self.rows("SELECT entry_digest, seat_digest, box FROM entry")
        return [seal.entry(*map(bytes, row)) for row in rows]

    def kept_ids(self) -> list[bytes]:
        """Return the ids of all entries on file, in the order of the file."""
        return [entry.entry_id for entry in self.kept_entries()]

    def kept_matches(self) -> list[KeptMatch]:
        """Return all matches as they are kept, and what their events say of them."""
        key = self.hub.key
        rows = self.rows("SELECT match_id, grade_box, cluster_id, is_void FROM joined_match")
        with self.hub.database.reading() as connection:
            return [
                KeptMatch(
                    name,
                    match_seal(key).grade(box, name),
                    cluster_id,
                    bool(is_void),
                    replay(events_of(connection, key, name)),
                )
                for name, box, cluster_id, is_void in rows
            ]

    def met_ids(self) -> list[tuple[str, str, bytes]]:
        """Return meeting, organisation and entry of every side whose entry is on file."""
        seal = SideSeal(self.hub.key)
        rows = self.rows("SELECT meeting_id, organisation_id, entry_box FROM meeting_side WHERE entry_box IS NOT NULL")
        return [(row[0], row[1], seal.entry_id(row[2], row[0], row[1])) for row in rows]


@dataclass
class Partner:
    """An organisation as the hub sees it: requests under its API key."""

    world: World
    name: str
    api_key: str
    organisation_id: str
    kind: str = "ngo"
    headers: dict[str, str] = field(init=False)
    approvals: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the header."""
        self.headers = {"Authorization": f"Bearer {self.api_key}"}

    def send(self, method: str, path: str, **kwargs: Any) -> httpx2.Response:
        """Send a request."""
        headers = {**self.headers, **kwargs.pop("headers", {})}
        return self.world.client.request(method, path, headers=headers, **kwargs)

    def file(self, *rows: FiledEntry, purpose: str = "protection", envelope: Envelope | None = None) -> httpx2.Response:
        """File entries."""
        body = pack_batch(envelope or envelope_of(self.world.schema), self.statement(purpose), rows)
        return self.push(gzip.compress(body))

    def statement(self, purpose: str) -> Statement:
        """Return a statement as its class must make it: the police's cites an approval of its supervisor."""
        plain = Statement(purpose=Purpose(purpose), reason="intake")
        if self.kind != "police":
            return plain
        stated = {"lawful_basis": "warrant", "case_tag": "c" * 32}
        if purpose not in self.approvals:
            supervisor = self.world.user("police_supervisor", self.organisation_id)
            wanted = {"purpose": purpose, **stated, "people": 50}
            self.approvals[purpose] = supervisor.send("POST", "/v1/approvals", json=wanted).json()["approval_id"]
        return plain.model_copy(update={**stated, "approval_id": self.approvals[purpose]})

    def push(self, body: bytes, **headers: str) -> httpx2.Response:
        """Send the body of a batch."""
        sent = {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
        sent.update({name.replace("_", "-").title(): value for name, value in headers.items()})
        return self.send("POST", f"/v1/projects/{PROJECT}/entry-batches", content=body, headers=sent)

    def erase(self, *rows: FiledEntry) -> httpx2.Response:
        """Erase entries."""
        body = {"entry_ids": [row.entry.entry_id.hex() for row in rows]}
        return self.send("POST", f"/v1/projects/{PROJECT}/erasures", json=body)

    def meetings(self) -> dict[str, dict[str, Any]]:
        """Return all meetings that this organisation may see, by the id of its own entry and their state."""
        return {meeting["meeting_id"]: meeting for meeting in self.pages("meetings")}

    def matches(self) -> list[dict[str, Any]]:
        """Return all matches of this organisation."""
        return self.pages("matches")

    def pages(self, what: str, cursor: str = "") -> list[dict[str, Any]]:
        """Return a list to its end."""
        found: list[dict[str, Any]] = []
        has_more = True
        while has_more:
            answer = self.send("GET", f"/v1/{what}", params={"cursor": cursor})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page[what]
            cursor, has_more = page["next_cursor"], page["has_more"]
        return found

    def states(self) -> list[str]:
        """Return the states of all visible meetings, sorted."""
        return sorted(meeting["state"] for meeting in self.meetings().values())

    def decide(self, meeting_id: str, what: str) -> httpx2.Response:
        """Release or refuse a meeting."""
        return self.send("POST", f"/v1/meetings/{meeting_id}/{what}")

    def claim(self, reference: str, meeting_ids: Sequence[str] | None = None) -> httpx2.Response:
        """Claim meetings for a record; all that are visible unless others are named."""
        ids = list(self.meetings() if meeting_ids is None else meeting_ids)
        return self.send("POST", "/v1/matches", json={"meeting_ids": ids, "reference": reference})

    def report(self, match_id: str, *encounters: dict[str, Any]) -> httpx2.Response:
        """Report encounters."""
        return self.send("PUT", f"/v1/matches/{match_id}/encounters", json={"encounters": list(encounters)})


@dataclass
class Person:
    """Somebody who is logged in."""

    world: World
    login: str
    password: str
    user_id: str
    token: str

    def send(self, method: str, path: str, **kwargs: Any) -> httpx2.Response:
        """Send a request."""
        return self.world.client.request(method, path, headers={"Authorization": f"Bearer {self.token}"}, **kwargs)


def make_entry(
    schema: LinkageSchema,
    token: bytes | str,
    *,
    grade: int = Grade.CERTAIN,
    manual: bool = False,
    entry_id: bytes | None = None,
    expires: int = EXPIRES,
) -> FiledEntry:
    """Make an entry; `token` may be a short word, `grade` is what `graded_by_first_byte` will find in it."""
    whole = token if isinstance(token, bytes) else token.encode().ljust(16, b".")
    sketch = bytes([grade]) + secrets.token_bytes(schema.sketch_bytes - 1)
    entry = Entry(entry_id or secrets.token_bytes(16), whole, sketch)
    return FiledEntry(entry, Release.MANUAL if manual else Release.AUTOMATIC, expires)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """Put the logs back after each test: a command under test binds them to a stream that ends with it."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


@pytest.fixture
def entry(schema: LinkageSchema) -> Callable[..., FiledEntry]:
    """Return `make_entry` for the project's schema."""
    return lambda token, **kwargs: make_entry(schema, token, **kwargs)


def everybody(purpose: Purpose = Purpose.PROTECTION) -> list[Rule]:
    """Return the rules that release to every class."""
    return [(kind, purpose) for kind in OrganisationClass]


@pytest.fixture
def all_rules() -> list[Rule]:
    """Return the standing rules that release to every class for protection."""
    return everybody()


@pytest.fixture(scope="session")
def schema() -> LinkageSchema:
    """Return the project's schema."""
    return LinkageSchema.shipped("nepal").with_project(PROJECT, bytes(16), 1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = Database(f"sqlite+pysqlite:///{path}")
    migrate(database)
    database.forget_old_pages()
    database.close()
    return path


def _postgres_program(name: str) -> str | None:
    """Find a program of the PostgreSQL server."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


class PostgresCluster:
    """A throw-away PostgreSQL server on a loopback port, run by an unprivileged user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "cluster"
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    def start(self) -> None:
        """Make the cluster, start it, and make a database with all tables."""
        self._run("initdb", "-D", self._folder, "-U", "hub", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run("pg_ctl", "-D", self._folder, "-w", "-o", options, "-l", self._folder / "log", "start")
        self._execute("CREATE DATABASE template")
        database = Database(self.url("template"))
        migrate(database)
        database.close()

    def stop(self) -> None:
        """Stop the server."""
        self._run("pg_ctl", "-D", self._folder, "-m", "immediate", "stop")

    def url(self, name: str) -> str:
        """Return the URL of a database."""
        return f"postgresql+psycopg://hub@127.0.0.1:{self._port}/{name}"

    def new_database(self) -> str:
        """Make a database with all tables; return its URL."""
        name = f"hub_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE template")
        return self.url(name)

    def empty_database(self) -> str:
        """Make a database without tables; return its URL."""
        name = f"hub_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _run(self, program: str, *arguments: object) -> None:
        path = _postgres_program(program)
        assert path is not None
        subprocess.run(
            [path, *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            **self._user,
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """Start a throw-away PostgreSQL; skipped when there is no server, but never in CI."""
    if _postgres_program("initdb") is None or _postgres_program("pg_ctl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("there is no PostgreSQL server, and CI needs one")
        pytest.skip("there is no PostgreSQL server here")
    folder = Path(tempfile.mkdtemp(prefix="casematch-pg-"))  # not under pytest's folder, which others cannot enter
    cluster = PostgresCluster(folder)
    try:
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of a fresh database with all tables, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "hub.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite+pysqlite:///{path}"
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres")
    url = cluster.new_database()
    yield url
    cluster.drop_database(url)


def make_world(url: str, schema: LinkageSchema, score: Scorer) -> World:
    """Set up a hub with one project on a migrated database."""
    calendar = Calendar()
    settings = HubSettings(database=url, answer_quantum_ms=0)
    key = HubKey(secrets.token_bytes(HUB_KEY_BYTES))
    hub = Hub(settings, Database(url), key, make_log_key(key, secrets.token_bytes(32)), score, calendar.today)
    with hub.database.writing() as connection:
        projects.bind_key(connection, hub.key)
        made = projects.create_project(connection, TODAY, PROJECT, schema, list(Purpose), 36)
    return World(hub, made, calendar, TestClient(create_app(hub), raise_server_exceptions=False))


@pytest.fixture
def open_world() -> Callable[[str, LinkageSchema, Scorer], World]:
    """Return `make_world`, for tests that need another scorer or several hubs."""
    return make_world


@pytest.fixture
def world_of() -> Callable[[Hub, LinkageSchema, TestClient], World]:
    """Return a way to play with a hub that a test opened itself."""
    return lambda hub, schema, client: World(hub, schema, Calendar(hub.today()), client)


@pytest.fixture
def graded() -> Scorer:
    """Return the scorer that grades as a test's entries say."""
    return graded_by_first_byte


@pytest.fixture
def world(database_url: str, schema: LinkageSchema) -> Iterator[World]:
    """Return a hub on each database, whose grades are as the test's entries say."""
    opened = make_world(database_url, schema, graded_by_first_byte)
    yield opened
    opened.client.close()
    opened.hub.database.close()


@pytest.fixture
def sqlite_world(sqlite_template: Path, tmp_path: Path, schema: LinkageSchema) -> Iterator[World]:
    """Return the same on SQLite alone, where the kind of database plays no part."""
    path = tmp_path / "alone.sqlite3"
    shutil.copy(sqlite_template, path)
    opened = make_world(f"sqlite+pysqlite:///{path}", schema, graded_by_first_byte)
    yield opened
    opened.client.close()
    opened.hub.database.close()


@pytest.fixture
def new_sqlite_world(sqlite_template: Path, tmp_path: Path, schema: LinkageSchema) -> Callable[[], World]:
    """Return a way to make one SQLite world after the other, for machines that open a hub for each history."""
    numbers = count()

    def new() -> World:
        path = tmp_path / f"{next(numbers)}.sqlite3"
        shutil.copy(sqlite_template, path)
        return make_world(f"sqlite+pysqlite:///{path}", schema, graded_by_first_byte)

    return new
