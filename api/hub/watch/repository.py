"""The tables of the watch: cells and sums of one day, alarms."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks
from api.hub.watch.signs import Day

AlarmRow = Row[str, str, str, str, date]


def forget_before(connection: Connection, project_id: str, day: date) -> None:
    """Erase the cells and sums of earlier days, if there are any: whoever has cells has sums, of whom there are few."""
    sums = models.watch_day
    earlier = select(sums.c.day).where(sums.c.project_id == project_id, sums.c.day < day).limit(1)
    if connection.execute(earlier).first() is None:
        return
    for table in (models.watch_cell, sums):
        connection.execute(delete(table).where(table.c.project_id == project_id, table.c.day < day))


def add_to_cells(
    connection: Connection, project_id: str, organisation_id: str, day: date, counts: Mapping[int, int]
) -> int:
    """Add to an organisation's cells of a day; return the highest count that one of them has now."""
    table = models.watch_cell
    here = (table.c.project_id == project_id, table.c.organisation_id == organisation_id)
    kept: dict[int, int] = {}
    for chunk in in_chunks(list(counts)):
        query = select(table.c.cell, table.c.count).where(*here, table.c.cell.in_(chunk))
        kept.update((row[0], row[1]) for row in connection.execute(query))
    sums = {cell: kept.get(cell, 0) + count for cell, count in counts.items()}
    if kept:
        change = update(table).where(*here, table.c.cell == bindparam("of_cell")).values(count=bindparam("sum"))
        connection.execute(change, [{"of_cell": cell, "sum": sums[cell]} for cell in sorted(kept)])
    row = {"project_id": project_id, "organisation_id": organisation_id, "day": day}
    new = [{**row, "cell": cell, "count": sums[cell]} for cell in sorted(sums.keys() - kept.keys())]
    if new:
        connection.execute(insert(table), new)
    return max(sums.values(), default=0)


def add_to_day(connection: Connection, project_id: str, organisation_id: str, day: date, more: Day) -> Day:
    """Add to an organisation's sums of a day, and return them."""
    table = models.watch_day
    here = (table.c.project_id == project_id, table.c.organisation_id == organisation_id)
    row = connection.execute(select(table.c.filings, table.c.first_time, table.c.erased).where(*here)).one_or_none()
    if row is None:
        new = {"project_id": project_id, "organisation_id": organisation_id, "day": day}
        connection.execute(insert(table), [{**new, **asdict(more)}])
        return more
    sums = Day(row.filings + more.filings, row.first_time + more.first_time, row.erased + more.erased)
    connection.execute(update(table).where(*here).values(**asdict(sums)))
    return sums


def add_alarm(connection: Connection, project_id: str, organisation_id: str, kind: str, day: date) -> bool:
    """Raise an alarm, once a day for an organisation and kind; tell whether it is new."""
    table = models.alarm
    row = {"project_id": project_id, "organisation_id": organisation_id, "kind": kind, "raised_on": day}
    known = select(table.c.alarm_id).where(*(table.c[name] == value for name, value in row.items()))
    if connection.execute(known).first() is not None:
        return False
    connection.execute(insert(table), [{**row, "alarm_id": str(uuid.uuid4()), "closed_on": None}])
    return True


def open_alarms(connection: Connection) -> list[AlarmRow]:
    """Return all alarms that nobody has closed, oldest first."""
    table = models.alarm.c
    query = select(table.alarm_id, table.project_id, table.organisation_id, table.kind, table.raised_on)
    return list(connection.execute(query.where(table.closed_on.is_(None)).order_by(table.raised_on, table.alarm_id)))


def close_alarm(connection: Connection, alarm_id: str, day: date) -> bool:
    """Close an alarm; tell whether there was an open one."""
    table = models.alarm
    open_one = (table.c.alarm_id == alarm_id, table.c.closed_on.is_(None))
    return connection.execute(update(table).where(*open_one).values(closed_on=day)).rowcount == 1
