"""
Who reaches out to the other side of a match opens itself as far; hub. Why so: docs/decisions/0015.

A referral or a message needs an answer, so whoever begins must be told the other's contact desk (D3) and lets the other
be told its own. Reaching out grants that by itself, but for a protected record, for which two people have to grant it
first. The police and those who protect reach each other through the focal point alone.
"""

from sqlalchemy import Connection

from api.hub.context import Hub
from api.hub.errors import ConflictError, RefusedError
from api.hub.grants import service as grants
from api.hub.grants.service import Cause
from api.hub.matches.service import Party, is_protected, party
from api.hub.matches.showing import showing
from api.hub.organisations import repository as organisations
from api.hub.places import hides_class, place_of
from api.hub.policy import Action, Member, Rung


def reach(connection: Connection, hub: Hub, member: Member, match_id: str, action: Action) -> Party:
    """
    Return a live match whose other side an organisation may address.

    Raises:
        NotFoundError: there is no such match to which this organisation is a party.
        ConflictError: the match is void, or the other side has not granted D3.
        RefusedError: the focal point stands between the two.
        NotAllowedError: not for the purpose of the match, or not to that rung.
    """
    found = party(connection, hub, member, match_id, action=action, rung=Rung.D3)
    if found.look.rung < Rung.D3:
        raise ConflictError("the other side has not granted so much", code="rung_not_granted")
    other = place_of(found.look.row.other_class, found.look.row.other_is_sensitive)
    own = organisations.place(connection, member.organisation_id)
    if hides_class(own.organisation_class, other) or hides_class(other.organisation_class, own):
        raise RefusedError("the focal point stands between the police and those who protect", code="focal_point_only")
    return found


def reach_out(connection: Connection, hub: Hub, member: Member, match_id: str, action: Action) -> Party:
    """
    Return the same, and let the other side be told D3 of the own record from now on.

    Raises:
        ConflictError: also when the own record is protected, and D3 of it is not granted yet.
        NotFoundError, RefusedError, NotAllowedError: as `reach`.
    """
    found = reach(connection, hub, member, match_id, action)
    live = grants.live(connection, hub, [match_id])
    if grants.told_to(live, match_id, found.other_id, member.organisation_id) >= Rung.D3:
        return found
    if is_protected(connection, hub, member.project_id, found.match, member.organisation_id):
        raise ConflictError("two people have to grant D3 of the own record first", code="own_rung_not_granted")
    with showing(connection, hub, match_id):
        grants.give(
            connection,
            hub,
            match_id,
            member.organisation_id,
            Rung.D3,
            cause=Cause.REACHING_OUT,
            days=grants.RELEASE_DAYS,
        )
    return found
