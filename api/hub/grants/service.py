"""
How far each side of a match lets the other be told, now; hub. Why so: docs/decisions/0014.

Whoever holds a record grants; the other side is told up to the highest grant that is not over. D4 needs both: what one
side accepts alone reaches D3. Without any grant a match tells D1.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.grants import repository
from api.hub.policy import Rung
from api.wire.statements import OrganisationClass

RULE_DAYS = 365  # of what a standing rule grants with a match
RELEASE_DAYS = 90  # of what a release by hand grants with it

_BY_HAND_ALONE = frozenset({OrganisationClass.POLICE, OrganisationClass.BORDER})


class Cause(StrEnum):
    """Why a grant was given."""

    RULE = "rule"
    RELEASE = "release"
    REQUEST = "request"
    REACHING_OUT = "reaching_out"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Cover:
    """How a side stands on the meetings of a match: whether it released by hand, whether its record is protected."""

    needs_hand: bool = False
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """The highest grant of a holder that is not over."""

    rung: Rung
    expires_on: date


Grants = Mapping[tuple[str, str], Live]  # by match and holder


def opening(cover: Cover, asker: OrganisationClass) -> Rung:
    """
    Return what a side grants by letting a match come about.

    A protected record is told of as a grade alone; a standing rule says all, but to police and border nothing more.
    """
    if cover.is_protected or asker in _BY_HAND_ALONE:
        return Rung.D1
    return Rung.D2 if cover.needs_hand else Rung.D4


def give(
    connection: Connection, hub: Hub, match_id: str, holder_id: str, rung: Rung, *, cause: Cause, days: int
) -> None:
    """Let the other side of a match be told so much for some days; D1 needs no grant."""
    if rung > Rung.D1:
        ends = {"expires_on": hub.today() + timedelta(days=days), "expires_at": None}
        _give(connection, hub, match_id, holder_id, {"rung": int(rung), "cause": cause.value, **ends})


def give_for_hours(connection: Connection, hub: Hub, match_id: str, holder_id: str, rung: Rung, hours: int) -> None:
    """Let the other side of a match be told so much in an emergency."""
    last_day = hub.today() + timedelta(days=hours // 24 + 2)  # the second below ends it; a day's end must not
    ends = {"expires_on": last_day, "expires_at": hub.now() + hours * 3600}
    _give(connection, hub, match_id, holder_id, {"rung": int(rung), "cause": Cause.BREAK_GLASS.value, **ends})


def live(connection: Connection, hub: Hub, match_ids: Sequence[str]) -> dict[tuple[str, str], Live]:
    """Return the highest grant of each holder of each match that has one."""
    found: dict[tuple[str, str], Live] = {}
    for row in repository.grants_of(connection, match_ids, hub.today()):
        if row.expires_at is not None and hub.now() >= row.expires_at:
            continue
        over = row.expires_on if row.expires_at is None else datetime.fromtimestamp(row.expires_at, UTC).date()
        grant, place = Live(Rung(row.rung), over), (row.match_id, row.holder_id)
        if place not in found or (grant.rung, grant.expires_on) > (found[place].rung, found[place].expires_on):
            found[place] = grant
    return found


def told_to(grants: Grants, match_id: str, viewer_id: str, holder_id: str) -> Rung:
    """Return how much a side of a match may be told of the other."""
    granted = _rung(grants, match_id, holder_id)
    return min(granted, Rung.D3) if _rung(grants, match_id, viewer_id) < Rung.D4 else granted


def revoke(connection: Connection, match_id: str) -> None:
    """End all grants of a match at once."""
    repository.drop_grants(connection, match_id)


def _rung(grants: Grants, match_id: str, holder_id: str) -> Rung:
    """Return what a holder grants alone."""
    found = grants.get((match_id, holder_id))
    return Rung.D1 if found is None else found.rung


def _give(connection: Connection, hub: Hub, match_id: str, holder_id: str, grant: Mapping[str, Any]) -> None:
    """Keep a grant: its rung, cause and ends."""
    row = {"grant_id": str(uuid.uuid4()), "match_id": match_id, "holder_id": holder_id, "granted_on": hub.today()}
    repository.add_grant(connection, {**row, **grant})
