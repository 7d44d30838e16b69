"""
The vault: one encrypted file with all that the agent must remember; on the partner's premises.

It keeps no name and no column of a case but its reference, release, consent and encounters: the entries that wait look
random, and the source file stays where the partner keeps it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import apsw

from api.agent.errors import VaultError
from api.agent.vault.cases import Cases
from api.agent.vault.connection import connect, transaction
from api.agent.vault.consents import Consents
from api.agent.vault.encounters import Encounters
from api.agent.vault.endings import Endings
from api.agent.vault.key import AskPassphrase, load_key, make_key
from api.agent.vault.mailboxes import Mailboxes
from api.agent.vault.meetings import Meetings
from api.agent.vault.migrations import migrate
from api.agent.vault.outbox import Outbox
from api.agent.vault.referrals import Referrals
from api.agent.vault.requests import Requests
from api.agent.vault.settings import Settings

VAULT_FILE = "vault.db"
FOLDER_MODE = 0o700


class Vault:
    """An open vault; use it as a context manager, or `close` it."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Bring the tables to this version, and offer them one noun each."""
        self._connection = connection
        migrate(connection)
        self.settings = Settings(connection)
        self.cases = Cases(connection)
        self.outbox = Outbox(connection)
        self.meetings = Meetings(connection)
        self.consents = Consents(connection)
        self.endings = Endings(connection)
        self.encounters = Encounters(connection)
        self.requests = Requests(connection)
        self.referrals = Referrals(connection)
        self.mailboxes = Mailboxes(connection)

    @classmethod
    def create(cls, folder: Path, passphrase: str | None = None) -> "Vault":
        """
        Make an agent's folder, its key and an empty vault.

        Args:
            folder: made if absent, for its owner alone.
            passphrase: None writes a key file into the folder.

        Raises:
            VaultError: there is a vault already, or the passphrase is too short.
            PrivateFileError: there is a key already.
        """
        if (folder / VAULT_FILE).exists():
            advice = "Choose another folder."
            raise VaultError("there is an agent already", code="vault_exists", where="folder", advice=advice)
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return cls(connect(folder / VAULT_FILE, make_key(folder, passphrase)))

    @classmethod
    def open(cls, folder: Path, ask_passphrase: AskPassphrase) -> "Vault":
        """
        Open an agent's vault.

        Raises:
            VaultError: there is none, its key does not fit, or a later version wrote it.
            PrivateFileError: the key file is absent or open to others.
        """
        if not (folder / VAULT_FILE).is_file():
            advice = "Make one with `casematch agent init DIR …`, or name its folder with --dir."
            raise VaultError("there is no agent here", code="vault_absent", where="folder", advice=advice)
        return cls(connect(folder / VAULT_FILE, load_key(folder, ask_passphrase)))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run what follows whole or not at all."""
        with transaction(self._connection):
            yield

    def close(self) -> None:
        """Close the file; nothing may be asked of the vault afterwards."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the vault itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()
