"""Requests and reviews from the agent: the right match by case, and nothing granted that consent withholds."""

from datetime import date
from types import SimpleNamespace

import pytest

from api.agent.consent import Consent, Stated
from api.agent.errors import AgentError
from api.agent.report import describe_inbox
from api.agent.requests import waiting_requests
from api.agent.resolving import decide, match_of
from api.agent.resolving_report import describe_requests, review_state
from api.agent.vault.vault import Vault
from api.wire.disclosures import DisclosureDecision, DisclosureRequest, RequestState
from api.wire.matches import Match, MatchState
from api.wire.meetings import OtherSide
from api.wire.statements import OrganisationClass, Purpose

TODAY = date(2026, 11, 21)
GRANT = DisclosureDecision(decision="grant")
NGO, POLICE = OrganisationClass.NGO, OrganisationClass.POLICE


def request(
    number: int, asker: OrganisationClass | None = NGO, state: RequestState = RequestState.TO_DECIDE
) -> DisclosureRequest:
    """Return a request of the other side about match m-1."""
    return DisclosureRequest(
        request_id=f"{number}190aaaa",
        match_id="m-1",
        purpose=Purpose.PROTECTION,
        is_own=state is RequestState.PENDING,
        rung="D3",
        reason="care_planning",
        lawful_basis=None,
        asker_class=asker,
        state=state,
        question=None,
        expires_on="2026-12-21",
    )


class FakeHub:
    """A hub that grants whatever it is told to."""

    def __init__(self, requests: list[DisclosureRequest]) -> None:
        """Know these requests."""
        self.requests = requests
        self.granted: list[str] = []

    def disclosure_requests(self) -> list[DisclosureRequest]:
        """Return those that nobody has decided."""
        return [each for each in self.requests if each.request_id not in self.granted]

    def decide_request(self, request_id: str, _decision: DisclosureDecision) -> DisclosureRequest:
        """Grant."""
        self.granted.append(request_id)
        return next(each for each in self.requests if each.request_id == request_id)


@pytest.fixture
def session(vault: Vault, put) -> SimpleNamespace:
    """Return an agent with one case in two matches, withheld from the police."""
    put("A", 1)
    reference = vault.cases.all()["A"].reference
    with vault.transaction():
        vault.consents.write("protection", {"A": Consent(Stated(withheld_from=frozenset({POLICE})), TODAY)}, TODAY)
        vault.meetings.write_matches([match("m-1", reference), match("m-2", reference), match("m-9", "f" * 32)])
    return SimpleNamespace(vault=vault, settings=SimpleNamespace(purpose="protection"))


def match(match_id: str, reference: str) -> Match:
    """Return a match under a reference."""
    return Match(
        match_id=match_id,
        project_id="p",
        cluster_id="c",
        reference=reference,
        other=OtherSide(organisation_class=NGO, purpose=Purpose.PROTECTION),
        grade="certain",
        state=MatchState.JUDGED,
        review_due_on="2026-12-01",
    )


def test_a_case_with_several_matches_wants_one_named(session) -> None:
    """By the beginning of its id; matches of forgotten cases are not kept at all."""
    assert [each.match_id for each in session.vault.meetings.matches()] == ["m-1", "m-2"]
    with pytest.raises(AgentError) as caught:
        match_of(session, "A")
    assert (caught.value.code, "m-1, m-2" in caught.value.advice) == ("several_matches", True)
    assert match_of(session, "A", "m-2").match_id == "m-2"
    with pytest.raises(AgentError) as caught:
        match_of(session, "B")
    assert caught.value.code == "no_match"


@pytest.mark.parametrize("asker", [POLICE, None], ids=["police", "not-told"])
def test_what_consent_withholds_nobody_grants(session, asker: OrganisationClass | None) -> None:
    """Nor to a class that is not told, for it may be that one; refusing goes."""
    hub = FakeHub([request(0, asker)])
    session.vault.requests.replace(hub.requests)
    with pytest.raises(AgentError) as caught:
        decide(session, hub, "0", GRANT)
    assert (caught.value.code, hub.granted) == ("withheld", [])
    decide(session, hub, "0", DisclosureDecision(decision="refuse"))
    assert hub.granted == ["0190aaaa"]


def test_a_request_is_named_by_its_beginning(session) -> None:
    """An ambiguous or empty one is nobody's; what is decided waits no more."""
    hub = FakeHub([request(1), request(2), request(3, state=RequestState.PENDING)])
    session.vault.requests.replace(hub.requests)
    for wrong in ("", "7"):
        with pytest.raises(AgentError) as caught:
            decide(session, hub, wrong, GRANT)
        assert caught.value.code == "no_request"
    decide(session, hub, "2", GRANT)
    assert [each.request_id for each, _ in waiting_requests(session)] == ["1190aaaa"]
    told = "\n".join(describe_requests(session))
    assert "care planning" in told
    assert "not answered" in told


def test_a_review_is_due_until_somebody_has_looked(session) -> None:
    """Then it says what was found."""
    (first, _) = session.vault.meetings.matches()
    assert review_state(first) == "due 2026-12-01"
    looked = match("m-1", session.vault.cases.all()["A"].reference).model_copy(update={"own_review": "not_same"})
    session.vault.meetings.write_matches([looked])
    assert review_state(session.vault.meetings.matches()[0]) == "you: not same"


def test_a_match_with_whom_a_record_was_parted_before_is_pointed_out(session) -> None:
    """By case and match, as the hub tells it; the others are not."""
    warned = match("m-2", session.vault.cases.all()["A"].reference).model_copy(update={"was_parted_before": True})
    assert "NOTE" not in describe_inbox(session)
    session.vault.meetings.write_matches([warned])
    assert [line.partition(":")[0] for line in describe_inbox(session).splitlines() if line.startswith("NOTE")] == [
        "NOTE on A, match m-2"
    ]
