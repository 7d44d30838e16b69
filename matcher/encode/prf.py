"""
The keyed pseudo-random function behind every token; partner's side only.

One interface, so that a shared secret can be replaced by a key service (RFC 9497) that lets no partner guess offline.
The output is split: its first half is the token, its second half the key of the sketch beside it.
"""

from collections.abc import Sequence
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from matcher.encode.secret import LinkageSecret
from matcher.encoding import Envelope, envelope_of
from matcher.schema import LinkageSchema

PRF_BYTES = 32


class Prf(Protocol):
    """A keyed function from messages to 32 bytes each, bound to one envelope."""

    @property
    def envelope(self) -> Envelope:
        """The schema, key epoch and encoder version it is bound to."""

    def evaluate(self, messages: Sequence[bytes]) -> list[bytes]:
        """Return 32 bytes for each message, in order; equal messages give equal bytes."""


class SharedSecretPrf:
    """
    HMAC-SHA-256 under a key derived from the linkage secret, the schema and the key epoch.

    Whoever holds the secret can evaluate it offline: see docs/threat-model.md.
    """

    def __init__(self, secret: LinkageSecret, schema: LinkageSchema) -> None:
        """Derive the key; another schema or key epoch gives unrelated tokens."""
        self._envelope = envelope_of(schema)
        context = f"{schema.schema_id}/{schema.key_epoch}/{self._envelope.encoder_version}".encode()
        self._keyed = HMAC(secret.derive("token", context), SHA256())

    @property
    def envelope(self) -> Envelope:
        """The schema, key epoch and encoder version it is bound to."""
        return self._envelope

    def evaluate(self, messages: Sequence[bytes]) -> list[bytes]:
        """Return 32 bytes for each message, in order."""
        copy, outputs = self._keyed.copy, list[bytes]()
        for message in messages:
            keyed = copy()  # the key's block is hashed once, and by `cryptography` in half the time of `hmac`
            keyed.update(message)
            outputs.append(keyed.finalize())
        return outputs
