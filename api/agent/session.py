"""
An agent at work: its vault, settings, schema and secret together; on the partner's premises.

Opened by every command that works on an agent's folder. The secret is read when it is first needed, and checked to be
the one the agent was set up with: records encoded under another secret would silently meet nobody.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from api.agent.client import HubClient
from api.agent.errors import SettingsError
from api.agent.private_files import read_private
from api.agent.secret_file import read_secret
from api.agent.vault.key import AskPassphrase
from api.agent.vault.settings import AgentSettings
from api.agent.vault.vault import Vault
from api.wire.projects import Project
from matcher.encode.frequency import FrequencyModel
from matcher.encode.secret import LinkageSecret
from matcher.schema import LinkageSchema

_INIT = "Delete the folder, and run `casematch agent init DIR …` again."


@dataclass(frozen=True)
class Session:
    """What a command of the agent works with."""

    vault: Vault
    settings: AgentSettings
    project: Project
    schema: LinkageSchema

    @cached_property
    def frequencies(self) -> FrequencyModel:
        """The partner's own frequency model, or the one that the schema's gate names."""
        own = self.vault.settings.frequencies()
        return FrequencyModel.from_json(own) if own else FrequencyModel.shipped(self.schema.gate.frequency_model)

    @cached_property
    def frequencies_digest(self) -> str:
        """What tells another frequency model from this one."""
        return hashlib.sha256(self.frequencies.to_json().encode()).hexdigest()

    def secret(self) -> LinkageSecret:
        """
        Return the linkage secret.

        Raises:
            PrivateFileError: the file is absent or open to others.
            SettingsError: it is not the secret the agent was set up with.
        """
        secret = read_secret(Path(self.settings.secret_file))
        if secret_check(secret) != self.settings.secret_check:
            advice = "Put the right file back, or run `casematch agent renew --secret FILE` and import again."
            raise SettingsError("another secret than at init", code="secret_changed", where="secret", advice=advice)
        return secret

    def client(self) -> HubClient:
        """
        Return a client of the hub; nothing is sent yet.

        Raises:
            SettingsError: the agent was set up to work offline.
            PrivateFileError: the API key file is absent or open to others.
        """
        if not self.settings.hub_url:
            advice = "Set it up with --hub and --api-key-file to exchange anything."
            raise SettingsError("this agent works offline", code="agent_offline", where="hub", advice=advice)
        return HubClient(self.settings.hub_url, read_api_key(Path(self.settings.api_key_file)))


@contextmanager
def open_session(folder: Path, ask_passphrase: AskPassphrase) -> Iterator[Session]:
    """
    Open an agent's folder, and close it afterwards.

    Raises:
        VaultError: there is no agent, or its key does not fit.
        SettingsError: its set-up was not finished.
        InvalidSchemaError: the project's schema cannot be used.
    """
    with Vault.open(folder, ask_passphrase) as vault:
        settings, document = vault.settings.agent(), vault.settings.project()
        if settings is None or not document:
            raise SettingsError("the set-up was not finished", code="agent_unfinished", where="folder", advice=_INIT)
        project = Project.model_validate_json(document)
        yield Session(vault, settings, project, read_schema(project))


def read_schema(project: Project) -> LinkageSchema:
    """
    Return a project's linkage schema, with its digest checked.

    Raises:
        InvalidSchemaError: the document cannot be used.
        SettingsError: the digest is not that of the document.
    """
    schema = LinkageSchema.from_document(project.linkage_schema)
    if schema.schema_id != project.schema_id:
        advice = "Do not go on: ask the hub's operator why the document was changed."
        raise SettingsError("its digest does not fit", code="schema_digest", where="schema", advice=advice)
    return schema


def secret_check(secret: LinkageSecret) -> str:
    """Return what tells another secret from this one; kept in the encrypted vault alone."""
    return secret.derive("agent check").hex()


def read_api_key(path: Path) -> str:
    """
    Read an API key from its owner-only file.

    Raises:
        PrivateFileError: the file is absent or open to others.
        SettingsError: it holds no key.
    """
    key = read_private(path, role="API key").strip()
    if not key or not key.isprintable() or " " in key:
        raise SettingsError("holds no key on one line", code="api_key_format", where="API key")
    return key
