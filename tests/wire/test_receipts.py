"""The answer to a filing tells nothing of what met; repeating it changes nothing."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from api.hub.entries.service import wait_for_quantum
from api.hub.storage.session import Database
from api.wire.audit.notes import Note
from api.wire.audit.receipts import entries_digest, open_receipt
from api.wire.audit.tree import leaf_hash
from api.wire.batches import FiledEntry, Release, month_number
from matcher.encoding import Entry

MakeEntry = Callable[..., FiledEntry]
UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def without_id(answer: Any) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer, its ids blanked."""
    return answer.status_code, dict(answer.headers), UUID.sub(b"-", answer.content)


def without_proof(answer: Any) -> tuple[int, dict[str, str], bytes]:
    """Return the same of an erasure, digest, leaf hash and signature blanked too; its length stays in the headers."""
    status, headers, body = without_id(answer)
    return status, headers, re.sub(rb"[0-9a-f]{64}|[A-Za-z0-9+/]{80,}=*", b"-", body)


def test_receipts_are_the_same_whether_or_not_anything_met(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Status, headers, length and all bytes but the id."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    alone = a.file(entry("x"), entry("y"))
    met = b.file(entry("x"), entry("y"))
    again = b.file(entry("z"))
    assert len(b.meetings()) == 2
    assert without_id(alone) == without_id(met) == without_id(again)
    assert alone.json()["receipt_id"] != met.json()["receipt_id"]


def test_the_same_entry_again_counts_once(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Within a batch, in a later batch, and among new ones."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    b.file(entry("x"))
    row = entry("x")
    first = a.file(row, row)
    assert without_id(first) == without_id(a.file(row)) == without_id(a.file(row, entry("y")))
    assert world.rows("SELECT count(*) FROM entry")[0][0] == 3
    assert len(a.meetings()) == 1


def test_the_same_id_with_other_bytes_is_a_conflict_by_row(world: Any, entry: MakeEntry) -> None:
    """The problem names the place in the batch, and nothing of the batch is kept."""
    a = world.join("a")
    row = entry("x")
    assert a.file(row).status_code == 202
    sketch = bytes([row.entry.sketch[0] ^ 1]) + row.entry.sketch[1:]
    others = (
        FiledEntry(Entry(row.entry.entry_id, row.entry.token, sketch), row.release, row.expires),
        FiledEntry(row.entry, Release.MANUAL, row.expires),
        FiledEntry(row.entry, row.release, row.expires + 1),
    )
    for other in others:
        answer = a.file(entry("y"), other)
        assert (answer.status_code, answer.json()["code"]) == (409, "entry_differs")
        assert answer.json()["faults"] == [{"where": "row 1", "code": "entry_differs"}]
    assert a.file(row, purpose="dedup").status_code == 409
    assert world.rows("SELECT count(*) FROM entry")[0][0] == 1


def test_two_of_one_id_in_a_batch_must_not_differ(world: Any, entry: MakeEntry) -> None:
    """The later one is the one that differs."""
    a = world.join("a")
    row = entry("x")
    answer = a.file(row, FiledEntry(row.entry, Release.MANUAL, row.expires))
    assert answer.json()["faults"] == [{"where": "row 1", "code": "entry_differs"}]


def test_somebody_elses_entry_id_is_a_conflict(world: Any, entry: MakeEntry) -> None:
    """An id stands for one organisation's entry, for ever."""
    a, b = world.join("a"), world.join("b")
    row = entry("x")
    a.file(row)
    assert b.file(row).status_code == 409


def test_an_erased_entry_does_not_come_back(world: Any, entry: MakeEntry) -> None:
    """A late repetition of its batch is answered as ever, and changes nothing."""
    a = world.join("a")
    row = entry("x")
    first = a.file(row)
    a.erase(row)
    assert without_id(a.file(row)) == without_id(first)
    assert world.rows("SELECT count(*) FROM entry")[0][0] == 0
    assert a.file(FiledEntry(row.entry, Release.MANUAL, row.expires)).status_code == 409


def test_erasing_what_is_not_ones_own_tells_nothing(world: Any, entry: MakeEntry) -> None:
    """Foreign and unknown entries get the same receipt as one's own, and stay."""
    a, b = world.join("a"), world.join("b")
    mine, foreign, unknown = entry("x"), entry("y"), entry("z")
    a.file(mine)
    b.file(foreign)
    answers = [without_proof(a.erase(row)) for row in (mine, foreign, unknown)]
    assert answers[0] == answers[1] == answers[2]
    assert world.kept_ids() == [foreign.entry.entry_id]


def test_an_erasure_is_proved_by_the_log(world: Any, entry: MakeEntry) -> None:
    """The receipt is signed with the log's key, says which ids were asked for, and its leaf stands in the log."""
    a = world.join("a")
    row = entry("x")
    a.file(row)
    answer = a.erase(row).json()
    proof = open_receipt(Note.read(answer["note"]), world.hub.log_key.verifier)
    assert (proof.receipt_id, proof.erased_on) == (answer["receipt_id"], answer["erased_on"])
    assert proof.digest == entries_digest([row.entry.entry_id])
    leaves = [text for (text,) in world.rows("SELECT leaf FROM audit_entry ORDER BY number")]
    assert [json.loads(text)["action"] for text in leaves if leaf_hash(text.encode()).hex() == proof.leaf_hash] == [
        "entries_erase"
    ]


def test_an_entry_is_gone_after_its_month(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """It meets nobody any more, the next filing erases it, and its meetings are void."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    a.file(entry("x", expires=month_number(2026, 11)))
    b.file(entry("x"))
    world.calendar.day = date(2026, 12, 1)
    b.file(entry("x"))
    assert b.states() == ["void"]
    assert world.rows("SELECT count(*) FROM entry")[0][0] == 2


def test_a_filing_is_not_answered_before_its_quantum(sqlite_world: Any, entry: MakeEntry) -> None:
    """Time tells no more than the body does."""
    a = sqlite_world.join("a")
    object.__setattr__(sqlite_world.hub.settings, "answer_quantum_ms", 300)
    assert a.file(entry("x")).elapsed.total_seconds() >= 0.3


@pytest.mark.parametrize(
    ("took", "quantum", "answered"), [(0.01, 0.2, 0.2), (0.19, 0.2, 0.2), (0.21, 0.2, 0.4), (5, 0, 5)]
)
def test_answers_leave_at_multiples_of_the_quantum(
    monkeypatch: pytest.MonkeyPatch, took: float, quantum: float, answered: float
) -> None:
    """A filing that takes longer waits for the next multiple."""
    clock = [took]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", lambda seconds: clock.append(clock.pop() + seconds))
    wait_for_quantum(0.0, quantum)
    assert clock == [pytest.approx(answered)]


def test_a_failed_commit_is_never_acknowledged(world: Any, entry: MakeEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    """The transaction is over before the answer is written: no receipt for what is not kept."""
    a = world.join("a")
    writing = Database.writing

    @contextmanager
    def failing(database: Database, project_id: str | None = None) -> Iterator[Connection]:
        with writing(database, project_id) as connection:
            yield connection
            raise OperationalError("COMMIT", {}, Exception())

    monkeypatch.setattr(Database, "writing", failing)
    answer = a.file(entry("x"))
    assert (answer.status_code, answer.json()["retryable"]) == (503, True)
    monkeypatch.undo()
    assert world.rows("SELECT count(*) FROM entry")[0][0] == 0
