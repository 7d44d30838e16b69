"""The tables of quotas and bulk filings."""

from datetime import date

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from api.hub.storage import models

_use, _bulk = models.quota_use.c, models.bulk_filing.c

# made once, as filings ask them: to build a statement takes longer than to run it
_OF_DAY = (
    _use.project_id == bindparam("of_project"),
    _use.organisation_id == bindparam("of_organisation"),
    _use.day == bindparam("of_day"),
)
_OF_KEY = _use.key_id == bindparam("of_key")
_ENTRIES = func.sum(_use.entries)
_USED = select(func.coalesce(_ENTRIES.filter(_OF_KEY), 0), func.coalesce(_ENTRIES, 0)).where(*_OF_DAY)
_USE = update(models.quota_use).where(*_OF_DAY, _OF_KEY).values(entries=_use.entries + bindparam("more"))
_FORGET = delete(models.quota_use).where(_use.project_id == bindparam("of_project"), _use.day < bindparam("of_day"))
_OWN_BULK = (_bulk.project_id == bindparam("of_project"), _bulk.organisation_id == bindparam("of_organisation"))
_BULK = select(_bulk.entries_left, _bulk.expires_on).where(*_OWN_BULK)
_USE_BULK = update(models.bulk_filing).where(*_OWN_BULK).values(entries_left=_bulk.entries_left - bindparam("fewer"))


def used(connection: Connection, project_id: str, organisation_id: str, key_id: str, day: date) -> tuple[int, int]:
    """Return the entries that a key, and all keys of its organisation, have filed on a day."""
    mine = {"of_project": project_id, "of_organisation": organisation_id, "of_key": key_id, "of_day": day}
    of_key, of_all = connection.execute(_USED, mine).one()
    return int(of_key), int(of_all)


def use(connection: Connection, project_id: str, organisation_id: str, key_id: str, day: date, entries: int) -> None:
    """Count entries of a key on a day."""
    mine = {"of_project": project_id, "of_organisation": organisation_id, "of_key": key_id, "of_day": day}
    if connection.execute(_USE, {**mine, "more": entries}).rowcount == 0:
        row = {"project_id": project_id, "organisation_id": organisation_id, "key_id": key_id, "day": day}
        connection.execute(insert(models.quota_use), [{**row, "entries": entries}])


def forget_before(connection: Connection, project_id: str, day: date) -> None:
    """Forget what was filed on earlier days."""
    connection.execute(_FORGET, {"of_project": project_id, "of_day": day})


def bulk(connection: Connection, project_id: str, organisation_id: str) -> Row[int, date] | None:
    """Return entries left and expiry of an organisation's bulk filing."""
    mine = {"of_project": project_id, "of_organisation": organisation_id}
    return connection.execute(_BULK, mine).one_or_none()


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
    mine = {"of_project": project_id, "of_organisation": organisation_id}
    connection.execute(_USE_BULK, {**mine, "fewer": entries})
