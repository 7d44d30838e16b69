"""
The same person asked again is answered from the same meeting; hub.

When a newcomer meets an entry that another entry of its own organisation, under the same token and of the same person,
has met before, the new meeting takes grade and states over from the earlier one. So asking again, or with another
spelling, gives no new answer, and a refusal is not asked for a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.kept import repository as kept
from api.hub.kept.entry import KeptEntry
from api.hub.meetings import repository
from api.hub.meetings.deciding import SideState
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
        self._hub, self._schema = hub, filing.schema
        self._seal = SideSeal(hub.key)
        self._rows: dict[tuple[bytes, bytes], list[tuple[EarlierRow, KeptEntry]]] = {}
        owner, tags = filing.member.organisation_id, self._seal.tags({found.entry.entry_id for _, found in pairs})
        found = repository.earlier_meetings(connection, owner, tags)
        rows = [row for row in found if row.own_state not in _GONE and row.other_state not in _GONE]
        entry_ids = [self._seal.entry_id(row.entry_box, row.meeting_id, owner) for row in rows]
        entries = kept.find(connection, hub.key, sorted(set(entry_ids)))
        for row, entry_id in zip(rows, entry_ids, strict=True):
            own = entries.get(entry_id)
            if own is not None:
                self._rows.setdefault((own.token, bytes(row.other_tag)), []).append((row, own))

    def to(self, pair: Pair) -> EarlierAnswer | None:
        """Return the answer to a pair, if there was one to the same question."""
        newcomer, found = pair
        for row, entry in self._rows.get((newcomer.token, self._seal.tag(found.entry.entry_id)), ()):
            if entry.is_automatic == newcomer.is_automatic and self._is_same_person(newcomer.sketch, entry.sketch):
                other = (_reopened(row.other_state), row.other_needs_hand)
                own = (_reopened(row.own_state), row.own_needs_hand)
                return EarlierAnswer(row.meeting_id, row.grade, (other, own))
        return None

    def _is_same_person(self, left: bytes, right: bytes) -> bool:
        """Tell whether two sketches of one organisation are probably of one person."""
        one, other = (np.frombuffer(sketch, dtype=np.uint8).reshape(1, -1) for sketch in (left, right))
        return bool(self._hub.score(one, other, self._schema).grade[0] >= Grade.PROBABLE)


def _reopened(state: str) -> SideState:
    """Return where a side of the new meeting stands: what is claimed of the earlier one may be claimed of this one."""
    return SideState.RELEASED if state == SideState.CLAIMED else SideState(state)
