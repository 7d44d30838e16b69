"""
A steady load over HTTP: filings and polls at their times, whether or not the last one was answered.

Times count from when a request was due, not from when it was sent: a hub that stalls must not be asked less often and
look the better for it.
"""

import gzip
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import count, cycle

import httpx2
import numpy as np

from api.wire.batches import MEDIA_TYPE, FiledEntry, pack_batch
from benchmarks.speed.population import STATEMENT, Population
from matcher.encoding import ENTRY_ID_BYTES, envelope_of

AT_ONCE = 32  # requests under way; as many threads wait for their answers
SAMPLE_SECONDS = 1.0
TIMEOUT_SECONDS = 60.0
RETURNERS = 10  # of so many filings, one is of a person whom another organisation has on file
SEED = 7


@dataclass(frozen=True, slots=True)
class Load:
    """
    What is asked for.

    Attributes:
        url: of the hub, or of what stands in for it.
        project_id: of the filings.
        askers: headers of the agents that file and poll in turn.
        population: whose people come again.
        filings: a second, each of one person.
        polls: a second.
        seconds: how long.
    """

    url: str
    project_id: str
    askers: Sequence[dict[str, str]]
    population: Population
    filings: float
    polls: float
    seconds: float


@dataclass(slots=True)
class Answers:
    """
    What came back.

    Attributes:
        filing_ms, poll_ms: of each good answer, from when its request was due.
        errors: bad statuses, and transport errors by kind.
        samples: what was sampled about once a second.
    """

    filing_ms: list[float] = field(default_factory=list)
    poll_ms: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    samples: list[int] = field(default_factory=list)

    @property
    def all_ms(self) -> list[float]:
        """Return the times of filings and polls together."""
        return self.filing_ms + self.poll_ms


def percentile(times: Sequence[float], part: float) -> float:
    """Return a percentile; 0 when there are no times."""
    return float(np.percentile(times, part)) if len(times) else 0.0


def bodies(population: Population, returners: int) -> Iterator[bytes]:
    """
    Yield packed filings of one person each without end, every n-th of somebody on file, the others of strangers.

    Args:
        population: gives both; strangers are people beyond those on file.
        returners: of so many filings one is a returner's; 1 for all.
    """
    rng = np.random.default_rng([SEED, *os.urandom(4)])  # another run must not file the same entries again
    for number in count():
        is_returner = number % returners == 0
        low, high = (0, population.people) if is_returner else (population.people, 2**20 * population.people)
        yield packed(population, new_entries(population, int(rng.integers(low, high))))


def new_entries(population: Population, person: int) -> list[FiledEntry]:
    """Return the entries of a person under ids that were never filed."""
    return [
        replace(filed, entry=replace(filed.entry, entry_id=os.urandom(ENTRY_ID_BYTES)))
        for filed in population.person(person)
    ]


def packed(population: Population, rows: Sequence[FiledEntry]) -> bytes:
    """Return a filing as an agent sends it."""
    return gzip.compress(pack_batch(envelope_of(population.schema), STATEMENT, rows), compresslevel=1)


class Sender:
    """Sends the two kinds of requests."""

    def __init__(self, load: Load, client: httpx2.Client) -> None:
        """Stand at the start of every agent's list of meetings."""
        self._path = f"/v1/projects/{load.project_id}/entry-batches"
        self._client = client
        self._cursors = dict.fromkeys(range(len(load.askers)), "")
        self._askers = load.askers

    def file(self, body: bytes, asker: int) -> httpx2.Response:
        """File a packed batch."""
        headers = {**self._askers[asker], "Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
        return self._client.post(self._path, content=body, headers=headers)

    def poll(self, asker: int) -> httpx2.Response:
        """Ask for meetings that are new or changed since the last time."""
        cursor = self._cursors[asker]
        answer = self._client.get("/v1/meetings", params={"cursor": cursor}, headers=self._askers[asker])
        if answer.is_success:
            self._cursors[asker] = answer.json()["next_cursor"]
        return answer


def run(load: Load, sample: Callable[[], int], tell: Callable[[float, Answers], None]) -> Answers:
    """
    Send everything when it is due, and return what came back.

    Args:
        load: what is asked for.
        sample: looked at about once a second, such as the memory of the processes.
        tell: told the seconds since the start, and what came back so far, after each sample.
    """
    answers, prepared, asker = Answers(), bodies(load.population, RETURNERS), cycle(range(len(load.askers)))
    limits = httpx2.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    with (
        httpx2.Client(base_url=load.url, limits=limits, timeout=TIMEOUT_SECONDS, trust_env=False) as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        sender, start, sampled = Sender(load, client), time.monotonic(), 0.0
        for due, is_filing in _due(load):
            who = next(asker)
            send = _filing(sender, next(prepared), who) if is_filing else _poll(sender, who)
            if due - sampled >= SAMPLE_SECONDS:
                sampled = due
                answers.samples.append(sample())
                tell(due, answers)
            time.sleep(max(0.0, start + due - time.monotonic()))
            pool.submit(_timed, send, start + due, answers, is_filing=is_filing)
    return answers


def _due(load: Load) -> Iterator[tuple[float, bool]]:
    """Yield when each request is due, in seconds from the start, and whether it is a filing."""
    filings = [(number / load.filings, True) for number in range(int(load.seconds * load.filings))]
    polls = [((number + 0.5) / load.polls, False) for number in range(int(load.seconds * load.polls))]
    yield from sorted(filings + polls)


def _filing(sender: Sender, body: bytes, asker: int) -> Callable[[], httpx2.Response]:
    """Return the sending of a filing."""
    return lambda: sender.file(body, asker)


def _poll(sender: Sender, asker: int) -> Callable[[], httpx2.Response]:
    """Return the sending of a poll."""
    return lambda: sender.poll(asker)


def _timed(send: Callable[[], httpx2.Response], due: float, answers: Answers, *, is_filing: bool) -> None:
    """Send, and write down how long it took or what went wrong."""
    try:
        answer = send()
    except httpx2.HTTPError as error:
        answers.errors[type(error).__name__] += 1
        return
    if not answer.is_success:
        answers.errors[str(answer.status_code)] += 1
        return
    taken = (time.monotonic() - due) * 1_000
    (answers.filing_ms if is_filing else answers.poll_ms).append(taken)
