"""
Log-ins are slowed down after failures, for each login and for each address; counted in the database; hub.

An attempt is counted before the password is looked at, and forgotten when it was right: so many attempts at the same
moment count as well. Buckets are keyed digests, for unknown logins as for known ones, so that a pause tells nothing.
After `LOGIN_FREE` failures the pause is half a minute, doubling to a quarter of an hour; nobody is locked out for good.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from api.hub.addresses import Address
from api.hub.errors import TooManyError
from api.hub.keys import HubKey, keyed_digest
from api.hub.people import repository

LOGIN_FREE = 5
ADDRESS_FREE = 50  # an office behind one address
IPV4 = 4
IPV6_LINE_BYTES = 8  # the /64 that the smallest subscriber has
FIRST_PAUSE_SECONDS = 30
LONGEST_PAUSE_SECONDS = 15 * 60
FORGOTTEN_SECONDS = 60 * 60

Bucket = tuple[bytes, int]  # digest, failures that cost nothing


def buckets_of(key: HubKey, login_digest: bytes, address: Address | None) -> list[Bucket]:
    """Return the buckets of an attempt: its login's, and its address's if that is known."""
    found = [(keyed_digest(key.derive("throttle", "login"), login_digest), LOGIN_FREE)]
    if address is not None:
        found.append((keyed_digest(key.derive("throttle", "address"), _line_of(address)), ADDRESS_FREE))
    return found


def _line_of(address: Address) -> bytes:
    """Return what addresses of one line share: a subscriber of IPv6 has 2**64 of them to come from in turn."""
    return address.packed if address.version == IPV4 else address.packed[:IPV6_LINE_BYTES]


def count_attempt(connection: Connection, buckets: Sequence[Bucket], now: int) -> None:
    """
    Count an attempt that has not succeeded yet.

    Raises:
        TooManyError: it comes too early after failures; it is not counted then.
    """
    repository.forget_failures(connection, now - FORGOTTEN_SECONDS)
    for bucket, free in buckets:
        failures, last_at = repository.failures(connection, bucket)
        wait = last_at + pause_seconds(failures, free) - now
        if wait > 0:
            raise TooManyError("too many log-ins failed; wait", code="too_many_logins", seconds=wait)
    for bucket, _ in buckets:
        repository.add_failure(connection, bucket, now)


def pause_seconds(failures: int, free: int) -> int:
    """Return how long the next attempt must wait."""
    if failures < free:
        return 0
    return min(FIRST_PAUSE_SECONDS << min(failures - free, 10), LONGEST_PAUSE_SECONDS)
