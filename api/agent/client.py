"""
A typed client of one hub: what an agent, or a partner's own program, asks under an API key; on the partner's premises.

Every request and answer is a model of `api.wire`. People who are logged in have `PeopleClient` beside it; both are
shown in docs/client.md. What cannot be done is raised as `HubRefusalError` with the problem's code.
"""

import gzip
from collections.abc import Iterator, Sequence

import httpx2

from api.agent.client_referring import ReferringRequests
from api.wire.audit.messages import (
    ConsistencyProof,
    Cosignature,
    InclusionProof,
    LearntAnswer,
    LearntRequest,
    LogEntry,
    LogPage,
    SignedCheckpoint,
)
from api.wire.batches import MEDIA_TYPE, Receipt
from api.wire.disclosures import (
    Disclosure,
    DisclosureDecision,
    DisclosureRequest,
    DisclosureRequests,
    NewDisclosureRequest,
)
from api.wire.erasures import ErasureReceipt, ErasureRequest
from api.wire.limits import Quota
from api.wire.matches import Claim, ClaimedMatches, Encounters, Match, MatchPage
from api.wire.meetings import Decided, Decisions, Meeting, MeetingPage
from api.wire.projects import Project
from api.wire.reviews import NewReview, Reviews


class HubClient(ReferringRequests):
    """Typed requests to one hub under an API key; its arguments are those of `HubConnection`."""

    def project(self, project_id: str) -> Project:
        """Return the project's document."""
        return self.ask("GET", f"/v1/projects/{project_id}", Project)

    def file_batch(self, project_id: str, body: bytes) -> Receipt:
        """File a packed batch; filing the same entries again changes nothing."""
        headers = {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
        packed = gzip.compress(body, compresslevel=1, mtime=0)  # entries look random: only the head shrinks
        return self.ask("POST", f"/v1/projects/{project_id}/entry-batches", Receipt, packed, headers)

    def erase(self, project_id: str, entry_ids: Sequence[bytes]) -> ErasureReceipt:
        """Have entries erased; at most 10,000, unknown ones are passed over."""
        request = ErasureRequest(entry_ids=[entry_id.hex() for entry_id in entry_ids])
        return self.ask("POST", f"/v1/projects/{project_id}/erasures", ErasureReceipt, request)

    def meetings(self, cursor: str) -> Iterator[tuple[Sequence[Meeting], str]]:
        """Yield pages of meetings that are new or changed since the cursor, each with the cursor after it."""
        while True:
            page = self.ask("GET", with_cursor("/v1/meetings", cursor), MeetingPage)
            cursor = page.next_cursor
            yield page.meetings, cursor
            if not page.has_more:
                return

    def decide(self, decisions: Decisions) -> Decided:
        """Release and refuse meetings; each stands or falls alone."""
        return self.ask("POST", "/v1/meetings/decisions", Decided, decisions)

    def release(self, meeting_id: str) -> Meeting:
        """Let the other side learn that two entries met."""
        return self.ask("POST", f"/v1/meetings/{meeting_id}/release", Meeting)

    def refuse(self, meeting_id: str) -> Meeting:
        """Tell the other side nothing, as if nothing were decided."""
        return self.ask("POST", f"/v1/meetings/{meeting_id}/refuse", Meeting)

    def claim(self, claim: Claim) -> ClaimedMatches:
        """Say that meetings are all of one record, under its random reference; returns the matches it is in now."""
        return self.ask("POST", "/v1/matches", ClaimedMatches, claim)

    def matches(self, cursor: str) -> Iterator[tuple[Sequence[Match], str]]:
        """Yield pages of matches that are new or changed since the cursor, each with the cursor after it."""
        while True:
            page = self.ask("GET", with_cursor("/v1/matches", cursor), MatchPage)
            cursor = page.next_cursor
            yield page.matches, cursor
            if not page.has_more:
                return

    def match(self, match_id: str) -> Match:
        """Return one match of one's own."""
        return self.ask("GET", f"/v1/matches/{match_id}", Match)

    def report(self, match_id: str, encounters: Encounters) -> Match:
        """Replace the encounters that the hub has of us for a match."""
        return self.ask("PUT", f"/v1/matches/{match_id}/encounters", Match, encounters)

    def disclosure(self, match_id: str) -> Disclosure:
        """Return all that one may be told of the other side of a match now."""
        return self.ask("GET", f"/v1/matches/{match_id}/disclosure", Disclosure)

    def disclosure_requests(self) -> Sequence[DisclosureRequest]:
        """Return all requests of one's own organisation and to it that are not over, oldest first."""
        return self.ask("GET", "/v1/disclosure-requests", DisclosureRequests).requests

    def ask_for_disclosure(self, match_id: str, wanted: NewDisclosureRequest) -> DisclosureRequest:
        """Ask to be told more of a match; the same again is the same request."""
        return self.ask("POST", f"/v1/matches/{match_id}/disclosure-requests", DisclosureRequest, wanted)

    def decide_request(self, request_id: str, decision: DisclosureDecision) -> DisclosureRequest:
        """Grant, refuse or ask back."""
        return self.ask("POST", f"/v1/disclosure-requests/{request_id}/decisions", DisclosureRequest, decision)

    def review(self, match_id: str, review: NewReview) -> Reviews:
        """Say what was found beside one's own record; every call appends a review."""
        return self.ask("POST", f"/v1/matches/{match_id}/reviews", Reviews, review, is_repeatable=False)

    def reviews(self, match_id: str) -> Reviews:
        """Return one's own reviews of a match, and what is final."""
        return self.ask("GET", f"/v1/matches/{match_id}/reviews", Reviews)

    def quota(self) -> Quota:
        """Return what is left to file today, in people."""
        return self.ask("GET", "/v1/quota", Quota)

    def checkpoint(self) -> SignedCheckpoint:
        """Return the audit log as the hub last published it; nothing of it is verified yet."""
        return self.ask("GET", "/v1/audit/checkpoint", SignedCheckpoint)

    def consistency(self, old: int, new: int) -> ConsistencyProof:
        """Return what proves that the log of `new` leaves began as that of `old` leaves."""
        path = httpx2.URL("/v1/audit/proofs/consistency", params={"old": old, "new": new})
        return self.ask("GET", str(path), ConsistencyProof)

    def inclusion(self, number: int, size: int) -> InclusionProof:
        """Return what proves that an entry stands in a published log; for the data-protection officer."""
        path = httpx2.URL("/v1/audit/proofs/inclusion", params={"number": number, "size": size})
        return self.ask("GET", str(path), InclusionProof)

    def log_entries(self, cursor: str = "") -> Iterator[tuple[Sequence[LogEntry], str]]:
        """Yield pages of the audit log, each with the cursor after it; for the data-protection officer."""
        while True:
            page = self.ask("GET", with_cursor("/v1/audit/entries", cursor), LogPage)
            cursor = page.next_cursor
            yield page.entries, cursor
            if not page.has_more:
                return

    def cosign(self, cosignature: Cosignature) -> None:
        """Say as a witness that a checkpoint continues all that was seen before."""
        self.send("POST", "/v1/audit/cosignatures", cosignature)

    def learnt(self, asked: LearntRequest) -> LearntAnswer:
        """Return who learnt what of own entries and matches."""
        return self.ask("POST", "/v1/audit/learnt", LearntAnswer, asked)


def with_cursor(path: str, cursor: str) -> str:
    """Add an opaque cursor, which says nothing of any case."""
    return str(httpx2.URL(path, params={"cursor": cursor})) if cursor else path
