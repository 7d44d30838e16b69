"""An agent without a hub: its vault, and entries of random bytes."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.agent.vault.cases import StoredCase, new_reference
from api.agent.vault.vault import Vault
from api.wire.batches import Release
from matcher.encoding import Encoding, Entry, envelope_of
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")

Put = Callable[[str, int], list[bytes]]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """Return an open, empty vault."""
    with Vault.create(tmp_path / "agent") as vault:
        yield vault


@pytest.fixture
def put(vault: Vault) -> Put:
    """Return a function that lets a case's entries wait, and gives their ids."""

    def put_case(case_ref: str, number: int) -> list[bytes]:
        entries = tuple(Entry(os.urandom(16), os.urandom(16), os.urandom(SCHEMA.sketch_bytes)) for _ in range(number))
        with vault.transaction():
            vault.cases.write([StoredCase(case_ref, new_reference(), b"digest", Release.MANUAL, (), None)])
            vault.outbox.put(Encoding(envelope_of(SCHEMA), entries, case_ref), Release.MANUAL, 330)
        return [entry.entry_id for entry in entries]

    return put_case
