"""What commands tell of consent and its end, as text for the partner's own screen; on the partner's premises."""

from collections import Counter
from collections.abc import Sequence

from api.agent.consent import Consent
from api.agent.consent_end import today
from api.agent.consent_proof import Proof
from api.agent.errors import UnknownCaseError
from api.agent.reading import ReadFile
from api.agent.render import plain, plural, table
from api.agent.session import Session

_WHY = {
    "withdrawn": "ended on request",
    "expired": "its last day is past",
    "not_given": "was refused, or never given",
    "missing": "its row was gone",
    "replaced": "another one took its place",
    "never_given": "never written down",
}


def describe_file_consent(file: ReadFile, shown: int) -> str:
    """Tell how many cases may be encoded, and why the others may not; `shown` cuts the list."""
    without = file.without_consent()
    lines = [f"Consent or lawful basis: {len(file.cases) - len(without):,} of {plural(len(file.cases), 'case')}."]
    if without:
        counts = ", ".join(f"{_WHY[why]}: {number:,}" for why, number in Counter(without.values()).most_common())
        lines.append(f"Nothing is encoded of {plural(len(without), 'case')} ({counts}).")
        cut = f" … and {len(without) - shown:,} more; --all shows them." if len(without) > shown else ""
        lines.append(plain(f"  {', '.join(sorted(without)[:shown])}{cut}"))
    return "\n".join(lines)


def describe_consents(session: Session, case_ref: str) -> str:
    """
    Tell all that is kept of a case.

    Raises:
        UnknownCaseError: nothing is.
    """
    history = session.vault.consents.history(case_ref)
    if not history:
        advice = "Write it down with `casematch agent consent give CASE --by self`."
        raise UnknownCaseError("no consent is written down", code="no_consent", where="case 1", advice=advice)
    rows = [(purpose, *_row(consent), _state(consent, ended_on)) for purpose, consent, ended_on in history]
    return table(("purpose", "basis", "given by", "on", "withheld from", "last day", "state"), rows)


def _row(consent: Consent) -> tuple[str, ...]:
    """Return basis, giver, day, classes and last day."""
    stated = consent.stated
    return (
        stated.basis or "none",
        stated.given_by or "-",
        consent.given_on.isoformat(),
        ", ".join(sorted(stated.withheld_from)) or "nobody",
        stated.expires_on.isoformat() if stated.expires_on else "-",
    )


def _state(consent: Consent, ended_on: str) -> str:
    """Tell whether it holds."""
    if consent.is_live(today()):
        return "holds"
    return f"{_WHY[consent.ended or 'expired']}{f' ({ended_on})' if ended_on else ''}"


def describe_proofs(proofs: Sequence[Proof]) -> str:
    """Tell what is proved of each end of a case."""
    return "\n".join(_describe_proof(each) for each in proofs)


def _describe_proof(proof: Proof) -> str:
    """Tell of one end."""
    ending = proof.ending
    head = f"{ending.ended_on}: {_WHY[ending.ended]}, {plural(ending.entries, 'entry', 'entries')}."
    if proof.statement is None:
        return f"{head} {'They wait to be erased.' if ending.is_waiting else 'Nothing had left.'}"
    told = proof.statement
    lines = [
        f"{head} Erased at the hub on {told.erased_on}, receipt {told.receipt_id}.",
        "  The receipt is signed with the pinned key of the hub's log, for the very entries that were asked.",
    ]
    if proof.is_in_log is None:
        lines.append(f"  Leaf {told.leaf_hash[:16]}…: look for it in an exported log with --log FILE.")
    elif proof.is_in_log:
        lines.append("  Its leaf stands in the log, which is what its signed checkpoint says.")
    else:
        lines.append("  Its leaf is not in this log. Has the log been exported since?")
    return "\n".join(lines)
