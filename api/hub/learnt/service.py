"""
Who learnt what of a record: for its holder, from the audit log; hub.

Told is only what the holder could know by itself: of meetings that it may see and matches to which it is a party, that
the other side has been told of them, and when first. Later readings stay out: the second one would tell that a
decision was taken, and a refusal must look like silence.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Act, Kind
from api.hub.audit.service import acts_about
from api.hub.context import Hub
from api.hub.matches import service as matches
from api.hub.meetings import service as meetings
from api.hub.policy import Action, Member, Rung
from api.wire.audit.leaves import Leaf
from api.wire.audit.messages import Learning, LearntAnswer, LearntRequest
from api.wire.statements import OrganisationClass


def learnt(hub: Hub, member: Member, asked: LearntRequest) -> LearntAnswer:
    """
    Return who was told of the meetings of own entries, and of own matches; each once, oldest first.

    Raises:
        UnavailableError: the answer cannot be written down.
    """
    entry_ids = [bytes.fromhex(entry_id) for entry_id in sorted(set(asked.entry_ids))]
    with hub.database.writing() as connection:
        own = {
            Kind.MEETING: meetings.visible_of(connection, hub, member, entry_ids),
            Kind.MATCH: matches.own_of(connection, member, sorted(set(asked.match_ids))),
        }
        learnings = _first_of_each(connection, hub, member, own)
        if learnings:
            rung = Rung(max(learning.rung for learning in learnings))
            log.append(connection, hub, member, [Act(Action.AUDIT_WHO_LEARNT, "answered", rung, count=len(learnings))])
    return LearntAnswer(learnings=learnings)


def _first_of_each(
    connection: Connection, hub: Hub, member: Member, own: Mapping[Kind, Sequence[str]]
) -> list[Learning]:
    """Return the first time that so much was told; of a class, not of each organisation in it: those are not told."""
    found: dict[str, Learning] = {}
    for kind, _, leaf in acts_about(connection, hub, own):
        learning = _learning(member, kind, leaf)
        if learning is not None:
            found.setdefault(learning.model_dump_json(exclude={"first_on"}), learning)
    return list(found.values())


def _learning(member: Member, kind: Kind, leaf: Leaf) -> Learning | None:
    """Return what an act told, if it told anything of the record."""
    if leaf.rung < Rung.D1 or not leaf.purposes or not leaf.organisation_class:
        return None
    return Learning(
        first_on=leaf.day,
        is_own=leaf.organisation == member.organisation_id,
        organisation_class=OrganisationClass(leaf.organisation_class),
        purpose=leaf.purposes[0],
        of="meeting" if kind is Kind.MEETING else "match",
        rung=leaf.rung,
    )
