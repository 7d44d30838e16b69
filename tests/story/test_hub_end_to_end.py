"""A case goes through the hub over HTTP: filed, met, released, claimed, told, judged."""

from collections.abc import Callable
from typing import Any

from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]
ADMITTED = {"quarter": "2023Q1", "kind": "admission", "status": "actual", "exit_quarter": "2023Q3"}
RESCUED = {"quarter": "2025Q2", "kind": "rescue", "status": "actual"}


def test_a_shelter_and_an_ngo_learn_of_a_return(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A shelter releases by hand, both claim and report, two people grant: it is a possible re-trafficking."""
    shelter, ngo = world.join("Shelter", "shelter"), world.join("Ngo", "ngo", all_rules)
    assert shelter.file(entry("one", manual=True), entry("two", manual=True)).status_code == 202
    assert ngo.file(entry("one"), entry("two"), entry("three")).status_code == 202

    assert (shelter.states(), ngo.states()) == (["to_decide"] * 2, [])
    for meeting_id in shelter.meetings():
        assert shelter.decide(meeting_id, "release").status_code == 200
    assert (shelter.states(), ngo.states()) == (["released"] * 2, ["released"] * 2)

    assert shelter.claim("a" * 32).json() == {"matches": []}
    (match,) = ngo.claim("b" * 32).json()["matches"]
    assert match["grade"] == "certain"
    assert match["other"] == {"organisation_class": None, "purpose": "protection", "record_age": None}
    assert shelter.matches()[0]["match_id"] == match["match_id"]

    match_id = match["match_id"]
    assert shelter.report(match_id, ADMITTED).json()["state"] == "awaiting_other_side"
    assert ngo.report(match_id, RESCUED).json()["verdict"] is None
    asked = ngo.send("POST", f"/v1/matches/{match_id}/disclosure-requests", json={"rung": "D4", "reason": "care"})
    lead = world.user("safeguarding_lead", shelter.organisation_id)
    for person in (shelter, lead):
        path = f"/v1/disclosure-requests/{asked.json()['request_id']}/decisions"
        assert person.send("POST", path, json={"decision": "grant"}).status_code == 200
    (judged,) = ngo.matches()
    assert judged["other"]["organisation_class"] == "shelter"
    assert judged["verdict"] == {"verdict": "possible_re_trafficking", "reasons": ["exit_then_later_encounter"]}
    assert shelter.matches()[0]["verdict"] == judged["verdict"]
