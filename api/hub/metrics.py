"""
What the hub counts and measures for its operator, without identities; hub.

Labels are route templates, statuses, codes and names of acts: never an organisation, a key, an id or an address. An act
is counted as it is written to the audit log, so that one whose transaction fails at its very end is counted as well.
"""

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from matcher.pairs import Grade

disable_created_metrics()  # type: ignore[no-untyped-call] # they say when something came for the first time
REGISTRY = CollectorRegistry()
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.02, 0.1, 0.2, 0.4, 1, 2, 5, 10, 30)  # answers to filings leave at multiples of 0.2
_CONNECTIONS = (1, 2, 3, 5, 8, 10)  # ten are the most that a worker takes of PostgreSQL

_requests = Counter("casematch_hub_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY)
_latency = Histogram(
    "casematch_hub_request_seconds", "Time to an answer.", ("route",), buckets=_SECONDS, registry=REGISTRY
)
_problems = Counter(
    "casematch_hub_problems", "Requests not done, by the code of the problem.", ("code",), registry=REGISTRY
)
_acts = Counter("casematch_hub_acts", "Acts written to the audit log.", ("act", "decision"), registry=REGISTRY)
_entries = Counter("casematch_hub_entries", "Entries filed, erased and expired.", ("act",), registry=REGISTRY)
_meetings = Counter("casematch_hub_meetings", "Meetings of two entries.", ("grade",), registry=REGISTRY)
_alarms = Counter("casematch_hub_alarms", "Alarms raised.", ("kind",), registry=REGISTRY)
_pool = Histogram(
    "casematch_hub_connections_taken",
    "Database connections of one worker in use when a further one was taken, itself included.",
    buckets=_CONNECTIONS,
    registry=REGISTRY,
)


def known_method(method: str) -> str:
    """Return a method as metrics and log name it: any other is a stranger's own words."""
    return method if method in _METHODS else "other"


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answered request; `route` is a template, and methods that nobody knows count as one."""
    _requests.labels(known_method(method), route, str(status)).inc()
    _latency.labels(route).observe(seconds)


def count_problem(code: str) -> None:
    """Count a request that was not done: quota refusals are `quota_used`."""
    _problems.labels(code).inc()


def count_act(act: str, decision: str, entries: int) -> None:
    """Count an act of the log; `entries` are those it filed, erased or expired."""
    _acts.labels(act, decision).inc()
    if entries:
        _entries.labels(act).inc(entries)


def count_meetings(grades: Iterable[int]) -> None:
    """Count new meetings by their grade."""
    for grade, number in Tally(grades).items():
        _meetings.labels(Grade(grade).name.lower()).inc(number)


def count_alarm(kind: str) -> None:
    """Count a new alarm."""
    _alarms.labels(kind).inc()


def measure_pool(in_use: int) -> None:
    """Note how many connections are in use."""
    _pool.observe(in_use)
