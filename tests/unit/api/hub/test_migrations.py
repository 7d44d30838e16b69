"""Migrations run forward, back and forward again, with what a hub holds, on each database."""

from typing import Any

import pytest
from sqlalchemy import inspect, text

from api.hub.storage.migrate import differences, downgrade, migrate, revisions


def counts(database: Any) -> dict[str, int]:
    """Count the rows of every table."""
    with database.reading() as connection:
        names = sorted(inspect(connection).get_table_names())
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}  # noqa: S608


@pytest.mark.parametrize("steps", range(1, len(revisions())))
def test_tables_go_back_and_forward(steps: int, world: Any, entry: Any, all_rules: Any) -> None:
    """What earlier migrations made keeps its rows; what later ones made is gone, and comes back empty."""
    one, other = (world.join(name, rules=all_rules) for name in "ab")
    assert [each.file(entry("x")).status_code for each in (one, other)] == [202, 202]
    database = world.hub.database
    before = counts(database)
    assert before["entry"] == 2
    downgrade(database, revisions()[-1 - steps])
    below = counts(database)
    kept = {name: number for name, number in before.items() if name in below and name != "alembic_version"}
    assert {name: below[name] for name in kept} == kept
    assert len(below) < len(before)
    migrate(database)
    after = counts(database)
    assert set(after) == set(before)
    assert {name: after[name] for name in kept} == kept
    with database.reading() as connection:
        assert differences(connection) == []


def test_the_first_migration_goes_back_to_nothing(world: Any) -> None:
    """Down to an empty database, and up again."""
    database = world.hub.database
    downgrade(database, "base")
    assert set(counts(database)) == {"alembic_version"}
    migrate(database)
    with database.reading() as connection:
        assert differences(connection) == []
