"""
Two worlds: in one a shelter holds a secret record, in the other it does not; whoever is not told sees no difference.

The same random requests of everybody who has no release go to both, and each pair of answers is compared byte for
byte: status, headers, body and length. Clock, ids and order are taken from the test; what is signed or hashed differs
by nature and is compared by its length. `CASEMATCH_TRACES` sets how many traces of 50 requests are run.
"""

import asyncio
import gc
import gzip
import json
import os
import re
import shutil
import sqlite3
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.hub import operating
from api.hub.context import Hub
from api.hub.storage.session import Database
from api.wire.batches import MEDIA_TYPE, pack_batch
from api.wire.statements import OrganisationClass
from matcher.encoding import envelope_of

TRACES = int(os.environ.get("CASEMATCH_TRACES", "200"))
STEPS = 50
ABSENT = "00000000-0000-4000-8000-000000000000"
START, SECOND = date(2026, 11, 21), 1_795_000_000
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
SIGNED = re.compile(r'"note":"(?:[^"\\]|\\.)*"|"hashes":\[[^\]]*\]')
HASHES = re.compile(r"[0-9A-Za-z+/=]{40,}")
SEEN = re.compile(r'"(meeting|match|request|break_glass|referral|message|alarm)_id":"([0-9a-f-]{36})"')
AGENTS = ["ngo", "other", "police", "border"]
HOLDER = ["look", "refuse", "erase", "report"]
NIGHT, HOLDING, FILING = 92, 93, 95  # of a hundred kinds of step, from there on: all other steps ask something
NUMBERS = st.integers(0, 999)
STEP = st.tuples(st.integers(0, 99), NUMBERS, NUMBERS, st.integers(0, 7))
SHADOWS = {"elsewhere", "nothing"}  # what the shelter holds in the other world: somebody else, or nobody

Request = tuple[str, str, dict[str, Any] | None]


def get(path: str) -> Request:
    """Return a reading request."""
    return ("GET", path, None)


def post(path: str, **body: Any) -> Request:
    """Return a request that says something."""
    return ("POST", path, body or None)


_ENCOUNTERS = {"encounters": [{"quarter": "2024Q1", "kind": "rescue", "status": "actual"}]}
REQUESTS: tuple[Request, ...] = (
    get("/v1/projects/nepal"),
    get("/v1/meetings"),
    get("/v1/meetings?cursor={cursor}"),
    get("/v1/matches"),
    get("/v1/matches/{match}"),
    get("/v1/matches/{match}/disclosure"),
    get("/v1/matches/{match}/reviews"),
    get("/v1/matches/{match}/sealing-key"),
    get("/v1/disclosure-requests"),
    get("/v1/adjudications"),
    get("/v1/projects/nepal/reports/resolution"),
    get("/v1/break-glass"),
    get("/v1/referrals"),
    get("/v1/messages"),
    get("/v1/webhook"),
    get("/v1/quota"),
    get("/v1/alarms"),
    get("/v1/organisations"),
    get("/v1/projects/nepal/organisations/{shelter}/api-keys"),
    get("/v1/users"),
    get("/v1/audit/checkpoint"),
    get("/v1/audit/proofs/consistency?old=0&new=256"),
    post("/v1/meetings/{meeting}/release"),
    post("/v1/meetings/{meeting}/refuse"),
    post("/v1/meetings/decisions", release=["{meeting}"], refuse=[ABSENT.replace("0000", "1111", 1)]),
    post("/v1/matches", meeting_ids=["{meeting}"], reference="{reference}"),
    ("PUT", "/v1/matches/{match}/encounters", _ENCOUNTERS),
    post("/v1/matches/{match}/disclosure-requests", rung="D4", reason="care", lawful_basis="warrant"),
    post("/v1/disclosure-requests/{request}/decisions", decision="grant"),
    post("/v1/matches/{match}/reviews", answer="same", disposition="continuity_of_care"),
    post("/v1/matches/{match}/reviews", answer="not_same", invalid_reasons=["namesake"]),
    post("/v1/adjudications/{match}", answer="same"),
    post("/v1/break-glass", match_id="{match}", danger="life_at_risk"),
    post("/v1/break-glass/{break_glass}/approvals"),
    post("/v1/referrals", match_id="{match}", service="shelter"),
    post("/v1/referrals/{referral}/accept"),
    post("/v1/referrals/{referral}/revoke"),
    post("/v1/audit/learnt", entry_ids=["{secret}", "{entry}"], match_ids=["{match}"]),
    post("/v1/projects/nepal/erasures", entry_ids=["{secret}", "{entry}"]),
)


@dataclass
class Side:
    """One of the two worlds while a trace runs."""

    hub: Hub
    numbers: dict[str, int] = field(default_factory=dict)  # ids in the order in which they were seen
    seen: dict[str, list[str]] = field(default_factory=dict)
    cursor: str = ""
    made: int = 0

    def new_id(self) -> uuid.UUID:
        """Return an id: they rise, so that what is drawn at random comes in one order in both worlds."""
        self.made += 1
        return uuid.UUID(f"{self.made:08x}-0000-4000-8000-{self.made:012x}")

    def foreign(self, kind: str) -> str:
        """Return a thing of the shelter's, as if somebody had guessed its id."""
        table = {"meeting": "meeting_side", "match": "match_side"}.get(kind, "")
        if not table:
            return ABSENT
        query = f"SELECT {kind}_id FROM {table} WHERE organisation_id = ? ORDER BY 1"  # noqa: S608 - of this file
        with self.hub.database.reading() as connection:
            row = connection.exec_driver_sql(query, (Stage.shelter_id,)).first()
        return ABSENT if row is None else str(row[0])

    def pick(self, kind: str, number: int) -> str:
        """Return an id of a kind: the secret's, one that is not there, or one that was seen."""
        known = self.seen.get(kind, [])
        if number == 0 or not known:
            return self.foreign(kind)
        return ABSENT if number == 1 else known[number % len(known)]

    def plain(self, text: str) -> str:
        """Return an answer with its ids numbered, and what is signed or hashed blotted out at its length."""
        for kind, found in SEEN.findall(text):
            if found not in self.seen.setdefault(kind, []):
                self.seen[kind].append(found)
        text = SIGNED.sub(lambda part: HASHES.sub(lambda run: "#" * len(run[0]), part[0]), text)
        return UUID.sub(lambda found: f"<{self.numbers.setdefault(found[0], len(self.numbers)):034}>", text)


class Stage:
    """The hub's application, everybody's keys and sessions, and the two worlds as files."""

    app: ClassVar[Any]
    hub: ClassVar[Hub]
    folder: ClassVar[Path]
    copies: ClassVar[dict[str, Database]] = {}
    loop: ClassVar[asyncio.AbstractEventLoop]
    tokens: ClassVar[dict[str, str]]
    rows: ClassVar[dict[str, list[Any]]]
    bodies: ClassVar[dict[str, list[bytes]]]
    entry_ids: ClassVar[list[str]]
    secret: ClassVar[Any]
    holders: ClassVar[dict[str, Any]]
    shelter_id: ClassVar[str] = ""
    day: ClassVar[date] = START
    steps: ClassVar[int] = 0
    told: ClassVar[Counter[str]] = Counter()
    current: ClassVar[Side]

    @classmethod
    def open(cls, name: str, copy: str) -> Side:
        """Bring a copy to where a world begins; it is opened once, because statements are compiled for each opening."""
        with closing(sqlite3.connect(cls.folder / name)) as world, closing(sqlite3.connect(cls.folder / copy)) as file:
            world.backup(file)
        if copy not in cls.copies:
            cls.copies[copy] = Database(f"sqlite+pysqlite:///{cls.folder / copy}")
        return Side(replace(cls.hub, database=cls.copies[copy]))

    @classmethod
    def close(cls) -> None:
        """Close all copies."""
        while cls.copies:
            cls.copies.popitem()[1].close()

    @classmethod
    def send(cls, side: Side, method: str, path: str, token: str, body: bytes, kind: str) -> tuple[int, Any, bytes]:
        """Send a request to one of the worlds, within this thread; returns status, headers and body."""
        cls.current, cls.app.state.hub = side, side.hub
        headers = [(b"authorization", f"Bearer {token}".encode()), (b"content-type", kind.encode())]
        if kind == MEDIA_TYPE:
            headers.append((b"content-encoding", b"gzip"))
        where, _, query = path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": where,
        }
        scope |= {"raw_path": where.encode(), "query_string": query.encode(), "root_path": "", "headers": headers}
        scope |= {"client": ("127.0.0.1", 1), "server": ("hub", 80), "asgi": {"version": "3.0"}, "state": {}}
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        cls.loop.run_until_complete(cls.app(scope, receive, send))
        return told[0]["status"], told[0]["headers"], b"".join(part.get("body", b"") for part in told[1:])


def spoken(side: Side, request: Request, number: int) -> tuple[str, bytes]:
    """Return path and body of a request in a world, with the ids that it is about."""
    path, body = request[1], json.dumps(request[2]) if request[2] else ""
    given = {"cursor": side.cursor, "shelter": Stage.shelter_id, "secret": Stage.secret.entry.entry_id.hex()}
    given |= {"reference": str(number % 2 + 1) * 32, "entry": Stage.entry_ids[number % len(Stage.entry_ids)]}
    for name in re.findall(r"\{([a-z_]+)\}", path + body):
        value = given[name] if name in given else side.pick(name, number)
        path, body = path.replace(f"{{{name}}}", value), body.replace(f"{{{name}}}", value)
    return path, body.encode()


class Trace:
    """Anybody but the holder asks anything, in both worlds at once; now and then the holder acts, or a day goes by."""

    def __init__(self, shadow: str) -> None:
        """Open both worlds."""
        Stage.day = START
        self.sides = (Stage.open("secret", "one"), Stage.open(shadow, "two"))

    def step(self, kind: int, what: int, who: int, number: int) -> None:
        """Take a step; most are requests of people and agents, for all else is dear."""
        Stage.steps += 1
        if kind >= FILING:
            self.file(AGENTS[who % len(AGENTS)], number)
        elif kind >= HOLDING:
            for side in self.sides:
                hold(side, HOLDER[what % len(HOLDER)])
        elif kind == NIGHT:
            Stage.day = min(Stage.day + timedelta(days=1), START + timedelta(days=20))
        else:
            names = sorted(Stage.tokens) if kind % 3 == 0 else AGENTS
            self.ask(Stage.tokens[names[who % len(names)]], REQUESTS[what % len(REQUESTS)], number)

    def ask(self, token: str, request: Request, number: int) -> None:
        """Send one request to both worlds."""
        spoke = [spoken(side, request, number) for side in self.sides]
        self.both(request[0], [path for path, _ in spoke], token, [body for _, body in spoke], "application/json")

    def file(self, name: str, number: int) -> None:
        """File an entry: of the secret's person, or of another; again, as it may be."""
        body = Stage.bodies[name][number % len(Stage.bodies[name])]
        path = "/v1/projects/nepal/entry-batches"
        self.both("POST", [path, path], Stage.tokens[name], [body, body], MEDIA_TYPE)

    def both(self, method: str, paths: list[str], token: str, bodies: list[bytes], kind: str) -> None:
        """Hold the two answers together."""
        (status, headers, body), other = (
            Stage.send(side, method, path, token, said, kind)
            for side, path, said in zip(self.sides, paths, bodies, strict=True)
        )
        Stage.told[str(status)] += 1
        assert (status, headers, len(body)) == (other[0], other[1], len(other[2])), (method, paths)
        one, two = (side.plain(text.decode()) for side, text in zip(self.sides, (body, other[2]), strict=True))
        assert one == two, (method, paths)
        if paths[0].startswith("/v1/meetings?") and status == 200:
            for side, text in zip(self.sides, (body, other[2]), strict=True):
                side.cursor = json.loads(text)["next_cursor"]


def hold(side: Side, what: str) -> None:
    """Let the shelter act in its own world, under its own key."""
    asked = {
        "look": get("/v1/meetings"),
        "refuse": post(f"/v1/meetings/{side.foreign('meeting')}/refuse"),
        "erase": post("/v1/projects/nepal/erasures", entry_ids=[Stage.secret.entry.entry_id.hex()]),
        "report": ("PUT", f"/v1/matches/{side.foreign('match')}/encounters", _ENCOUNTERS),
    }
    method, path, body = asked[what]
    said = json.dumps(body).encode() if body else b""
    Stage.send(side, method, path, Stage.holders["shelter"].api_key, said, "application/json")


def shadow_of(world: Any, entry: Any, name: str, *, manual: bool = True) -> None:
    """Make the world of this name out of the base: what the shelter and its confidant file, and that they match."""
    side = Stage.open("base", name)
    world.client.app.state.hub = side.hub
    Stage.current = side
    shelter, confidant = Stage.holders["shelter"], Stage.holders["confidant"]
    if name == "secret":
        Stage.secret = entry("x", manual=manual)
        shelter.file(Stage.secret)
    if name == "elsewhere":
        shelter.file(entry("w", manual=True))
    confidant.file(Stage.rows["confidant"][0])
    for meeting_id, meeting in shelter.meetings().items():
        if meeting["state"] == "to_decide":
            shelter.decide(meeting_id, "release")
    for holder, letter in ((shelter, "c"), (confidant, "d")):
        ready = [key for key, meeting in holder.meetings().items() if meeting["state"] == "released"]
        if ready:
            holder.claim(letter * 32, ready)


def people(world: Any, organisations: dict[str, str]) -> dict[str, str]:
    """Let somebody of each role log in; returns their sessions."""
    roles: dict[str, tuple[str, ...]] = {"ngo": ("caseworker", "safeguarding_lead", "data_manager", "evaluator")}
    roles |= {"police": ("police_investigator", "police_supervisor"), "desk": ("linkage_desk",)}
    found = {role: world.user(role, organisations[name]).token for name in roles for role in roles[name]}
    return found | {role: world.user(role).token for role in ("data_protection_officer", "operator")}


def populate(world: Any, entry: Any, rules: Any, *, manual: bool) -> None:
    """Fill the base: the holder and its confidant decide by hand, the others release to all, and file."""
    kinds = {"ngo": "ngo", "other": "ngo", "police": "police", "border": "border"}
    partners = {name: world.join(name, kind, rules) for name, kind in kinds.items()}
    desk = operating.add_organisation(world.hub, "nepal", "desk", OrganisationClass.LINKAGE_DESK, ())
    shelter = world.join("shelter", "shelter", () if manual else rules, is_location_sensitive=manual)
    Stage.holders = {"shelter": shelter, "confidant": world.join("confidant", "government")}
    Stage.shelter_id = Stage.holders["shelter"].organisation_id
    agents = {name: partners[name].api_key for name in kinds}
    found = people(world, {name: each.organisation_id for name, each in partners.items()} | {"desk": desk})
    Stage.tokens = {**agents, **found, "stranger": f"cm_{'0' * 16}_{'0' * 64}"}
    words = ("x", "x", "y", "z")
    Stage.rows = {name: [entry(word, grade=grade) for grade, word in enumerate(words)] for name in kinds}
    Stage.rows["confidant"] = [entry("x", manual=True)]
    Stage.entry_ids = [row.entry.entry_id.hex() for name in kinds for row in Stage.rows[name]]
    Stage.bodies = {}
    for name in kinds:
        statement, envelope = partners[name].statement("protection"), envelope_of(world.schema)
        Stage.bodies[name] = [gzip.compress(pack_batch(envelope, statement, [row])) for row in Stage.rows[name]]
    for name in ("ngo", "other", "police"):
        assert partners[name].file(Stage.rows[name][2]).status_code == 202
    for name, letter in (("ngo", "a"), ("other", "b")):
        partners[name].claim(letter * 32)


def new_id() -> uuid.UUID:
    """Return an id of the world that is asked just now."""
    return Stage.current.new_id()


async def at_once(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Run a route within this thread: nothing here runs at the same time."""
    return work(*given, **named)


class InOrder:
    """Chance that leaves things as they are: what is shuffled comes in one order in both worlds."""

    def shuffle(self, things: list[Any]) -> None:
        """Do nothing."""


@pytest.fixture
def stage(
    monkeypatch: pytest.MonkeyPatch, open_world: Any, sqlite_template: Path, schema: Any, graded: Any
) -> Iterator[Any]:
    """Return a base world, and close everything afterwards."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own within it, for speed
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        Stage.folder, Stage.day = Path(folder), START
        shutil.copy(sqlite_template, Stage.folder / "base")
        world = open_world(f"sqlite+pysqlite:///{folder}/base", schema, graded)
        world.hub = replace(world.hub, now=lambda: SECOND, today=lambda: Stage.day)
        Stage.hub, Stage.app, Stage.loop = world.hub, world.client.app, asyncio.new_event_loop()
        Stage.app.state.hub, Stage.steps, Stage.told = world.hub, 0, Counter()
        monkeypatch.setattr("api.hub.meetings.meet.SystemRandom", InOrder)
        monkeypatch.setattr("api.hub.meetings.service.SystemRandom", InOrder)
        kept = structlog.get_config()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False)
        often = gc.get_threshold()
        gc.set_threshold(100_000)  # a good part of the time of so many small requests
        yield world
        gc.set_threshold(*often)
        structlog.configure(**kept)
        Stage.close()
        Stage.loop.close()


def set_scene(world: Any, entry: Any, rules: Any, patch: pytest.MonkeyPatch, *, manual: bool = True) -> None:
    """Make all worlds, and take ids and threads out of chance's hands."""
    populate(world, entry, rules, manual=manual)
    world.hub.database.close()
    for name in ("secret", *sorted(SHADOWS)):
        shadow_of(world, entry, name, manual=manual)
    world.client.close()
    patch.setattr(uuid, "uuid4", new_id)
    for module in ("fastapi.dependencies.utils", "fastapi.routing", "starlette._exception_handler"):
        patch.setattr(f"{module}.run_in_threadpool", at_once)


def run(traces: int) -> None:
    """Run traces of fifty steps."""

    @settings(
        max_examples=traces,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(sorted(SHADOWS)), st.lists(STEP, min_size=STEPS, max_size=STEPS))
    def walk(shadow: str, steps: list[tuple[int, int, int, int]]) -> None:
        trace = Trace(shadow)
        for step in steps:
            trace.step(*step)

    walk()


def test_nobody_else_can_tell_whether_a_secret_is_there(
    stage: Any, entry: Any, all_rules: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer to everybody is the same in both worlds, but for its ids."""
    set_scene(stage, entry, all_rules, monkeypatch)
    run(TRACES)
    assert Stage.steps >= TRACES * STEPS
    assert min(Stage.told[status] for status in ("200", "202", "403", "404")) > TRACES, Stage.told


def test_the_comparison_finds_a_secret_that_is_told(
    stage: Any, entry: Any, all_rules: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can fail: a shelter that hides no place and releases to everybody is found at once."""
    set_scene(stage, entry, all_rules, monkeypatch, manual=False)
    with pytest.raises(AssertionError):
        run(20)
