"""A log that a test may change as a dishonest hub would, and an agent that looks at it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from api.agent.errors import HubRefusalError
from api.agent.vault.vault import Vault
from api.wire.audit.checkpoint import Checkpoint
from api.wire.audit.leaves import Leaf
from api.wire.audit.messages import ConsistencyProof, Cosignature, SignedCheckpoint
from api.wire.audit.notes import Algorithm, SigningKey, read_signature
from api.wire.audit.tree import Frontier, consistency_spans, leaf_hash, span_hash

ORIGIN = "casematch-hub/0123456789abcdef"


def new_leaf(action: str = "entries_file") -> str:
    """Return the leaf of an act."""
    leaf = Leaf(day="2026-11-21", action=action, by="key", decision="received", nonce=secrets.token_hex(16))
    return leaf.canonical()


@dataclass
class FakeLog:
    """A hub's log, with the hub's own key to sign whatever it claims; it answers as the client of a hub does."""

    key: SigningKey = field(default_factory=lambda: SigningKey(ORIGIN, Algorithm.NOTE, secrets.token_bytes(32)))
    leaves: list[str] = field(default_factory=list)
    cosignatures: list[Cosignature] = field(default_factory=list)
    knows_its_past: bool = True

    def add(self, count: int) -> None:
        """Append acts."""
        self.leaves += [new_leaf() for _ in range(count)]

    def tree(self) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
        """Return the tree over the leaves as they are now, and the hashes of its perfect subtrees."""
        tree, found = Frontier(), {}
        for number, leaf in enumerate(self.leaves):
            tree, completed = tree.grow(leaf_hash(leaf.encode()))
            found |= {(level, number >> level): each for level, each in enumerate(completed)}
        return tree, found

    def head(self) -> Checkpoint:
        """Return the head."""
        tree, _ = self.tree()
        return Checkpoint(ORIGIN, tree.size, tree.root)

    def checkpoint(self) -> SignedCheckpoint:
        """Sign the log as it is now, with all cosignatures of this size."""
        head = self.head()
        given = (read_signature(each.signature) for each in self.cosignatures if each.size == head.size)
        return SignedCheckpoint(note=str(head.signed(self.key).signed_also(given)), log_key=self.key.verifier.text)

    def consistency(self, old: int, new: int) -> ConsistencyProof:
        """Prove, as well as it can be proven."""
        if not self.knows_its_past:
            raise HubRefusalError("no such thing", code="not_found", where="/v1/audit/proofs/consistency", status=404)
        _, hashes = self.tree()
        proof = [span_hash(span, hashes.__getitem__).hex() for span in consistency_spans(old, new)]
        return ConsistencyProof(old=old, new=new, hashes=proof)

    def cosign(self, cosignature: Cosignature) -> None:
        """Take a cosignature."""
        self.cosignatures.append(cosignature)


@pytest.fixture
def log() -> FakeLog:
    """Return a log with some acts."""
    log = FakeLog()
    log.add(20)
    return log


@pytest.fixture
def session(vault: Vault) -> Any:
    """Return what a witness needs of a session."""
    return SimpleNamespace(vault=vault)


@pytest.fixture
def leaf() -> Callable[..., str]:
    """Return `new_leaf`."""
    return new_leaf
