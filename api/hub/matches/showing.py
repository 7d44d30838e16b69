"""Showing both sides of a match what has changed for them, and nothing else; hub."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.matches import repository
from api.hub.matches.events import Event, replay
from api.hub.matches.views import view_all
from api.hub.organisations import repository as organisations
from api.wire.matches import Match
from api.wire.statements import OrganisationClass


@dataclass(frozen=True, slots=True)
class Side:
    """An organisation in a project, as one of the two that look at a match."""

    organisation_id: str
    organisation_class: OrganisationClass
    project_id: str


@contextmanager
def showing(connection: Connection, hub: Hub, match_id: str) -> Iterator[None]:
    """
    Make a match the next change of each side that sees it otherwise after the block than before.

    So a side that is not told of something does not see that it happened either.
    """
    before = _seen(connection, hub, match_id)
    yield
    for side, now in _seen(connection, hub, match_id).items():
        if now != before.get(side):
            show(connection, side.project_id, match_id, [side.organisation_id])


def show(connection: Connection, project_id: str, match_id: str, organisation_ids: Sequence[str]) -> None:
    """Make a match the next change of organisations."""
    for organisation_id in organisation_ids:
        change = organisations.take_changes(connection, project_id, organisation_id, 1)
        repository.set_change(connection, match_id, organisation_id, change)


def record(connection: Connection, hub: Hub, match_id: str, events: Sequence[Event]) -> None:
    """Append events, and write the state that follows from all of them."""
    repository.add_events(connection, hub.key, match_id, events, hub.today())
    repository.write_state(connection, hub.key, match_id, replay(repository.events_of(connection, hub.key, match_id)))


def _seen(connection: Connection, hub: Hub, match_id: str) -> dict[Side, Match]:
    """Return a match as each of its sides sees it."""
    sides = [
        Side(row.organisation_id, OrganisationClass(row.organisation_class), row.project_id)
        for row in repository.parties(connection, match_id)
    ]
    return {side: match for side in sides for match in view_all(connection, hub, side, [match_id])}
