"""Where a request comes from, with proxies before the hub and liars before them."""

from ipaddress import ip_network

import pytest
from pydantic import ValidationError
from starlette.requests import Request

from api.hub.addresses import client_address
from api.hub.settings import HubSettings

TRUSTED = (ip_network("10.0.0.0/24"), ip_network("10.9.9.9/32"))


def request(client: str | None, *forwarded: str) -> Request:
    """Return a request from an address with these headers."""
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return Request({"type": "http", "client": (client, 1) if client else None, "headers": headers})


@pytest.mark.parametrize(
    ("client", "forwarded", "found"),
    [
        ("192.0.2.1", (), "192.0.2.1"),
        ("192.0.2.1", ("198.51.100.7",), "192.0.2.1"),  # not from a proxy: the header is a stranger's word
        ("10.0.0.5", ("198.51.100.7",), "198.51.100.7"),
        ("10.0.0.5", ("203.0.113.1, 198.51.100.7",), "198.51.100.7"),  # the left part may be a lie
        ("10.0.0.5", ("203.0.113.1", "198.51.100.7, 10.9.9.9"), "198.51.100.7"),
        ("10.0.0.5", (), "10.0.0.5"),
        ("10.0.0.5", ("10.0.0.6",), "10.0.0.6"),
        ("10.0.0.5", ("somebody",), None),
        ("::ffff:10.0.0.5", ("2001:db8::1",), "2001:db8::1"),
        ("testclient", (), None),
        (None, (), None),
    ],
)
def test_the_client_is_the_first_that_is_no_trusted_proxy(
    client: str | None, forwarded: tuple[str, ...], found: str | None
) -> None:
    """Read from the right end of the header."""
    address = client_address(request(client, *forwarded), TRUSTED)
    assert (None if address is None else str(address)) == found


def test_proxies_are_networks() -> None:
    """A typing error is noticed at the start, and not quoted."""
    assert len(HubSettings(trusted_proxies="10.0.0.1, 192.168.0.0/16").trusted_networks) == 2
    with pytest.raises(ValidationError) as caught:
        HubSettings(trusted_proxies="proxy.example")
    assert "proxy.example" not in str(caught.value)
