"""
Backup and restore of the whole database; the hub's keys are in neither, and a backup is of no use without them; hub.

A backup is of one moment, also while the hub serves. A restore brings an older state back, and cannot hide it: the
audit log is then shorter than, or another than, what partners have seen and cosigned since, and their agents say so.
"""

import os
import stat
from pathlib import Path

from api.hub.audit import log
from api.hub.audit.acts import OPERATOR, Act, HubAct
from api.hub.audit.key_file import read_log_key_file
from api.hub.audit.service import Standing, standing
from api.hub.backup_file import Content, read_content, seal, unseal
from api.hub.context import Hub
from api.hub.errors import SetupError
from api.hub.keys import read_key_file
from api.hub.people import repository as people
from api.hub.settings import HubSettings
from api.hub.storage.copies import copy_of, put_back
from api.hub.storage.migrate import migrate
from api.hub.storage.session import Database


def back_up(hub: Hub, path: Path) -> Standing:
    """
    Write a backup, encrypted under the hub's key, and that it was made into the log.

    Args:
        hub: an open hub; it may be serving elsewhere.
        path: a new file, made its owner's alone.

    Returns:
        How the log stood at the copy or shortly before.

    Raises:
        SetupError: the file exists or cannot be written, or the database cannot be copied; no file is left.
    """
    descriptor = _new_file(path)
    is_written = False
    try:
        with os.fdopen(descriptor, "wb") as file:
            with hub.database.writing() as connection:
                log.append(connection, hub, OPERATOR, [Act(HubAct.BACKUP, "copied")])
            found = standing(hub)
            seal(hub.key, _content(hub.database), copy_of(hub.settings.database_url), file)
            file.flush()
            os.fsync(file.fileno())
        is_written = True
    except OSError:
        is_written = False
    finally:
        if not is_written:
            path.unlink()
    if not is_written:
        raise SetupError("the backup cannot be written", code="backup_not_written")
    return found


def restore(settings: HubSettings, path: Path) -> Standing:
    """
    Make the database of a backup, bring it to this version's tables, and write into the log that it was restored.

    All sessions end: who logged out, or was stopped, must not be let in again by an older state.

    Args:
        settings: of a hub that has its key files, and no database yet.
        path: the backup.

    Returns:
        How the log stood in the backup.

    Raises:
        SetupError: no keys, a database that is there already, a file that is no backup, damaged, of another key or of
            the other kind of database; nothing is restored then.
    """
    key = read_key_file(settings.key_path)
    log_key = read_log_key_file(settings.log_key_path, key)
    database = Database(settings.database_url)
    try:
        _put_back(settings, database, path)
        migrate(database)
        hub = Hub(settings, database, key, log_key)
        found = standing(hub)
        with database.writing() as connection:
            people.end_all_sessions(connection)
            log.append(connection, hub, OPERATOR, [Act(HubAct.RESTORE, "restored")])
    finally:
        database.close()
    return found


def _put_back(settings: HubSettings, database: Database, path: Path) -> None:
    """Decrypt the backup into the database."""
    is_read = False
    try:
        with path.open("rb") as file:
            content, head = read_content(file)
            if content is not _content(database):
                raise SetupError("the backup is of the other kind of database", code="backup_other")
            put_back(settings.database_url, unseal(read_key_file(settings.key_path), head, file))
        is_read = True
    except OSError:
        is_read = False
    if not is_read:
        raise SetupError("the backup cannot be read, or the database cannot be written", code="backup_unreadable")


def _content(database: Database) -> Content:
    """Return what a copy of a database is."""
    return Content.SQLITE if database.is_sqlite else Content.POSTGRESQL


def _new_file(path: Path) -> int:
    """Make a file that only its owner may read."""
    descriptor = -1
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except OSError:
        descriptor = -1
    if descriptor < 0:
        raise SetupError("the backup's file exists already or cannot be written", code="backup_not_written")
    return descriptor
