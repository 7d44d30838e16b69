"""The watch: alarms for who feels their way through what others hold, and silence towards them."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.hub import operating
from api.hub.quotas.limits import ENTRIES_PER_PERSON
from api.hub.watch.signs import ROSTER_FILINGS, ROSTER_PEOPLE, WALK_REPEATS
from api.wire.statements import OrganisationClass

PROJECT = "nepal"


def alarms(world: Any) -> list[str]:
    """Return the kinds of open alarms."""
    return sorted(row[0] for row in world.rows("SELECT kind FROM alarm WHERE closed_on IS NULL"))


def without_bulk(world: Any) -> None:
    """End all bulk filings."""
    with world.hub.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bulk_filing")


def test_a_walk_raises_an_alarm_within_fifty_filings(world: Any, entry: Any) -> None:
    """One token again and again, beside new ones: by two keys, and with every trace erased in between."""
    partner = world.join("a")
    steps = 0
    while not alarms(world):
        steps += 1
        row = entry("stays the same")
        assert partner.file(row, entry(secrets.token_bytes(16))).status_code == 202
        partner.erase(row)
    assert (steps, alarms(world)) == (WALK_REPEATS, ["walk"])
    assert steps <= 50


def test_a_slow_walk_shows_by_what_is_on_file(world: Any, entry: Any) -> None:
    """A day between any two steps."""
    partner = world.join("a")
    for _ in range(WALK_REPEATS):
        assert alarms(world) == []
        partner.file(entry("stays the same"))
        world.calendar.day += timedelta(days=1)
    assert alarms(world) == ["walk"]


def test_many_people_raise_an_alarm_but_for_a_bulk_filing(world: Any, entry: Any) -> None:
    """Pooled over two keys of one organisation."""
    partner = world.join("a")
    rows = [entry(secrets.token_bytes(16)) for _ in range(ROSTER_PEOPLE * ENTRIES_PER_PERSON)]
    half = len(rows) // 2
    partner.file(*rows)
    assert alarms(world) == []
    other = world.join("b")
    without_bulk(world)
    made = operating.new_key(world.hub, PROJECT, "b", [], 30)
    second = type(other)(world, "b", made.api_key, other.organisation_id)
    rows = [entry(secrets.token_bytes(16)) for _ in rows]
    other.file(*rows[:half])
    assert alarms(world) == []
    second.file(*rows[half:])
    assert alarms(world) == ["roster"]


def test_many_small_filings_raise_an_alarm(sqlite_world: Any, entry: Any) -> None:
    """One question at a time, with few entries each."""
    partner = sqlite_world.join("a")
    without_bulk(sqlite_world)
    for _ in range(ROSTER_FILINGS):
        assert alarms(sqlite_world) == []
        partner.file(entry(secrets.token_bytes(16)))
    assert alarms(sqlite_world) == ["roster"]


def test_asking_and_erasing_raises_an_alarm(world: Any, entry: Any) -> None:
    """What was filed today and erased today was filed to ask; what is older may be erased in peace."""
    partner = world.join("a")
    without_bulk(world)
    rows = [entry(secrets.token_bytes(16)) for _ in range(11 * ENTRIES_PER_PERSON)]
    partner.file(*rows)
    world.calendar.day += timedelta(days=1)
    partner.erase(*rows)
    assert alarms(world) == []
    rows = [entry(secrets.token_bytes(16)) for _ in rows]
    partner.file(*rows)
    partner.erase(*rows)
    assert alarms(world) == ["ask_and_erase"]


def test_an_alarm_is_told_to_the_hubs_people_alone(sqlite_world: Any, entry: Any) -> None:
    """A line without a name in the log; once a day; closed by the officer, and by nobody else."""
    world, partner = sqlite_world, sqlite_world.join("a")
    with capture_logs() as lines:
        for _ in range(WALK_REPEATS + 3):
            last = partner.file(entry("stays the same"))
    told = [line for line in lines if line["event"] == "alarm"]
    assert told == [{"event": "alarm", "code": "walk", "log_level": "warning"}]
    assert (last.status_code, last.json()["state"]) == (202, "received")
    operator, officer = world.user("operator"), world.user("data_protection_officer")
    (alarm,) = operator.send("GET", "/v1/alarms").json()["alarms"]
    assert (alarm["kind"], alarm["organisation_id"]) == ("walk", partner.organisation_id)
    path = f"/v1/alarms/{alarm['alarm_id']}/close"
    assert [who.send("POST", path).status_code for who in (partner, operator, officer, officer)] == [403, 403, 204, 404]
    assert partner.send("GET", "/v1/alarms").status_code == 403
    assert officer.send("GET", "/v1/alarms").json() == {"alarms": []}


@pytest.fixture
def decoy(world: Any, entry: Any) -> Any:
    """Return a decoy with one invented person."""
    operating.add_organisation(world.hub, PROJECT, "decoy", OrganisationClass.SHELTER, [], is_decoy=True)
    key = operating.new_key(world.hub, PROJECT, "decoy", [], 30)
    honest = world.join("an honest one")
    planted = type(honest)(world, "decoy", key.api_key, "")
    assert planted.file(entry("invented", manual=True)).status_code == 202
    return planted


def test_meeting_a_decoy_raises_an_alarm_and_looks_like_silence(
    world: Any, entry: Any, decoy: Any, all_rules: Any
) -> None:
    """The asker sees what it sees when a shelter holds somebody and says nothing."""
    shelter, asker = world.join("shelter", "shelter"), world.join("asker", "ngo", all_rules)
    shelter.file(entry("held", manual=True))
    real = asker.file(entry("held"))
    before = asker.send("GET", "/v1/meetings")
    assert alarms(world) == []
    trap = asker.file(entry("invented"))
    assert alarms(world) == ["decoy"]
    assert [(answer.status_code, len(answer.content), sorted(answer.headers)) for answer in (real, trap)] == [
        (202, len(real.content), sorted(real.headers))
    ] * 2
    assert asker.send("GET", "/v1/meetings").content == before.content
    assert decoy.states() == ["to_decide"]


def test_a_decoy_asks_nobody(world: Any, entry: Any, decoy: Any, all_rules: Any) -> None:
    """Planted after an honest entry it meets nothing, and costs no quota."""
    honest = world.join("holder", "ngo", all_rules)
    honest.file(entry("later"))
    rows = [entry(secrets.token_bytes(16), manual=True) for _ in range(31 * ENTRIES_PER_PERSON)]
    assert decoy.file(entry("later", manual=True), *rows).status_code == 202
    assert (honest.states(), alarms(world)) == ([], [])


def test_what_is_counted_is_gone_the_next_day(world: Any, entry: Any) -> None:
    """With the nightly job, or the next filing."""
    partner = world.join("a")
    partner.file(entry("one"), entry("two"))
    assert world.rows("SELECT count(*) FROM watch_cell") == [(2,)]
    cells = {row[0] for row in world.rows("SELECT cell FROM watch_cell")}
    world.calendar.day += timedelta(days=1)
    operating.expire_all(world.hub)
    assert world.rows("SELECT count(*) FROM watch_cell") == [(0,)]
    assert world.rows("SELECT count(*) FROM watch_day") == [(0,)]
    partner.file(entry("one"), entry("two"))
    assert {row[0] for row in world.rows("SELECT cell FROM watch_cell")}.isdisjoint(cells)
