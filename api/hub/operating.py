"""What the operator's commands do, each in one transaction; hub."""

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from api.hub.app import create_app, open_hub
from api.hub.audit import export, log
from api.hub.audit.acts import OPERATOR, Act, HubAct
from api.hub.audit.key_file import create_log_key_file, make_log_key, read_log_key_file, replace_log_key_file
from api.hub.context import Hub, today_utc
from api.hub.entries import service as entries
from api.hub.errors import NotFoundError, SetupError
from api.hub.keys import HUB_KEY_BYTES, HubKey, create_key_file, read_key_file
from api.hub.messages import service as messages
from api.hub.openapi import openapi_document
from api.hub.organisations import administration, api_keys
from api.hub.organisations import service as organisations
from api.hub.organisations.repository import Rule
from api.hub.people import accounts
from api.hub.projects import service as projects
from api.hub.quotas import service as quotas
from api.hub.referrals import service as referrals
from api.hub.settings import HubSettings
from api.hub.storage.migrate import migrate
from api.hub.storage.session import Database
from api.wire.audit.notes import KEY_BYTES
from api.wire.limits import BulkFiling, Quota
from api.wire.model import WireModel
from api.wire.organisations import (
    ApiKeys,
    IssuedKey,
    KeyRotation,
    NewApiKey,
    NewOrganisation,
    Organisations,
    Scope,
    StandingRule,
)
from api.wire.statements import OrganisationClass, Purpose
from matcher.schema import SHIPPED_SCHEMAS, LinkageSchema

Model = TypeVar("Model", bound=WireModel)

LARGEST_SCHEMA_BYTES = 2**20  # the shipped one has 6 kB


def initialise(
    settings: HubSettings, project: str, schema: str, purposes: Iterable[Purpose], retention_months: int
) -> LinkageSchema:
    """
    Make key files, database and a project; an existing hub only gets the project.

    Args:
        settings: where they are.
        project: id of the project.
        schema: name of a shipped schema, or path of a schema document.
        purposes: what entries may be filed for.
        retention_months: greatest life of an entry.

    Raises:
        SetupError: the project exists, the key is another database's, or files cannot be used.
        InvalidSchemaError: the schema or the project's id cannot be used.
    """
    template = _read_schema(schema)
    template.with_project(project, template.project_salt, template.key_epoch)
    _make_folder(settings.data_dir)
    key = _key(settings)
    if not settings.log_key_path.exists():
        create_log_key_file(settings.log_key_path)
    with _database(settings) as database:
        migrate(database)
        with database.writing() as connection:
            projects.bind_key(connection, key)
            made = projects.create_project(connection, today_utc(), project, template, purposes, retention_months)
            hub = Hub(settings, database, key, read_log_key_file(settings.log_key_path, key))
            log.append(connection, hub, OPERATOR, [Act(HubAct.PROJECT_ADD, "added")], project)
            return made


def add_administrator(settings: HubSettings, login: str) -> str | None:
    """Make the first administrator, and return a one-time password; None when the hub has accounts already."""
    with opened(settings) as hub:
        return accounts.add_first(hub, OPERATOR, login)


def migrate_database(settings: HubSettings) -> None:
    """Run the migrations that are missing."""
    read_key_file(settings.key_path)
    with _database(settings) as database:
        migrate(database)


@contextmanager
def opened(settings: HubSettings) -> Iterator[Hub]:
    """
    Open the hub for one command.

    Raises:
        SetupError: it cannot work as it is.
    """
    hub = open_hub(settings)
    try:
        yield hub
    finally:
        hub.database.close()


def read_rule(text: str) -> Rule:
    """
    Read a standing rule such as `ngo:protection`.

    Raises:
        SetupError: it is not a class and a purpose.
    """
    other, _, purpose = text.partition(":")
    if other not in set(OrganisationClass) or purpose not in set(Purpose):
        classes, known = ", ".join(OrganisationClass), ", ".join(Purpose)
        raise SetupError(f"a rule is CLASS:PURPOSE; classes: {classes}; purposes: {known}", code="unknown_rule")
    return OrganisationClass(other), Purpose(purpose)


def add_organisation(
    hub: Hub, project: str, name: str, kind: OrganisationClass, rules: Iterable[Rule], **more: Any
) -> str:
    """
    Let an organisation take part; returns its id.

    Args:
        hub: an open hub.
        project: may be empty when there is one only.
        name: for the operator alone.
        kind: its class.
        rules: classes and purposes to which it releases without a hand.
        more: further fields of `NewOrganisation`.
    """
    release_to = [StandingRule(organisation_class=other, purpose=purpose) for other, purpose in sorted(set(rules))]
    wanted = read(NewOrganisation, name=name, organisation_class=kind, release_to=release_to, **more)
    return administration.add(hub, OPERATOR, project_named(hub, project), wanted).organisation_id


def set_suspended(hub: Hub, name: str, *, is_suspended: bool) -> None:
    """Suspend an organisation, or let it go on."""
    administration.set_suspended(hub, OPERATOR, organisation_named(hub, name), is_suspended=is_suspended)


def list_organisations(hub: Hub) -> Organisations:
    """Return all organisations."""
    with hub.database.reading() as connection:
        return organisations.listing(connection)


def new_key(
    hub: Hub, project: str, organisation: str, scopes: Iterable[Scope], days: int, networks: Iterable[str] = ()
) -> IssuedKey:
    """Make an API key for an organisation; without scopes it gets all that its class may have."""
    owner = (project_named(hub, project), organisation_named(hub, organisation))
    wanted = read(NewApiKey, scopes=list(scopes), days=days, networks=list(networks))
    return administration.issue_key(hub, OPERATOR, owner, wanted)


def rotate_key(hub: Hub, key_id: str, days: int, overlap_days: int) -> IssuedKey:
    """Replace an API key by one of the same scopes and networks; both work for the overlap."""
    with hub.database.reading() as connection:
        owner = api_keys.owner_of(connection, key_id)
    return administration.rotate_key(
        hub, OPERATOR, owner, key_id, read(KeyRotation, days=days, overlap_days=overlap_days)
    )


def list_keys(hub: Hub, project: str, organisation: str) -> ApiKeys:
    """Return the API keys of an organisation, without their secrets."""
    owner = (project_named(hub, project), organisation_named(hub, organisation))
    with hub.database.reading() as connection:
        return api_keys.listing(connection, owner)


def revoke_key(hub: Hub, key: str) -> None:
    """Revoke an API key."""
    is_known = True
    try:
        administration.revoke_key(hub, OPERATOR, key)
    except NotFoundError:
        is_known = False
    if not is_known:
        raise SetupError("there is no such API key", code="unknown_api_key")


def raise_quota(hub: Hub, project: str, organisation: str, people: int, days: int) -> Quota:
    """Allow an organisation a bulk filing; on the word of the data-protection officer."""
    owner = (project_named(hub, project), organisation_named(hub, organisation))
    return quotas.raise_quota(hub, OPERATOR, owner, read(BulkFiling, people=people, days=days))


def user_named(hub: Hub, login: str) -> str:
    """
    Return the id of an account.

    Raises:
        SetupError: there is none of that login.
    """
    found = ""
    with suppress(NotFoundError):
        found = accounts.id_of(hub, login)
    if not found:
        raise SetupError("there is no account of that login", code="unknown_user")
    return found


def organisation_named(hub: Hub, name: str) -> str:
    """
    Return the id of an organisation.

    Raises:
        SetupError: there is none of that name.
    """
    found = ""
    with hub.database.reading() as connection, suppress(NotFoundError):
        found = organisations.id_of(connection, name)
    if not found:
        raise SetupError("there is no organisation of that name", code="unknown_organisation")
    return found


def advance_epoch(hub: Hub, project: str) -> LinkageSchema:
    """Open a project's next key epoch."""
    with hub.database.reading() as connection:
        project_id = projects.only_project(connection, project)
    with hub.database.writing(project_id) as connection:
        made = projects.advance_epoch(connection, project_id)
        log.append(connection, hub, OPERATOR, [Act(HubAct.EPOCH_ADVANCE, "advanced")], project_id)
        return made


def retire_epoch(hub: Hub, project: str, key_epoch: int) -> None:
    """Take no more entries of a key epoch; filings under way are waited for."""
    with hub.database.reading() as connection:
        project_id = projects.only_project(connection, project)
    with hub.database.writing(project_id) as connection:
        projects.retire_epoch(connection, project_id, key_epoch)
        log.append(connection, hub, OPERATOR, [Act(HubAct.EPOCH_RETIRE, "retired")], project_id)


def export_log(hub: Hub, path: Path, *, is_sealed: bool) -> int:
    """Write the audit log to a new file; returns the number of entries. See `export.write_log`."""
    return export.write_log(hub, OPERATOR, path, is_sealed=is_sealed)


def log_key(settings: HubSettings) -> str:
    """Return the public key of the audit log, as partners pin it."""
    return read_log_key_file(settings.log_key_path, read_key_file(settings.key_path)).verifier.text


def rotate_log_key(settings: HubSettings) -> str:
    """Replace the key that signs the audit log; returns the new public key. A hub that serves must be restarted."""
    key = read_key_file(settings.key_path)
    replace_log_key_file(settings.log_key_path)
    with opened(settings) as hub, hub.database.writing() as connection:
        log.append(connection, hub, OPERATOR, [Act(HubAct.LOG_KEY_ROTATE, "rotated")])
    return read_log_key_file(settings.log_key_path, key).verifier.text


def expire_all(hub: Hub) -> None:
    """Erase all that has expired, in pieces, so that filings can go on between them."""
    with hub.database.reading() as connection:
        project_ids = projects.all_projects(connection)
    for project_id in project_ids:
        while entries.expire_some(hub, project_id):
            pass
        referrals.expire(hub, project_id)
        messages.expire(hub, project_id)
    hub.database.forget_old_pages()


def read(model: type[Model], **fields: Any) -> Model:
    """
    Make a message of a command's options.

    Raises:
        SetupError: names the options that are not as they must be.
    """
    wrong: set[str] = set()
    try:
        return model(**fields)
    except ValidationError as error:
        wrong = {str(fault["loc"][0]).replace("_", "-") for fault in error.errors(include_input=False)}
    raise SetupError(f"an option is not as it must be: {', '.join(sorted(wrong))}", code="option")


def describe_interface() -> dict[str, Any]:
    """Return the interface as an OpenAPI document; no database and no key is needed."""
    key = HubKey(bytes(HUB_KEY_BYTES))
    log_key = make_log_key(key, bytes(KEY_BYTES))
    hub = Hub(HubSettings(), Database("sqlite+pysqlite:///never-opened"), key, log_key)
    return openapi_document(create_app(hub))


def project_named(hub: Hub, project: str) -> str:
    """Return the project of a name, or the only one."""
    with hub.database.reading() as connection:
        return projects.only_project(connection, project)


def _read_schema(name: str) -> LinkageSchema:
    """Read a shipped schema by its name, or a document by its path."""
    if name in SHIPPED_SCHEMAS:
        return LinkageSchema.shipped(name)
    text = ""
    try:
        path = Path(name)
        if path.stat().st_size <= LARGEST_SCHEMA_BYTES:
            text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        shipped = ", ".join(SHIPPED_SCHEMAS)
        raise SetupError(f"no such schema file; shipped schemas: {shipped}", code="unknown_schema")
    return LinkageSchema.from_json(text)


def _make_folder(folder: Path) -> None:
    """Make the data folder, its owner's alone."""
    is_made = False
    try:
        folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
        is_made = True
    except OSError:
        is_made = False
    if not is_made:
        raise SetupError("the data folder cannot be made", code="data_dir")


def _key(settings: HubSettings) -> HubKey:
    """Read the key file, or make it when the database has none yet."""
    if settings.key_path.exists():
        return read_key_file(settings.key_path)
    with _database(settings) as database, database.reading() as connection:
        if projects.is_bound(connection):
            raise SetupError("the database has a hub key, but its file is missing", code="hub_key_missing")
    return create_key_file(settings.key_path)


@contextmanager
def _database(settings: HubSettings) -> Iterator[Database]:
    """Open the database for a while."""
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close()
