"""
Quotas: so many people a day for each key, and for all keys of an organisation together; hub.

Filing is asking, so a quota bounds how many people one can ask about. Charged are entries whose token the organisation
does not have on file: the same person asked again costs nothing. What goes beyond the day's quota is taken from a bulk
filing, which the data-protection officer allows; otherwise the whole batch is refused, and nothing of it is kept.
"""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from api.hub.audit.acts import Act, Kind
from api.hub.audit.log import append
from api.hub.context import Hub
from api.hub.errors import NotFoundError, TooManyError
from api.hub.organisations import repository as organisations
from api.hub.policy import Action, Actor, Member
from api.hub.quotas import repository
from api.hub.quotas.limits import ENTRIES_PER_PERSON, KEY_PEOPLE, ORGANISATION_PEOPLE
from api.wire.limits import BulkFiling, Quota


def charge(connection: Connection, hub: Hub, member: Member, entries: int) -> bool:
    """
    Charge first-time entries of a filing.

    Args:
        connection: an open writing transaction that holds the project's lock.
        hub: gives the day.
        member: who files.
        entries: those whose token its organisation does not have on file.

    Returns:
        Whether a bulk filing is under way, so that many people are no surprise.

    Raises:
        TooManyError: they do not fit; nothing is charged.
    """
    today, owner = hub.today(), (member.project_id, member.organisation_id)
    repository.forget_before(connection, member.project_id, today)
    room = max(0, min(_left(connection, hub, member)))
    bulk = _bulk_left(connection, hub, owner)
    beyond = max(0, entries - room)
    if beyond > bulk:
        raise TooManyError("the quota of people is used up", code="quota_used", seconds=_seconds_to_midnight(hub))
    if beyond:
        repository.use_bulk(connection, *owner, beyond)
    if entries - beyond:
        repository.use(connection, *owner, member.actor_id, today, entries - beyond)
    return bulk > 0


def raise_quota(hub: Hub, actor: Actor, owner: tuple[str, str], wanted: BulkFiling) -> Quota:
    """
    Allow a bulk filing, in place of an earlier one.

    Args:
        hub: gives database and day.
        actor: who allows it.
        owner: project and organisation.
        wanted: how many people, for how long.

    Raises:
        NotFoundError: the organisation takes no part in the project.
    """
    expires_on = hub.today() + timedelta(days=wanted.days)
    with hub.database.writing(owner[0]) as connection:
        if not organisations.is_member(connection, *owner):
            raise NotFoundError
        repository.set_bulk(connection, *owner, wanted.people * ENTRIES_PER_PERSON, expires_on)
        act = Act(Action.QUOTAS_RAISE, "raised", kind=Kind.ORGANISATION, objects=(owner[1],), count=wanted.people)
        append(connection, hub, actor, [act], owner[0])
    return Quota(
        key_people=KEY_PEOPLE,
        organisation_people=ORGANISATION_PEOPLE,
        bulk_people=wanted.people,
        bulk_until=expires_on.isoformat(),
    )


def read(hub: Hub, member: Member) -> Quota:
    """Return what is left for a key, its organisation, and in bulk."""
    owner = (member.project_id, member.organisation_id)
    with hub.database.reading() as connection:
        key, organisation = _left(connection, hub, member)
        left = _bulk_left(connection, hub, owner)
        bulk = repository.bulk(connection, *owner)
    return Quota(
        key_people=max(0, key) // ENTRIES_PER_PERSON,
        organisation_people=max(0, organisation) // ENTRIES_PER_PERSON,
        bulk_people=left // ENTRIES_PER_PERSON,
        bulk_until=bulk.expires_on.isoformat() if bulk is not None and left else "",
    )


def _left(connection: Connection, hub: Hub, member: Member) -> tuple[int, int]:
    """Return the entries left today, for a key and for its organisation."""
    owner = (member.project_id, member.organisation_id)
    of_key, of_all = repository.used(connection, *owner, member.actor_id, hub.today())
    return KEY_PEOPLE * ENTRIES_PER_PERSON - of_key, ORGANISATION_PEOPLE * ENTRIES_PER_PERSON - of_all


def _bulk_left(connection: Connection, hub: Hub, owner: tuple[str, str]) -> int:
    """Return the entries left of a bulk filing that has not expired."""
    row = repository.bulk(connection, *owner)
    return int(row.entries_left) if row is not None and hub.today() < row.expires_on else 0


def _seconds_to_midnight(hub: Hub) -> int:
    """Return the seconds until the day of the quota is over, in UTC."""
    midnight = datetime.combine(hub.today() + timedelta(days=1), time(), UTC)
    return int(midnight.timestamp()) - hub.now()
