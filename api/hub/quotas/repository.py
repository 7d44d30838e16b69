"""The tables of quotas and bulk filings."""

from datetime import date

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from api.hub.storage import models


def used(connection: Connection, project_id: str, organisation_id: str, key_id: str, day: date) -> tuple[int, int]:
    """Return the entries that a key, and all keys of its organisation, have filed on a day."""
    table = models.quota_use.c
    mine = (table.project_id == project_id, table.organisation_id == organisation_id, table.day == day)
    entries = func.coalesce(func.sum(table.entries), 0)
    of_key = connection.execute(select(entries).where(*mine, table.key_id == key_id)).scalar_one()
    of_all = connection.execute(select(entries).where(*mine)).scalar_one()
    return int(of_key), int(of_all)


def use(connection: Connection, project_id: str, organisation_id: str, key_id: str, day: date, entries: int) -> None:
    """Count entries of a key on a day."""
    table = models.quota_use
    row = {"project_id": project_id, "organisation_id": organisation_id, "key_id": key_id, "day": day}
    here = [table.c[name] == value for name, value in row.items()]
    change = update(table).where(*here).values(entries=table.c.entries + entries)
    if connection.execute(change).rowcount == 0:
        connection.execute(insert(table), [{**row, "entries": entries}])


def forget_before(connection: Connection, project_id: str, day: date) -> None:
    """Forget what was filed on earlier days."""
    table = models.quota_use
    connection.execute(delete(table).where(table.c.project_id == project_id, table.c.day < day))


def bulk(connection: Connection, project_id: str, organisation_id: str) -> Row[int, date] | None:
    """Return entries left and expiry of an organisation's bulk filing."""
    table = models.bulk_filing.c
    query = select(table.entries_left, table.expires_on)
    here = (table.project_id == project_id, table.organisation_id == organisation_id)
    return connection.execute(query.where(*here)).one_or_none()


def set_bulk(
    connection: Connection, project_id: str, organisation_id: str, entries_left: int, expires_on: date
) -> None:
    """Keep an organisation's bulk filing, in place of the one before."""
    table = models.bulk_filing
    row = {"project_id": project_id, "organisation_id": organisation_id}
    connection.execute(delete(table).where(*(table.c[name] == value for name, value in row.items())))
    connection.execute(insert(table), [{**row, "entries_left": entries_left, "expires_on": expires_on}])


def use_bulk(connection: Connection, project_id: str, organisation_id: str, entries: int) -> None:
    """Take entries off a bulk filing."""
    table = models.bulk_filing
    here = (table.c.project_id == project_id, table.c.organisation_id == organisation_id)
    connection.execute(update(table).where(*here).values(entries_left=table.c.entries_left - entries))
