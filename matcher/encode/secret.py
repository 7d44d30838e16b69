"""
The linkage secret and the keys derived from it; partner's side only.

A project's partners share 32 random bytes for one key epoch. Every use derives a key of its own, so that no two uses
can be played against each other. A passphrase is stretched with Argon2id (RFC 9106, its second recommended setting
with three passes); this protects the passphrase, not the names: a list of names is cheap to try for whoever holds
the secret.
"""

import hmac
import os
import re
import unicodedata

from argon2.low_level import Type, hash_secret_raw

from matcher.errors import SecretError

SECRET_BYTES = 32
ARGON2_PASSES = 3
ARGON2_MEMORY_KIB = 64 * 1024
ARGON2_LANES = 4
PASSPHRASE_LEAST_CHARACTERS = 16  # four random words; the secret itself is the better choice
PROJECT_SALT_BYTES = 16

_HEADER = "casematch linkage secret, version 1"
_TEXT = re.compile(rf"{_HEADER}\n(?P<secret>[0-9a-f]{{64}})-(?P<check>[0-9a-f]{{8}})\n?", re.ASCII)


class LinkageSecret:
    """
    What the partners of a project share in one key epoch.

    Its `repr` and pickled form never show the bytes: it has neither. Keep it in a file that only its owner can read.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """
        Hold a secret.

        Raises:
            SecretError: it is not 32 bytes, or all of them are equal.
        """
        if len(secret) != SECRET_BYTES or len(set(secret)) == 1:
            raise SecretError(f"a linkage secret is {SECRET_BYTES} random bytes", code="secret_length")
        self._secret = bytes(secret)

    def __repr__(self) -> str:
        """Show nothing."""
        return "LinkageSecret(…)"

    def __reduce__(self) -> str:
        """Refuse to be copied to where it may be stored."""
        raise TypeError("a linkage secret cannot be pickled")

    @classmethod
    def generate(cls) -> "LinkageSecret":
        """Return a new secret from the operating system's random source."""
        return cls(os.urandom(SECRET_BYTES))

    @classmethod
    def from_bytes(cls, data: bytes) -> "LinkageSecret":
        """
        Return the secret that these 32 bytes are.

        Raises:
            SecretError: not 32 bytes.
        """
        return cls(data)

    @classmethod
    def from_passphrase(cls, passphrase: str, salt: bytes) -> "LinkageSecret":
        """
        Stretch a passphrase: about 0.1 s and 64 MiB.

        Args:
            passphrase: at least 16 characters; equal after NFKC means equal.
            salt: the project's 16 bytes, `LinkageSchema.project_salt`.

        Raises:
            SecretError: the passphrase is too short, or the salt has another length.
        """
        text = unicodedata.normalize("NFKC", passphrase)
        if len(text) < PASSPHRASE_LEAST_CHARACTERS:
            reason = f"a passphrase has at least {PASSPHRASE_LEAST_CHARACTERS} characters"
            raise SecretError(reason, code="passphrase_short")
        if len(salt) != PROJECT_SALT_BYTES:
            raise SecretError(f"a project salt is {PROJECT_SALT_BYTES} bytes", code="salt_length")
        return cls(
            hash_secret_raw(text.encode(), salt, ARGON2_PASSES, ARGON2_MEMORY_KIB, ARGON2_LANES, SECRET_BYTES, Type.ID)
        )

    @classmethod
    def from_text(cls, text: str) -> "LinkageSecret":
        """
        Read the text form that `to_text` writes.

        Raises:
            SecretError: it is not that form, or its check does not fit, as after a slip of the pen.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            raise SecretError("not a linkage secret file", code="secret_format")
        secret = cls(bytes.fromhex(found["secret"]))
        if secret._check() != found["check"]:
            raise SecretError("the linkage secret has been changed or cut", code="secret_check")
        return secret

    def to_text(self) -> str:
        """Return header, secret in hex and a check of 8 digits; treat it as the secret it is."""
        return f"{_HEADER}\n{self._secret.hex()}-{self._check()}\n"

    def derive(self, use: str, context: bytes = b"") -> bytes:
        """
        Return a 32-byte key for one use (HKDF-Expand of RFC 5869 with one block).

        Args:
            use: what the key is for; another use gives an unrelated key.
            context: what it is bound to, such as schema id and key epoch.
        """
        return hmac.digest(self._secret, b"casematch/1/" + use.encode() + b"\x00" + context + b"\x01", "sha256")

    def _check(self) -> str:
        """Return 8 hex digits that a damaged text would not fit."""
        return self.derive("text check").hex()[:8]
