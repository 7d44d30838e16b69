"""The vault: encrypted at rest, opened by its key alone, migrated forward."""

from pathlib import Path

import pytest

from api.agent.errors import PrivateFileError, VaultError
from api.agent.vault import migrations
from api.agent.vault.connection import connect
from api.agent.vault.key import KEY_FILE, PASSPHRASE_VARIABLE
from api.agent.vault.vault import VAULT_FILE, Vault

CANARY = "Zzyzxmaya Canary"
PASSPHRASE = "correct horse battery"  # noqa: S105 - protects a temporary folder


def nobody() -> str:
    """Fail when a passphrase is asked for."""
    pytest.fail("no passphrase is needed")


def test_nothing_can_be_read_without_the_key(tmp_path: Path) -> None:
    """Neither the file nor its write-ahead log shows what is kept, nor that it is SQLite."""
    with Vault.create(tmp_path / "agent") as vault:
        vault.settings.write("note", CANARY)
        files = {path.name: path.read_bytes() for path in (tmp_path / "agent").iterdir()}
    assert f"{VAULT_FILE}-wal" in files
    assert not any(CANARY.encode() in data or data.startswith(b"SQLite format") for data in files.values())


def test_a_vault_is_found_again(tmp_path: Path) -> None:
    """What was kept is there after closing."""
    with Vault.create(tmp_path / "agent") as vault:
        vault.settings.write("note", CANARY)
    with Vault.open(tmp_path / "agent", nobody) as vault:
        assert vault.settings.read("note") == CANARY


def test_folder_and_key_are_for_their_owner(tmp_path: Path) -> None:
    """Others can neither list the folder nor read the key."""
    Vault.create(tmp_path / "agent").close()
    assert (tmp_path / "agent").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "agent" / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    """A wrong key is told as such."""
    Vault.create(tmp_path / "agent").close()
    with pytest.raises(VaultError) as caught:
        connect(tmp_path / "agent" / VAULT_FILE, b"x" * 32)
    assert caught.value.code == "vault_key_wrong"


def test_a_passphrase_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a passphrase there is no key file; the environment or the terminal gives it."""
    Vault.create(tmp_path / "agent", PASSPHRASE).close()
    assert not (tmp_path / "agent" / KEY_FILE).exists()
    Vault.open(tmp_path / "agent", lambda: PASSPHRASE).close()
    with pytest.raises(VaultError):
        Vault.open(tmp_path / "agent", lambda: "another passphrase")
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    Vault.open(tmp_path / "agent", nobody).close()


def test_refusals(tmp_path: Path) -> None:
    """No vault, a second vault, a short passphrase, a key open to others: each is refused by its code."""
    with pytest.raises(VaultError, match="no agent"):
        Vault.open(tmp_path, nobody)
    with pytest.raises(VaultError) as short:
        Vault.create(tmp_path / "short", "short")
    assert short.value.code == "passphrase_short"
    Vault.create(tmp_path / "agent").close()
    with pytest.raises(VaultError) as second:
        Vault.create(tmp_path / "agent")
    assert second.value.code == "vault_exists"
    (tmp_path / "agent" / KEY_FILE).chmod(0o644)
    with pytest.raises(PrivateFileError):
        Vault.open(tmp_path / "agent", nobody)


def test_migrations_go_forward_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older vault gains the new tables and keeps its rows; a later one is refused."""
    with Vault.create(tmp_path / "agent") as vault:
        vault.settings.write("note", CANARY)
    later = (*migrations.MIGRATIONS, "CREATE TABLE added (a TEXT) STRICT;")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", later)
        with Vault.open(tmp_path / "agent", nobody) as vault:
            assert vault.settings.read("note") == CANARY
    with pytest.raises(VaultError) as caught:
        Vault.open(tmp_path / "agent", nobody)
    assert caught.value.code == "vault_version"
