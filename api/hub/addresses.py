"""
Where a request comes from; hub.

Behind a proxy every request comes from the proxy, and `X-Forwarded-For` says the rest; but anybody can write that
header. So it is read from its right end, and only as far as the addresses are those of proxies that the settings
trust: the first that is not is the client.
"""

import ipaddress
from collections.abc import Sequence

from fastapi import Request

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: Request, trusted: Sequence[Network]) -> Address | None:
    """
    Return the address a request comes from, or None when it cannot be known.

    Args:
        request: as it came.
        trusted: networks of the proxies before the hub.
    """
    address = _address(request.client.host if request.client else "")
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while address is not None and forwarded and any(address in network for network in trusted):
        nearer = forwarded.pop().strip()
        if not nearer and not forwarded:
            break
        address = _address(nearer)
    return address


def _address(text: str) -> Address | None:
    """Read an address; IPv4 within IPv6 counts as IPv4."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
