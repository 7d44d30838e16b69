"""Two partners at work, by the commands they type, with a hub between them."""

import pytest

from api.agent.client import HubClient
from api.agent.demo.search import count_rows
from api.agent.demo.two_people import add_person
from api.agent.demo.world import PARTNERS
from api.wire.disclosures import DisclosureDecision

HEADER = (
    "case_ref,given_name,family_name,father_name,mother_name,birth_date,district,local_unit,ward,phone,recorded_on,"
    "location_protected,encounter_quarter,encounter_kind,encounter_status,exit_quarter"
)
SABITRI = "Mijar,Karna Bahadur Mijar,Goma Mijar,1997-09-09,Sindhupalchok,Melamchi,4,9841770215"
KRIPA = "Sherpa,Pasang Sherpa,Dolma Sherpa,1990-03-12,Dolakha,Bigu,2,9800011122"
VALLEY = [
    HEADER,
    f"V-1,Sabitri,{SABITRI},2024-08-03,no,2024Q3,admission,actual,",
    f"V-2,Kripa,{KRIPA},2024-01-05,no,2024Q1,rescue,actual,",
]


def shelter_rows(protected: str = "yes", exit_quarter: str = "2022Q3") -> list[str]:
    """Return the other partner's list."""
    return [HEADER, f"S-1,Savitri,{SABITRI},2022-02-11,{protected},2022Q1,rescue,actual,{exit_quarter}"]


def agree_on_verdict(town, valley, shelter) -> None:
    """Let the valley ask for D4, and two people of the shelter grant it: one at the agent, one logged in at the hub."""
    assert "awaiting other side" in valley("inbox").out
    assert "not answered" in valley("request", "V-1", "--rung", "D4", "--reason", "continuity_of_care").out
    assert "1 request of others wait for you" in shelter("sync").out
    row = next(line for line in shelter("inbox").out.splitlines() if "continuity of care" in line)
    assert row.split()[1:4] == ["S-1", "D4", "ngo"]
    assert "second person" in shelter("decide", row.split()[0], "grant").out
    token = add_person(town.hub, next(partner for partner in PARTNERS if partner.key == "shelter"))
    with HubClient(town.hub.url, token) as person:
        (asked,) = person.disclosure_requests()
        person.decide_request(asked.request_id, DisclosureDecision(decision="grant"))
    for agent in (valley, shelter):
        agent("sync")
    told = valley("disclosure", "V-1").out
    assert told.startswith("Up to D4")
    assert "possible re trafficking" in told


def refer_and_write(valley, shelter, write) -> None:
    """Let the valley refer, the shelter read, accept and answer; both compare their fingerprints."""
    assert shelter("messages").out.splitlines() == ["0 new messages.", "No messages."]
    assert "offered until" in valley("refer", "V-1", "--service", "shelter").out
    assert "Sent." in valley("message", "V-1", "--file", write("note.txt", ["Please ring.", "Tonight."])).out
    said = shelter("messages", "S-1").out.splitlines()
    assert said[0] == "1 new message."
    assert (said[1].split()[0], said[2:]) == ("S-1", ["  Please ring.", "  Tonight."])
    row = next(line.split() for line in shelter("referrals", "list").out.splitlines() if "S-1" in line)
    assert row[2:5] == ["received", "shelter", "offered"]
    assert "accepted" in shelter("referrals", "accept", row[1]).out
    assert shelter.attempt("referrals", "revoke", row[1]).exit_code == 1
    assert "accepted" in valley("referrals", "list").out
    assert "completed" in shelter("referrals", "complete", row[1]).out
    own, other = (line.split(":")[1].strip() for line in valley("keys", "V-1").out.splitlines()[:2])
    assert [line.split(":")[1].strip() for line in shelter("keys", "S-1").out.splitlines()[:2]] == [other, own]
    assert own in valley("keys", "--rotate").out
    assert valley.attempt("message", "V-1", "--file", write("empty.txt", [""])).exit_code == 2


@pytest.mark.parametrize("decision", ["release", "refuse"])
def test_a_shelter_decides_before_anybody_learns(town, write, decision: str) -> None:
    """A return shows to both sides once the shelter has released it and two people there agree; never if it refuses."""
    valley, shelter = town.agent("valley"), town.agent("shelter", "--shelter")
    for agent, lines in ((valley, VALLEY), (shelter, shelter_rows())):
        assert "0 automatic" in agent("import", write("list.csv", lines), "--dry-run").out or agent is valley
        agent("import", write("list.csv", lines))
        agent("push")
    for agent in (valley, shelter, valley):
        agent("sync")
    assert "Nothing waits" in valley("inbox").out
    inbox = shelter("inbox").out
    assert "S-1" in inbox
    assert "held by a shelter, location protected" in inbox
    said = shelter(decision, "S-1").out
    assert f"{decision.capitalize()}d " in said
    for agent in (valley, shelter, valley, shelter):
        agent("sync")
    if decision == "release":
        agree_on_verdict(town, valley, shelter)
        refer_and_write(valley, shelter, write)
    seen = [agent("inbox").out for agent in (valley, shelter)]
    if decision == "refuse":
        assert "Nothing waits" in seen[0]
        assert "Matches" not in seen[1]
    else:
        assert all("possible re trafficking" in text for text in seen)
        assert "V-1" in seen[0]
        assert "S-1" not in seen[0]


def test_the_same_file_changes_nothing_and_a_changed_row_replaces_its_entries(town, write) -> None:
    """Importing again is idle; a changed row is encoded anew, and the hub forgets its old entries."""
    agent = town.agent("valley")
    agent("import", write("list.csv", VALLEY))
    agent("push")
    before = count_rows(town.hub.folder)["entry"]
    assert "0 new, 0 changed, 2 unchanged; 0 entries to send." in agent("import", write("list.csv", VALLEY)).out
    assert "0 entries received" in agent("push").out
    changed = [VALLEY[0], VALLEY[1].replace("Sabitri", "Sarita"), VALLEY[2]]
    assert "0 new, 1 changed, 1 unchanged" in agent("import", write("list.csv", changed)).out
    pushed = agent("push").out
    assert not pushed.endswith("; 0 erased there.\n")
    status = agent("status").out
    held = count_rows(town.hub.folder)["entry"]
    assert f"at the hub  {held:,} entries" in status
    assert "to erase    0 entries" in status
    assert 0.5 * before < held < 1.5 * before


def test_refusals_are_one_line_with_advice(town, write) -> None:
    """A strange key, a case that nothing waits for, and a stranger's secret are each told in a line."""
    agent = town.agent("valley")
    agent("import", write("list.csv", VALLEY))
    unknown = agent.attempt("release", "V-9")
    assert unknown.exit_code == 1
    assert unknown.err.splitlines()[0] == "casematch: case 1: nothing waits for it"
    key_file = town.folder / "valley-0.key"
    key_file.write_text("cm_00000000_" + "A" * 43)
    refused = agent.attempt("push")
    assert refused.exit_code == 1
    assert len(refused.err.splitlines()) <= 2
    assert "A" * 43 not in refused.err
    (town.folder / "project.secret").unlink()
    assert agent.attempt("import", write("list.csv", VALLEY)).exit_code == 1


def test_no_proxy_comes_between(town, write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent talks to its hub alone, whatever the environment says of proxies."""
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    agent = town.agent("valley")
    agent("import", write("list.csv", VALLEY))
    agent("push")
    assert "to send     0 entries" in agent("status").out
