"""Setting an agent up: its folder, vault, hub, project and secret; on the partner's premises."""

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.agent.client import HubClient
from api.agent.client_connection import check_hub_url
from api.agent.errors import SettingsError
from api.agent.secret_file import read_secret
from api.agent.session import Session, read_api_key, read_schema, secret_check
from api.agent.vault.settings import AgentSettings
from api.agent.vault.vault import Vault
from api.wire.projects import EpochState, KeyEpoch, Project
from api.wire.statements import Purpose
from matcher.schema import LinkageSchema

OFFLINE_RETENTION_MONTHS = 12  # nothing is filed offline; a hub's own limit replaces it


@dataclass(frozen=True, slots=True)
class Setup:
    """
    What `agent init` is told.

    Attributes:
        hub_url: empty to work offline; then `schema_file` may hold the schema.
        project_id: empty takes the shipped schema's own.
        schema_file: None takes the shipped schema `nepal`; used offline alone.
    """

    folder: Path
    secret_file: Path
    hub_url: str = ""
    api_key_file: Path | None = None
    project_id: str = ""
    schema_file: Path | None = None
    is_shelter: bool = False
    purpose: Purpose = Purpose.PROTECTION
    passphrase: str | None = field(default=None, repr=False)


def set_up(setup: Setup) -> Project:
    """
    Make an agent: ask the hub for the project, check it, then write the folder.

    Nothing is left behind when it fails.

    Raises:
        AgentError: a file, the hub or the project cannot be used.
        InvalidSchemaError: the schema cannot be used.
    """
    secret = read_secret(setup.secret_file)
    project = _fetch(setup) if setup.hub_url else _offline(setup)
    _refuse_purpose(project, setup.purpose)
    is_new_folder = not setup.folder.exists()
    settings = AgentSettings(
        hub_url=check_hub_url(setup.hub_url) if setup.hub_url else "",
        api_key_file=str(setup.api_key_file.resolve()) if setup.api_key_file else "",
        secret_file=str(setup.secret_file.resolve()),
        secret_check=secret_check(secret),
        is_shelter=setup.is_shelter,
        purpose=setup.purpose.value,
    )
    try:
        with Vault.create(setup.folder, setup.passphrase) as vault, vault.transaction():
            vault.settings.write_project(project.model_dump_json())
            vault.settings.write_agent(settings)
    except BaseException:
        if is_new_folder:
            shutil.rmtree(setup.folder, ignore_errors=True)
        raise
    return project


def renew(session: Session, secret_file: Path | None, api_key_file: Path | None) -> Project:
    """
    Ask the hub for the project again, and take another secret or API key if given.

    Cases are encoded anew at their next import; their random references and matches stay.

    Raises:
        AgentError: a file, the hub or the project cannot be used.
    """
    settings = session.settings
    if api_key_file is not None:
        settings = replace(settings, api_key_file=str(api_key_file.resolve()))
    if secret_file is not None:
        check = secret_check(read_secret(secret_file))
        settings = replace(settings, secret_file=str(secret_file.resolve()), secret_check=check)
    with replace(session, settings=settings).client() as client:
        project = client.project(session.project.project_id)
    read_schema(project)
    with session.vault.transaction():
        session.vault.settings.write_agent(settings)
        session.vault.settings.write_project(project.model_dump_json())
    return project


def _fetch(setup: Setup) -> Project:
    """Ask the hub for the project, and check its schema."""
    if setup.api_key_file is None:
        advice = "Name the file that holds the hub's API key: --api-key-file FILE."
        raise SettingsError("needed to talk to a hub", code="api_key_missing", where="API key", advice=advice)
    project_id = setup.project_id or LinkageSchema.shipped("nepal").project_id
    with HubClient(setup.hub_url, read_api_key(setup.api_key_file)) as client:
        project = client.project(project_id)
    read_schema(project)
    return project


def _offline(setup: Setup) -> Project:
    """Make a project document from a schema alone, for work without a hub."""
    schema = LinkageSchema.shipped("nepal")
    if setup.schema_file is not None:
        schema = read_schema_file(setup.schema_file)
    return Project(
        project_id=setup.project_id or schema.project_id,
        linkage_schema=dict(schema.document),
        schema_id=schema.schema_id,
        key_epochs=[KeyEpoch(key_epoch=schema.key_epoch, state=EpochState.CURRENT)],
        purposes=list(Purpose),
        score_model=schema.score_model,
        thresholds={},
        retention_months=OFFLINE_RETENTION_MONTHS,
    )


def read_schema_file(path: Path) -> LinkageSchema:
    """
    Read a linkage schema from a file.

    Raises:
        SettingsError: the file cannot be read.
        InvalidSchemaError: it is no schema.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        text = ""
    if not text:
        raise SettingsError("the file cannot be read", code="file_absent", where="schema", advice="Check its path.")
    return LinkageSchema.from_json(text)


def _refuse_purpose(project: Project, purpose: Purpose) -> None:
    """Refuse a purpose that the project does not have."""
    if purpose not in project.purposes:
        advice = f"Choose one of: {', '.join(project.purposes)}."
        raise SettingsError("not one of the project's", code="unknown_purpose", where="purpose", advice=advice)
