"""The client: one hub, no sensitive URL, patience where it helps, and problems told by their code."""

import gzip
from collections.abc import Callable, Sequence

import httpx2
import pytest

from api.agent.client import HubClient
from api.agent.client_connection import ATTEMPTS, check_hub_url
from api.agent.errors import HubRefusalError, HubUnreachableError, SettingsError
from api.wire.matches import Claim
from api.wire.reviews import NewReview

RECEIPT = {"receipt_id": "r-1", "state": "received"}
PROBLEM = {
    "type": "/problems/retired_epoch",
    "title": "The key epoch is retired.",
    "status": 409,
    "code": "retired_epoch",
}

Answer = httpx2.Response | Exception


def client_of(answers: Sequence[Answer], seen: list[httpx2.Request], pauses: list[float]) -> HubClient:
    """Return a client whose hub gives these answers in turn."""
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    sleep: Callable[[float], None] = pauses.append
    return HubClient("http://127.0.0.1:9", "cm_key_secret", transport=httpx2.MockTransport(answer), sleep=sleep)


@pytest.mark.parametrize(
    "url",
    ["http://hub.example.org", "ftp://127.0.0.1", "127.0.0.1:8000", "https://u:p@hub.example.org", "https://h/?k=v"],
)
def test_unsafe_addresses_are_refused(url: str) -> None:
    """Plain http is for this machine alone, and an address holds no key."""
    with pytest.raises(SettingsError) as caught:
        check_hub_url(url)
    assert caught.value.code == "unsafe_hub_url"


@pytest.mark.parametrize("url", ["https://hub.example.org/", "http://127.0.0.1:8000", "http://[::1]:8000"])
def test_safe_addresses_are_taken(url: str) -> None:
    """Secure transport anywhere, plain http on loopback."""
    assert check_hub_url(url) == url.rstrip("/")


def test_a_batch_is_filed_zipped_under_the_key() -> None:
    """The body is gzip, the key is a bearer token, and the URL holds neither."""
    seen: list[httpx2.Request] = []
    client = client_of([httpx2.Response(200, json=RECEIPT)], seen, [])
    assert client.file_batch("nepal", b"batch").receipt_id == "r-1"
    (request,) = seen
    assert gzip.decompress(request.content) == b"batch"
    assert request.headers["Authorization"] == "Bearer cm_key_secret"
    assert str(request.url) == "http://127.0.0.1:9/v1/projects/nepal/entry-batches"


def test_what_may_pass_is_tried_again() -> None:
    """No answer, 503 and 429 are tried again; the pause grows, or is what the hub asks for."""
    pauses: list[float] = []
    answers = [
        httpx2.ConnectError("no"),
        httpx2.Response(503),
        httpx2.Response(429, headers={"Retry-After": "7"}),
        httpx2.Response(200, json=RECEIPT),
    ]
    assert client_of(answers, [], pauses).file_batch("nepal", b"batch").state == "received"
    assert 0.5 <= pauses[0] <= 1.0
    assert 1.0 <= pauses[1] <= 2.0
    assert pauses[2] == 7.0


def test_patience_ends() -> None:
    """A hub that never answers is told as unreachable, one that is never ready by its status."""
    with pytest.raises(HubUnreachableError):
        client_of([httpx2.ReadTimeout("no")] * ATTEMPTS, [], []).project("nepal")
    with pytest.raises(HubRefusalError) as caught:
        client_of([httpx2.Response(503)] * ATTEMPTS, [], []).project("nepal")
    assert caught.value.code == "http_503"


def test_a_problem_is_told_by_its_code_with_advice() -> None:
    """A refusal carries the problem's code, and what to do."""
    with pytest.raises(HubRefusalError) as caught:
        client_of([httpx2.Response(409, json=PROBLEM)], [], []).file_batch("nepal", b"batch")
    assert (caught.value.code, caught.value.status) == ("retired_epoch", 409)
    assert "renew" in caught.value.advice


def test_an_answer_of_another_form_is_refused_without_showing_it() -> None:
    """A stranger's page, or a value in a wrong answer, appears in no error."""
    for answer in (
        httpx2.Response(200, text="<p>Sita</p>"),
        httpx2.Response(200, json={"receipt_id": 7, "state": "Sita"}),
    ):
        with pytest.raises(HubRefusalError) as caught:
            client_of([answer], [], []).file_batch("nepal", b"batch")
        assert caught.value.code == "unknown_answer"
        assert "Sita" not in str(caught.value)


def test_redirects_are_not_followed() -> None:
    """The key goes to the configured hub and nowhere else."""
    seen: list[httpx2.Request] = []
    moved = httpx2.Response(307, headers={"Location": "https://elsewhere.example.org/"})
    with pytest.raises(HubRefusalError):
        client_of([moved], seen, []).project("nepal")
    assert len(seen) == 1


def test_pages_are_followed_to_their_end() -> None:
    """Each page comes with the cursor after it, and the last one ends the list."""
    seen: list[httpx2.Request] = []
    pages = [
        httpx2.Response(200, json={"meetings": [], "next_cursor": "b", "has_more": True}),
        httpx2.Response(200, json={"meetings": [], "next_cursor": "c", "has_more": False}),
    ]
    assert [cursor for _, cursor in client_of(pages, seen, []).meetings("a")] == ["b", "c"]
    assert [request.url.params["cursor"] for request in seen] == ["a", "b"]


def test_a_claim_stands_in_the_body_alone() -> None:
    """References and meetings are no part of the URL."""
    seen: list[httpx2.Request] = []
    meeting = "0190aaaa-0000-7000-8000-000000000000"
    client_of([httpx2.Response(200, json={"matches": []})], seen, []).claim(
        Claim(meeting_ids=[meeting], reference="a" * 32)
    )
    assert str(seen[0].url) == "http://127.0.0.1:9/v1/matches"
    assert meeting in seen[0].content.decode()


def test_what_makes_a_new_thing_is_never_asked_for_twice() -> None:
    """A lost answer is told as lost; a hub that cannot be reached, or says it did nothing, is asked again."""
    seen: list[httpx2.Request] = []
    review = NewReview(answer="unsure")
    for lost in (httpx2.ReadTimeout("no"), httpx2.RemoteProtocolError("no")):
        with pytest.raises(HubUnreachableError) as caught:
            client_of([lost], seen, []).review("m-1", review)
        assert caught.value.code == "answer_lost"
    with pytest.raises(HubRefusalError):
        client_of([httpx2.Response(502)], seen, []).review("m-1", review)
    assert len(seen) == 3
    reviews = {"match_id": "m-1", "reviews": [], "resolution": None, "is_adjudicated": False, "due_on": "2026-12-01"}
    answers = [httpx2.ConnectError("no"), httpx2.Response(503), httpx2.Response(201, json=reviews)]
    assert client_of(answers, seen, []).review("m-1", review).match_id == "m-1"


def test_a_quota_that_is_used_up_is_not_waited_for() -> None:
    """The pause that the hub asks for is longer than a command's patience: the advice comes at once."""
    pauses: list[float] = []
    problem = {**PROBLEM, "status": 429, "code": "quota_used", "retryable": True}
    answer = httpx2.Response(429, json=problem, headers={"Retry-After": "5000"})
    with pytest.raises(HubRefusalError) as caught:
        client_of([answer], [], pauses).file_batch("nepal", b"batch")
    assert (caught.value.code, pauses) == ("quota_used", [])
    assert "bulk filing" in caught.value.advice
