"""Partners watch the hub's log by the commands they type; the operator exports it; nobody can change it unseen."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from api.agent.cli import app
from api.agent.demo.search import occurring

HEADER = (
    "case_ref,given_name,family_name,father_name,mother_name,birth_date,district,local_unit,ward,phone,recorded_on,"
    "location_protected,encounter_quarter,encounter_kind,encounter_status,exit_quarter"
)
PERSON = "Mijar,Karna Bahadur Mijar,Goma Mijar,1997-09-09,Sindhupalchok,Melamchi,4,9841770215"
VALLEY = [HEADER, f"V-1,Sabitri,{PERSON},2024-08-03,no,2024Q3,admission,actual,"]
SHELTER = [HEADER, f"S-1,Savitri,{PERSON},2022-02-11,yes,2022Q1,rescue,actual,2022Q3"]


def audit(agent: Any, command: str, *arguments: str | Path) -> Any:
    """Run `casematch audit …` on an agent's folder."""
    return CliRunner().invoke(app, ["audit", command, *map(str, arguments), "--dir", str(agent.folder)])


def test_partners_watch_the_log_and_ask_who_learnt(town, write) -> None:
    """A shelter's release, told to an NGO, is in a log that both have cosigned and anybody can check offline."""
    valley, shelter = town.agent("valley"), town.agent("shelter", "--shelter")
    for agent, lines in ((valley, VALLEY), (shelter, SHELTER)):
        agent("import", write("list.csv", lines))
        agent("push")
    assert "Compare this key" in valley("sync").out
    shelter("sync")
    assert "Nobody has been told" in audit(valley, "who-learnt", "V-1").stdout
    shelter("release", "S-1")
    assert "0 more than last time; cosigned by 2 witnesses" in valley("sync").out
    told = audit(shelter, "who-learnt", "S-1").stdout
    assert "ngo" in told
    assert "grade, and your class and purpose" in told
    unknown = audit(shelter, "who-learnt", "S-9")
    assert (unknown.exit_code, unknown.stderr.splitlines()[0]) == (1, "casematch: case 1: no such case")

    for name, options in (("log.jsonl", []), ("sealed.jsonl", ["--sealed"])):
        path = town.folder / name
        (said,) = town.hub.run(["audit", "export", str(path), *options])
        assert said == "256 entries are in the file."
        checked = audit(valley, "verify", path)
        assert "It continues what this agent has seen." in checked.stdout, checked.stderr
    log = (town.folder / "log.jsonl").read_bytes()
    assert b"meetings_decide" not in log, "acts of today are published tomorrow, or by the first question of a day"
    assert b"entries_file" in log
    assert not occurring(log, [b"Sabitri", b"Savitri", b"Mijar", b"V-1", b"S-1"])
    assert set(json.loads((town.folder / "sealed.jsonl").read_text().splitlines()[1])) == {"leaf_hash"}


def test_a_changed_log_stops_the_partners(town, write) -> None:
    """Somebody with the database and the hub's keys rewrites an act; the next sync raises the alarm, and stops."""
    valley = town.agent("valley")
    valley("import", write("list.csv", VALLEY))
    valley("push")
    valley("sync")
    assert audit(valley, "verify").exit_code == 0
    with sqlite3.connect(town.hub.folder / "hub.sqlite3") as database:
        database.execute("UPDATE audit_checkpoint SET root = zeroblob(32)")
    for attempt in (valley.attempt("sync"), audit(valley, "verify")):
        assert attempt.exit_code == 1
    assert "two logs of one size" in audit(valley, "verify").stderr
    shown = audit(valley, "checkpoint").stdout
    assert "ALARM" in shown
    assert shown.count("casematch-hub/") >= 6


def test_a_new_key_is_pinned_by_hand(town) -> None:
    """Once the operator has rotated it, and people have compared it."""
    valley = town.agent("valley")
    (key,) = town.hub.run(["audit", "key"])
    assert audit(valley, "pin", "nonsense").exit_code == 1
    assert audit(valley, "pin", key).exit_code == 0
    assert "Compare this key" not in valley("sync").out
    assert key in audit(valley, "checkpoint").stdout
    (new,) = town.hub.run(["audit", "rotate"])
    assert new.split("+")[0] == key.split("+")[0]
    assert new != key
    assert len(list(town.hub.folder.glob("log.key*"))) == 2
