"""
Who learnt what of a record: for its holder, from the audit log; hub.

Told is only what the holder could know by itself: of meetings that it may see and matches to which it is a party, that
the other side has been told of them, and when first. Later readings stay out: the second one would tell that a
decision was taken, and a refusal must look like silence. So does what the linkage desk reads of a match that is open,
for it sees those whose sides disagree. The other side's class is told where the meeting or match itself tells it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind
from api.hub.audit.service import acts_about
from api.hub.context import Hub
from api.hub.entries.service import wait_for_quantum
from api.hub.matches.views import look_at, other_class
from api.hub.meetings import service as meetings
from api.hub.policy import Action, Member, Rung
from api.wire.audit.leaves import Leaf
from api.wire.audit.messages import Learning, LearntAnswer, LearntRequest
from api.wire.statements import OrganisationClass


@dataclass(frozen=True, slots=True)
class Known:
    """
    What the holder knows of a meeting or match of its own.

    Attributes:
        other_class: of the other side; None where it is not told.
        is_open: whether it is a match that is not resolved.
    """

    other_class: OrganisationClass | None
    is_open: bool = False


Own = Mapping[Kind, Mapping[str, Known]]  # by kind and id


def learnt(hub: Hub, member: Member, asked: LearntRequest) -> LearntAnswer:
    """
    Return who was told of the meetings of own entries, and of own matches; each once, oldest first.

    The answer leaves at a multiple of the quantum: a meeting that is still hidden takes time to leave out.

    Raises:
        UnavailableError: the answer cannot be written down.
    """
    started = time.monotonic()
    with hub.database.writing() as connection:
        learnings = _first_of_each(connection, hub, member, _own(connection, hub, member, asked))
        if learnings:
            rung = Rung(max(learning.rung for learning in learnings))
            log.append(connection, hub, member, [Act(Action.AUDIT_WHO_LEARNT, "answered", rung, count=len(learnings))])
    wait_for_quantum(started, hub.settings.answer_quantum_ms / 1000)
    return LearntAnswer(learnings=learnings)


def _own(connection: Connection, hub: Hub, member: Member, asked: LearntRequest) -> Own:
    """Return the meetings of own entries, and the own matches, that were asked after."""
    entry_ids = [bytes.fromhex(entry_id) for entry_id in sorted(set(asked.entry_ids))]
    classes = meetings.classes_told(connection, member, meetings.visible_of(connection, hub, member, entry_ids))
    looks = look_at(connection, hub, member, sorted(set(asked.match_ids)))
    return {
        Kind.MEETING: {name: Known(kind) for name, kind in classes.items()},
        Kind.MATCH: {look.row.match_id: Known(other_class(member, look), not look.row.resolution) for look in looks},
    }


def _first_of_each(connection: Connection, hub: Hub, member: Member, own: Own) -> list[Learning]:
    """Return the first time that so much was told; of a class, not of each organisation in it: those are not told."""
    found: dict[str, Learning] = {}
    named = {kind: list(names) for kind, names in own.items()}
    for kind, name, leaf in acts_about(connection, hub, named):
        learning = _learning(member, kind, own[kind][name], leaf)
        if learning is not None:
            found.setdefault(learning.model_dump_json(exclude={"first_on"}), learning)
    return list(found.values())


def _learning(member: Member, kind: Kind, known: Known, leaf: Leaf) -> Learning | None:
    """Return what an act told, if it told anything of the record."""
    if leaf.rung < Rung.D1 or not leaf.purposes or not leaf.organisation_class:
        return None
    learner, is_own = OrganisationClass(leaf.organisation_class), leaf.organisation == member.organisation_id
    is_desk = leaf.action == Action.REVIEWS_ADJUDICATE
    if is_desk and known.is_open:
        return None
    return Learning(
        first_on=leaf.day,
        is_own=is_own,
        organisation_class=learner if is_own or is_desk else known.other_class,
        purpose=leaf.purposes[0],
        of="meeting" if kind is Kind.MEETING else "match",
        rung=leaf.rung,
    )
