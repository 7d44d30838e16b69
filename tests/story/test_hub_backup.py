"""The drill: a hub is lost and comes back from its backup, on each database; witnesses see what is missing."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.hub import backups, operating
from api.hub.app import create_app, open_hub
from api.hub.backup_file import PIECE_BYTES
from api.hub.cli import app
from api.hub.errors import SetupError
from api.hub.settings import HubSettings
from api.wire.statements import Purpose
from matcher.schema import LinkageSchema


@pytest.fixture(params=["sqlite", "postgresql"])
def new_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], HubSettings]]:
    """Return a way to name a new, empty place for a hub."""
    urls: list[str] = []

    def make(name: str) -> HubSettings:
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        if request.param == "sqlite":
            return HubSettings(data_dir=folder, answer_quantum_ms=0)
        cluster = request.getfixturevalue("postgres")
        urls.append(cluster.empty_database())
        return HubSettings(data_dir=folder, database=urls[-1], answer_quantum_ms=0)

    yield make
    for url in urls:
        request.getfixturevalue("postgres").drop_database(url)


@pytest.fixture
def opened(world_of: Callable[..., Any], graded: Any) -> Iterator[Callable[[HubSettings, LinkageSchema], Any]]:
    """Return a way to open the hub of a place, as tests play with it."""
    worlds: list[Any] = []

    def open_place(settings: HubSettings, schema: LinkageSchema) -> Any:
        hub = replace(open_hub(settings), score=graded)
        worlds.append(world_of(hub, schema, TestClient(create_app(hub))))
        return worlds[-1]

    yield open_place
    for world in worlds:
        world.client.close()
        world.hub.database.close()


def take_keys(old: HubSettings, new: HubSettings) -> None:
    """Bring the key files, which are kept apart from backups, to the new place."""
    for name in ("hub.key", "log.key"):
        shutil.copy(old.data_dir / name, new.data_dir / name)


def contents(world: Any) -> dict[str, int]:
    """Count the rows of what a hub holds."""
    tables = ("entry", "meeting", "meeting_side", "organisation", "api_key", "audit_checkpoint")
    return {name: world.rows(f"SELECT count(*) FROM {name}")[0][0] for name in tables}  # noqa: S608 - our own names


def test_a_lost_hub_comes_back(new_settings: Any, opened: Any, entry: Callable[..., Any], tmp_path: Path) -> None:
    """Rows, keys and log are as they were; what came later is missing, and a witness of it can tell."""
    old, new = new_settings("old"), new_settings("new")
    schema = operating.initialise(old, "nepal", "nepal", list(Purpose), 36)
    world = opened(old, schema)
    first, second = world.join("a"), world.join("b")
    assert first.file(entry("x"), entry("y")).status_code == 202
    assert second.file(entry("x")).status_code == 202
    seen = first.send("GET", "/v1/audit/checkpoint").json()["note"]
    backups.back_up(world.hub, tmp_path / "backup")
    kept = contents(world)
    assert (kept["entry"], kept["meeting"]) == (3, 1)
    assert first.file(entry("lost")).status_code == 202
    world.calendar.day = replace_day(world.calendar.day)
    object.__setattr__(world.hub, "today", world.calendar.today)
    later = int(first.send("GET", "/v1/audit/checkpoint").json()["note"].splitlines()[1])

    take_keys(old, new)
    found = backups.restore(new, tmp_path / "backup")
    again = opened(new, schema)
    assert contents(again) == kept
    returned = again.client.get("/v1/audit/checkpoint", headers=first.headers)
    size = int(seen.splitlines()[1])
    assert returned.json()["note"].splitlines()[:3] == seen.splitlines()[:3]
    assert found.published == size < later
    proof = {"old": size, "new": later}
    assert again.client.get("/v1/audit/proofs/consistency", params=proof, headers=first.headers).status_code == 404
    assert again.rows("SELECT count(*) FROM audit_entry WHERE leaf LIKE '%restored%'") == [(1,)]
    assert again.client.get("/v1/meetings", headers=second.headers).status_code == 200


def replace_day(day: Any) -> Any:
    """Return the next day."""
    return day.replace(day=day.day + 1)


def test_a_backup_is_useless_without_the_hubs_key(new_settings: Any, opened: Any, tmp_path: Path) -> None:
    """No row can be read in it, and another hub cannot restore it; nothing is left of the try."""
    old, other = new_settings("old"), new_settings("other")
    world = opened(old, operating.initialise(old, "nepal", "nepal", list(Purpose), 36))
    world.join("Name of a shelter")
    backups.back_up(world.hub, tmp_path / "backup")
    content = (tmp_path / "backup").read_bytes()
    assert b"shelter" not in content
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    take_keys(old, other)
    (other.data_dir / "hub.key").write_bytes(secrets.token_bytes(32))
    with pytest.raises(SetupError) as caught:
        backups.restore(other, tmp_path / "backup")
    assert caught.value.code == "backup_false"
    assert {path.name for path in other.data_dir.iterdir()} == {"hub.key", "log.key"}


@pytest.mark.parametrize("where", [0, 30, 200, -1])
def test_every_changed_byte_is_noticed(where: int, new_settings: Any, opened: Any, tmp_path: Path) -> None:
    """In the head, in the first piece and in the last."""
    old, new = new_settings("old"), new_settings("new")
    world = opened(old, operating.initialise(old, "nepal", "nepal", list(Purpose), 36))
    backups.back_up(world.hub, tmp_path / "backup")
    content = bytearray((tmp_path / "backup").read_bytes())
    content[where] ^= 1
    (tmp_path / "backup").write_bytes(content)
    take_keys(old, new)
    with pytest.raises(SetupError) as caught:
        backups.restore(new, tmp_path / "backup")
    assert caught.value.code in {"backup_false", "backup_unreadable"}


def test_a_backup_that_was_cut_short_is_refused(new_settings: Any, opened: Any, tmp_path: Path) -> None:
    """Even at the end of a piece; and one is never written over another."""
    old, new = new_settings("old"), new_settings("new")
    world = opened(old, operating.initialise(old, "nepal", "nepal", list(Purpose), 36))
    world.rows("SELECT 1")
    path = tmp_path / "backup"
    backups.back_up(world.hub, path)
    with pytest.raises(SetupError) as caught:
        backups.back_up(world.hub, path)
    assert caught.value.code == "backup_not_written"
    whole = path.read_bytes()
    path.write_bytes(whole[: min(len(whole) - 20, PIECE_BYTES)])
    take_keys(old, new)
    with pytest.raises(SetupError) as caught:
        backups.restore(new, path)
    assert caught.value.code == "backup_false"


def test_a_restore_overwrites_nothing(new_settings: Any, opened: Any, tmp_path: Path) -> None:
    """A database that is there stays as it is."""
    old = new_settings("old")
    world = opened(old, operating.initialise(old, "nepal", "nepal", list(Purpose), 36))
    backups.back_up(world.hub, tmp_path / "backup")
    before = contents(world)
    with pytest.raises(SetupError) as caught:
        backups.restore(old, tmp_path / "backup")
    assert caught.value.code == "restore_not_empty"
    assert contents(world) == before


def test_the_commands_say_what_the_log_has(tmp_path: Path) -> None:
    """By command line, with the advice to tell the partners."""
    old, new = tmp_path / "old", tmp_path / "new"
    operating.initialise(HubSettings(data_dir=old), "nepal", "nepal", list(Purpose), 36)
    run = CliRunner().invoke
    done = run(app, ["backup", str(tmp_path / "b"), "--data-dir", str(old)])
    assert (done.exit_code, "none published" in done.output) == (0, True)
    new.mkdir()
    take_keys(HubSettings(data_dir=old), HubSettings(data_dir=new))
    done = run(app, ["restore", str(tmp_path / "b"), "--data-dir", str(new)])
    assert (done.exit_code, "log_truncated" in done.output) == (0, True)
