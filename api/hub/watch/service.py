"""
The watch: counts what an organisation files in a day, and raises alarms; the asker learns nothing of it; hub.

Tokens are counted in cells: a keyed digest of the token, cut to 24 bits, under a key of project, organisation and day.
Cells say how often, not together with what, and are erased with the first filing of another day or by
`casematch-hub expire`. An alarm is a row for the data-protection officer and a line in the log.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import structlog
from sqlalchemy import Connection

from api.hub.audit.acts import Act
from api.hub.audit.log import append
from api.hub.context import Hub
from api.hub.errors import NotFoundError
from api.hub.kept.entry import KeptEntry
from api.hub.kept.repository import Filer
from api.hub.keys import keyed_digest
from api.hub.metrics import count_alarm
from api.hub.organisations import repository as organisations
from api.hub.policy import Action, Actor, Member
from api.hub.watch import repository
from api.hub.watch.signs import Day, Sign, is_ask_and_erase, is_roster, is_walk
from api.wire.limits import Alarm, Alarms

CELL_BYTES = 3  # 16.8 million cells: on a day of 240,000 entries some two dozen cells hold three tokens by chance
_log = structlog.get_logger()


def repeats_on_file(member: Member, found: Iterable[tuple[KeptEntry, Filer]]) -> Mapping[bytes, int]:
    """Return how often an organisation has each token on file, of what was found; first-time ones are left out."""
    return Counter(entry.token for entry, filer in found if filer.organisation_id == member.organisation_id)


def watch_filing(
    connection: Connection,
    hub: Hub,
    member: Member,
    tokens: Sequence[bytes],
    on_file: Mapping[bytes, int],
    *,
    is_bulk: bool,
) -> list[Sign]:
    """
    Count a filing, and raise the alarms it gives cause for.

    Args:
        connection: the open writing transaction of the filing.
        hub: gives key and day.
        member: who files.
        tokens: of its new entries, as the hub keeps them.
        on_file: what `repeats_on_file` said before they were added.
        is_bulk: whether a bulk filing is under way.

    Returns:
        The signs of which an alarm is new, for `announce` once the transaction is done.
    """
    owner, today = (member.project_id, member.organisation_id), hub.today()
    repository.forget_before(connection, member.project_id, today)
    today_most = repository.add_to_cells(connection, *owner, today, _cells(hub, owner, tokens))
    file_most = max((on_file.get(token, 0) + count for token, count in Counter(tokens).items()), default=0)
    first_time = 0 if is_bulk else sum(token not in on_file for token in tokens)
    sums = repository.add_to_day(connection, *owner, today, Day(int(first_time > 0), first_time, 0))
    signs = []
    if is_walk(max(today_most, file_most)):
        signs.append(Sign.WALK)
    if is_roster(sums):
        signs.append(Sign.ROSTER)
    return _raise(connection, hub, owner, signs)


def watch_erasure(connection: Connection, hub: Hub, member: Member, erased: int) -> list[Sign]:
    """Count how many entries are erased on the day they arrived; see `watch_filing`."""
    owner, today = (member.project_id, member.organisation_id), hub.today()
    if not erased:
        return []
    repository.forget_before(connection, member.project_id, today)
    sums = repository.add_to_day(connection, *owner, today, Day(0, 0, erased))
    return _raise(connection, hub, owner, [Sign.ASK_AND_ERASE] if is_ask_and_erase(sums) else [])


def watch_decoys(connection: Connection, hub: Hub, member: Member, met: Collection[str]) -> list[Sign]:
    """Raise an alarm when a filing met an entry of a decoy; `met` are the organisations whose entries it met."""
    is_hit = bool(met) and bool(organisations.decoys(connection, met))
    return _raise(connection, hub, (member.project_id, member.organisation_id), [Sign.DECOY] if is_hit else [])


def forget_day(connection: Connection, hub: Hub, project_id: str) -> None:
    """Erase what was counted on earlier days."""
    repository.forget_before(connection, project_id, hub.today())


def announce(signs: Iterable[Sign]) -> None:
    """Write a line to the log for each new alarm, once its transaction is done; who it is stands in the table alone."""
    for sign in signs:
        _log.warning("alarm", code=sign.value)
        count_alarm(sign.value)


def open_alarms(hub: Hub) -> Alarms:
    """Return all alarms that nobody has closed."""
    with hub.database.reading() as connection:
        rows = repository.open_alarms(connection)
    return Alarms(
        alarms=[
            Alarm(
                alarm_id=row.alarm_id,
                project_id=row.project_id,
                organisation_id=row.organisation_id,
                kind=row.kind,
                raised_on=row.raised_on.isoformat(),
            )
            for row in rows
        ]
    )


def close_alarm(hub: Hub, actor: Actor, alarm_id: str) -> None:
    """
    Close an alarm.

    Raises:
        NotFoundError: there is no such open one.
    """
    with hub.database.writing() as connection:
        if not repository.close_alarm(connection, alarm_id, hub.today()):
            raise NotFoundError
        append(connection, hub, actor, [Act(Action.ALARMS_CLOSE, "closed")])


def _raise(connection: Connection, hub: Hub, owner: tuple[str, str], signs: Iterable[Sign]) -> list[Sign]:
    """Keep alarms, once a day for each sign."""
    return [sign for sign in signs if repository.add_alarm(connection, *owner, sign.value, hub.today())]


def _cells(hub: Hub, owner: tuple[str, str], tokens: Iterable[bytes]) -> Counter[int]:
    """Count tokens by their cell of an organisation's day."""
    key = hub.key.derive("watch", *owner, hub.today().isoformat())
    return Counter(int.from_bytes(keyed_digest(key, token)[:CELL_BYTES], "big") for token in tokens)
