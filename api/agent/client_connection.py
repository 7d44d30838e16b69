"""
The agent's only way out: requests to one hub, with patience where repeating is safe; on the partner's premises.

Most requests may be repeated without harm: entries are known by their ids, claims by their reference. What may pass (no
answer, 429, gateways' 5xx) is then tried again, with a growing pause. What makes a new thing each time, such as an API
key, is tried again only where the hub has certainly done nothing. Nothing of a case stands in a URL.
"""

import random
import time
from collections.abc import Callable
from http import HTTPStatus
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import httpx2
from pydantic import ValidationError

from api.agent.client_certificate import tls_context
from api.agent.errors import HubRefusalError, HubUnreachableError, SettingsError
from api.wire.model import WireModel
from api.wire.problems import Problem

TIMEOUT_SECONDS = 60.0  # a batch of 10,000 entries meets others before it is acknowledged
CONNECT_SECONDS = 10.0
ATTEMPTS = 6  # about a minute of patience with the pauses below
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PASSING = frozenset({429, 502, 503, 504})
_NOTHING_DONE = frozenset({429, 503})  # a gateway's 502 or 504 may come after the hub has done it
_ADVICE = {
    "rung_not_granted": "Ask for it first: `casematch agent request CASE --rung D3`, or D4 for both sides.",
    "own_rung_not_granted": "Ask for D4, which opens both sides: `casematch agent request CASE --rung D4`.",
    "other_identity": "Use the agent that holds the mailbox; if it is lost, `casematch agent keys --replace`.",
    "quota_used": "Push again tomorrow, or ask the data-protection officer for a bulk filing.",
    "statement_incomplete": "Give --case-number, --lawful-basis and --approval.",
    "not_allowed": (
        "Its role does not allow it: a border booth, say, files and hears nothing. See docs/authorisation.md."
    ),
    "password_change_needed": "Set one of your own: `casematch person password LOGIN --hub …`.",
    "weak_password": "Take one that is neither the old one nor your log-in.",
    "not_approved": "Ask a supervisor to approve this case, basis and purpose, and give --approval.",
    "unauthorised": (
        "Check the API key file, or ask the hub's operator for a new key; people: `casematch person login` again, "
        "with the right password and, where there is a second factor, --code."
    ),
    "retired_epoch": "The linkage secret was changed: run `casematch agent renew`, then import again.",
    "envelope_mismatch": "The project was changed: run `casematch agent renew`, then import again.",
}

Answer = TypeVar("Answer", bound=WireModel)
Sleep = Callable[[float], None]
Content = bytes | WireModel | None


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


class HubConnection:
    """
    Requests to one hub, and answers as their types; what a client is built on.

    Args:
        hub_url: as `check_hub_url` takes it.
        token: an API key (`prefix_keyid_secret`), or a person's session token; sent as a bearer token, never in a URL.
            Empty for the few requests that need none.
        transport: another way to the hub, as tests have it.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        hub_url: str,
        token: str,
        *,
        transport: httpx2.BaseTransport | None = None,
        sleep: Sleep = time.sleep,
    ) -> None:
        """Prepare the connection; nothing is sent yet."""
        self._sleep = sleep
        self._client = httpx2.Client(
            base_url=check_hub_url(hub_url),
            headers={"Accept": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}),
            timeout=httpx2.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,  # no proxy, no .netrc: this hub and no other
            transport=transport,
            verify=tls_context(),
        )

    def ask(
        self,
        method: str,
        path: str,
        answer: type[Answer],
        content: Content = None,
        headers: dict[str, str] | None = None,
        *,
        is_repeatable: bool = True,
    ) -> Answer:
        """
        Send a request and read its answer.

        Args:
            method: of HTTP.
            path: with its query, if any; it is told in errors without it.
            answer: type of the answer.
            content: of the request.
            headers: other than those of JSON.
            is_repeatable: whether twice is as good as once.

        Raises:
            HubUnreachableError: no answer after all attempts.
            HubRefusalError: the hub will not, or answered in another form.
        """
        body = self.send(method, path, content, headers, is_repeatable=is_repeatable).content
        found: Answer | None = None
        try:
            found = answer.model_validate_json(body)
        except ValidationError:
            found = None
        if found is None:
            advice = "Is this the address of a casematch hub, and of the same version?"
            raise HubRefusalError(
                "an answer of another form", code="unknown_answer", where=route(path), advice=advice, status=200
            )
        return found

    def send(
        self,
        method: str,
        path: str,
        content: Content = None,
        headers: dict[str, str] | None = None,
        *,
        is_repeatable: bool = True,
    ) -> httpx2.Response:
        """Send a request until it is answered for good; arguments and errors are those of `ask`."""
        body = content.model_dump_json().encode() if isinstance(content, WireModel) else content
        sent = headers or ({"Content-Type": "application/json"} if body is not None else {})
        passing = _PASSING if is_repeatable else _NOTHING_DONE
        for attempt in range(1, ATTEMPTS + 1):
            response = self._try(method, path, body, sent, is_repeatable=is_repeatable)
            if response is not None and (response.status_code not in passing or _is_for_long(response)):
                break
            if attempt < ATTEMPTS:
                self._sleep(_pause_seconds(attempt, response))
        if response is None:
            advice = "Check the network and the hub's address, then run the same command again: nothing is lost."
            raise HubUnreachableError(
                "no answer from the hub", code="hub_unreachable", where=route(path), advice=advice
            )
        if not response.is_success:
            raise _refusal(path, response)
        return response

    def _try(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], *, is_repeatable: bool
    ) -> httpx2.Response | None:
        """Send once; None when no whole answer came, and the request may be sent again."""
        is_lost = False
        try:
            return self._client.request(method, path, content=body, headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            return None
        except httpx2.RequestError:
            is_lost = not is_repeatable
        if is_lost:
            advice = "It may have been done, or not: look at the hub before you ask for it again."
            raise HubUnreachableError("the answer was lost", code="answer_lost", where=route(path), advice=advice)
        return None

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


def route(path: str) -> str:
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
        return HubRefusalError(reason, code=f"http_{status}", where=route(path), status=status)
    advice = _ADVICE.get(problem.code, "")
    return HubRefusalError(problem.title, code=problem.code, where=route(path), advice=advice, status=status)
