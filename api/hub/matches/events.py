"""
The events of a match, and the state that follows from them; pure; hub.

Events are only ever appended, so they hold nothing that erasure must remove: no encounter, no verdict, no entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen to a match, and what `detail` then holds."""

    GRADED = "graded"  # the grade, as a number
    CLUSTERED = "clustered"  # the cluster id; nothing while the match stands apart
    REPORTED = "reported"  # the organisation that reported its encounters
    RESOLVED = "resolved"  # `same` or `not_same`: both sides agree
    ADJUDICATED = "adjudicated"  # the same, by the linkage desk
    VOIDED = "voided"  # nothing


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a match."""

    kind: EventKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MatchState:
    """What follows from the events; a match begins graded and clustered."""

    grade: int = 0
    cluster_id: str = ""
    is_void: bool = False
    reported: frozenset[str] = frozenset()
    resolution: str = ""
    is_adjudicated: bool = False


def replay(events: Iterable[Event]) -> MatchState:
    """Return the state after all events, in their order."""
    state = MatchState()
    for event in events:
        state = _after(state, event)
    return state


def _after(state: MatchState, event: Event) -> MatchState:
    """Return the state after one more event."""
    if event.kind is EventKind.GRADED:
        return replace(state, grade=int(event.detail))
    if event.kind is EventKind.CLUSTERED:
        return replace(state, cluster_id=event.detail)
    if event.kind is EventKind.REPORTED:
        return replace(state, reported=state.reported | {event.detail})
    if event.kind in {EventKind.RESOLVED, EventKind.ADJUDICATED}:
        return replace(state, resolution=event.detail, is_adjudicated=event.kind is EventKind.ADJUDICATED)
    return replace(state, is_void=True, reported=frozenset())
