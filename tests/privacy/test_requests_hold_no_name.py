"""What an agent sends, byte for byte: no name, no case reference, in body, URL or header."""

import gzip
from pathlib import Path

import httpx2

from api.agent.client import HubClient
from api.agent.consent import Stated
from api.agent.demo.search import occurring
from api.agent.intake import take_in
from api.agent.push import push
from api.agent.reading import read_file
from api.agent.secret_file import write_secret
from api.agent.session import open_session
from api.agent.setup import Setup, set_up
from matcher.encode.secret import LinkageSecret

HEADER = "case_ref,given_name,family_name,father_name,birth_date,district,recorded_on,location_protected"
CASE_REF = "KATHMANDU-2081-77"
ROW = f"{CASE_REF},Zyxomaya,Qvurtola,Jhezdan Qvurtola,1991-07-23,Kaski,2024-01-05,no"
SECRETS = [
    text.encode() for text in (CASE_REF, "Zyxomaya", "Qvurtola", "Jhezdan", "1991-07-23", "zyxomaya", "qvurtola")
]


def test_nothing_readable_leaves(tmp_path: Path) -> None:
    """A filed case is codes alone."""
    seen: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        body = request.content
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        seen.append(b"\n".join([str(request.url).encode(), str(request.headers).encode(), body]))
        return httpx2.Response(202, json={"receipt_id": "r", "state": "received"})

    write_secret(tmp_path / "s", LinkageSecret.generate())
    set_up(Setup(tmp_path / "agent", tmp_path / "s"))
    (tmp_path / "cases.csv").write_text(f"{HEADER}\n{ROW}\n")
    with open_session(tmp_path / "agent", str) as session:
        take_in(session, read_file(session, tmp_path / "cases.csv", (), _silent, consent=Stated()), _silent)
        transport = httpx2.MockTransport(answer)
        with HubClient("http://127.0.0.1:9", "cm_key_secret", transport=transport) as client:
            pushed = push(session, client, _silent, reason="intake")
    assert pushed.entries > 5
    assert len(seen) == 1
    assert not any(occurring(text, SECRETS) for text in seen)


def _silent(_step: str, _done: int, _total: int) -> None:
    """Show no progress."""
