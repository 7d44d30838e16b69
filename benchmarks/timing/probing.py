"""
File people who are on file elsewhere and people who are not, and take the time of every answer.

The adversary is an organisation with an API key to whom the holder releases nothing: it is on D0, where the bytes of
all answers are the same. A hub is served as its own process, over HTTP on the loopback, and holds as many people as
are asked about. Strangers fall into the same blocks, so that they are compared with somebody as well.
"""

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from api.agent.demo.hub import DemoHub
from api.hub import operating
from api.hub.settings import HubSettings
from api.wire.batches import MEDIA_TYPE, FiledEntry, pack_batch
from api.wire.limits import MAXIMUM_BULK_DAYS, MAXIMUM_BULK_PEOPLE
from api.wire.organisations import Scope
from api.wire.statements import OrganisationClass
from benchmarks.speed.population import STATEMENT, Population, fill
from matcher.encoding import envelope_of

PROJECT = "timed"
WARM_UP = 20  # filings that are not counted: the first compile statements and fill caches
MAXIMUM_PAIRS = (MAXIMUM_BULK_PEOPLE - WARM_UP) // 2  # more is over the asker's quota
TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Probe:
    """A person that is asked about: on file at the holder (`is_hit`), or a stranger."""

    number: int
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds from the request to the end of its answer, of a filing and of the poll right after it."""

    is_hit: bool
    filing: float
    poll: float


@dataclass(frozen=True, slots=True)
class Asker:
    """Where to ask, as whom, and about whom."""

    url: str
    api_key: str
    population: Population

    def ask(self, probes: Sequence[Probe]) -> list[Timed]:
        """Ask about one after the other, over one connection."""
        headers = {"Authorization": f"Bearer {self.api_key}"}
        with httpx2.Client(base_url=self.url, headers=headers, trust_env=False, timeout=TIMEOUT_SECONDS) as client:
            return [self._time(client, probe) for probe in probes]

    def _time(self, client: httpx2.Client, probe: Probe) -> Timed:
        """File one person, and look for meetings."""
        body = pack_batch(envelope_of(self.population.schema), STATEMENT, self._rows(probe))
        started = time.perf_counter()
        filed = client.post(f"/v1/projects/{PROJECT}/entry-batches", content=body, headers={"Content-Type": MEDIA_TYPE})
        answered = time.perf_counter()
        polled = client.get("/v1/meetings")
        ended = time.perf_counter()
        filed.raise_for_status()
        if polled.raise_for_status().json()["meetings"]:
            raise RuntimeError("the asker was told of a meeting, so that this is not D0")
        return Timed(probe.is_hit, answered - started, ended - answered)

    def _rows(self, probe: Probe) -> list[FiledEntry]:
        """Return the entries of a person; those of a hit as another organisation would file them."""
        return self.population.returner(probe.number) if probe.is_hit else self.population.person(probe.number)


def measure(folder: Path, pairs: int, clients: int, quantum_ms: int, seed: int) -> list[Timed]:
    """
    Ask about as many hits as strangers, in random order.

    Args:
        folder: for the hub; it must not exist.
        pairs: of each kind; at most `MAXIMUM_PAIRS`.
        clients: how many ask at once, each with a part of the questions; they delay one another.
        quantum_ms: the hub's `answer_quantum_ms`.
        seed: of the people and the order.
    """
    with asking(folder, pairs + WARM_UP, quantum_ms, seed) as asker:
        people = asker.population.people
        probes = [Probe(number, is_hit=True) for number in range(pairs)]
        probes += [Probe(people + number, is_hit=False) for number in range(pairs)]
        random.Random(seed).shuffle(probes)  # noqa: S311 - an order that can be had again
        asker.ask([Probe(2 * people + number, is_hit=False) for number in range(WARM_UP)])
        with ThreadPoolExecutor(clients) as pool:
            parts = pool.map(asker.ask, (probes[first::clients] for first in range(clients)))
            return [timed for part in parts for timed in part]


@contextmanager
def asking(folder: Path, people: int, quantum_ms: int, seed: int) -> Iterator[Asker]:
    """Serve a hub at which a holder has people on file and releases none of them, and give an asker at it."""
    schema = operating.initialise(HubSettings(data_dir=folder), PROJECT, "nepal", [STATEMENT.purpose], 36)
    population = Population(schema, people, seed=seed)
    with operating.opened(HubSettings(data_dir=folder)) as hub:
        holder, _ = (
            operating.add_organisation(hub, PROJECT, name, OrganisationClass.NGO, ()) for name in ("holder", "asker")
        )
        fill(hub, PROJECT, holder, population)
        operating.raise_quota(hub, PROJECT, "asker", MAXIMUM_BULK_PEOPLE, MAXIMUM_BULK_DAYS)
        key = operating.new_key(hub, PROJECT, "asker", tuple(Scope), MAXIMUM_BULK_DAYS)
    served = DemoHub(folder, settings={"CASEMATCH_HUB_ANSWER_QUANTUM_MS": str(quantum_ms)})
    with served.serving():
        yield Asker(served.url, key.api_key, population)
