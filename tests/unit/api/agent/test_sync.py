"""Sync: policy first, claims by case, encounters once, and nothing done twice after an interruption."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import date
from types import SimpleNamespace

import pytest

from api.agent.consent import Consent, Stated
from api.agent.errors import HubRefusalError, UnknownCaseError, WithheldError
from api.agent.sync import decide, sync
from api.agent.vault.cases import StoredCase
from api.agent.vault.vault import Vault
from api.wire.batches import Release
from api.wire.disclosures import DisclosureRequest
from api.wire.matches import Claim, EncounterReport, Encounters, Match, MatchState
from api.wire.meetings import Decisions, Meeting, MeetingState, OtherSide
from api.wire.statements import OrganisationClass, Purpose

OTHER = OtherSide(organisation_class=OrganisationClass.NGO, purpose=Purpose.PROTECTION)
ENCOUNTER = EncounterReport(quarter="2024Q1", kind="rescue", status="actual")


def meeting(number: int, entry_id: bytes, state: MeetingState = MeetingState.TO_DECIDE) -> Meeting:
    """Return a meeting of an entry."""
    meeting_id = f"0190aaaa-0000-7000-8000-{number:012d}"
    return Meeting(
        meeting_id=meeting_id, project_id="p", entry_id=entry_id.hex(), grade="certain", state=state, other=OTHER
    )


@dataclass
class FakeHub:
    """A hub that tells what it is given, and remembers what it is told."""

    changes: list[Meeting] = field(default_factory=list)
    found: list[Match] = field(default_factory=list)
    decisions: list[Decisions] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    reports: list[tuple[str, Encounters]] = field(default_factory=list)
    refuses_claims: bool = False
    requests: list[DisclosureRequest] = field(default_factory=list)

    def meetings(self, cursor: str) -> Iterator[tuple[Sequence[Meeting], str]]:
        """Tell what changed since the cursor."""
        yield self.changes[int(cursor or 0) :], str(len(self.changes))

    def matches(self, cursor: str) -> Iterator[tuple[Sequence[Match], str]]:
        """Tell which matches changed since the cursor."""
        yield self.found[int(cursor or 0) :], str(len(self.found))

    def decide(self, decisions: Decisions) -> None:
        """Release or refuse, and tell so in the next page."""
        self.decisions.append(decisions)
        for ids, state in ((decisions.release, MeetingState.RELEASED), (decisions.refuse, MeetingState.REFUSED)):
            self.changes += [
                each.model_copy(update={"state": state}) for each in self.changes if each.meeting_id in ids
            ]

    def claim(self, claim: Claim) -> None:
        """Join the claim with the other side's."""
        if self.refuses_claims:
            raise HubRefusalError("too late", code="meeting_void", where="/v1/matches", status=409)
        self.claims.append(claim)
        match = Match(
            match_id="m-1",
            project_id="p",
            cluster_id="c",
            reference=claim.reference,
            other=OTHER,
            grade="certain",
            state=MatchState.AWAITING_ENCOUNTERS,
        )
        self.found.append(match)

    def disclosure_requests(self) -> list[DisclosureRequest]:
        """Tell who asks for more."""
        return self.requests

    def report(self, match_id: str, encounters: Encounters) -> None:
        """Take encounters."""
        self.reports.append((match_id, encounters))


def session_of(vault: Vault) -> SimpleNamespace:
    """Return what a sync needs of a session."""
    settings, project = SimpleNamespace(purpose="protection"), SimpleNamespace(project_id="p")
    return SimpleNamespace(vault=vault, settings=settings, project=project)


@pytest.fixture
def entry_ids(vault, put) -> dict[str, list[bytes]]:
    """Keep two cases with three entries each: A answers by itself, B waits for a person."""
    ids = {case_ref: put(case_ref, 3) for case_ref in ("A", "B")}
    with vault.transaction():
        cases = vault.cases.all()
        vault.cases.write(
            [
                changed(cases["A"], release=Release.AUTOMATIC, encounter=ENCOUNTER),
                changed(cases["B"], held_for=("shelter",)),
            ]
        )
    return ids


def test_only_what_the_policy_allows_is_released(vault, entry_ids) -> None:
    """The automatic case is released, claimed as one and reported; the other waits."""
    hub = FakeHub([meeting(1, entry_ids["A"][0]), meeting(2, entry_ids["A"][1]), meeting(3, entry_ids["B"][0])])
    synced = sync(session_of(vault), hub)
    assert (synced.released, synced.waiting, synced.claimed_cases, synced.reported) == (2, 1, 1, 1)
    (claim,) = hub.claims
    assert claim.reference == vault.cases.all()["A"].reference
    assert len(claim.meeting_ids) == 2
    assert hub.reports == [("m-1", Encounters(encounters=[ENCOUNTER]))]


def test_a_second_sync_is_idle(vault, entry_ids) -> None:
    """Nothing is decided, claimed or reported twice."""
    hub = FakeHub([meeting(1, entry_ids["A"][0])])
    sync(session_of(vault), hub)
    again = sync(session_of(vault), hub)
    assert (again.meetings, again.released, again.claimed_cases, again.reported, again.matches) == (0, 0, 0, 0, 0)
    assert (len(hub.decisions), len(hub.claims), len(hub.reports)) == (1, 1, 1)


def test_a_changed_encounter_is_reported_again(vault, entry_ids) -> None:
    """The hub's copy of our encounters follows ours."""
    hub = FakeHub([meeting(1, entry_ids["A"][0])])
    session = session_of(vault)
    sync(session, hub)
    later = ENCOUNTER.model_copy(update={"exit_quarter": "2024Q2"})
    vault.cases.write([changed(vault.cases.all()["A"], encounter=later)])
    sync(session, hub)
    assert [told.encounters[0].exit_quarter for _, told in hub.reports] == [None, "2024Q2"]


@pytest.mark.parametrize(("release", "state"), [(True, MeetingState.CLAIMED), (False, MeetingState.REFUSED)])
def test_a_person_decides_by_case(vault, entry_ids, release: bool, state: MeetingState) -> None:  # noqa: FBT001 - a table
    """All meetings of a case are decided at once; what is released is claimed by the next sync."""
    hub = FakeHub([meeting(1, entry_ids["B"][0]), meeting(2, entry_ids["B"][2])])
    session = session_of(vault)
    sync(session, hub)
    assert decide(session, hub, ["B"], release=release) == {"B": 2}
    sync(session, hub)
    assert len(vault.meetings.of_state(state)) == 2
    assert len(hub.claims) == release


def test_a_case_that_waits_for_nothing_cannot_be_decided(vault, entry_ids) -> None:
    """One wrong reference, and nothing is decided."""
    hub = FakeHub([meeting(1, entry_ids["B"][0])])
    session = session_of(vault)
    sync(session, hub)
    with pytest.raises(UnknownCaseError, match="case 2"):
        decide(session, hub, ["B", "Z"], release=True)
    assert hub.decisions == []


def test_a_claim_that_came_too_late_does_not_stop_the_sync(vault, entry_ids) -> None:
    """The meeting stays for the next sync, which hears what became of it."""
    hub = FakeHub([meeting(1, entry_ids["A"][0])], refuses_claims=True)
    synced = sync(session_of(vault), hub)
    assert (synced.refused_claims, synced.reported) == (1, 0)
    assert len(vault.meetings.of_state(MeetingState.RELEASED)) == 1


def test_meetings_of_unknown_entries_are_counted(vault, entry_ids) -> None:
    """A vault restored from an old copy says so, and goes on."""
    hub = FakeHub([meeting(1, os.urandom(16)), meeting(2, entry_ids["B"][0])])
    synced = sync(session_of(vault), hub)
    assert (synced.unknown, synced.waiting) == (1, 1)


def test_stored_cases_show_no_reference_of_the_partner() -> None:
    """The partner's case reference stays out of logs that print objects."""
    case = StoredCase("KATHMANDU-7", "a" * 32, b"", Release.MANUAL, (), ENCOUNTER)
    assert "KATHMANDU" not in repr(case)


def test_what_consent_withholds_from_a_class_is_never_released_to_it(vault, entry_ids) -> None:
    """Refused to that class whatever the policy, kept back from one that is not told, released to others."""
    withheld = Consent(Stated(withheld_from=frozenset({OrganisationClass.POLICE})), date(2026, 11, 21))
    vault.consents.write("protection", {"A": withheld}, date(2026, 11, 21))
    others = [OrganisationClass.POLICE, None, OrganisationClass.NGO]
    changes = [
        meeting(number, entry_ids["A"][number]).model_copy(
            update={"other": OtherSide(organisation_class=kind, purpose=Purpose.PROTECTION)}
        )
        for number, kind in enumerate(others)
    ]
    hub, session = FakeHub(changes), session_of(vault)
    synced = sync(session, hub)
    assert (synced.withheld, synced.released, synced.waiting) == (1, 1, 1)
    assert hub.decisions[0].refuse == [changes[0].meeting_id]
    assert hub.decisions[1].release == [changes[2].meeting_id]
    with pytest.raises(WithheldError):
        decide(session, hub, ["A"], release=True)
    assert decide(session, hub, ["A"], release=False) == {"A": 1}


def test_encounters_by_hand_are_reported_beside_the_rows_own(vault, entry_ids) -> None:
    """In time; the same quarter and kind again takes the place of the row's."""
    hub, session = FakeHub([meeting(1, entry_ids["A"][0])]), session_of(vault)
    later = EncounterReport(quarter="2025Q2", kind="admission", status="possible")
    ended = ENCOUNTER.model_copy(update={"exit_quarter": "2024Q3"})
    for each in (later, ended):
        vault.encounters.put("A", each)
    sync(session, hub)
    assert hub.reports[-1][1].encounters == [ended, later]
