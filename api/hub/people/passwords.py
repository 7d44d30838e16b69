"""
Passwords: Argon2id (RFC 9106) with OWASP's second setting, few at a time; hub.

Before it is hashed a password is keyed under the hub's own key, so that a stolen database alone lets nobody guess.
One hash takes 19 MiB: a semaphore bounds how many run at once, and who waits too long is asked to come again, so that
log-ins cannot exhaust memory or the server's threads. An unknown login costs the same time as a wrong password.
"""

import hmac
import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from api.hub.errors import UnavailableError
from api.hub.keys import HubKey

PASSES = 2
MEMORY_KIB = 19 * 1024
LANES = 1
HASHES_AT_ONCE = 2  # 38 MiB in each worker process
WAIT_SECONDS = 2.0
ONE_TIME_BYTES = 15  # 120 bits: 20 characters to hand over

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
PLACES = BoundedSemaphore(HASHES_AT_ONCE)
NOBODY = (  # of a random password: what an unknown login is compared with
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZSByYW5kb20gc2FsdA$Tm9ib2R5IGtub3dzIHRoaXMgcGFzc3dvcmQsIG5vdCB3ZSE"
)


def hash_password(key: HubKey, user_id: str, password: str) -> str:
    """
    Return what is kept of a password.

    Raises:
        UnavailableError: too many passwords are being checked.
    """
    _enter()
    try:
        return _hasher.hash(_keyed(key, user_id, password))
    finally:
        PLACES.release()


def is_password(key: HubKey, user_id: str, password: str, kept: str | None) -> bool:
    """
    Tell whether a password is the one that was kept; None is nobody's, and takes as long.

    Raises:
        UnavailableError: too many passwords are being checked.
    """
    _enter()
    try:
        return _hasher.verify(kept or NOBODY, _keyed(key, user_id, password)) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False
    finally:
        PLACES.release()


def one_time_password() -> str:
    """Return a random password that must be changed at once."""
    return secrets.token_urlsafe(ONE_TIME_BYTES)


def _enter() -> None:
    """Take a place among those that hash, or give up."""
    if not PLACES.acquire(timeout=WAIT_SECONDS):
        raise UnavailableError("too many passwords are being checked", code="busy_logins")


def _keyed(key: HubKey, user_id: str, password: str) -> bytes:
    """Key a password under the hub's key, for one account."""
    return hmac.digest(key.derive("password", user_id), password.encode(), "sha256")
