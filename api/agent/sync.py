"""
What the hub has to tell, and what the partner answers; on the partner's premises.

endings → meetings → release policy → claims → matches → encounters → verdicts. Every step can be repeated: the cursor
moves in the same transaction in which its page is kept, claims are known by the case's random reference.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from api.agent.client import HubClient
from api.agent.consent_end import end_expired, erase_ended, today
from api.agent.errors import HubRefusalError, UnknownCaseError, WithheldError
from api.agent.policy import may_release_alone
from api.agent.requests import poll_requests
from api.agent.session import Session
from api.agent.vault.cases import StoredCase
from api.agent.vault.meetings import CaseMeeting
from api.wire.matches import Claim, EncounterReport, Encounters
from api.wire.meetings import MAXIMUM_MEETINGS, Decisions, MeetingState

MEETINGS_CURSOR = "meetings_cursor"
MATCHES_CURSOR = "matches_cursor"
_TOO_LATE = (404, 409)


@dataclass(frozen=True, slots=True)
class Synced:
    """
    What a sync did.

    Attributes:
        unknown: meetings of entries that this vault does not know, as after it was restored from a copy.
        expired: cases whose consent is over since the last time.
        erased: entries of ended cases that the hub has erased.
        requests: of others, that wait for a person here.
        reviews_due: matches that nobody here has looked at.
        withheld: meetings refused because consent keeps the case from the asker's class.
        refused_claims: claims that came too late, as when the other side erased its entry; the next sync knows more.
    """

    meetings: int
    unknown: int
    released: int
    waiting: int
    claimed_cases: int
    refused_claims: int
    reported: int
    matches: int
    expired: int = 0
    erased: int = 0
    withheld: int = 0
    requests: int = 0
    reviews_due: int = 0


def sync(session: Session, client: HubClient) -> Synced:
    """
    Erase what has ended, poll, release by policy, claim, report encounters, and poll for verdicts.

    Raises:
        HubUnreachableError: no answer; the next sync goes on from the same place.
        HubRefusalError: the hub refused a step.
    """
    expired = end_expired(session, today())
    erased = erase_ended(session, client)
    met, unknown = _poll_meetings(session, client)
    withheld = _refuse_withheld(session, client)
    released = _release_by_policy(session, client)
    met += _poll_meetings(session, client)[0] if released or withheld else 0
    claimed, refused = _claim(session, client)
    matches = _poll_matches(session, client)
    reported = _report(session, client)
    if reported:
        matches += _poll_matches(session, client)
    requests = poll_requests(session, client)
    due = sum(match.is_review_due for match in session.vault.meetings.matches())
    waiting = len(session.vault.meetings.of_state(MeetingState.TO_DECIDE))
    return Synced(
        meetings=met,
        unknown=unknown,
        released=released,
        waiting=waiting,
        claimed_cases=claimed,
        refused_claims=refused,
        reported=reported,
        matches=matches,
        expired=len(expired),
        erased=erased,
        withheld=withheld,
        requests=requests,
        reviews_due=due,
    )


def decide(session: Session, client: HubClient, case_refs: Sequence[str] | None, *, release: bool) -> Counter[str]:
    """
    Release or refuse what waits for a decision.

    Args:
        session: the agent.
        client: of its hub.
        case_refs: the partner's own references; None means all cases.
        release: False refuses.

    Returns:
        Number of meetings decided, by case reference.

    Raises:
        UnknownCaseError: nothing waits for one of the cases; nothing is decided then.
        WithheldError: consent keeps a case from the asker, or perhaps from it; nothing is decided then.
    """
    waiting = session.vault.meetings.of_state(MeetingState.TO_DECIDE)
    known = {meeting.case_ref for meeting in waiting}
    for position, case_ref in enumerate(case_refs or (), start=1):
        if case_ref not in known:
            advice = "See `casematch agent inbox` for what waits."
            raise UnknownCaseError(
                "nothing waits for it", code="nothing_waits", where=f"case {position}", advice=advice
            )
    chosen = [meeting for meeting in waiting if case_refs is None or meeting.case_ref in case_refs]
    if release:
        _require_not_withheld(session, chosen)
    _send_decisions(client, chosen, release=release)
    _poll_meetings(session, client)
    return Counter(meeting.case_ref for meeting in chosen)


def _poll_meetings(session: Session, client: HubClient) -> tuple[int, int]:
    """Keep all new pages of meetings; returns how many were told, and how many of them are of unknown entries."""
    vault = session.vault
    told = unknown = 0
    for meetings, cursor in client.meetings(vault.settings.read(MEETINGS_CURSOR)):
        with vault.transaction():
            unknown += vault.meetings.write(meetings)
            vault.settings.write(MEETINGS_CURSOR, cursor)
        told += len(meetings)
    return told, unknown


def withholds(session: Session, case_ref: str, other_class: str) -> bool:
    """Tell whether consent keeps a case from a class of organisations; one that is not told may be that very one."""
    consent = session.vault.consents.newest(session.settings.purpose).get(case_ref)
    withheld = consent.stated.withheld_from if consent else frozenset()
    return bool(withheld) and (not other_class or other_class in withheld)


def _require_not_withheld(session: Session, chosen: Sequence[CaseMeeting]) -> None:
    """Refuse to release a case to whom consent keeps it from."""
    if any(withholds(session, meeting.case_ref, meeting.other_class) for meeting in chosen):
        advice = "Ask the person, then `casematch agent consent give CASE` without this class. Or refuse it."
        raise WithheldError("consent keeps it from the asker", code="withheld", where="case", advice=advice)


def _refuse_withheld(session: Session, client: HubClient) -> int:
    """Refuse what consent keeps from the asker's class, for good; what has no class told waits, and stays silent."""
    waiting = session.vault.meetings.of_state(MeetingState.TO_DECIDE)
    chosen = [each for each in waiting if each.other_class and withholds(session, each.case_ref, each.other_class)]
    _send_decisions(client, chosen, release=False)
    return len(chosen)


def _release_by_policy(session: Session, client: HubClient) -> int:
    """Release what the policy lets go by itself; the rest waits for a person."""
    cases = session.vault.cases.all()
    waiting = session.vault.meetings.of_state(MeetingState.TO_DECIDE)
    chosen = [
        meeting
        for meeting in waiting
        if may_release_alone(cases[meeting.case_ref].release, meeting.other_class)
        and not withholds(session, meeting.case_ref, meeting.other_class)
    ]
    _send_decisions(client, chosen, release=True)
    return len(chosen)


def _send_decisions(client: HubClient, chosen: Sequence[CaseMeeting], *, release: bool) -> None:
    """Tell the hub. What became of each meeting is polled: the other side may have to decide as well."""
    for meeting_ids in _portions([meeting.meeting_id for meeting in chosen]):
        client.decide(Decisions(release=meeting_ids) if release else Decisions(refuse=meeting_ids))


def _claim(session: Session, client: HubClient) -> tuple[int, int]:
    """Claim each case's released meetings under its random reference; returns cases claimed, and claims refused."""
    cases = session.vault.cases.all()
    by_case: defaultdict[str, list[str]] = defaultdict(list)
    for meeting in session.vault.meetings.of_state(MeetingState.RELEASED):
        by_case[meeting.case_ref].append(meeting.meeting_id)
    refused = 0
    for case_ref, meetings in by_case.items():
        for meeting_ids in _portions(meetings):
            claim = Claim(meeting_ids=meeting_ids, reference=cases[case_ref].reference)
            if not _is_taken(partial(client.claim, claim)):
                refused += 1
                continue
            with session.vault.transaction():
                session.vault.meetings.set_state(meeting_ids, MeetingState.CLAIMED)
    return len(by_case), refused


def _is_taken(send: Callable[[], object]) -> bool:
    """Send, and tell whether the hub took it; what came too late must not hold up the rest."""
    try:
        send()
    except HubRefusalError as refusal:
        if refusal.status not in _TOO_LATE:
            raise
        return False
    return True


def _poll_matches(session: Session, client: HubClient) -> int:
    """Keep all new pages of matches."""
    vault = session.vault
    told = 0
    for matches, cursor in client.matches(vault.settings.read(MATCHES_CURSOR)):
        with vault.transaction():
            vault.meetings.write_matches(matches)
            vault.settings.write(MATCHES_CURSOR, cursor)
        told += len(matches)
    return told


def _report(session: Session, client: HubClient) -> int:
    """Report our encounters to every live match that has not got them as they are now."""
    cases, added = session.vault.cases.all(), session.vault.encounters.of_cases()
    reported = 0
    for match in session.vault.meetings.matches():
        encounters = Encounters(encounters=all_encounters(cases[match.case_ref], added.get(match.case_ref, [])))
        text = encounters.model_dump_json()
        if match.state == "void" or text == match.reported:
            continue
        if not _is_taken(partial(client.report, match.match_id, encounters)):
            continue
        with session.vault.transaction():
            session.vault.meetings.set_reported(match.match_id, text)
        reported += 1
    return reported


def all_encounters(case: StoredCase, added: Sequence[EncounterReport]) -> list[EncounterReport]:
    """Return a case's encounters in time; one added by hand takes the place of the row's of its quarter and kind."""
    by_key = {(each.quarter, each.kind): each for each in (case.encounter, *added) if each is not None}
    return [by_key[key] for key in sorted(by_key)]


def _portions(meeting_ids: Sequence[str]) -> Iterator[list[str]]:
    """Cut a list of meetings into what one request may hold."""
    iterator = iter(meeting_ids)
    while portion := list(islice(iterator, MAXIMUM_MEETINGS)):
        yield portion
