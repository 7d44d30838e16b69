"""
The metrics over HTTP, on a loopback port of their own, apart from what partners reach; hub.

With one worker its own counts are shown. Several workers write theirs to files in a temporary folder, which the process
that watches over them adds up: it is prometheus-client's way, and needs no port for each worker.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.hub.audit.service import Standing, standing
from api.hub.context import Hub
from api.hub.errors import SetupError
from api.hub.metrics import REGISTRY

LOOPBACK = "127.0.0.1"
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when a worker starts


class DatabaseCollector(Collector):
    """
    Reads the audit log's size and the age of its checkpoint when it is asked.

    Args:
        hub: an open hub.
    """

    def __init__(self, hub: Hub) -> None:
        """Keep the hub."""
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; of a database that cannot be read, only that it is so."""
        found: Standing | None = None
        try:
            found = standing(self._hub)
        except SQLAlchemyError:
            found = None
        yield GaugeMetricFamily("casematch_hub_database_up", "1 when the database can be read.", found is not None)
        if found is None:
            return
        yield GaugeMetricFamily("casematch_hub_audit_log_entries", "Entries of the audit log.", found.size)
        if found.published_on is not None:
            age = (self._hub.today() - found.published_on).days
            yield GaugeMetricFamily("casematch_hub_checkpoint_age_days", "Days since it was last published.", age)

    def describe(self) -> list[Metric]:
        """Say nothing beforehand: the database is not asked for the names."""
        return []


@contextmanager
def exposed(hub: Hub, workers: int) -> Iterator[None]:
    """
    Show the metrics while the block runs, if the settings name a port.

    Args:
        hub: an open hub.
        workers: processes that will serve, started within the block.

    Raises:
        SetupError: the port cannot be used.
    """
    if not hub.settings.metrics_port:
        yield
        return
    with TemporaryDirectory(prefix="casematch-hub-metrics-") as folder:
        registry = REGISTRY
        if workers > 1:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call] # it joins the registry
            os.environ[_FOLDER] = folder
        collector = DatabaseCollector(hub)
        registry.register(collector)
        close = _start(hub.settings.metrics_port, registry)
        try:
            yield
        finally:
            close()
            registry.unregister(collector)
            os.environ.pop(_FOLDER, None)


def _start(port: int, registry: CollectorRegistry) -> Callable[[], None]:
    """Answer on the port, and return how to stop."""
    started = None
    try:
        started = start_http_server(port, LOOPBACK, registry)
    except OSError:
        started = None
    if started is None:
        raise SetupError("the port of the metrics is in use or not allowed", code="metrics_port")
    server, thread = started

    def close() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return close
