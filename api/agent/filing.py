"""
Asking about single cases now; on the partner's premises.

Filing is asking, and asking is filing: there is no search without an own case on file. Whether enough is known of a
case is decided here, before anything is sent. A case that is filed alone tells the hub which entries came together;
whoever can wait collects cases and pushes them together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from api.agent.client import HubClient
from api.agent.errors import ConsentError, TooLittleError, UnknownCaseError
from api.agent.intake import take_in
from api.agent.leaks.selftest import field_bits, helped_by
from api.agent.progress import Progress
from api.agent.push import PoliceStatement, Pushed, push
from api.agent.reading import ReadFile
from api.agent.session import Session

MOST_FIELDS_TOLD = 5


def file_cases(
    session: Session,
    client: HubClient,
    case_refs: Sequence[str],
    file: ReadFile | None,
    progress: Progress,
    *,
    reason: str,
    police: PoliceStatement | None = None,
) -> Pushed:
    """
    File cases now, and them alone.

    Args:
        session: the agent.
        client: of its hub.
        case_refs: the partner's own references.
        file: where they are to be read first; None files what an earlier import left waiting.
        progress: called with a step's name, how much is done, and how much there is.
        reason: code of the statement.
        police: what the police states beside it.

    Raises:
        UnknownCaseError: a case is neither in the file nor in the vault; nothing is sent.
        ConsentError: there is no consent or lawful basis for one; nothing is sent.
        TooLittleError: too little is known of one; nothing is sent, and the advice says what would help.
        HubUnreachableError: no answer; the next push sends it.
        HubRefusalError: the hub refused.
    """
    helping: Mapping[str, Sequence[str]] = {}
    if file is not None:
        helping = _take_in(session, file, case_refs, progress)
    cases, outbox = session.vault.cases.all(), session.vault.outbox
    for place, case_ref in enumerate(case_refs, start=1):
        if case_ref not in cases:
            raise _unknown(place)
        if not outbox.number_of(case_ref):
            raise _too_little(place, helping.get(case_ref, ()))
    return push(session, client, progress, reason=reason, police=police, case_refs=case_refs)


def _take_in(
    session: Session, file: ReadFile, case_refs: Sequence[str], progress: Progress
) -> Mapping[str, Sequence[str]]:
    """Encode the chosen cases of a file; returns which fields would help those that would send nothing."""
    places = {case.record.reference: place for place, case in enumerate(file.cases)}
    without = file.without_consent()
    for place, case_ref in enumerate(case_refs, start=1):
        if case_ref not in places:
            raise _unknown(place)
        if case_ref in without:
            advice = "Write it down with `casematch agent consent give CASE`, in a column, or with --consent."
            raise ConsentError(
                "no consent and no lawful basis", code="no_consent", where=f"case {place}", advice=advice
            )
    intake = take_in(session, _chosen(file, [places[each] for each in case_refs]), progress)
    bits = [field_bits(person, session.schema, session.frequencies) for person in file.persons]
    return {
        case_ref: _helping(session, bits[places[case_ref]], bits)
        for case_ref in intake.unlinkable
        if case_ref in places
    }


def _chosen(file: ReadFile, places: Sequence[int]) -> ReadFile:
    """Return a file with some of its cases alone."""
    return replace(
        file,
        cases=tuple(file.cases[place] for place in places),
        persons=tuple(file.persons[place] for place in places),
        decisions=tuple(file.decisions[place] for place in places),
        consents=tuple(file.consents[place] for place in places),
    )


def _helping(session: Session, told: Mapping[str, float], everybody: Sequence[Mapping[str, float]]) -> Sequence[str]:
    """Return the fields of which one would do; where no single one does, those that are empty."""
    one_would_do = list(helped_by([told], everybody, session.schema))
    fields = dict.fromkeys(part.field for part in session.schema.gate.parts)
    return one_would_do or [field for field in fields if field not in told]


def _unknown(place: int) -> UnknownCaseError:
    """Return the error for a case that is nowhere."""
    advice = "Name the file it is in with --from, or import it first."
    return UnknownCaseError("no such case", code="unknown_case", where=f"case {place}", advice=advice)


def _too_little(place: int, helping: Sequence[str]) -> TooLittleError:
    """Return the error for a case of which nothing rare is known."""
    words = ", ".join(name.replace("_", " ") for name in helping[:MOST_FIELDS_TOLD])
    advice = f"These would help: {words}." if words else "Give more fields: a whole birth date, parents, a ward."
    return TooLittleError(
        "too little is known to ask about it; nothing was sent", code="too_little", where=f"case {place}", advice=advice
    )
