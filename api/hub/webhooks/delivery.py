"""
The worker that delivers webhooks: what waits is taken, signed and sent, and tried again for three days; hub.

Standard Webhooks 1.0. An attempt is written down before it is made, so that a worker that dies repeats at most one and
two workers never make the same. Redirects are not followed, answers are not read, and nothing of them is logged but
their status. The log names no organisation and no address.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import httpx2
import structlog

from api.hub.context import Hub
from api.hub.webhooks import repository
from api.hub.webhooks.destinations import Destination, resolve
from api.hub.webhooks.repository import WaitingRow
from api.hub.webhooks.service import secret_of
from api.wire.webhooks import DeliveredThing, Delivery, EventType, sign_delivery

# After the first attempt: the schedule that the standard suggests, in seconds; 2 days and 23 hours in all.
PAUSES_SECONDS = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 64_800, 79_200)
TIMEOUT_SECONDS = 15.0
PER_ROUND = 100  # deliveries taken at once
IDLE_SECONDS = 5.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did, in deliveries."""

    delivered: int = 0
    to_repeat: int = 0
    given_up: int = 0

    @property
    def tried(self) -> int:
        """Return how many were tried."""
        return self.delivered + self.to_repeat + self.given_up


def deliver_due(hub: Hub, client: httpx2.Client) -> Round:
    """
    Make every delivery that is due now once.

    Args:
        hub: its database holds what waits.
        client: as `open_client` makes it.
    """
    with hub.database.reading() as connection:
        rows = repository.due(connection, hub.now(), PER_ROUND)
    delivered = to_repeat = given_up = 0
    for row in rows:
        is_last = row.attempts >= len(PAUSES_SECONDS)
        if not _take(hub, row):
            continue
        status = _attempt(hub, client, row)
        is_done = 200 <= status < 300  # noqa: PLR2004 - the class of success
        if is_done or is_last or status == HTTPStatus.GONE:
            with hub.database.writing() as connection:
                repository.drop_events(connection, [row.event_id])
        delivered += is_done
        given_up += not is_done and (is_last or status == HTTPStatus.GONE)
        to_repeat += not is_done and not is_last and status != HTTPStatus.GONE
        _log.info("webhook", status=status)
    return Round(delivered, to_repeat, given_up)


def deliver_for_ever(hub: Hub, sleep: Callable[[float], None] = time.sleep) -> None:
    """Deliver what is due, again and again."""
    with open_client() as client:
        while True:
            if not deliver_due(hub, client).tried:
                sleep(IDLE_SECONDS)


def open_client() -> httpx2.Client:
    """Return a client that follows no redirect and takes no proxy from the environment."""
    return httpx2.Client(follow_redirects=False, trust_env=False, timeout=httpx2.Timeout(TIMEOUT_SECONDS))


def _take(hub: Hub, row: WaitingRow) -> bool:
    """Write the attempt down, with the time of the next; False when another worker has it."""
    pause = PAUSES_SECONDS[min(row.attempts, len(PAUSES_SECONDS) - 1)]
    with hub.database.writing() as connection:
        return repository.take(connection, row.event_id, row.attempts, hub.now() + pause)


def _attempt(hub: Hub, client: httpx2.Client, row: WaitingRow) -> int:
    """Send one delivery; returns the status, 0 when there was no answer or nowhere to send it."""
    place = resolve(row.url, hub.settings)
    if place is None:
        return 0
    body = Delivery(type=EventType(row.type), data=DeliveredThing(id=row.thing_id)).model_dump_json().encode()
    headers = _headers(hub, row, body) | {"Host": _host(place), "Content-Type": "application/json"}
    status = 0
    try:
        with client.stream(
            "POST", _url(place), content=body, headers=headers, extensions={"sni_hostname": place.host}
        ) as answer:
            status = answer.status_code
    except httpx2.HTTPError:
        status = 0
    return status


def _headers(hub: Hub, row: WaitingRow, body: bytes) -> dict[str, str]:
    """Return the headers of the standard; in the day after a rotation both secrets sign."""
    timestamp, owner = hub.now(), (row.project_id, row.organisation_id)
    salts = [row.salt, *([row.old_salt] if row.old_salt is not None and timestamp < row.old_until else [])]
    signed = (sign_delivery(secret_of(hub.key, owner, salt), row.event_id, timestamp, body) for salt in salts)
    return {
        "webhook-id": row.event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signed),
    }


def _host(place: Destination) -> str:
    """Return the host as a header names it."""
    is_default = place.scheme == "https" and place.port == 443  # noqa: PLR2004 - of https
    return place.host if is_default else f"{place.host}:{place.port}"


def _url(place: Destination) -> str:
    """Return the URL with the address in place of the name: no second look-up can lead elsewhere."""
    address = f"[{place.address}]" if place.address.version == 6 else str(place.address)  # noqa: PLR2004 - IPv6
    return f"{place.scheme}://{address}:{place.port}{place.path}"
