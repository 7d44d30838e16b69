"""Webhooks: where they may go, what stands in them, how they are signed, repeated and given up."""

import base64
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.hub.webhooks import destinations
from api.hub.webhooks.delivery import PAUSES_SECONDS, deliver_due, open_client
from api.hub.webhooks.service import announce
from api.wire.webhooks import OVERLAP_SECONDS, EventType

THING = "00000000-0000-4000-8000-000000000000"
NOW = 1_800_000_000


@dataclass
class Listener:
    """A partner's own little server, and what it has heard."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Serve on a loopback port; it answers with the statuses it is given, then with 204."""
    kept = Listener()

    class Handler(BaseHTTPRequestHandler):
        """Notes what is posted."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.heard.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(kept.statuses.pop(0) if kept.statuses else 204)
            self.send_header("Location", f"{kept.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Clock:
    """Seconds that a test may turn."""

    seconds: int = NOW

    def now(self) -> int:
        """Return them."""
        return self.seconds


def developing(world: Any, **more: Any) -> Clock:
    """Let a hub deliver to this machine, under a clock of the test's own."""
    clock = Clock()
    settings = world.hub.settings.model_copy(update={"webhook_loopback": True, **more})
    world.hub = replace(world.hub, settings=settings, now=clock.now)
    world.client.app.state.hub = world.hub
    return clock


def happen(world: Any, partner: Any, thing_id: str = THING) -> None:
    """Let something happen that a partner is told of."""
    with world.hub.database.writing() as connection:
        owner = ("nepal", partner.organisation_id)
        announce(connection, world.hub, owner, EventType.REFERRAL_CHANGED, thing_id)


def deliver(world: Any) -> tuple[int, int, int]:
    """Run one round; returns delivered, to repeat, given up."""
    with open_client() as client:
        done = deliver_due(world.hub, client)
    return done.delivered, done.to_repeat, done.given_up


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify as a receiver does: one of the signatures is ours."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = "v1," + base64.b64encode(hmac.digest(key, message, "sha256")).decode()
    return expected in headers["webhook-signature"].split(" ")


def set_up(partner: Any, listener: Listener) -> str:
    """Set a webhook; returns its secret."""
    answer = partner.send("PUT", "/v1/webhook", json={"url": f"{listener.url}/hook?of=us"})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["secret"])


def test_a_delivery_is_thin_and_signed(world: Any, listener: Listener) -> None:
    """Type and id, three headers of the standard, and nothing waits afterwards."""
    developing(world)
    partner = world.join("a")
    secret = set_up(partner, listener)
    happen(world, partner)
    assert deliver(world) == (1, 0, 0)
    ((path, headers, body),) = listener.heard
    assert (path, json.loads(body)) == ("/hook?of=us", {"type": "referral.changed", "data": {"id": THING}})
    assert headers["webhook-timestamp"] == str(NOW)
    assert is_signed(secret, headers, body)
    assert not is_signed(secret, headers, body + b" ")
    assert deliver(world) == (0, 0, 0)


def test_a_redirect_is_not_followed(sqlite_world: Any, listener: Listener) -> None:
    """It counts as no delivery, and is tried again at the first place."""
    clock = developing(sqlite_world)
    partner = sqlite_world.join("a")
    set_up(partner, listener)
    listener.statuses = [302, 308]
    happen(sqlite_world, partner)
    assert deliver(sqlite_world) == (0, 1, 0)
    clock.seconds += PAUSES_SECONDS[0]
    assert deliver(sqlite_world) == (0, 1, 0)
    assert [path for path, _, _ in listener.heard] == ["/hook?of=us"] * 2


def test_it_is_tried_again_with_growing_pauses_and_given_up(sqlite_world: Any, listener: Listener) -> None:
    """Ten attempts under one id over three days; each is signed for its own moment."""
    clock = developing(sqlite_world)
    partner = sqlite_world.join("a")
    set_up(partner, listener)
    listener.statuses = [500] * 20
    happen(sqlite_world, partner)
    for pause in PAUSES_SECONDS:
        assert deliver(sqlite_world) == (0, 1, 0)
        clock.seconds += pause - 1
        assert deliver(sqlite_world) == (0, 0, 0)
        clock.seconds += 1
    assert deliver(sqlite_world) == (0, 0, 1)
    assert len({headers["webhook-id"] for _, headers, _ in listener.heard}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in listener.heard}) == len(PAUSES_SECONDS) + 1
    assert clock.seconds - NOW <= 3 * 24 * 3600
    assert sqlite_world.rows("SELECT count(*) FROM webhook_event") == [(0,)]


def test_who_is_gone_is_not_asked_again(sqlite_world: Any, listener: Listener) -> None:
    """410 ends a delivery."""
    developing(sqlite_world)
    partner = sqlite_world.join("a")
    set_up(partner, listener)
    listener.statuses = [410]
    happen(sqlite_world, partner)
    assert deliver(sqlite_world) == (0, 0, 1)


def test_both_secrets_sign_for_a_day(sqlite_world: Any, listener: Listener) -> None:
    """So that a receiver can change over; then the old one is worth nothing."""
    clock = developing(sqlite_world)
    partner = sqlite_world.join("a")
    old = set_up(partner, listener)
    new = partner.send("POST", "/v1/webhook/rotate").json()["secret"]
    for _ in range(2):
        happen(sqlite_world, partner)
        assert deliver(sqlite_world) == (1, 0, 0)
        clock.seconds += OVERLAP_SECONDS
    signed = [(is_signed(old, headers, body), is_signed(new, headers, body)) for _, headers, body in listener.heard]
    assert signed == [(True, True), (False, True)]


def test_one_that_waits_for_the_same_thing_is_enough(sqlite_world: Any, listener: Listener) -> None:
    """Ten changes of a referral before the next round are one delivery; another thing is another."""
    developing(sqlite_world)
    partner = sqlite_world.join("a")
    set_up(partner, listener)
    for thing_id in [THING] * 10 + [THING.replace("8", "9")]:
        happen(sqlite_world, partner, thing_id)
    assert deliver(sqlite_world) == (2, 0, 0)


def test_without_a_webhook_nothing_waits(sqlite_world: Any, listener: Listener) -> None:
    """And after it is removed nothing is sent; what waited is forgotten."""
    developing(sqlite_world)
    partner = sqlite_world.join("a")
    happen(sqlite_world, partner)
    assert partner.send("GET", "/v1/webhook").status_code == 404
    assert partner.send("POST", "/v1/webhook/rotate").status_code == 404
    set_up(partner, listener)
    assert partner.send("GET", "/v1/webhook").json() == {"url": f"{listener.url}/hook?of=us"}
    happen(sqlite_world, partner)
    assert partner.send("DELETE", "/v1/webhook").status_code == 204
    assert deliver(sqlite_world) == (0, 0, 0)
    assert sqlite_world.rows("SELECT count(*) FROM webhook_event") == [(0,)]


def test_two_workers_do_not_make_the_same_attempt(world: Any, listener: Listener) -> None:
    """Whoever writes the attempt down first makes it."""
    developing(world)
    partner = world.join("a")
    set_up(partner, listener)
    happen(world, partner)
    workers = [threading.Thread(target=deliver, args=(world,)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(listener.heard) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://elsewhere.org/hook", "host_not_listed"),
        ("https://partner.org:8443/hook", "host_not_listed"),
        ("https://partner.org.evil.net/hook", "host_not_listed"),
        ("https://evil.net\\@partner.org/hook", "not_a_url"),
        ("https://user@partner.org/hook", "not_a_url"),
        ("https://partner.org/hook#here", "not_a_url"),
        ("https://partner.org:99999/hook", "not_a_url"),
        ("https:///hook", "not_a_url"),
        ("http://partner.org/hook", "not_https"),
        ("ftp://partner.org/hook", "not_https"),
        ("http://127.0.0.1/hook", "not_https"),
    ],
)
def test_other_places_are_refused_without_an_echo(sqlite_world: Any, url: str, code: str) -> None:
    """The fault says what kind it is; the address is not in the answer."""
    developing(sqlite_world, webhook_loopback=False, webhook_hosts="partner.org, other.org:8443")
    refused = sqlite_world.join("a").send("PUT", "/v1/webhook", json={"url": url})
    assert (refused.status_code, refused.json()["faults"][0]["code"]) == (422, code)
    assert "evil" not in refused.text


def test_a_listed_host_is_taken(sqlite_world: Any) -> None:
    """With its port where that is not 443."""
    developing(sqlite_world, webhook_loopback=False, webhook_hosts="partner.org, other.org:8443")
    partner = sqlite_world.join("a")
    for url in ("https://partner.org/hook", "https://partner.org:443/", "https://other.org:8443/hook"):
        assert partner.send("PUT", "/v1/webhook", json={"url": url}).status_code == 200


@pytest.mark.parametrize(
    ("address", "networks", "is_taken"),
    [
        ("93.184.216.34", "", True),
        ("10.0.0.7", "", False),
        ("10.0.0.7", "10.0.0.0/24", True),
        ("127.0.0.1", "", False),
        ("169.254.169.254", "", False),
        ("::1", "", False),
        ("::ffff:10.0.0.7", "", False),
        ("fd00::1", "", False),
        ("224.0.0.1", "", False),
        ("0.0.0.0", "", False),  # noqa: S104 - an address to refuse
    ],
)
def test_a_name_that_leads_inside_is_not_followed(
    sqlite_world: Any, monkeypatch: pytest.MonkeyPatch, address: str, networks: str, *, is_taken: bool
) -> None:
    """The address is looked at with every delivery, whatever the name was when it was listed."""
    developing(sqlite_world, webhook_loopback=False, webhook_hosts="partner.org", webhook_networks=networks)
    found = [(0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(destinations.socket, "getaddrinfo", lambda *_args, **_more: found)
    place = destinations.resolve("https://partner.org/hook", sqlite_world.hub.settings)
    assert (place is not None) is is_taken


def test_a_host_that_is_not_listed_any_more_hears_nothing(sqlite_world: Any, listener: Listener) -> None:
    """The operator's list holds at delivery too."""
    developing(sqlite_world)
    partner = sqlite_world.join("a")
    set_up(partner, listener)
    happen(sqlite_world, partner)
    developing(sqlite_world, webhook_loopback=False)
    assert deliver(sqlite_world) == (0, 1, 0)
    assert listener.heard == []


def test_the_database_holds_no_secret(sqlite_world: Any, listener: Listener) -> None:
    """It is derived from the hub's key, which lies elsewhere."""
    developing(sqlite_world)
    secret = set_up(sqlite_world.join("a"), listener)
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    ((row),) = sqlite_world.rows("SELECT * FROM webhook")
    assert not {raw, secret} & set(row)


@pytest.mark.parametrize(("name", "expected"), [("partner.test", (1, 0, 0)), ("another.test", (0, 1, 0))])
def test_the_certificate_is_the_hosts_whatever_its_address(
    sqlite_world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, expected: tuple[int, int, int]
) -> None:
    """The address is connected to as it was looked up, and must still prove to be the host of the URL."""
    certificate, key = make_certificate(tmp_path, name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Obliging)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"partner.test:{server.server_port}"
    developing(sqlite_world, webhook_loopback=False, webhook_hosts=host, webhook_networks="127.0.0.0/8")
    partner = sqlite_world.join("a")
    assert partner.send("PUT", "/v1/webhook", json={"url": f"https://{host}/hook"}).status_code == 200
    happen(sqlite_world, partner)
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.server_port))]
    monkeypatch.setattr(destinations.socket, "getaddrinfo", lambda *_args, **_more: found)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with httpx2.Client(verify=trusting, follow_redirects=False, trust_env=False) as client:
        done = deliver_due(sqlite_world.hub, client)
    server.shutdown()
    server.server_close()
    assert (done.delivered, done.to_repeat, done.given_up) == expected


class Obliging(BaseHTTPRequestHandler):
    """Takes whatever is posted."""

    def do_POST(self) -> None:
        """Answer that it is done."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a certificate of a host that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, key_file = folder / "host.pem", folder / "host.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption_algorithm=plain)
    )
    return certificate, key_file
