"""
The agent's only way out: requests to the one hub it was set up with; on the partner's premises.

Every request may be repeated without harm: entries are known by their ids, claims by their reference. So anything
that may pass (no answer, 429, 5xx gateways) is tried again, with a growing pause. Nothing of a case stands in a URL.
"""

import gzip
import random
import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx2
from pydantic import ValidationError

from api.agent.errors import HubRefusalError, HubUnreachableError, SettingsError
from api.wire.audit.messages import (
    ConsistencyProof,
    Cosignature,
    LearntAnswer,
    LearntRequest,
    SignedCheckpoint,
)
from api.wire.batches import MEDIA_TYPE, Receipt
from api.wire.disclosures import DisclosureDecision, DisclosureRequest, NewDisclosureRequest
from api.wire.erasures import ErasureReceipt, ErasureRequest
from api.wire.matches import Claim, Encounters, Match, MatchPage
from api.wire.meetings import Decisions, Meeting, MeetingPage
from api.wire.model import WireModel
from api.wire.problems import Problem
from api.wire.projects import Project

TIMEOUT_SECONDS = 60.0  # a batch of 10,000 entries meets others before it is acknowledged
CONNECT_SECONDS = 10.0
ATTEMPTS = 6  # about a minute of patience with the pauses below
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PASSING = frozenset({429, 502, 503, 504})
_ADVICE = {
    "quota_used": "Push again tomorrow, or ask the data-protection officer for a bulk filing.",
    "statement_incomplete": "Give --case-number, --lawful-basis and --approval.",
    "not_approved": "Ask a supervisor to approve this case, basis and purpose, and give --approval.",
    "unauthorised": "Check the API key file, or ask the hub's operator for a new key.",
    "retired_epoch": "The linkage secret was changed: run `casematch agent renew`, then import again.",
    "envelope_mismatch": "The project was changed: run `casematch agent renew`, then import again.",
}

Answer = TypeVar("Answer", bound=WireModel)
Sleep = Callable[[float], None]


def check_hub_url(url: str) -> str:
    """
    Return a hub's URL without a trailing slash.

    Raises:
        SettingsError: it is not https (http is for this very machine alone), or holds more than host and port.
    """
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or (parts.scheme != "https" and not is_local):
        advice = "Use https://. Plain http is taken for 127.0.0.1 alone."
        raise SettingsError("not a safe address", code="unsafe_hub_url", where="hub", advice=advice)
    if parts.username or parts.query or parts.fragment:
        raise SettingsError("holds more than host, port and path", code="unsafe_hub_url", where="hub")
    return url.rstrip("/")


class HubClient:
    """
    Typed requests to one hub.

    Args:
        hub_url: as `check_hub_url` takes it.
        api_key: `prefix_keyid_secret`; sent as a bearer token, never in a URL.
        transport: another way to the hub, as tests have it.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        hub_url: str,
        api_key: str,
        *,
        transport: httpx2.BaseTransport | None = None,
        sleep: Sleep = time.sleep,
    ) -> None:
        """Prepare the connection; nothing is sent yet."""
        self._sleep = sleep
        self._client = httpx2.Client(
            base_url=check_hub_url(hub_url),
            headers={"Authorization": f"Bearer {api_key}", "Accept": "application/json"},
            timeout=httpx2.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,  # no proxy, no .netrc: this hub and no other
            transport=transport,
        )

    def project(self, project_id: str) -> Project:
        """Return the project's document."""
        return self._ask("GET", f"/v1/projects/{project_id}", Project)

    def file_batch(self, project_id: str, body: bytes) -> Receipt:
        """File a packed batch; filing the same entries again changes nothing."""
        headers = {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
        packed = gzip.compress(body, compresslevel=1, mtime=0)  # entries look random: only the head shrinks
        return self._ask("POST", f"/v1/projects/{project_id}/entry-batches", Receipt, packed, headers)

    def erase(self, project_id: str, entry_ids: Sequence[bytes]) -> ErasureReceipt:
        """Have entries erased; at most 10,000, unknown ones are passed over."""
        request = ErasureRequest(entry_ids=[entry_id.hex() for entry_id in entry_ids])
        return self._ask("POST", f"/v1/projects/{project_id}/erasures", ErasureReceipt, request)

    def meetings(self, cursor: str) -> Iterator[tuple[Sequence[Meeting], str]]:
        """Yield pages of meetings that are new or changed since the cursor, each with the cursor after it."""
        while True:
            page = self._ask("GET", _with_cursor("/v1/meetings", cursor), MeetingPage)
            cursor = page.next_cursor
            yield page.meetings, cursor
            if not page.has_more:
                return

    def decide(self, decisions: Decisions) -> None:
        """Release and refuse meetings."""
        self._send("POST", "/v1/meetings/decisions", decisions)

    def claim(self, claim: Claim) -> None:
        """Say that meetings are all of one record, under its random reference."""
        self._send("POST", "/v1/matches", claim)

    def matches(self, cursor: str) -> Iterator[tuple[Sequence[Match], str]]:
        """Yield pages of matches that are new or changed since the cursor, each with the cursor after it."""
        while True:
            page = self._ask("GET", _with_cursor("/v1/matches", cursor), MatchPage)
            cursor = page.next_cursor
            yield page.matches, cursor
            if not page.has_more:
                return

    def report(self, match_id: str, encounters: Encounters) -> None:
        """Replace the encounters that the hub has of us for a match."""
        self._send("PUT", f"/v1/matches/{match_id}/encounters", encounters)

    def ask_for_disclosure(self, match_id: str, wanted: NewDisclosureRequest) -> DisclosureRequest:
        """Ask to be told more of a match; the same again is the same request."""
        return self._ask("POST", f"/v1/matches/{match_id}/disclosure-requests", DisclosureRequest, wanted)

    def decide_request(self, request_id: str, decision: DisclosureDecision) -> DisclosureRequest:
        """Grant, refuse or ask back."""
        return self._ask("POST", f"/v1/disclosure-requests/{request_id}/decisions", DisclosureRequest, decision)

    def checkpoint(self) -> SignedCheckpoint:
        """Return the audit log as the hub last published it; nothing of it is verified yet."""
        return self._ask("GET", "/v1/audit/checkpoint", SignedCheckpoint)

    def consistency(self, old: int, new: int) -> ConsistencyProof:
        """Return what proves that the log of `new` leaves began as that of `old` leaves."""
        path = httpx2.URL("/v1/audit/proofs/consistency", params={"old": old, "new": new})
        return self._ask("GET", str(path), ConsistencyProof)

    def cosign(self, cosignature: Cosignature) -> None:
        """Say as a witness that a checkpoint continues all that was seen before."""
        self._send("POST", "/v1/audit/cosignatures", cosignature)

    def learnt(self, asked: LearntRequest) -> LearntAnswer:
        """Return who learnt what of own entries and matches."""
        return self._ask("POST", "/v1/audit/learnt", LearntAnswer, asked)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.close()

    def _ask(
        self,
        method: str,
        path: str,
        answer: type[Answer],
        content: bytes | WireModel | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Send a request and read its answer."""
        body = self._send(method, path, content, headers).content
        found: Answer | None = None
        try:
            found = answer.model_validate_json(body)
        except ValidationError:
            found = None
        if found is None:
            advice = "Is this the address of a casematch hub, and of the same version?"
            raise HubRefusalError(
                "an answer of another form", code="unknown_answer", where=_route(path), advice=advice, status=200
            )
        return found

    def _send(
        self,
        method: str,
        path: str,
        content: bytes | WireModel | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """Send a request until it is answered for good."""
        body = content.model_dump_json().encode() if isinstance(content, WireModel) else content
        sent = headers or ({"Content-Type": "application/json"} if body is not None else {})
        for attempt in range(1, ATTEMPTS + 1):
            response = self._try(method, path, body, sent)
            if response is not None and (response.status_code not in _PASSING or _is_for_long(response)):
                break
            if attempt < ATTEMPTS:
                self._sleep(_pause_seconds(attempt, response))
        if response is None:
            advice = "Check the network and the hub's address, then run the same command again: nothing is lost."
            raise HubUnreachableError(
                "no answer from the hub", code="hub_unreachable", where=_route(path), advice=advice
            )
        if not response.is_success:
            raise _refusal(path, response)
        return response

    def _try(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> httpx2.Response | None:
        """Send once; None when no whole answer came."""
        try:
            return self._client.request(method, path, content=body, headers=headers)
        except httpx2.RequestError:
            return None


def _with_cursor(path: str, cursor: str) -> str:
    """Add an opaque cursor, which says nothing of any case."""
    return str(httpx2.URL(path, params={"cursor": cursor})) if cursor else path


def _route(path: str) -> str:
    """Return a path without its query, as an error may show it."""
    return path.partition("?")[0]


def _is_for_long(response: httpx2.Response) -> bool:
    """Tell whether the hub asks for more patience than a command has, as when a day's quota is used up."""
    asked = response.headers.get("Retry-After", "")
    return asked.isascii() and asked.isdigit() and int(asked[:9]) > LONGEST_PAUSE_SECONDS


def _pause_seconds(attempt: int, response: httpx2.Response | None) -> float:
    """Return how long to wait: what the hub asks for, else doubling with some chance, so that agents spread out."""
    asked = "" if response is None else response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return min(float(asked), LONGEST_PAUSE_SECONDS)
    doubled: float = min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
    return doubled * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, protects nothing


def _refusal(path: str, response: httpx2.Response) -> HubRefusalError:
    """Read a problem from an answer; any other error is told by its status alone."""
    status = response.status_code
    problem: Problem | None = None
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        problem = None
    if problem is None:
        known = status in {each.value for each in HTTPStatus}
        reason = HTTPStatus(status).phrase.lower() if known else "an unknown status"
        return HubRefusalError(reason, code=f"http_{status}", where=_route(path), status=status)
    advice = _ADVICE.get(problem.code, "")
    return HubRefusalError(problem.title, code=problem.code, where=_route(path), advice=advice, status=status)
