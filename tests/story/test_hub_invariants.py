"""Whatever partners do, in any order: the invariants of the hub hold."""

import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from api.hub.matches import repository
from api.hub.matches.events import replay
from api.wire.batches import FiledEntry

WHO = st.sampled_from("abc")
WORDS = st.sampled_from(["p", "q", "r", "s"])
PICK = st.integers(0, 5)
STANDING = """
    SELECT x.match_id FROM match_side x
    JOIN match_side y ON y.match_id = x.match_id AND y.organisation_id > x.organisation_id
    JOIN claim p ON p.organisation_id = x.organisation_id AND p.reference = x.reference
    JOIN claim q ON q.organisation_id = y.organisation_id AND q.reference = y.reference
    WHERE q.meeting_id = p.meeting_id
"""
VISIBLE = {"to_decide", "awaiting_other_side", "released", "refused", "claimed", "void"}


class HubMachine(RuleBasedStateMachine):
    """Three organisations file, decide, claim, report and erase as they like."""

    make_world: ClassVar[Any]
    make_entry: ClassVar[Any]
    rules: ClassVar[Any]

    @initialize()
    def begin(self) -> None:
        """Open a hub with an open NGO, a shelter that decides by hand, and the police."""
        self.world = type(self).make_world()
        self.partners = {
            "a": self.world.join("a", "ngo", type(self).rules),
            "b": self.world.join("b", "shelter"),
            "c": self.world.join("c", "police", type(self).rules),
        }
        self.filed: dict[str, list[FiledEntry]] = {name: [] for name in self.partners}
        self.erased: set[str] = set()

    @rule(who=WHO, word=WORDS, grade=st.integers(0, 3), manual=st.booleans())
    def file(self, who: str, word: str, grade: int, *, manual: bool) -> None:
        """File an entry."""
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

    @rule(who=WHO, pick=PICK, reference=st.sampled_from(["1" * 32, "2" * 32]))
    def claim(self, who: str, pick: int, reference: str) -> None:
        """Claim a released meeting for one of two records."""
        ready = [name for name, meeting in self.partners[who].meetings().items() if meeting["state"] == "released"]
        if ready:
            assert self.partners[who].claim(reference, [ready[pick % len(ready)]]).status_code == 200

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
        sides = self.world.rows("SELECT meeting_id, organisation_id, entry_id FROM meeting_side")
        assert len({(side.meeting_id, side.organisation_id) for side in sides}) == len(sides)
        live = {bytes(row[0]) for row in self.world.rows("SELECT entry_id FROM entry")}
        assert not {entry_id.hex() for entry_id in live} & self.erased
        assert {bytes(side.entry_id) for side in sides if side.entry_id is not None} <= live

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
        standing = {row.match_id for row in self.world.rows(STANDING)}
        with self.world.hub.database.reading() as connection:
            for row in self.world.rows("SELECT match_id, grade, cluster_id, is_void FROM joined_match"):
                state = replay(repository.events_of(connection, row.match_id))
                assert (row.grade, row.cluster_id, bool(row.is_void)) == (state.grade, state.cluster_id, state.is_void)
                assert row.is_void or row.match_id in standing

    def teardown(self) -> None:
        """Close the hub."""
        if hasattr(self, "world"):
            self.world.client.close()
            self.world.hub.database.close()


def test_invariants_hold_whatever_partners_do(
    sqlite_template: Path, schema: Any, open_world: Any, entry: Any, all_rules: Any, graded: Any
) -> None:
    """Random histories of filing, deciding, claiming, reporting and erasing."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(10_000))

        def make_world() -> Any:
            path = Path(folder) / f"{next(numbers)}.sqlite3"
            shutil.copy(sqlite_template, path)
            return open_world(f"sqlite+pysqlite:///{path}", schema, graded)

        machine = type("Machine", (HubMachine,), {})
        machine.make_world, machine.make_entry = staticmethod(make_world), staticmethod(entry)
        machine.rules = all_rules
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=15,
                stateful_step_count=18,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_the_machine_notices_a_broken_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its checks can fail: a side that is released alone is found."""

    class Broken:
        def rows(self, _query: str) -> list[Any]:
            return [type("Row", (), {"state": "released", "other": "hidden"})()]

    machine = HubMachine()
    monkeypatch.setattr(machine, "world", Broken(), raising=False)
    with pytest.raises(AssertionError):
        machine.sides_are_coherent()
