"""Newly filed entries meet those of other organisations; hub."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from secrets import SystemRandom
from typing import Any

import numpy as np
from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.kept.entry import KeptEntry
from api.hub.kept.repository import Filer
from api.hub.meetings import repository
from api.hub.meetings.deciding import SideState, Stance, opening_states
from api.hub.meetings.earlier import EarlierAnswers
from api.hub.meetings.grading import grades
from api.hub.meetings.newcomers import Filing, Found, Newcomer, Pair, Stand
from api.hub.meetings.sides import SideSeal
from api.hub.metrics import count_meetings
from api.hub.organisations import repository as organisations
from api.hub.places import Place, is_always_protected
from api.hub.policy import Member
from matcher.pairs import Grade


def meet(
    connection: Connection,
    hub: Hub,
    filing: Filing,
    newcomers: Sequence[Newcomer],
    on_file: Iterable[tuple[KeptEntry, Filer]],
) -> frozenset[str]:
    """
    Compare newcomers with the entries they share a token with, and keep what is at least possible.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the scorer and the month.
        filing: what all newcomers have in common.
        newcomers: entries of one organisation.
        on_file: what stands under their tokens, and whose each is; whosever, expired ones as well.

    Returns:
        The organisations whose entries were met.
    """
    pairs = list(_candidates(hub, filing, newcomers, on_file))
    sketches = [newcomer.sketch for newcomer, _ in pairs], [found.entry.sketch for _, found in pairs]
    found = grades(hub, filing.schema, *sketches)
    graded = [(pairs[index], int(found[index])) for index in map(int, np.flatnonzero(found >= Grade.POSSIBLE))]
    if graded:
        SystemRandom().shuffle(graded)
        _keep(connection, hub, filing, graded)
        count_meetings(grade for _, grade in graded)
    return frozenset(met.filer.organisation_id for (_, met), _ in graded)


def _candidates(
    hub: Hub, filing: Filing, newcomers: Sequence[Newcomer], on_file: Iterable[tuple[KeptEntry, Filer]]
) -> Iterator[Pair]:
    """Pair newcomers with the live entries of other organisations under the same token; suspended ones are left out."""
    month, own = hub.month, filing.member.organisation_id
    by_token: dict[bytes, list[Newcomer]] = {}
    for newcomer in newcomers:
        by_token.setdefault(newcomer.token, []).append(newcomer)
    for entry, filer in on_file:
        if filer.organisation_id == own or filer.is_suspended or entry.expires < month:
            continue
        for newcomer in by_token[entry.token]:
            yield newcomer, Found(entry, filer)


def _keep(connection: Connection, hub: Hub, filing: Filing, graded: Sequence[tuple[Pair, int]]) -> None:
    """Write meetings and sides."""
    rules = organisations.rules_for(connection, filing.member.project_id, filing.purpose)
    own = organisations.place(connection, filing.member.organisation_id)
    answers = EarlierAnswers(connection, hub, filing, [pair for pair, _ in graded])
    seal = SideSeal(hub.key)
    meetings: list[dict[str, Any]] = []
    sides: list[dict[str, Any]] = []
    taken_over: dict[str, str] = {}
    for pair, grade in graded:
        meeting_id = str(uuid.uuid4())
        earlier = answers.to(pair)
        meetings.append(
            {
                "meeting_id": meeting_id,
                "project_id": filing.member.project_id,
                "purpose": filing.purpose.value,
                "key_epoch": filing.schema.key_epoch,
                "grade": grade if earlier is None else earlier.grade,
                "score_model": filing.schema.score_model,
            }
        )
        opening = _opening(filing.member, own, pair, rules) if earlier is None else earlier.stands
        sides.extend(_sides(seal, filing.member, own, pair, meeting_id, opening))
        if earlier is not None:
            taken_over[meeting_id] = earlier.meeting_id
    _number_changes(connection, filing.member.project_id, sides)
    repository.add_meetings(connection, meetings, sides)
    repository.copy_releases(connection, taken_over)


def _opening(member: Member, own: Place, pair: Pair, rules: dict[str, frozenset[str]]) -> tuple[Stand, Stand]:
    """Return where the two sides of a new meeting stand; the found entry was filed first."""
    newcomer, found = pair
    other = found.filer.place
    found_by_rule = own.organisation_class in rules.get(found.filer.organisation_id, frozenset())
    newcomer_by_rule = other.organisation_class in rules.get(member.organisation_id, frozenset())
    earlier = Stance(other.organisation_class, _is_protected(found.entry, other) or not found_by_rule)
    later = Stance(own.organisation_class, _is_protected(newcomer, own) or not newcomer_by_rule)
    first, second = opening_states(earlier, later)
    return (first, earlier.needs_hand), (second, later.needs_hand)


def _is_protected(entry: Newcomer | KeptEntry, place: Place) -> bool:
    """Tell whether no rule may release an entry: its agent says so, or where it is held."""
    return not entry.is_automatic or is_always_protected(place)


def _sides(
    seal: SideSeal, member: Member, own: Place, pair: Pair, meeting_id: str, stands: tuple[Stand, Stand]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rows of the two sides of a new meeting, the found entry's first."""
    newcomer, found = pair
    who = (
        (found.filer.organisation_id, found.entry.entry_id, _is_protected(found.entry, found.filer.place)),
        (member.organisation_id, newcomer.entry_id, _is_protected(newcomer, own)),
    )
    first, second = (
        {
            "meeting_id": meeting_id,
            "organisation_id": organisation_id,
            "project_id": member.project_id,
            **seal.columns(entry_id, meeting_id, organisation_id),
            "needs_hand": needs_hand,
            "is_protected": is_protected,
            "state": state.value,
            "change": None,
        }
        for (organisation_id, entry_id, is_protected), (state, needs_hand) in zip(who, stands, strict=True)
    )
    return first, second


def _number_changes(connection: Connection, project_id: str, sides: Sequence[dict[str, Any]]) -> None:
    """Give every visible side the next change number of its organisation."""
    visible: dict[str, list[dict[str, Any]]] = {}
    for side in sides:
        if side["state"] != SideState.HIDDEN:
            visible.setdefault(side["organisation_id"], []).append(side)
    for organisation_id, mine in sorted(visible.items()):
        first = organisations.take_changes(connection, project_id, organisation_id, len(mine))
        for number, side in enumerate(mine, start=first):
            side["change"] = number
