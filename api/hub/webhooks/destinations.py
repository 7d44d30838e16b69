"""
Where the hub may deliver to: hosts that its operator has listed, over https, at no private address; hub.

A webhook makes the hub send requests to a place that somebody else names, from inside its own network. So the list is
closed, and the address that a name resolves to is looked at again with every delivery, and is the one connected to.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from api.hub.addresses import Address
from api.hub.errors import UnreadableError
from api.hub.settings import HubSettings
from api.wire.problems import Fault

HTTPS_PORT = 443
IPV6 = 6
_IPV6_GLOBAL = ipaddress.ip_network("2000::/3")  # all that is given out; what lies outside holds IPv4 addresses
_IPV6_TUNNEL = ipaddress.ip_network("2002::/16")  # 6to4 (RFC 3056)


@dataclass(frozen=True, slots=True)
class Destination:
    """
    Where to connect to.

    Attributes:
        address: that the host has just now; connected to as it is, so that a second look-up cannot lead elsewhere.
        host: the name, for TLS and for the header.
    """

    scheme: str
    host: str
    port: int
    path: str
    address: Address


def require_allowed(url: str, settings: HubSettings) -> None:
    """
    Refuse a URL that the hub does not deliver to.

    Raises:
        UnreadableError: it says why not, and never what the URL was.
    """
    code = _fault(url, settings)
    if code:
        faults = [Fault(where="/url", code=code)]
        raise UnreadableError("the hub does not deliver there", code="webhook_url", faults=faults)


def resolve(url: str, settings: HubSettings) -> Destination | None:
    """
    Look up where a URL leads just now.

    Returns:
        None when the hub does not deliver there, or not any more, or the name has no address that is allowed.
    """
    if _fault(url, settings):
        return None
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or HTTPS_PORT
    for address in _addresses(host, port):
        if _is_allowed(address, settings):
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            return Destination(parts.scheme, host, port, path, address)
    return None


def _fault(url: str, settings: HubSettings) -> str:
    """Say what is wrong with a URL; empty when nothing is."""
    parts, port = _split(url)
    if parts is None or not parts.hostname or parts.username or parts.password or parts.fragment:
        return "not_a_url"
    is_local = parts.scheme == "http" and settings.webhook_loopback and parts.hostname == "127.0.0.1"
    if parts.scheme != "https" and not is_local:
        return "not_https"
    if is_local:
        return ""
    named = parts.hostname if port in {None, HTTPS_PORT} else f"{parts.hostname}:{port}"
    return "" if named in settings.allowed_webhook_hosts else "host_not_listed"


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    """Take a URL apart; None when it is none."""
    parts, port = None, None
    try:
        if url.isascii() and url.isprintable() and " " not in url and "\\" not in url:
            parts = urlsplit(url)
            port = parts.port
    except ValueError:
        parts = None
    return parts, port


def _addresses(host: str, port: int) -> list[Address]:
    """Return the addresses that a name has; none when it has none."""
    found: list[Address] = []
    try:
        for _, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            found.append(ipaddress.ip_address(str(place[0]).partition("%")[0]))
    except (OSError, ValueError):
        found = []
    return found


def _is_allowed(address: Address, settings: HubSettings) -> bool:
    """Tell whether an address may be connected to: a public one, or one of a network that the operator lists."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if plain.is_loopback and settings.webhook_loopback:
        return True
    is_listed = any(plain in network for network in settings.webhook_private_networks)
    return is_listed or (plain.is_global and not plain.is_multicast and not _leads_elsewhere(plain))


def _leads_elsewhere(address: Address) -> bool:
    """Tell whether an IPv6 address may be another's in disguise: translated (NAT64), tunnelled (6to4), or outdated."""
    return address.version == IPV6 and (address not in _IPV6_GLOBAL or address in _IPV6_TUNNEL)
