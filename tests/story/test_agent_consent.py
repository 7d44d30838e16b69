"""Consent, from the partner's side: nothing without it, gone with its end, and what happens to a match in between."""

import time

from api.agent.demo.search import count_rows

HEADER = (
    "case_ref,given_name,family_name,father_name,mother_name,birth_date,district,local_unit,ward,phone,recorded_on,"
    "location_protected,encounter_quarter,encounter_kind,encounter_status,exit_quarter,consent_given_by,"
    "consent_withheld_from"
)
SABITRI = "Mijar,Karna Bahadur Mijar,Goma Mijar,1997-09-09,Sindhupalchok,Melamchi,4,9841770215"
KRIPA = "Sherpa,Pasang Sherpa,Dolma Sherpa,1990-03-12,Dolakha,Bigu,2,9800011122"
VALLEY = [
    HEADER,
    f"V-1,Sabitri,{SABITRI},2024-08-03,no,2024Q3,admission,actual,,self,",
    f"V-2,Kripa,{KRIPA},2024-01-05,no,2024Q1,rescue,actual,,self,police",
]
BORDER = [HEADER, f"B-1,Savitri,{SABITRI},2022-02-11,no,2022Q1,rescue,actual,2022Q3,,"]
ENDED_SECONDS = 1.0  # what the end of a consent may take at the hub


def test_nothing_is_encoded_without_consent_and_its_end_is_provable(town, write, tmp_path) -> None:
    """A list is refused, a case waits for its consent, an end is heeded in a second and stands in the hub's log."""
    agent = town.agent("valley")
    plain = [line.replace(",self,", ",,") for line in VALLEY]
    refused = agent.attempt("import", write("list.csv", plain), "--unasked")
    assert (refused.exit_code, refused.err.splitlines()[0]) == (1, "casematch: file: no consent and no lawful basis")
    agent("consent", "give", "V-1", "--by", "self", "--until", "2099-12-31")
    assert "Nothing is encoded of 1 case" in agent("import", write("list.csv", plain), "--unasked").out
    agent("import", write("list.csv", VALLEY), "--unasked")
    agent("push")
    agent("sync")
    held = count_rows(town.hub.folder)["entry"]
    started = time.monotonic()
    said = agent("consent", "end", "V-1").out
    assert time.monotonic() - started < ENDED_SECONDS * 10, "a busy machine is no excuse for minutes"
    assert "erased at the hub" in said
    assert 0 < count_rows(town.hub.folder)["entry"] < held
    again = agent("import", write("list.csv", VALLEY), "--unasked").out
    assert "Nothing is encoded of 1 case (ended on request: 1)" in again
    assert "signed with the pinned key" in agent("consent", "proof", "V-1").out
    town.hub.run(["audit", "export", str(tmp_path / "log.jsonl")])
    proved = agent("consent", "proof", "V-1", "--log", tmp_path / "log.jsonl").out
    assert "leaf" in proved
    assert "ended on request" in agent("consent", "show", "V-1").out


def test_an_end_out_of_reach_is_the_first_thing_the_next_push_does(town, write) -> None:
    """A row that is gone from its source ends too, once the partner says so."""
    agent = town.agent("valley")
    agent("import", write("list.csv", VALLEY), "--source", "book")
    agent("push")
    dry = agent("import", write("list.csv", VALLEY[:2]), "--source", "book", "--erase-missing", "--dry-run").out
    assert "Gone from book, and to be erased: 1 case\n  V-2" in dry
    assert "1 case ended" in agent("import", write("list.csv", VALLEY[:2]), "--source", "book", "--erase-missing").out
    held = count_rows(town.hub.folder)["entry"]
    assert " 0 erased there" not in agent("push").out
    assert 0 < count_rows(town.hub.folder)["entry"] < held
    assert "its row was gone" in agent("consent", "show", "V-2").out


def test_a_case_is_filed_alone_and_its_match_is_reviewed(town, write) -> None:
    """Too little is told before anything is sent; an encounter can be added; both sides find her the same."""
    valley, border = town.agent("valley"), town.agent("border")
    little = write("little.csv", ["case_ref,given_name,district", "L-1,Sita,Kaski"])
    refused = valley.attempt("file", "L-1", "--from", little, "--consent", "self")
    assert refused.exit_code == 1
    assert "too little is known" in refused.err
    assert "These would help" in refused.err
    assert count_rows(town.hub.folder)["entry"] == 0
    border("import", write("border.csv", BORDER))
    border("push")
    valley("file", "V-1", "--from", write("valley.csv", VALLEY), "--reason", "admission")
    for agent in (border, valley, border, valley):
        agent("sync")
    assert "V-1" in valley("inbox").out
    assert "2025Q1" in valley("encounter", "V-1", "--on", "2025-02-03", "--kind", "rescue", "--status", "actual").out
    valley("sync")
    assert "Kept, your review no. 1" in valley("review", "V-1", "same", "--reason", "continuity_of_care").out
    assert "Final, by both sides: same" in border("review", "B-1", "same").out
    valley("sync")
    assert "found same" in valley("inbox").out
    wrong = valley.attempt("review", "V-1", "maybe")
    assert wrong.exit_code == 2
