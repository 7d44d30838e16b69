"""
What commands tell of files, inbox and state, as text for the partner's own screen; on the partner's premises.

Case references and column names may stand here; values of linkage columns never do.
"""

from collections.abc import Sequence

from api.agent.intake import Intake
from api.agent.own_pairs import LocalPair
from api.agent.policy import may_release_alone
from api.agent.push import Pushed
from api.agent.reading import ReadFile
from api.agent.render import plain, plural, table
from api.agent.resolving import SHOWN_OF_ID
from api.agent.resolving_report import describe_requests, review_state
from api.agent.session import Session
from api.agent.sources.csv import DELIMITERS
from api.agent.sync import Synced
from api.agent.vault.cases import StoredCase
from api.agent.vault.meetings import CaseMatch, CaseMeeting
from api.wire.batches import Release
from api.wire.meetings import MeetingState

_DELIMITER_NAMES = dict(zip(DELIMITERS, ("comma", "semicolon", "tab", "bar"), strict=True))
_STRENGTH = ("certain", "probable", "possible")
_HELD_FOR = {
    "shelter": "held by a shelter",
    "location_protected": "location protected",
    "location_unknown": "location protection unknown",
    "child_possible": "may be a child",
    "age_unknown": "age unknown",
    "withheld": "withheld by consent",
}


def describe_file(file: ReadFile, shown: int) -> str:
    """Tell how a file was read, which columns are what, and what was set aside; `shown` cuts the list of rows."""
    lines = [
        f"Read {plural(len(file.cases), 'case')} ({file.table.encoding}, {_DELIMITER_NAMES[file.table.delimiter]}).",
        *_describe_columns(file),
    ]
    if file.rows_set_aside:
        lines.append(f"{plural(file.rows_set_aside, 'row')} left out whole; the others go on.")
    if file.faults:
        lines += ["", "Set aside or not known, by column:", table(("column", "what", "rows"), _counts(file))]
        rows = [(str(fault.row), fault.column or "(row)", fault.code, fault.advice) for fault in file.faults]
        lines += ["", table(("row", "column", "what", "advice"), rows[:shown])]
        lines += _cut(len(rows), shown)
    automatic = sum(decision.release is Release.AUTOMATIC for decision in file.decisions)
    lines += ["", f"Release: {automatic:,} automatic, {len(file.decisions) - automatic:,} wait for a person."]
    return "\n".join(lines)


def _describe_columns(file: ReadFile) -> list[str]:
    """Tell which columns were renamed, which nobody claimed, and what they may be."""
    renamed = [
        f"{name} → {attribute}"
        for name, attribute in zip(file.table.header, file.columns.attributes, strict=True)
        if attribute and attribute != name
    ]
    lines = [plain(f"Columns read as: {', '.join(renamed)}.")] if renamed else []
    if file.columns.unused:
        lines.append(plain(f"Columns not used: {', '.join(file.columns.unused)}."))
    asked = [
        plain(f'Is "{each.header}" {each.attribute}? Then add: --map "{each.header}={each.attribute}"')
        for each in file.columns.suggestions
    ]
    return lines + asked


def _counts(file: ReadFile) -> list[tuple[str, str, str]]:
    """Return rows of column, fault and count."""
    return [(column or "(row)", code, f"{count:,}") for (column, code), count in file.faults_by_column().items()]


def _cut(total: int, shown: int) -> list[str]:
    """Say what a list leaves out."""
    return [f"… and {total - shown:,} more; --all shows them."] if total > shown else []


def describe_pairs(pairs: Sequence[LocalPair], shown: int) -> str:
    """Tell which cases of the partner's own file are probably one person."""
    if not pairs:
        return "No two cases of this file look like one person."
    rows = [(pair.left, pair.right, f"{pair.probability:.3f}", pair.grade.label) for pair in pairs[:shown]]
    head = f"{plural(len(pairs), 'pair')} of cases in this file may be one person (seen by you alone):"
    return "\n".join([head, table(("case", "case", "probability", "grade"), rows), *_cut(len(pairs), shown)])


def describe_intake(intake: Intake, shown: int) -> str:
    """Tell what an import changed."""
    kept = f"{intake.new:,} new, {intake.changed:,} changed, {intake.unchanged:,} unchanged"
    lines = [f"{kept}; {plural(intake.entries, 'entry', 'entries')} to send."]
    if intake.ended:
        lines.append(f"{plural(intake.ended, 'case')} ended: the next push has the hub erase what it holds of them.")
    if intake.unlinkable:
        listed = ", ".join(intake.unlinkable[:shown])
        lines.append(plain(f"Too little in {plural(len(intake.unlinkable), 'case')} to be found by: {listed}"))
        lines += _cut(len(intake.unlinkable), shown)
    return "\n".join(lines)


def describe_missing(missing: Sequence[str], source: str, shown: int) -> str:
    """Tell which cases have no row any more."""
    if not missing:
        return plain(f"No row of {source} is gone.")
    lines = [plain(f"Gone from {source}, and to be erased: {plural(len(missing), 'case')}")]
    return "\n".join([*lines, plain(f"  {', '.join(missing[:shown])}"), *_cut(len(missing), shown)])


def describe_push(pushed: Pushed) -> str:
    """Tell what was sent."""
    sent = f"{plural(pushed.entries, 'entry', 'entries')} received by the hub"
    batches = plural(pushed.batches, "batch", "batches")
    return f"{sent} in {batches}; {pushed.erased:,} erased there."


def describe_sync(synced: Synced) -> str:
    """Tell what the hub had to tell."""
    met = plural(synced.meetings, "meeting")
    claimed, matched = plural(synced.claimed_cases, "case"), plural(synced.matches, "match", "matches")
    lines = [
        f"{met} new or changed, {synced.released:,} released by policy, {synced.waiting:,} wait for you.",
        f"{claimed} claimed, {matched} new or changed.",
    ]
    if synced.expired or synced.erased:
        over = plural(synced.expired, "consent")
        lines.append(f"{over} expired; {plural(synced.erased, 'entry', 'entries')} of ended cases erased at the hub.")
    if synced.withheld:
        lines.append(f"{plural(synced.withheld, 'meeting')} refused: consent withholds the case from the asker.")
    if synced.requests or synced.reviews_due:
        asked, due = plural(synced.requests, "request"), plural(synced.reviews_due, "review")
        lines.append(f"{asked} of others wait for you, {due} due; see `casematch agent inbox`.")
    if synced.refused_claims:
        lines.append(f"{plural(synced.refused_claims, 'claim')} came too late; sync again.")
    if synced.unknown:
        lines.append(f"{plural(synced.unknown, 'meeting')} of entries that this vault does not know.")
    return "\n".join(lines)


def describe_inbox(session: Session) -> str:
    """Tell what waits for a decision, and every match with its verdict, by the partner's own case reference."""
    waiting = session.vault.meetings.of_state(MeetingState.TO_DECIDE)
    lines: list[str] = []
    if waiting:
        lines += ["Waiting for your decision (casematch agent release | refuse CASE_REF):"]
        lines += [table(("case", "grade", "asked by", "purpose", "held because"), _waiting_rows(session, waiting)), ""]
    lines += describe_requests(session)
    matches = session.vault.meetings.matches()
    if matches:
        lines += ["Matches; each is a lead, not a fact, and nobody acts on it before review and notice:"]
        head = ("case", "match", "grade", "other side", "told", "review", "verdict", "because")
        lines += [table(head, [_match_row(each) for each in matches])]
        lines += _warnings(matches)
        lines += _emergencies(matches)
    return "\n".join(lines) if lines else "Nothing waits, and nothing has matched."


def _waiting_rows(session: Session, waiting: Sequence[CaseMeeting]) -> list[tuple[str, ...]]:
    """Return one row for each case and asking side, with the best grade of their meetings."""
    cases = session.vault.cases.all()
    best: dict[tuple[str, str, str], str] = {}
    for meeting in waiting:
        key = (meeting.case_ref, meeting.other_class, meeting.purpose)
        best[key] = min(best.get(key, meeting.grade), meeting.grade, key=_STRENGTH.index)
    return [
        (case_ref, grade, other or "not told", purpose, _held_because(cases[case_ref], other))
        for (case_ref, other, purpose), grade in best.items()
    ]


def _held_because(case: StoredCase, asker_class: str) -> str:
    """Tell why a meeting waits for a person: because of the case, or of who asks."""
    reasons = [_HELD_FOR.get(code, code) for code in case.held_for]
    if not may_release_alone(Release.AUTOMATIC, asker_class):
        reasons.append(f"asked by {asker_class}" if asker_class else "who asks is not told")
    return ", ".join(reasons)


def _match_row(match: CaseMatch) -> tuple[str, ...]:
    """Return one row of the table of matches."""
    told = f"answer: {match.answer}" if match.answer else match.verdict or match.state
    verdict = told.replace("_", " ")
    because = ", ".join(match.reasons).replace("_", " ")
    side = (match.other_class or "not told", match.rung, review_state(match))
    return (match.case_ref, match.match_id[:SHOWN_OF_ID], match.grade, *side, verdict, because)


def _warnings(matches: Sequence[CaseMatch]) -> list[str]:
    """Tell of matches with an organisation another record of which was found to be another person than ours."""
    what = "the same organisation had a record that reviews found not to be this person; look before you grant anything"
    parted = [match for match in matches if match.was_parted_before and match.state != "void"]
    lines = [plain(f"NOTE on {match.case_ref}, match {match.match_id[:SHOWN_OF_ID]}: {what}.") for match in parted]
    return ["", *lines] if lines else []


def _emergencies(matches: Sequence[CaseMatch]) -> list[str]:
    """Tell the holder of every emergency in which the other side was told its contact desk."""
    lines = []
    for match in matches:
        for danger, _, day in (line.partition(" ") for line in match.broken_glass.splitlines()):
            what = f"the other side of {match.case_ref} was told your contact desk for four hours"
            lines += [plain(f"EMERGENCY on {day} ({danger.replace('_', ' ')}): {what}, without your consent.")]
    return ["", *lines, "The data-protection officer looks into it within 72 hours."] if lines else []


def describe_status(session: Session) -> str:
    """Tell what the agent is set up with, what it holds and what is left to do."""
    counts = session.vault.outbox.counts()
    waiting = len(session.vault.meetings.of_state(MeetingState.TO_DECIDE))
    rows = [
        ("project", f"{session.project.project_id}, key epoch {session.schema.key_epoch}"),
        ("schema", f"{session.schema.name} {session.schema.version}, {session.schema.schema_id[:12]}…"),
        ("hub", session.settings.hub_url or "none (offline)"),
        ("purpose", session.settings.purpose),
        ("cases", f"{session.vault.cases.count():,}"),
        ("to send", plural(counts.waiting, "entry", "entries")),
        ("at the hub", plural(counts.sent, "entry", "entries")),
        ("to erase", plural(counts.withdrawn, "entry", "entries")),
        ("to decide", plural(waiting, "meeting")),
        ("matches", f"{len(session.vault.meetings.matches()):,}"),
        ("reviews due", f"{sum(match.is_review_due for match in session.vault.meetings.matches()):,}"),
    ]
    return "\n".join(f"{name:<12}{value}" for name, value in rows)
