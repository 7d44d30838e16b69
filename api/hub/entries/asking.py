"""
Filing is asking: what a filing must meet before its entries are kept, and what is watched of it; hub.

Approval, quota and watch look at the filing alone, never at what others hold, so that none of them tells anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.entries.filing import Row
from api.hub.kept import repository as kept
from api.hub.kept.entry import KeptEntry
from api.hub.kept.repository import Filer
from api.hub.meetings.meet import meet
from api.hub.meetings.newcomers import Filing
from api.hub.organisations import repository as organisations
from api.hub.people.approvals import require_approval
from api.hub.policy import Member
from api.hub.quotas import service as quotas
from api.hub.watch import service as watch
from api.hub.watch.signs import Sign
from api.wire.statements import Statement


def is_decoy(connection: Connection, member: Member) -> bool:
    """Tell whether a member only plants invented people: they are asked about, and never ask."""
    return bool(organisations.decoys(connection, [member.organisation_id]))


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked by filing.

    Attributes:
        rows: the new ones; never filed before.
        found: what stood under their tokens before they were kept, and whose each is.
    """

    rows: Sequence[Row]
    found: Sequence[tuple[KeptEntry, Filer]]


def look_up(connection: Connection, hub: Hub, member: Member, rows: Sequence[Row]) -> Question:
    """Look up the tokens of new rows, once for all that wants to know."""
    tokens = sorted({row.newcomer.token for row in rows})
    return Question(rows, kept.under_tokens(connection, hub.key, member.project_id, tokens))


def admit(connection: Connection, hub: Hub, member: Member, statement: Statement, question: Question) -> list[Sign]:
    """
    Admit entries that were never filed before, or refuse the whole filing.

    Args:
        connection: the open writing transaction of the filing.
        hub: gives key, day and settings.
        member: who files.
        statement: of the filing.
        question: its rows are not kept yet.

    Returns:
        Signs of which an alarm is new.

    Raises:
        RefusedError: the police's statement is not covered by an approval.
        TooManyError: the quota is used up.
    """
    require_approval(connection, hub, member, statement, len(question.rows))
    tokens = [row.newcomer.token for row in question.rows]
    on_file = watch.repeats_on_file(member, question.found)
    first_time = sum(token not in on_file for token in tokens)
    is_bulk = quotas.charge(connection, hub, member, first_time)
    return watch.watch_filing(connection, hub, member, tokens, on_file, is_bulk=is_bulk)


def ask(connection: Connection, hub: Hub, filing: Filing, question: Question) -> list[Sign]:
    """Let kept entries meet those of others; returns signs of which an alarm is new."""
    met = meet(connection, hub, filing, [row.newcomer for row in question.rows], question.found)
    return watch.watch_decoys(connection, hub, filing.member, met)
