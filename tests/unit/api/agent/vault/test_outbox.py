"""The outbox: written down before sending, the same rows each time, nothing twice and nothing lost."""

from itertools import chain

from api.agent.vault.outbox import OutboxCounts
from api.agent.vault.vault import Vault
from api.wire.statements import Purpose, Statement
from matcher.encoding import envelope_of
from matcher.schema import LinkageSchema

ENVELOPE = envelope_of(LinkageSchema.shipped("nepal"))
APPROVAL = "01234567-89ab-4cde-8f01-23456789abcd"
STATEMENT = Statement(purpose=Purpose.PROTECTION, reason="intake")


def ids_of(vault: Vault, batch_id: int) -> list[bytes]:
    """Return the entry ids of a batch as it would be sent now."""
    return [row.entry.entry_id for row in vault.outbox.batch(batch_id).rows]


def test_batches_hold_every_waiting_entry_once(vault, put) -> None:
    """Batches are full but for the last, and mix the cases by their random ids."""
    expected = {each for number in range(10) for each in put(f"K-{number}", 7)}
    batches = vault.outbox.open_batches(ENVELOPE, STATEMENT, 30)
    rows = [ids_of(vault, batch_id) for batch_id in batches]
    assert [len(each) for each in rows] == [30, 30, 10]
    assert sorted(chain.from_iterable(rows)) == sorted(expected)
    assert all(each == sorted(each) for each in rows)


def test_an_unacknowledged_batch_is_sent_again_as_it_was(vault, put) -> None:
    """After a kill the same batch comes first, with the same rows; new entries go into a new one."""
    put("K-1", 5)
    (first,) = vault.outbox.open_batches(ENVELOPE, STATEMENT, 100)
    before = vault.outbox.batch(first)
    put("K-2", 3)
    assert vault.outbox.open_batches(ENVELOPE, STATEMENT, 100) == [first, first + 1]
    assert vault.outbox.batch(first) == before


def test_a_refused_statement_does_not_hold_its_entries(vault, put) -> None:
    """They go under the next statement, in a new batch; taken back, they are erased as if they had left."""
    put("K-1", 5)
    (first,) = vault.outbox.open_batches(ENVELOPE, STATEMENT, 100)
    rows = ids_of(vault, first)
    vault.outbox.set_refused(first)
    police = STATEMENT.model_copy(update={"case_tag": "c" * 32, "lawful_basis": "warrant", "approval_id": APPROVAL})
    assert vault.outbox.open_batches(ENVELOPE, police, 100, ["K-2"]) == []
    (second,) = vault.outbox.open_batches(ENVELOPE, police, 100)
    assert (ids_of(vault, second), vault.outbox.batch(second).statement) == (rows, police)
    vault.outbox.set_refused(second)
    vault.outbox.withdraw(["K-1"])
    assert vault.outbox.withdrawn(100) == rows


def test_acknowledged_entries_are_sent_and_emptied(vault, put) -> None:
    """Once the hub has them, token and sketch are dropped, and no batch is open."""
    put("K-1", 5)
    (batch_id,) = vault.outbox.open_batches(ENVELOPE, STATEMENT, 100)
    batch = vault.outbox.batch(batch_id)
    vault.outbox.acknowledge(batch, "receipt")
    vault.outbox.acknowledge(batch, "receipt")
    assert vault.outbox.counts() == OutboxCounts(waiting=0, sent=5, withdrawn=0)
    assert vault.outbox.open_batches(ENVELOPE, STATEMENT, 100) == []
    assert ids_of(vault, batch_id) == []


def test_withdrawn_entries_are_forgotten_or_erased(vault, put) -> None:
    """What never left is forgotten at once; what may have left is erased at the hub, and not sent again."""
    sent = put("K-1", 4)
    (batch_id,) = vault.outbox.open_batches(ENVELOPE, STATEMENT, 100)
    put("K-1", 2)
    with vault.transaction():
        vault.outbox.withdraw(["K-1"])
    assert vault.outbox.counts() == OutboxCounts(waiting=0, sent=0, withdrawn=4)
    assert ids_of(vault, batch_id) == []
    assert vault.outbox.withdrawn(100) == sorted(sent)
    vault.outbox.forget(sent)
    assert vault.outbox.counts() == OutboxCounts(waiting=0, sent=0, withdrawn=0)


def test_a_batch_of_the_police_is_sent_again_under_a_new_approval(vault, put) -> None:
    """Case and basis stay with it; the approval that it cites may have expired since."""
    put("case-1", 3)
    stated = {"purpose": Purpose.INVESTIGATION, "reason": "intake", "case_tag": "c" * 32, "lawful_basis": "warrant"}
    first = Statement(**stated, approval_id="00000000-0000-4000-8000-000000000001")
    (batch_id,) = vault.outbox.open_batches(ENVELOPE, first, 10)
    assert vault.outbox.batch(batch_id).statement == first
    again = first.model_copy(update={"approval_id": "00000000-0000-4000-8000-000000000002"})
    assert vault.outbox.open_batches(ENVELOPE, again, 10) == [batch_id]
    assert vault.outbox.batch(batch_id).statement == again
    other_case = again.model_copy(update={"case_tag": "d" * 32, "approval_id": first.approval_id})
    vault.outbox.open_batches(ENVELOPE, other_case, 10)
    assert vault.outbox.batch(batch_id).statement == again
