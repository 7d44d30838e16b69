"""
What commands tell people who are logged in: desk, emergencies, oversight; as text for their own screen.

On the premises of whoever is logged in. Nothing here names a person of a record; ids are cut to what a command takes.
"""

from collections.abc import Sequence

from api.agent.person import SHOWN_OF_ID
from api.agent.render import plural, table
from api.agent.resolving_report import request_cells
from api.wire.break_glass import OPEN_HOURS, BreakGlass, BreakGlassState
from api.wire.disclosures import DisclosureRequest
from api.wire.limits import Alarm
from api.wire.organisations import Organisation
from api.wire.people import OpenedSession
from api.wire.reviews import OpenCase, ResolutionReport, SideAnswer

_APPROVERS = 2


def describe_session(opened: OpenedSession) -> str:
    """Tell who one is now; the token is not shown."""
    roles = ", ".join(_words(role) for role in opened.roles)
    where = f" in project {opened.project_id}" if opened.project_id else " of the hub itself"
    return f"Logged in as {roles}{where}, for {opened.expires_in_seconds // 3600} hours at most."


def describe_requests(requests: Sequence[DisclosureRequest]) -> str:
    """Tell of disclosure requests, by the beginnings of their ids."""
    if not requests:
        return "No requests."
    rows = [(each.request_id[:SHOWN_OF_ID], each.match_id[:SHOWN_OF_ID], *request_cells(each)) for each in requests]
    return table(("request", "match", "asks for", "asked by", "purpose", "because", "state"), rows)


def describe_cases(cases: Sequence[OpenCase]) -> str:
    """Tell what waits for the desk."""
    if not cases:
        return "Nothing waits for the desk."
    rows = [
        (
            each.match_id[:SHOWN_OF_ID],
            _words(each.purpose),
            each.grade,
            ", ".join(_words(side.answer or "conflict of interest") for side in each.answers) or "none yet",
            f"{each.due_on}{', overdue' if each.is_overdue else ''}",
        )
        for each in cases
    ]
    return table(("match", "purpose", "grade", "answers", "due"), rows)


def describe_case(case: OpenCase) -> str:
    """Tell all that the desk may see of a pair."""
    overdue = ", overdue" if case.is_overdue else ""
    lines = [
        f"Match {case.match_id[:SHOWN_OF_ID]}, for {_words(case.purpose)}: {case.grade}; due {case.due_on}{overdue}."
    ]
    lines += [f"  {each.field:<16}{each.agreement}" for each in case.agreement] or ["  An entry is gone: no fields."]
    lines += [f"  one side: {_answer(each)}" for each in case.answers]
    return "\n".join([*lines, "Which answer is whose, and who they are, the desk is not told."])


def describe_glass(glass: BreakGlass) -> str:
    """Tell where an emergency stands, and what is still needed."""
    head = f"Emergency {glass.break_glass_id[:SHOWN_OF_ID]} ({_words(glass.danger)}): {_words(glass.state)}."
    if glass.finding:
        return f"{head} Found {_words(glass.finding)}."
    if glass.state is BreakGlassState.AWAITING_APPROVALS:
        return f"{head} {glass.approvals} of {_APPROVERS} have approved; they must be of different organisations."
    if not glass.review_due_on:
        return head
    return f"{head} Open for {OPEN_HOURS} hours, and the holder is told; to be reviewed by {glass.review_due_on}."


def describe_glasses(glasses: Sequence[BreakGlass]) -> str:
    """Tell of all emergencies that wait."""
    if not glasses:
        return "No emergency waits for approval or review."
    rows = [
        (
            each.break_glass_id[:SHOWN_OF_ID],
            _words(each.danger),
            each.asked_on,
            f"{each.approvals} of {_APPROVERS}",
            _words(each.state),
            each.review_due_on,
        )
        for each in glasses
    ]
    return table(("emergency", "danger", "asked on", "approved", "state", "review due"), rows)


def describe_resolution(report: ResolutionReport) -> str:
    """Tell how matches are resolved, and what somebody has to look after."""
    matches = plural(report.open_matches, "match", "matches")
    lines = [
        f"Project {report.project_id}: {matches} open, {report.overdue:,} overdue.",
        f"Final: {report.final_same:,} same, {report.final_not_same:,} not same; {report.adjudicated:,} by the desk.",
    ]
    if report.listed:
        rows = [(_words(each.kind), each.thing_id[:SHOWN_OF_ID], each.due_on) for each in report.listed]
        lines += ["", table(("what is wrong", "id", "due"), rows)]
    return "\n".join(lines)


def describe_alarms(alarms: Sequence[Alarm]) -> str:
    """Tell of alarms that nobody has closed."""
    if not alarms:
        return "No alarms."
    rows = [
        (
            each.alarm_id[:SHOWN_OF_ID],
            each.raised_on,
            _words(each.kind),
            each.project_id,
            each.organisation_id[:SHOWN_OF_ID],
        )
        for each in alarms
    ]
    return table(("alarm", "raised on", "what", "project", "organisation"), rows)


def describe_organisations(organisations: Sequence[Organisation]) -> str:
    """Tell of organisations, to those alone who may know their names."""
    rows = [
        (
            each.organisation_id[:SHOWN_OF_ID],
            each.name,
            _words(each.organisation_class),
            each.contact_alias,
            "suspended" if each.is_suspended else "",
        )
        for each in organisations
    ]
    return table(("organisation", "name", "class", "contact alias", ""), rows)


def _answer(side: SideAnswer) -> str:
    """Tell what one side answered, and why."""
    because = ", ".join(_words(each) for each in (side.disposition, *side.invalid_reasons) if each)
    found = _words(side.answer or "conflict of interest")
    return f"{found} ({because})" if because else found


def _words(code: str) -> str:
    """Return a code as words."""
    return code.replace("_", " ")
