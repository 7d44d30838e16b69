"""
The demonstration told, and checked against what was invented; on the partner's premises.

Each claim is checked before it is printed: a story that did not come true ends in an error, not in a nicer story.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.agent.demo.findings import Findings, Side, false_pairs, gather
from api.agent.demo.hub import DemoHub
from api.agent.demo.partners import read_back
from api.agent.demo.search import Searched, count_rows, names_in, search
from api.agent.demo.stage import (
    Imported,
    Stage,
    import_and_push,
    open_agents,
    release_by_hand,
    set_up_agents,
    sync_until_quiet,
    write_lists,
)
from api.agent.demo.two_people import add_person, agree_on_verdict
from api.agent.demo.world import PARTNERS, Pair, World, make_world
from api.agent.errors import DemoError
from api.agent.vault.meetings import CaseMatch

_TITLES = {partner.key: partner.title for partner in PARTNERS}
_STRONG = ("certain", "probable")
_TABLES = {"entry": "entries", "meeting": "meetings of two entries", "joined_match": "claimed matches"}
_VERDICTS = {"same_episode": "same episode", "possible_re_trafficking": "possible re-trafficking"}
_SHARED = {"family": "family name", "father": "father", "mother": "mother", "home": "ward", "phone": "telephone"}
_REASONS = {
    "no_exit_between": "no exit is recorded between the two encounters",
    "exit_then_later_encounter": "an exit is recorded before the later encounter",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    All that a run has shown.

    Attributes:
        written: the partners' rows, by partner and case reference.
        rows: number of rows in each table of the hub.
    """

    world: World
    written: Mapping[str, Mapping[str, Mapping[str, str]]]
    imported: Mapping[str, Imported]
    before_release: Findings
    findings: Findings
    rows: Mapping[str, int]
    searched: Searched


def run(keep: Path | None, tell: Callable[[str], None]) -> str:
    """
    Run the demonstration and return its story.

    Args:
        keep: a new folder that is left for inspection; None uses a temporary one.
        tell: told what is going on.

    Raises:
        DemoError: it could not run, or a claim of its story did not come true.
    """
    with _root(keep) as root:
        outcome = _play(Stage(root), tell)
    _check(outcome)
    return "\n".join(_lines(outcome, keep))


@contextmanager
def _root(keep: Path | None) -> Iterator[Path]:
    """Give a folder for the run."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="casematch-demo-") as folder:
            yield Path(folder)
        return
    if keep.exists() and any(keep.iterdir()):
        raise DemoError("the folder is not empty", code="demo_folder", where="--keep", advice="Name a new one.")
    keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield keep.resolve()


def _play(stage: Stage, tell: Callable[[str], None]) -> Outcome:
    """Run every step."""
    world = make_world()
    write_lists(stage, world)
    tell("A hub starts as its own process …")
    hub = DemoHub(stage.hub)
    api_keys = hub.set_up(PARTNERS)
    with hub.serving():
        set_up_agents(stage, hub, api_keys)
        with open_agents(stage) as sessions:
            imported = import_and_push(stage, sessions, tell)
            sync_until_quiet(sessions, tell)
            before = gather(sessions)
            _require("waits for the shelter", world.returned.right in before.waiting)
            release_by_hand(sessions["shelter"], world.returned.right[1])
            sync_until_quiet(sessions, tell)
            tell("Two people of the shelter agree that the verdict is told …")
            token = add_person(hub, next(each for each in PARTNERS if each.key == "shelter"))
            partner, case_ref = world.returned.left
            agree_on_verdict(hub, sessions[partner], case_ref, sessions["shelter"], token)
            sync_until_quiet(sessions, tell)
            findings = gather(sessions)
            rows = count_rows(stage.hub)
            written = {each.key: read_back(stage.file(each), each.hand) for each in PARTNERS}
            searched = search(stage.hub, names_in(row for table in written.values() for row in table.values()))
    return Outcome(world, written, imported, before, findings, rows, searched)


def _require(claim: str, holds: bool) -> None:  # noqa: FBT001 - a claim and whether it holds
    """Refuse to tell a story that did not come true."""
    if not holds:
        advice = "Please report this, with the folder of `casematch demo --keep DIR`."
        raise DemoError("did not come true", code="demo_claim_failed", where=claim, advice=advice)


def _check(outcome: Outcome) -> None:
    """Check every claim of the story."""
    world, findings = outcome.world, outcome.findings
    for claim, pair, verdict in (
        ("same episode", world.duplicate, "same_episode"),
        ("possible re-trafficking", world.returned, "possible_re_trafficking"),
    ):
        sides = findings.match_of(pair)
        _require(claim, sides is not None)
        for match in (sides or {}).values():
            _require(claim, match.verdict == verdict and match.grade in _STRONG)
    _require("the shelter decides first", outcome.before_release.match_of(world.returned) is None)
    _require("sisters kept apart", not findings.met & {world.sisters.left, world.sisters.right})
    _require("no name at the hub", not outcome.searched.found)
    _require("the hub holds every entry", outcome.rows.get("entry") == sum(_entries(outcome).values()))


def _entries(outcome: Outcome) -> dict[str, int]:
    """Return the number of entries each partner has filed."""
    return {key: imported.pushed.entries for key, imported in outcome.imported.items()}


def _lines(outcome: Outcome, keep: Path | None) -> Iterator[str]:
    """Tell the story."""
    yield from _tell_lists(outcome)
    yield from _tell_duplicate(outcome)
    yield from _tell_return(outcome)
    yield from _tell_sisters(outcome)
    yield from _tell_totals(outcome)
    yield from _tell_hub(outcome)
    yield ""
    if keep is not None:
        yield f"Everything is left in {keep}: lists, agents, hub."
    yield "Every person here is invented. A match is a lead, not a fact."


def _tell_lists(outcome: Outcome) -> Iterator[str]:
    """Tell who filed what."""
    yield "THREE LISTS THAT NOBODY MAY SHARE"
    entries = _entries(outcome)
    for partner in PARTNERS:
        script = "Devanagari, Bikram Sambat" if partner.hand.is_bikram else "Roman script, Gregorian dates"
        cases = outcome.imported[partner.key].cases
        yield f"  {partner.title:<11}{cases:>4} cases  {entries[partner.key]:>6,} entries sent   {script}"


def _tell_duplicate(outcome: Outcome) -> Iterator[str]:
    """Tell the first story, as either side sees it."""
    yield from ("", "1. ONE WOMAN, TWO SPELLINGS")
    pair = outcome.world.duplicate
    yield from _tell_written(outcome, pair)
    yield from _tell_sides(outcome.findings, pair)


def _tell_return(outcome: Outcome) -> Iterator[str]:
    """Tell the second story."""
    yield from ("", "2. A RETURN NOBODY SAW")
    pair = outcome.world.returned
    yield from _tell_written(outcome, pair)
    yield f"  {_name(pair.right)} waited for a person at the shelter; until its release the other side heard nothing,"
    yield "  and until two people there agreed, nothing but a grade."
    yield from _tell_sides(outcome.findings, pair)


def _tell_sisters(outcome: Outcome) -> Iterator[str]:
    """Tell the third story."""
    yield from ("", "3. TWO SISTERS")
    pair = outcome.world.sisters
    yield from _tell_written(outcome, pair)
    people = {(key, filed.case_ref): filed.person for key, rows in outcome.world.filed.items() for filed in rows}
    one, other = people[pair.left], people[pair.right]
    shared = [word for name, word in _SHARED.items() if getattr(one, name) == getattr(other, name)]
    yield f"  They share {', '.join(shared)}; their given names and birth dates differ."
    yield "  The hub reported no meeting for either: they are kept apart."


def _tell_totals(outcome: Outcome) -> Iterator[str]:
    """Tell how much of the invented truth was found, false matches included."""
    world, findings = outcome.world, outcome.findings
    found = len(findings.pairs() & world.true_pairs)
    yield from ("", "IN ALL")
    yield f"  {len(world.true_pairs)} women are on two lists: {found} matched by both sides."
    yield f"  {len(findings.waiting)} cases wait for a person; until then the other side hears nothing of them."
    yield f"  Matches that join two different women: {false_pairs(findings, world)}."


def _tell_hub(outcome: Outcome) -> Iterator[str]:
    """Tell what the hub's files hold."""
    rows, searched = outcome.rows, outcome.searched
    held = ", ".join(f"{rows[name]:,} {word}" for name, word in _TABLES.items())
    yield from ("", "WHAT THE HUB HOLDS")
    yield f"  {held}; no table of people."
    yield f"  Searched {searched.files} files ({searched.size / 2**20:.1f} MiB: database, its log, the process's log)"
    yield f"  for {searched.wanted:,} names and numbers of the lists, in UTF-8 and UTF-16: {len(searched.found)} found."


def _tell_written(outcome: Outcome, pair: Pair) -> Iterator[str]:
    """Show how each partner wrote its case: on its own list, seen by nobody else."""
    for key, case_ref in (pair.left, pair.right):
        row = outcome.written[key][case_ref]
        born = row["birth_date"] or row["birth_year"] or row["age"]
        yield f"  {_name((key, case_ref)):<18}{row['given_name']} {row['family_name']}, {born}, {row['district']}"


def _tell_sides(findings: Findings, pair: Pair) -> Iterator[str]:
    """Tell what each side of a match has learnt, and why the verdict is what it is."""
    sides = findings.match_of(pair) or {}
    for side in (pair.left, pair.right):
        match = sides[side]
        verdict = _VERDICTS[match.verdict or ""]
        yield f"  {_TITLES[side[0]]} learns: {match.grade} match with {_class(match)}; {verdict}."
    reasons = sorted({reason for match in sides.values() for reason in match.reasons})
    yield f"  Because {' and '.join(_REASONS[reason] for reason in reasons)}."


def _class(match: CaseMatch) -> str:
    """Write the other side's class as a word with its article."""
    return "an NGO" if match.other_class == "ngo" else f"a {match.other_class}"


def _name(side: Side) -> str:
    """Name a case by its partner and the partner's own reference."""
    return f"{_TITLES[side[0]]} {side[1]}"
