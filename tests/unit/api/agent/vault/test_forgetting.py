"""What is forgotten is in no byte of the vault: neither its file, free pages included, nor its write-ahead log."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import apsw
import pytest

from api.agent.consent import Ended
from api.agent.vault.connection import prepare
from api.agent.vault.endings import KeptReceipt
from api.agent.vault.vault import Vault
from api.wire.statements import Purpose, Statement
from matcher.encoding import envelope_of
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
STATEMENT = Statement(purpose=Purpose.PROTECTION, reason="intake")
TODAY = date(2026, 11, 21)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """Return an open vault as it is below the encryption, so that its bytes can be read."""
    connection = apsw.Connection(str(tmp_path / "plain.db"))
    prepare(connection)
    with Vault(connection) as vault:
        yield vault


def held(folder: Path) -> bytes:
    """Return all bytes of the file and its log."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("plain.db*")))


def test_nothing_of_an_ended_case_is_left(vault, put, tmp_path: Path) -> None:
    """Its entry ids, tokens, sketches and random reference are gone; those of another case are there."""
    ended, kept = put("A", 30), put("B", 30)
    batches = vault.outbox.open_batches(envelope_of(SCHEMA), STATEMENT, 1_000)
    rows = {row.entry.entry_id: row.entry for each in batches for row in vault.outbox.batch(each).rows}
    secret = [part for each in ended for part in (each, rows[each].token, rows[each].sketch)]
    reference = vault.cases.all()["A"].reference.encode()
    assert all(part in held(tmp_path) for part in (*secret, reference))
    for each in batches:
        vault.outbox.acknowledge(vault.outbox.batch(each), "r")
    with vault.transaction():
        vault.outbox.withdraw(["A"])
        vault.endings.begin(["A"], "protection", Ended.WITHDRAWN, TODAY)
    (number,) = vault.endings.waiting(1_000)
    with vault.transaction():
        vault.endings.finish([number], KeptReceipt("receipt", 30, "0" * 64, "note"), ended)
    vault.endings.forget_old_pages()
    left = held(tmp_path)
    assert not [part for part in (*secret, reference) if part in left]
    assert all(each in left for each in kept)
    assert (tmp_path / "plain.db-wal").stat().st_size == 0
