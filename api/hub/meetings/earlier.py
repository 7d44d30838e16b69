"""
The same person asked again is answered from the same meeting; hub.

When a newcomer meets an entry that another entry of its own organisation, under the same token and of the same person,
has met before, the new meeting takes grade and states over from the earlier one. So asking again, or with another
spelling, gives no new answer, and a refusal is not asked for a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.kept import repository as kept
from api.hub.kept.entry import KeptEntry
from api.hub.meetings import repository
from api.hub.meetings.deciding import SideState
from api.hub.meetings.grading import grades
from api.hub.meetings.newcomers import Filing, Pair, Stand
from api.hub.meetings.repository import EarlierRow
from api.hub.meetings.sides import SideSeal
from matcher.pairs import Grade

_GONE = {SideState.VOID, SideState.ERASED}


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What an earlier meeting of the same two people said; `stands` are those of the found side and of the asker's."""

    meeting_id: str
    grade: int
    stands: tuple[Stand, Stand]


class EarlierAnswers:
    """The answers that an organisation has had already to some of the pairs of a filing."""

    def __init__(self, connection: Connection, hub: Hub, filing: Filing, pairs: Sequence[Pair]) -> None:
        """Look up the meetings of its entries under the same tokens with the same entries of others."""
        seal = SideSeal(hub.key)
        asked = _asked(connection, hub, seal, filing.member.organisation_id, pairs)
        sketches = [pair[0].sketch for pair, _, _ in asked], [own.sketch for _, _, own in asked]
        is_same_person = grades(hub, filing.schema, *sketches) >= Grade.PROBABLE
        self._answers: dict[tuple[bytes, bytes], EarlierAnswer] = {}
        for (pair, row, _), is_same in zip(asked, is_same_person, strict=True):
            if is_same:
                self._answers.setdefault(_name(pair), _answer(row))

    def to(self, pair: Pair) -> EarlierAnswer | None:
        """Return the answer to a pair, if there was one to the same question."""
        return self._answers.get(_name(pair))


def _asked(
    connection: Connection, hub: Hub, seal: SideSeal, owner: str, pairs: Sequence[Pair]
) -> list[tuple[Pair, EarlierRow, KeptEntry]]:
    """Return what may have been asked before: pairs with an earlier meeting, and the own entry that stood in it."""
    tags = {found.entry.entry_id: seal.tag(found.entry.entry_id) for _, found in pairs}
    rows = [
        row
        for row in repository.earlier_meetings(connection, owner, sorted(tags.values()))
        if row.own[0] not in _GONE and row.other[0] not in _GONE
    ]
    entry_ids = [seal.entry_id(row.entry_box, row.meeting_id, owner) for row in rows]
    entries = kept.find(connection, hub.key, sorted(set(entry_ids)))
    earlier: dict[tuple[bytes, bytes, bool], list[tuple[EarlierRow, KeptEntry]]] = {}
    for row, entry_id in zip(rows, entry_ids, strict=True):
        own = entries.get(entry_id)
        if own is not None:
            earlier.setdefault((own.token, row.other_tag, own.is_automatic), []).append((row, own))
    return [
        ((newcomer, found), *was)
        for newcomer, found in pairs
        for was in earlier.get((newcomer.token, tags[found.entry.entry_id], newcomer.is_automatic), ())
    ]


def _name(pair: Pair) -> tuple[bytes, bytes]:
    """Return what tells a pair: the ids of its entries."""
    newcomer, found = pair
    return newcomer.entry_id, found.entry.entry_id


def _answer(row: EarlierRow) -> EarlierAnswer:
    """Return what an earlier meeting said."""
    return EarlierAnswer(row.meeting_id, row.grade, (_reopened(*row.other), _reopened(*row.own)))


def _reopened(state: str, needs_hand: bool) -> Stand:  # noqa: FBT001 - as it is kept
    """Return where a side of the new meeting stands: what is claimed of the earlier one may be claimed of this one."""
    return (SideState.RELEASED if state == SideState.CLAIMED else SideState(state)), needs_hand
