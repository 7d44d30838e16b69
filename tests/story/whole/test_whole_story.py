"""
The whole story: a shelter, two NGOs, a police unit, a border booth, the linkage desk and a data-protection officer.

Sabitri was with the shelter, left, and is admitted again by the valley's NGO. Kripa is with both, and in danger. Two
NGOs hold a Maya each, who turn out to be namesakes. The police and a border booth look for Deepa. Told by commands and
over HTTP by the cast of conftest.py; at every step it matters most what each may not see.
"""

from pathlib import Path
from typing import Any

SABITRI = ("Mijar", "Karna Bahadur Mijar", "Goma Mijar", "1997-09-09", "Sindhupalchok", "Melamchi", "4")
KRIPA = ("Kripa", "Sherpa", "Pasang Sherpa", "Dolma Sherpa", "1990-03-12", "Dolakha", "Bigu", "2")
MAYA = ("Maya", "Thami", "Singh Bir Thami", "Suntali Thami", "1994-07-23", "Dolakha", "Bigu", "5")
DEEPA = ("Deepa", "Lopchan", "Lal Bahadur Lopchan", "Phulmaya Lopchan", "1999-01-30", "Sindhupalchok", "Melamchi", "9")
LEFT = ("2022Q1", "rescue", "actual", "2022Q3")
ADMITTED = ("2024Q3", "admission", "actual", "")
SEARCHED = ("2024Q4", "police_case", "possible", "")
LETTER = "Please ring the desk of Sabitri tonight."
REPLY = "She may come at noon."

NAMES = ("Sabitri", "Savitri", "Mijar", "Kripa", "Sherpa", "Maya", "Thami", "Deepa", "Lopchan", "Melamchi")
SECRETS = (*NAMES, "Sindhupalchok", "1997-09-09", "9841770215", "9800011122", LETTER, REPLY, "081-CR-0417")


def test_the_whole_story_by_commands(command_cast: Any, row: Any, tmp_path: Path) -> None:
    """As people type it, against a hub that serves."""
    tell(command_cast, row, tmp_path)


def test_the_whole_story_over_http(http_cast: Any, row: Any, tmp_path: Path) -> None:
    """By requests alone; only entries, seals and proofs are made by the agent's code."""
    tell(http_cast, row, tmp_path)


def tell(cast: Any, row: Any, folder: Path) -> None:
    """Tell it from the first case to the proof afterwards."""
    file_with_consent(cast, row)
    meet_and_release(cast)
    grant_with_two_people(cast)
    refuse_and_stay_silent(cast)
    refer_and_write(cast)
    ask_as_police(cast, row)
    ask_at_the_border(cast, row)
    review_and_disagree(cast, row)
    break_the_glass(cast)
    end_consent(cast)
    prove_it(cast, folder)
    find_nobody(cast, folder)


def others_of(cast: Any, *own: str) -> list[str]:
    """Return names and desks of all organisations but some."""
    return [word for key, words in cast.organisations.items() if key not in own for word in (words[0], words[2])]


def require_untold(cast: Any, who: str, words: Any) -> None:
    """Whatever was ever told to somebody, none of these words was in it."""
    said = "\n".join(cast.told[who])
    assert said
    assert [word for word in words if word in said] == []


def file_with_consent(cast: Any, row: Any) -> None:
    """Nothing leaves without consent; with it, all that any filing is told is that it was received."""
    shelter, valley, hill = (cast.agents[name] for name in ("shelter", "valley", "hill"))
    assert not valley.encodes_without_consent(row("V-9", KRIPA, ADMITTED, "9800011122"))
    kripa = (KRIPA, LEFT, "9800011122")
    shelter.file(row("S-1", ("Savitri", *SABITRI), LEFT), row("S-2", *kripa), row("S-4", DEEPA, LEFT, "9800033344"))
    valley.file(
        row("V-1", ("Sabitri", *SABITRI), ADMITTED),
        row("V-2", KRIPA, ADMITTED, "9800011122"),
        row("V-3", MAYA, ADMITTED, "9800055566"),
        row("V-4", DEEPA, ADMITTED, "9800033344"),
    )
    hill.file(row("H-3", MAYA, LEFT, "9800055566"))


def meet_and_release(cast: Any) -> None:
    """Standing rules release what two NGOs hold; what the shelter holds waits for it, and until then nobody knows."""
    shelter, valley, hill = (cast.agents[name] for name in ("shelter", "valley", "hill"))
    for agent in (valley, hill, valley):
        agent.sync()
    assert valley.match("V-3").other == "ngo"
    assert [valley.match(case_ref) for case_ref in ("V-1", "V-2", "V-4")] == [None] * 3
    assert valley.waiting() == set()
    shelter.sync()
    assert shelter.waiting() == {"S-1", "S-2", "S-4"}
    for case_ref, what in (("S-1", "release"), ("S-2", "release"), ("S-4", "refuse")):
        shelter.decide(case_ref, what)
    for agent in (valley, shelter, valley, shelter):
        agent.sync()
    assert valley.match("V-4") is None, "a refusal looks like silence"
    assert (valley.match("V-1").other, valley.match("V-1").rung) == ("not told", "D1"), "of a shelter, a grade alone"
    require_untold(cast, "valley", ["shelter", "refuse", *others_of(cast, "valley", "hill")])


def grant_with_two_people(cast: Any) -> None:
    """The valley asks for everything on Sabitri; one person of the shelter is not enough, two are."""
    shelter, valley = cast.agents["shelter"], cast.agents["valley"]
    valley.ask("V-1", "D4")
    shelter.answer_request("S-1", "grant")
    valley.sync()
    assert valley.match("V-1").verdict == ""
    assert "Marigold" not in valley.disclosure("V-1")
    cast.people["shelter lead"].grant()
    for agent in (valley, shelter):
        agent.sync()
    for agent, case_ref in ((valley, "V-1"), (shelter, "S-1")):
        assert agent.match(case_ref).verdict == "possible_re_trafficking"
    told = valley.disclosure("V-1")
    assert "Desk Marigold" in told
    assert "shelter" in told


def refuse_and_stay_silent(cast: Any) -> None:
    """The shelter refuses to tell more of Kripa; to the valley it looks as if nobody had answered."""
    shelter, valley = cast.agents["shelter"], cast.agents["valley"]
    valley.ask("V-2", "D3")
    before = valley.own_request("V-2")
    shelter.answer_request("S-2", "refuse")
    assert valley.own_request("V-2") == before
    assert (valley.match("V-2").other, valley.match("V-2").rung) == ("not told", "D1")


def refer_and_write(cast: Any) -> None:
    """Offered, explained, accepted, answered, completed; both read what the hub cannot."""
    shelter, valley = cast.agents["shelter"], cast.agents["valley"]
    valley.refer("V-1")
    valley.write("V-1", LETTER)
    shelter.sync()
    assert shelter.referral("S-1") == "offered"
    assert shelter.read("S-1") == [LETTER]
    shelter.answer_referral("S-1", "accept")
    shelter.write("S-1", REPLY)
    valley.sync()
    assert valley.referral("V-1") == "accepted"
    assert set(valley.read("V-1")) == {LETTER, REPLY}
    shelter.answer_referral("S-1", "complete")
    valley.sync()
    assert valley.referral("V-1") == "completed"


def ask_as_police(cast: Any, row: Any) -> None:
    """Nothing is filed without a supervisor; then a yes and a focal point, and never who holds her or where."""
    police, shelter, valley = (cast.agents[name] for name in ("police", "shelter", "valley"))
    approval = cast.people["police chief"].approve(police.case_tag())
    searched = row("P-4", DEEPA, SEARCHED, "9800033344")
    assert police.is_refused_without_approval(searched)
    police.file(searched, approval=approval)
    police.sync()
    assert police.match("P-4") is None
    for holder, case_ref, what in ((shelter, "S-4", "refuse"), (valley, "V-4", "release")):
        holder.sync()
        assert case_ref in holder.waiting()
        holder.decide(case_ref, what)
    for agent in (police, valley, police):
        agent.sync()
    seen = police.match("P-4")
    assert (seen.other, seen.verdict) == ("not told", "yes")
    told = police.disclosure("P-4")
    assert "Focal Point" in told
    require_untold(cast, "police", ["shelter", "ngo", *others_of(cast, "police", "desk")])


def ask_at_the_border(cast: Any, row: Any) -> None:
    """A booth files and hears nothing: the same of a woman who is known and of one who is not."""
    booth = cast.agents["border"]
    known = booth.file(row("B-4", DEEPA, SEARCHED, "9800033344"))
    unknown = booth.file(
        row("B-5", ("Ruby", *DEEPA[1:4], "1971-02-02", "Humla", "Simkot", "1"), SEARCHED, "9811199988")
    )
    assert known.split()[-4:] == unknown.split()[-4:]
    assert not booth.may_hear()
    cast.agents["valley"].sync()
    assert "V-4" in cast.agents["valley"].waiting(), "who is asked about learns of it"
    cast.agents["valley"].decide("V-4", "release")
    assert not booth.may_hear()
    require_untold(cast, "border", ["certain", "probable", "shelter", "ngo", *others_of(cast, "border")])


def review_and_disagree(cast: Any, row: Any) -> None:
    """Both find Sabitri the same. On Maya they differ: the desk decides by fields alone, and it sticks."""
    shelter, valley, hill = (cast.agents[name] for name in ("shelter", "valley", "hill"))
    valley.review("V-1", "same", "continuity_of_care")
    assert valley.match("V-1").final == ""
    shelter.review("S-1", "same", "continuity_of_care")
    valley.review("V-3", "same", "duplicate_closed")
    hill.review("H-3", "not_same", "namesake")
    hill.sync()
    assert hill.match("H-3").final == "", "the other side's answer is not told"
    desk = cast.people["desk"]
    waits = desk.waits()
    assert "birth_date" in waits
    assert "agree" in waits
    desk.adjudicate("not_same", "namesake")
    assert cast.people["officer"].number_adjudicated() == 1
    require_untold(cast, "desk", [*others_of(cast, "desk"), "V-3", "H-3"])
    hill.file(row("H-3", (MAYA[0], MAYA[1], "Singh Thami", *MAYA[3:]), LEFT, "9800055566"))
    for agent in (valley, hill, valley, shelter):
        agent.sync()
    assert {agent.match(ref).final for agent, ref in ((valley, "V-3"), (hill, "H-3"))} == {"not_same"}
    assert {agent.match(ref).final for agent, ref in ((valley, "V-1"), (shelter, "S-1"))} == {"same"}
    assert "birth_date" not in desk.waits(), "what the desk has decided does not come back"


def break_the_glass(cast: Any) -> None:
    """Kripa is in danger: who asked cannot approve, two others can; the shelter is told, the officer looks into it."""
    shelter, valley, people = cast.agents["shelter"], cast.agents["valley"], cast.people
    people["valley caseworker"].ask_in_emergency(valley, "V-2")
    assert "awaiting_approvals" in people["desk"].approve_emergency()
    assert people["desk"].approve_emergency() is None, "one organisation approves once"
    assert "Marigold" not in valley.disclosure("V-2")
    assert shelter.emergencies() == ""
    assert "open" in people["valley lead"].approve_emergency().lower()
    assert "Desk Marigold" in valley.disclosure("V-2")
    assert "life" in shelter.emergencies()
    people["officer"].review_emergency()
    for approver in ("desk", "valley lead"):
        require_untold(cast, approver, ["Marigold", "S-2", "V-2"])


def end_consent(cast: Any) -> None:
    """Sabitri withdraws from the valley: its entries are erased with a receipt, and the shelter's match is void."""
    shelter, valley = cast.agents["shelter"], cast.agents["valley"]
    assert valley.end_consent("V-1")
    shelter.sync()
    ended = shelter.match("S-1")
    assert ended is None or ended.verdict in {"", "void"}


def prove_it(cast: Any, folder: Path) -> None:
    """The log is whole and continues what witnesses saw; the officer reads it, nobody else does; holders ask it."""
    shelter, valley, people = cast.agents["shelter"], cast.agents["valley"], cast.people
    assert not people["desk"].may_read_log(folder / "not.jsonl")
    assert not (folder / "not.jsonl").exists()
    people["officer"].save_log(folder / "log.jsonl")
    assert shelter.verifies(folder / "log.jsonl")
    learnt = shelter.learnt("S-2")
    assert "ngo" in learnt
    assert "police" not in shelter.learnt("S-4")
    assert "police" in valley.learnt("V-4")
    assert "border" not in valley.learnt("V-4")
    assert others_of(cast, "shelter")[0] not in learnt


def find_nobody(cast: Any, folder: Path) -> None:
    """No name, date, number, letter or case number is anywhere at the hub, or in what others were told."""
    kept = cast.kept()
    assert len(kept) > 100
    for secret in SECRETS:
        needles = [secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode()]
        assert not any(needle in each for each in kept for needle in needles), secret
    for who in cast.told:
        read = f"{LETTER} {REPLY}" if who in {"shelter", "valley"} else ""
        require_untold(cast, who, [secret for secret in SECRETS if secret not in read])
    log = (folder / "log.jsonl").read_text()
    assert [word for word in (*SECRETS, *others_of(cast)) if word in log] == []
