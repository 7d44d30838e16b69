"""The tables of the watch: cells and sums of one day, alarms."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, insert, select, update

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks
from api.hub.watch.signs import Day

AlarmRow = Row[str, str, str, str, date]

_cell, _day = models.watch_cell.c, models.watch_day.c

# made once, as filings ask them: to build a statement takes longer than to run it
_CELLS: BindParameter[int] = bindparam("cells", expanding=True)
_MY_CELLS = (_cell.project_id == bindparam("of_project"), _cell.organisation_id == bindparam("of_organisation"))
_COUNTS = select(_cell.cell, _cell.count).where(*_MY_CELLS, _cell.cell.in_(_CELLS))
_SET_COUNT = update(models.watch_cell).where(*_MY_CELLS, _cell.cell == bindparam("of_cell"))
_ADD_CELLS = insert(models.watch_cell)
_MY_DAY = (_day.project_id == bindparam("of_project"), _day.organisation_id == bindparam("of_organisation"))
_SUMS = select(_day.filings, _day.first_time, _day.erased).where(*_MY_DAY)
_SET_SUMS = update(models.watch_day).where(*_MY_DAY)
_EARLIER = select(_day.day).where(_day.project_id == bindparam("of_project"), _day.day < bindparam("of_day")).limit(1)


def forget_before(connection: Connection, project_id: str, day: date) -> None:
    """Erase the cells and sums of earlier days, if there are any: whoever has cells has sums, of whom there are few."""
    if connection.execute(_EARLIER, {"of_project": project_id, "of_day": day}).first() is None:
        return
    for table in (models.watch_cell, models.watch_day):
        connection.execute(delete(table).where(table.c.project_id == project_id, table.c.day < day))


def add_to_cells(
    connection: Connection, project_id: str, organisation_id: str, day: date, counts: Mapping[int, int]
) -> int:
    """Add to an organisation's cells of a day; return the highest count that one of them has now."""
    mine = {"of_project": project_id, "of_organisation": organisation_id}
    kept: dict[int, int] = {}
    for chunk in in_chunks(list(counts)):
        kept.update((row[0], row[1]) for row in connection.execute(_COUNTS, {**mine, "cells": chunk}))
    sums = {cell: kept.get(cell, 0) + count for cell, count in counts.items()}
    if kept:
        changes = [{**mine, "of_cell": cell, "count": sums[cell]} for cell in sorted(kept)]
        connection.execute(_SET_COUNT, changes)
    row = {"project_id": project_id, "organisation_id": organisation_id, "day": day}
    new = [{**row, "cell": cell, "count": sums[cell]} for cell in sorted(sums.keys() - kept.keys())]
    if new:
        connection.execute(_ADD_CELLS, new)
    return max(sums.values(), default=0)


def add_to_day(connection: Connection, project_id: str, organisation_id: str, day: date, more: Day) -> Day:
    """Add to an organisation's sums of a day, and return them."""
    mine = {"of_project": project_id, "of_organisation": organisation_id}
    row = connection.execute(_SUMS, mine).one_or_none()
    if row is None:
        new = {"project_id": project_id, "organisation_id": organisation_id, "day": day}
        connection.execute(insert(models.watch_day), [{**new, **asdict(more)}])
        return more
    sums = Day(row.filings + more.filings, row.first_time + more.first_time, row.erased + more.erased)
    connection.execute(_SET_SUMS, {**mine, **asdict(sums)})
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
