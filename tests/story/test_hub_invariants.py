"""Whatever partners do, in any order: the invariants of the hub hold."""

import random
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api.hub.matches import repository
from api.hub.matches.claiming import ClaimSeal
from api.wire.batches import FiledEntry

WHO = st.sampled_from("abc")
WORDS = st.sampled_from(["p", "q"])
PICK = st.integers(0, 5)
REFERENCES = st.sampled_from(["1" * 32, "2" * 32])
MEETINGS = "SELECT meeting_id FROM meeting"
LONG_WALK = 150
VISIBLE = {"to_decide", "awaiting_other_side", "released", "refused", "claimed", "void"}


class HubMachine(RuleBasedStateMachine):
    """Three organisations file, decide, claim, report and erase as they like."""

    make_world: ClassVar[Any]
    make_entry: ClassVar[Any]
    rules: ClassVar[Any]

    @initialize()
    def begin(self) -> None:
        """Open a hub with two open organisations and a shelter that decides by hand; all know one person."""
        self.world = type(self).make_world()
        self.partners = {
            "a": self.world.join("a", "ngo", type(self).rules),
            "b": self.world.join("b", "police", type(self).rules),
            "c": self.world.join("c", "shelter"),
        }
        self.filed: dict[str, list[FiledEntry]] = {name: [] for name in self.partners}
        self.erased: set[str] = set()
        for who in self.partners:
            self.file(who, "p", 2, manual=False)

    @rule(who=WHO, word=WORDS, grade=st.integers(0, 3), manual=st.booleans())
    def file_new(self, who: str, word: str, grade: int, *, manual: bool) -> None:
        """File an entry of a person."""
        self.file(who, word, grade, manual=manual)

    def file(self, who: str, word: str, grade: int, *, manual: bool) -> None:
        """File an entry, and remember it."""
        row = type(self).make_entry(word, grade=grade, manual=manual)
        assert self.partners[who].file(row).status_code == 202
        self.filed[who].append(row)

    @rule(who=WHO, pick=PICK)
    def file_again(self, who: str, pick: int) -> None:
        """File an entry again, erased or not."""
        if self.filed[who]:
            assert self.partners[who].file(self.filed[who][pick % len(self.filed[who])]).status_code == 202

    @rule(who=WHO, pick=PICK)
    def erase(self, who: str, pick: int) -> None:
        """Erase an entry."""
        if self.filed[who]:
            row = self.filed[who][pick % len(self.filed[who])]
            assert self.partners[who].erase(row).status_code == 200
            self.erased.add(row.entry.entry_id.hex())

    @rule(who=WHO, pick=PICK, what=st.sampled_from(["release", "refuse"]))
    def decide(self, who: str, pick: int, what: str) -> None:
        """Decide a meeting that waits."""
        waiting = [name for name, meeting in self.partners[who].meetings().items() if meeting["state"] == "to_decide"]
        if waiting:
            assert self.partners[who].decide(waiting[pick % len(waiting)], what).status_code == 200

    @rule(who=WHO, pick=PICK, reference=REFERENCES)
    def claim(self, who: str, pick: int, reference: str) -> None:
        """Claim one released meeting for one of two records."""
        ready = self.released(who)
        if ready:
            assert self.partners[who].claim(reference, [ready[pick % len(ready)]]).status_code == 200

    @rule(reference=REFERENCES)
    def claim_all(self, reference: str) -> None:
        """Let everybody claim all that is released."""
        for who, partner in self.partners.items():
            ready = self.released(who)
            assert not ready or partner.claim(reference, ready).status_code == 200

    def released(self, who: str) -> list[str]:
        """Return the meetings that an organisation may claim."""
        return [name for name, meeting in self.partners[who].meetings().items() if meeting["state"] == "released"]

    @rule(who=WHO, pick=PICK)
    def report(self, who: str, pick: int) -> None:
        """Report an encounter to a match."""
        live = [match["match_id"] for match in self.partners[who].matches() if match["state"] != "void"]
        if live:
            told = {"quarter": "2024Q1", "kind": "rescue", "status": "actual"}
            assert self.partners[who].report(live[pick % len(live)], told).status_code == 200

    @invariant()
    def sides_are_coherent(self) -> None:
        """Nobody sees a hidden side, and a side is released only when the other is, or has gone further."""
        rows = self.world.rows(
            "SELECT one.state, two.state AS other FROM meeting_side one JOIN meeting_side two"
            " ON one.meeting_id = two.meeting_id AND one.organisation_id < two.organisation_id"
        )
        for row in rows:
            states = {row.state, row.other}
            if states & {"released", "claimed"}:
                assert states <= {"released", "claimed"}
            if states & {"refused", "to_decide"}:
                assert states & {"hidden", "awaiting_other_side"}
            assert states != {"hidden"}

    @invariant()
    def meetings_keep_apart_what_must_be(self) -> None:
        """No meeting within an organisation, across epochs or purposes, or of an erased entry."""
        sides = self.world.rows("SELECT meeting_id, organisation_id FROM meeting_side")
        assert len({(side.meeting_id, side.organisation_id) for side in sides}) == len(sides)
        live = set(self.world.kept_ids())
        assert not {entry_id.hex() for entry_id in live} & self.erased
        assert {entry_id for _, _, entry_id in self.world.met_ids()} <= live

    @invariant()
    def lists_hold_what_their_side_may_see(self) -> None:
        """States are the told ones, entries are one's own, and verdicts need both reports."""
        for name, partner in self.partners.items():
            own = {row.entry.entry_id.hex() for row in self.filed[name]}
            for meeting in partner.meetings().values():
                assert meeting["state"] in VISIBLE
                assert meeting["entry_id"] in own - self.erased
            for match in partner.matches():
                assert (match["verdict"] is not None) == (match["state"] == "judged")

    @invariant()
    def matches_follow_from_their_events(self) -> None:
        """The kept state equals the replay, and every live match stands on a meeting that both claim."""
        meeting_ids = [row.meeting_id for row in self.world.rows(MEETINGS)]
        with self.world.hub.database.reading() as connection:
            seal = ClaimSeal(self.world.hub.key)
            pairs = repository.claimed_by_both(connection, seal, "nepal", meeting_ids)
            standing = {pair.ends for pair in pairs}
            for match in self.world.kept_matches():
                match.require_replay()
                live = repository.live_match(connection, self.world.hub.key, match.match_id)
                assert match.is_void if live is None else live.ends in standing

    def teardown(self) -> None:
        """Close the hub."""
        if hasattr(self, "world"):
            self.world.client.close()
            self.world.hub.database.close()


@pytest.fixture
def machine(new_sqlite_world: Any, entry: Any, all_rules: Any) -> type[HubMachine]:
    """Return the machine with all that it needs to open hubs."""
    parts = {"make_world": staticmethod(new_sqlite_world), "make_entry": staticmethod(entry), "rules": all_rules}
    return type("Machine", (HubMachine,), parts)


def test_invariants_hold_whatever_partners_do(machine: type[HubMachine]) -> None:
    """Short histories of filing, deciding, claiming, reporting and erasing, that shrink when one fails."""
    bounds = settings(
        max_examples=6,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=bounds)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_invariants_hold_over_a_long_history(machine: type[HubMachine], seed: int) -> None:
    """A long walk, in which matches come, are judged, and are voided."""
    chance = random.Random(seed)  # noqa: S311 - a walk that can be walked again
    walker = machine()
    walker.begin()
    for step in range(LONG_WALK):
        walk_one_step(walker, chance)
        if step % 10 == 0:
            check_all(walker)
    for who in "ab":
        walker.file(who, "last", 3, manual=False)
    walker.claim_all("1" * 32)
    check_all(walker)
    assert walker.world.rows("SELECT count(*) FROM joined_match WHERE NOT is_void")[0][0] > 0
    for pick in range(len(walker.filed["a"])):
        walker.erase("a", pick)
    check_all(walker)
    assert walker.world.rows("SELECT count(*) FROM joined_match WHERE is_void")[0][0] > 0
    walker.teardown()


def walk_one_step(walker: HubMachine, chance: random.Random) -> None:
    """Let somebody do something; erasing is rare, so that something grows."""
    who, pick, reference = chance.choice("abc"), chance.randrange(6), chance.choice(["1" * 32, "2" * 32])
    steps: list[Callable[[], None]] = [
        lambda: walker.file(who, chance.choice("pqrs"), chance.randrange(4), manual=chance.random() < 0.3),
        lambda: walker.decide(who, pick, chance.choice(["release", "release", "refuse"])),
        lambda: walker.claim(who, pick, reference),
        lambda: walker.claim_all(reference),
        lambda: walker.report(who, pick),
        lambda: walker.file_again(who, pick),
        lambda: walker.erase(who, pick),
    ]
    chance.choices(steps, [5, 5, 3, 2, 4, 1, 2])[0]()


def check_all(walker: HubMachine) -> None:
    """Check every invariant."""
    walker.sides_are_coherent()
    walker.meetings_keep_apart_what_must_be()
    walker.lists_hold_what_their_side_may_see()
    walker.matches_follow_from_their_events()


def test_the_machine_notices_a_broken_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its checks can fail: a side that is released alone is found."""

    class Broken:
        def rows(self, _query: str) -> list[Any]:
            return [type("Row", (), {"state": "released", "other": "hidden"})()]

    machine = HubMachine()
    monkeypatch.setattr(machine, "world", Broken(), raising=False)
    with pytest.raises(AssertionError):
        machine.sides_are_coherent()
