"""Signing keys of this agent's own, each for one use; on the partner's premises. Their seeds lie in the vault alone."""

import os

from api.agent.vault.settings import Settings
from api.wire.audit.notes import KEY_BYTES, Algorithm, SigningKey

_ID_BYTES = 8


def signing_key(settings: Settings, setting: str, role: str, algorithm: Algorithm) -> SigningKey:
    """
    Return the key of one use; made at the first call.

    Args:
        settings: of the open vault.
        setting: under which its seed is kept.
        role: begins its name, and 16 hex digits of its public half end it.
        algorithm: what it signs.
    """
    seed = settings.read(setting)
    if not seed:
        seed = os.urandom(KEY_BYTES).hex()
        settings.write(setting, seed)
    public = SigningKey(role, algorithm, bytes.fromhex(seed)).verifier.public
    return SigningKey(f"{role}/{public[:_ID_BYTES].hex()}", algorithm, bytes.fromhex(seed))
