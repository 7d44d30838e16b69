"""
What the hub refuses to serve with, unless insecure development is asked for; hub.

There is no default secret to refuse: keys are files that `casematch-hub init` makes at random.
"""

from ipaddress import ip_address

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from api.hub.errors import SetupError
from api.hub.settings import HubSettings

_LOCAL = "localhost"
_VERIFIED = "verify-full"  # libpq's `require` takes any certificate


def require_safe(settings: HubSettings) -> None:
    """
    Refuse to serve in a way that shows what should not be seen.

    Raises:
        SetupError: says which setting, and what to do.
    """
    if settings.insecure_development:
        return
    if not _is_loopback(settings.host) and not settings.trusted_proxies:
        reason = "to listen beyond this machine, put a TLS proxy before the hub and name it in trusted_proxies"
        raise SetupError(reason, code="no_proxy")
    if not settings.answer_quantum_ms:
        raise SetupError("without answer_quantum_ms, time tells what met", code="no_quantum")
    if settings.webhook_loopback:
        raise SetupError("webhook_loopback is for development", code="webhook_loopback")
    if _is_open(settings.database_url):
        raise SetupError(f"a database on another machine needs sslmode={_VERIFIED}", code="database_open")


def _is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == _LOCAL


def _is_open(text: str) -> bool:
    """Tell whether the way to the database can be listened to."""
    url: URL | None = None
    try:
        url = make_url(text)
    except ArgumentError:
        return False  # refused when it is opened, with a reason of its own
    hosts = [host for host in (url.host, url.query.get("host")) if isinstance(host, str) and host]
    is_local = all(host.startswith("/") or _is_loopback(host) for host in hosts)
    return url.get_backend_name() == "postgresql" and not is_local and url.query.get("sslmode") != _VERIFIED
