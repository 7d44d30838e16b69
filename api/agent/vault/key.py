"""
The key of the vault: an owner-only key file, or a passphrase; on the partner's premises.

The key is not in the vault's folder by design of the default, but by convenience: whoever copies the folder has both.
A passphrase keeps them apart, at the price of typing it; it is stretched with Argon2id (RFC 9106).
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from api.agent.errors import VaultError
from api.agent.private_files import read_private, write_private

KEY_FILE = "vault.key"
SALT_FILE = "vault.salt"
PASSPHRASE_VARIABLE = "CASEMATCH_VAULT_PASSPHRASE"  # noqa: S105 - the name of a variable, not a passphrase
KEY_BYTES = 32
SALT_BYTES = 16
PASSPHRASE_LEAST_CHARACTERS = 12  # guessed at 0.1 s each; only who holds the file can try
ARGON2_PASSES = 3
ARGON2_MEMORY_KIB = 64 * 1024
ARGON2_LANES = 4

_KEY_HEADER = "casematch vault key, version 1"
_SALT_HEADER = "casematch vault salt, version 1"
_KEY = re.compile(rf"{_KEY_HEADER}\n([0-9a-f]{{{2 * KEY_BYTES}}})\n?", re.ASCII)
_SALT = re.compile(rf"{_SALT_HEADER}\n([0-9a-f]{{{2 * SALT_BYTES}}})\n?", re.ASCII)

AskPassphrase = Callable[[], str]


def make_key(folder: Path, passphrase: str | None = None) -> bytes:
    """
    Make the key of a new vault.

    Args:
        folder: the agent's folder.
        passphrase: at least 12 characters; None writes a key file.

    Returns:
        32 bytes.

    Raises:
        PrivateFileError: there is a key already.
        VaultError: the passphrase is too short.
    """
    if passphrase is None:
        key = os.urandom(KEY_BYTES)
        write_private(folder / KEY_FILE, f"{_KEY_HEADER}\n{key.hex()}\n", role="vault key")
        return key
    if len(passphrase) < PASSPHRASE_LEAST_CHARACTERS:
        reason = f"a passphrase has at least {PASSPHRASE_LEAST_CHARACTERS} characters"
        raise VaultError(reason, code="passphrase_short", where="vault")
    salt = os.urandom(SALT_BYTES)
    write_private(folder / SALT_FILE, f"{_SALT_HEADER}\n{salt.hex()}\n", role="vault salt")
    return _stretch(passphrase, salt)


def load_key(folder: Path, ask_passphrase: AskPassphrase) -> bytes:
    """
    Return the key of a vault that exists.

    Args:
        folder: the agent's folder.
        ask_passphrase: called only when the vault has a passphrase and the environment does not hold it.

    Raises:
        PrivateFileError: the key file is absent or open to others.
        VaultError: the key file is damaged.
    """
    if (folder / SALT_FILE).exists():
        salt = _read_hex(folder / SALT_FILE, _SALT, "vault salt")
        return _stretch(os.environ.get(PASSPHRASE_VARIABLE) or ask_passphrase(), salt)
    return _read_hex(folder / KEY_FILE, _KEY, "vault key")


def _read_hex(path: Path, form: re.Pattern[str], role: str) -> bytes:
    """Read the hex digits of one of the two files."""
    found = form.fullmatch(read_private(path, role=role))
    if found is None:
        raise VaultError("the file is damaged", code="vault_key_format", where=role)
    return bytes.fromhex(found[1])


def _stretch(passphrase: str, salt: bytes) -> bytes:
    """Stretch a passphrase to a key."""
    return hash_secret_raw(
        passphrase.encode(), salt, ARGON2_PASSES, ARGON2_MEMORY_KIB, ARGON2_LANES, KEY_BYTES, Type.ID
    )
