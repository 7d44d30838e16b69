"""Rows of filing: one person after the other over HTTP, every one of whom another organisation has on file."""

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from api.hub import operating
from api.hub.access import api_keys
from benchmarks.quality.peers.environment import Peer, PeerMissingError, run_peer
from benchmarks.speed.bare import bare_database, seats_of, unmet_rows
from benchmarks.speed.clock import RUNS, rates
from benchmarks.speed.filled import PROJECT, FilledHub, filled_hub, sizes
from benchmarks.speed.load import Load, Sender, bodies, percentile
from benchmarks.speed.population import ENTRIES_A_PERSON
from benchmarks.speed.postgres import PostgresMissingError
from benchmarks.speed.row import Profile, Row, median, row_of
from benchmarks.speed.serving import Served, served_hub

PEOPLE: dict[Profile, tuple[int, ...]] = {"ci": (1_000,), "full": (100_000, 1_000_000)}
FILINGS: dict[Profile, int] = {"ci": 20, "full": 100}  # in one run
ANONLINK = Peer("anonlink 0.15.3", ("setuptools<81", "anonlink==0.15.3"), Path(__file__).parent / "one_against_many.py")
PEER_SECONDS = 1_800
MOST_OF_ANONLINK = 1 / 20
MOST_OF_BARE = 3.0
MOST_P50_MS = 10.0
MOST_P95_MS = {100_000: 20.0, 1_000_000: 25.0}  # by people on file; smaller hubs are held against nothing
MOST_SHARE = 5.0  # per cent
AUTHENTICATIONS = 200
NOTE = "every filing meets; answers leave at once, in service on a quantum of a second"
MS = 1_000.0
NOBODY = 10**9  # of so many filings one is of a person on file elsewhere


@dataclass(frozen=True, slots=True)
class Spent:
    """
    What some runs of one kind of request took.

    Attributes:
        wall_ms: of each request, run by run.
        cpu_ms: of the hub's process for a request, one figure for each run.
    """

    wall_ms: tuple[tuple[float, ...], ...]
    cpu_ms: tuple[float, ...]

    def by_run(self, part: float) -> list[float]:
        """Return a percentile of each run."""
        return [percentile(run, part) for run in self.wall_ms]


def rows(profile: Profile) -> Iterator[Row]:
    """Yield the rows of each size, on SQLite and on PostgreSQL."""
    for people in sizes(PEOPLE[profile]):
        for is_postgres in (False, True):
            try:
                with filled_hub(people, is_postgres=is_postgres) as hub:
                    yield from _rows_of(hub, profile, "PostgreSQL" if is_postgres else "SQLite")
            except PostgresMissingError as missing:
                work = f"one person's filing, {people:,} people, PostgreSQL"
                yield Row(work, "ms", 0.0, (0.0, 0.0), note=f"not measured: {missing}")


def _rows_of(hub: FilledHub, profile: Profile, kind: str) -> Iterator[Row]:
    """Yield the rows of one hub."""
    work = f"one person's filing, {hub.people:,} people, {kind}"
    headers = hub.ask_as(0)
    with served_hub(hub.settings) as served:
        filed, polled = spent(served, hub, headers, FILINGS[profile])
        unmet, _ = spent(served, hub, headers, FILINGS[profile], returners=NOBODY)
    inserted, looked_up = _bare_ms(hub, FILINGS[profile])
    bare = median([one + other for one, other in zip(inserted, looked_up, strict=True)])
    note = f"bare look-up {median(looked_up):.2f} ms, bare insert {median(inserted):.2f} ms"
    yield row_of(
        f"{work}: p50",
        "ms",
        filed.by_run(50),
        peer="the bare durable insert and look-up of the same rows",
        peers=bare,
        most_ratio=MOST_OF_BARE,
        most=MOST_P50_MS if hub.people in MOST_P95_MS else None,
        note=f"{note}; {NOTE}",
    )
    most = MOST_P95_MS.get(hub.people)
    if kind == "SQLite" and most is not None:
        yield _beside_anonlink(f"{work}: p95", filed.by_run(95), hub.people, most, is_cpu=False)
        yield _beside_anonlink(f"{work}: CPU of the hub", filed.cpu_ms, hub.people, None, is_cpu=True)
    else:
        yield row_of(f"{work}: p95", "ms", filed.by_run(95), most=most, note=NOTE)
        yield row_of(f"{work}: CPU of the hub", "ms", filed.cpu_ms, note=NOTE)
    stranger = f"a stranger's filing, {hub.people:,} people, {kind}"
    yield row_of(f"{stranger}: p50", "ms", unmet.by_run(50), note="some tokens are on file, nobody meets")
    yield row_of(f"{stranger}: CPU of the hub", "ms", unmet.cpu_ms)
    if kind == "SQLite":
        yield from _authentication(hub, headers, {"a filing": filed, "a poll": polled})


def spent(
    served: Served, hub: FilledHub, headers: dict[str, str], number: int, returners: int = 1
) -> tuple[Spent, Spent]:
    """
    File so many people in each run, then poll as often; the first run is not counted.

    Args:
        served: the hub's process.
        hub: what it serves.
        headers: of the agent that files.
        number: of people in one run.
        returners: of so many people one is on file elsewhere.
    """
    load = Load(served.url, PROJECT, [headers], hub.population, 0, 0, 0)
    prepared = bodies(hub.population, returners)
    next(prepared)  # always a returner
    with httpx2.Client(base_url=served.url, timeout=60, trust_env=False) as client:
        sender = Sender(load, client)
        filed = _spent(served, lambda body: sender.file(body, 0), lambda: list(islice(prepared, number)))
        polled = _spent(served, lambda _body: sender.poll(0), lambda: [b""] * number)
    return filed, polled


def _spent(served: Served, send: Callable[[bytes], httpx2.Response], prepare: Callable[[], list[bytes]]) -> Spent:
    """Send what is prepared for each run, one after the other."""
    wall, cpu = [], []
    for _ in range(RUNS + 1):
        todo, before = prepare(), served.cpu_seconds()
        wall.append(tuple(_wall_ms(send, body) for body in todo))
        cpu.append((served.cpu_seconds() - before) * MS / len(todo))
    return Spent(tuple(wall[1:]), tuple(cpu[1:]))


def _wall_ms(send: Callable[[bytes], httpx2.Response], body: bytes) -> float:
    """Return how long one request took."""
    started = time.perf_counter()
    send(body).raise_for_status()
    return (time.perf_counter() - started) * MS


def _bare_ms(hub: FilledHub, number: int) -> tuple[list[float], list[float]]:
    """Return the median times of a bare insert and of a bare look-up, of each run, ms."""
    with bare_database(hub) as bare:
        seats = seats_of(hub, bare, range(number))
        box = len(bytes(bare.look_up("seat_digest", seats[0][:1])[0][3]))
        inserted, looked_up = [], []
        for _ in range(RUNS):
            filings = [unmet_rows(ENTRIES_A_PERSON, box) for _ in range(number)]
            looked_up.append(median([_taken_ms(bare.look_up, "seat_digest", mine) for mine in seats]))
            inserted.append(median([_taken_ms(bare.insert, rows) for rows in filings]))
    return inserted, looked_up


def _taken_ms(work: Callable[..., object], *given: object) -> float:
    """Return how long a piece of work took."""
    started = time.perf_counter()
    work(*given)
    return (time.perf_counter() - started) * MS


def _beside_anonlink(work: str, figures: Sequence[float], people: int, most: float | None, *, is_cpu: bool) -> Row:
    """Return a row beside anonlink's comparison of one record with as many."""
    peers, note = None, NOTE
    try:
        peers = median([run[int(is_cpu)] for run in _anonlink_ms(people)])
    except PeerMissingError as missing:
        note = f"{note}; {missing}"
    peer = f"anonlink, one key of 1,024 bits against {people:,}"
    return row_of(work, "ms", figures, peer=peer, peers=peers, most_ratio=MOST_OF_ANONLINK, most=most, note=note)


def _anonlink_ms(people: int) -> list[tuple[float, float]]:
    """Return wall and CPU milliseconds of each of anonlink's runs, but the first."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "seconds.csv"
        run_peer(ANONLINK, [str(people), str(RUNS), str(output)], PEER_SECONDS)
        with output.open(encoding="utf-8", newline="") as file:
            return [(float(wall) * MS, float(cpu) * MS) for wall, cpu in csv.reader(file)][1:]


def _authentication(hub: FilledHub, headers: dict[str, str], requests: dict[str, Spent]) -> Iterator[Row]:
    """Yield which part of a request's CPU goes into finding out whose it is."""
    presented = headers["Authorization"].removeprefix("Bearer ")
    with operating.opened(hub.settings) as opened:

        def authenticate() -> None:
            for _ in range(AUTHENTICATIONS):
                with opened.database.reading() as connection:
                    api_keys.authenticate(connection, opened.key, opened.today(), presented, None)

        each = MS / median(rates(authenticate, AUTHENTICATIONS))
    for name, kind in requests.items():
        yield row_of(
            f"authentication's share of {name}",
            "% of CPU",
            [100 * each / total for total in kind.cpu_ms],
            most=MOST_SHARE,
            note=f"{each:.2f} ms of {median(kind.cpu_ms):.1f} ms; its own transaction included",
        )
