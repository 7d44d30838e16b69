"""An agent shows its certificate to a hub that asks for one."""

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.agent.client_certificate import VARIABLE, tls_context
from api.agent.errors import SettingsError


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Make a certificate of 127.0.0.1 that signs itself, for both sides."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    path = tmp_path / "agent.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


class Answer(BaseHTTPRequestHandler):
    """Answers 204."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    """Serve with TLS, to those alone who show that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.load_verify_locations(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # a refused handshake is no news
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_certificate_is_shown(url: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it there is an answer, without it none."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        httpx2.Client(verify=ssl.create_default_context(), trust_env=False) as client,
        pytest.raises(httpx2.TransportError),
    ):
        client.get(url)
    monkeypatch.setenv(VARIABLE, str(certificate))
    with httpx2.Client(verify=tls_context(), trust_env=False) as client:
        assert client.get(url).status_code == 204


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_that_cannot_be_used_is_refused(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than to go without."""
    path = tmp_path / "agent.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv(VARIABLE, str(path))
    with pytest.raises(SettingsError) as caught:
        tls_context()
    assert caught.value.code == "client_certificate"


def test_without_one_the_hubs_certificate_is_still_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain case."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert tls_context() is True
