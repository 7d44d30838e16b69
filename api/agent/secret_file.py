"""
The linkage secret as a file; on the partner's premises.

The library knows what a secret is (`matcher.encode.secret`); this module knows that its file is for its owner alone.
"""

from pathlib import Path

from api.agent.private_files import read_private, write_private
from matcher.encode.secret import LinkageSecret

_ROLE = "linkage secret"


def write_secret(path: Path, secret: LinkageSecret) -> None:
    """
    Write a secret to a new owner-only file.

    Raises:
        PrivateFileError: there is a file already, or the folder cannot be written.
    """
    write_private(path, secret.to_text(), role=_ROLE)


def read_secret(path: Path) -> LinkageSecret:
    """
    Read the secret of an owner-only file.

    Raises:
        PrivateFileError: it is absent, or others could read it.
        SecretError: it is no secret, or its check does not fit.
    """
    return LinkageSecret.from_text(read_private(path, role=_ROLE))
