"""Push: every waiting entry once, batches no larger than asked, and a batch that failed comes first next time."""

from types import SimpleNamespace

import pytest

from api.agent.errors import HubUnreachableError
from api.agent.push import push
from api.agent.vault.vault import Vault
from api.wire.batches import Receipt, unpack_head, unpack_rows
from api.wire.erasures import ErasureReceipt
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")


class FakeHub:
    """A hub that keeps entries, and may be silent after taking a batch."""

    def __init__(self, silent_after: int = 0) -> None:
        """Answer all batches but that one, counted from 1."""
        self.bodies: list[bytes] = []
        self.entries: dict[bytes, bytes] = {}
        self.silent_after = silent_after

    def file_batch(self, _project: str, body: bytes) -> Receipt:
        """Keep the rows; say nothing if so told."""
        head, start = unpack_head(body)
        assert (head.statement.purpose, head.statement.reason) == ("protection", "intake")
        self.bodies.append(body)
        self.entries.update({row.entry.entry_id: row.entry.token for row in unpack_rows(body, head, start, SCHEMA)})
        if len(self.bodies) == self.silent_after:
            raise HubUnreachableError("no answer", code="hub_unreachable")
        return Receipt(receipt_id="r")

    def erase(self, _project: str, entry_ids: list[bytes]) -> ErasureReceipt:
        """Forget entries."""
        for entry_id in entry_ids:
            self.entries.pop(entry_id, None)
        return ErasureReceipt(receipt_id="e", erased_on="2024-01-01", note="")


def run(vault: Vault, hub: FakeHub, size: int = 10) -> SimpleNamespace:
    """Push with small batches."""
    project, settings = SimpleNamespace(project_id="p"), SimpleNamespace(purpose="protection")
    session = SimpleNamespace(vault=vault, schema=SCHEMA, project=project, settings=settings)
    return push(session, hub, lambda *_: None, reason="intake", batch_entries=size)


def test_everything_is_sent_once(vault, put) -> None:
    """Batches are full but the last, and a second push has nothing to do."""
    ids = {each for number in range(5) for each in put(f"K-{number}", 5)}
    hub = FakeHub()
    pushed = run(vault, hub)
    assert (pushed.entries, pushed.batches, pushed.erased) == (25, 3, 0)
    assert set(hub.entries) == ids
    assert run(vault, hub).batches == 0


def test_a_batch_without_an_answer_is_sent_again_bit_for_bit(vault, put) -> None:
    """The hub may have it or not: it gets the very same rows, and knows them by their ids."""
    ids = set(put("K-1", 25))
    hub = FakeHub(silent_after=2)
    with pytest.raises(HubUnreachableError):
        run(vault, hub)
    assert vault.outbox.counts().waiting == 15
    assert run(vault, hub).entries == 15
    assert hub.bodies[1] == hub.bodies[2]
    assert set(hub.entries) == ids


def test_withdrawn_entries_are_erased_after_the_new_ones_are_there(vault, put) -> None:
    """A changed case has only its new entries at the hub."""
    put("K-1", 5)
    hub = FakeHub()
    run(vault, hub)
    with vault.transaction():
        vault.outbox.withdraw(["K-1"])
    new = put("K-1", 3)
    assert run(vault, hub).erased == 5
    assert set(hub.entries) == set(new)
    assert vault.outbox.counts().withdrawn == 0
