"""The operator's commands: set up, let in, revoke, advance; each error one plain line."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.hub.cli import app
from matcher.schema import LinkageSchema

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a data folder that does not exist yet, and put the umask back in the end."""
    monkeypatch.setenv("CASEMATCH_HUB_DATA_DIR", str(tmp_path / "hub"))
    umask = os.umask(0o022)
    yield tmp_path / "hub"
    os.umask(umask)


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a command; the folder comes by environment."""
    del folder
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def made(run: Run) -> Callable[..., dict[str, Any]]:
    """Run a command that prints one JSON object."""

    def read(*arguments: str) -> dict[str, Any]:
        done = run(*arguments, "--json")
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return read


def refused(done: Result, code: str) -> None:
    """Check that a command ended with one plain line."""
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.fullmatch(rf"casematch-hub: .* \[{code}\]\n", done.stderr), done.stderr


def test_init_makes_files_for_their_owner_alone(folder: Path, run: Run) -> None:
    """Folder, key and database."""
    assert run("init", "--project", "nepal").exit_code == 0
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert len((folder / "hub.key").read_bytes()) == 32


def test_every_project_has_a_salt_of_its_own(made: Callable[..., dict[str, Any]]) -> None:
    """Two projects of one schema and name differ in their schema id."""
    first = made("init", "--project", "one")
    assert first["schema_id"] != made("init", "--project", "two")["schema_id"]
    assert first["key_epoch"] == 1


def test_init_reads_a_schema_file(tmp_path: Path, made: Callable[..., dict[str, Any]]) -> None:
    """A project may bring its own."""
    path = tmp_path / "own.json"
    path.write_text(LinkageSchema.shipped("nepal").with_project("x", bytes(16), 7).to_json(), encoding="utf-8")
    assert made("init", "--project", "one", "--schema", str(path))["key_epoch"] == 7


def test_init_refuses_what_it_cannot_use(tmp_path: Path, run: Run) -> None:
    """Names, schemas, a project that is there, and a key file that is lost."""
    refused(run("init", "--project", "Sunita Devi"), "invalid_schema")
    refused(run("init", "--project", "one", "--schema", "nowhere.json"), "unknown_schema")
    (tmp_path / "bad.json").write_text("[]")
    refused(run("init", "--project", "one", "--schema", tmp_path / "bad.json"), "not_json")
    run("init", "--project", "one")
    refused(run("init", "--project", "one"), "project_exists")


@pytest.mark.parametrize(
    ("key", "mode", "code"),
    [
        (None, 0, "hub_key_missing"),
        (b"short", 0o600, "hub_key_size"),
        (bytes(32), 0o600, "hub_key_other"),
        (bytes(32), 0o604, "hub_key_open"),
        (bytes(32), 0o660, "hub_key_open"),
    ],
    ids=["missing", "short", "other", "all may read", "group may read"],
)
def test_nothing_runs_without_the_right_key(folder: Path, run: Run, key: bytes | None, mode: int, code: str) -> None:
    """Missing, too short, another hub's, or open to others; and init does not make a second one."""
    run("init", "--project", "nepal")
    path = folder / "hub.key"
    path.unlink()
    if key is not None:
        path.write_bytes(key)
        path.chmod(mode)
    refused(run("serve"), code)
    refused(run("organisation", "add", "x", "--class", "ngo"), code)
    refused(run("init", "--project", "other"), code)


def test_an_api_key_is_shown_once_and_kept_as_a_digest(folder: Path, made: Callable[..., dict[str, Any]]) -> None:
    """Neither the key nor its secret is in the database."""
    made("init", "--project", "nepal")
    made("organisation", "add", "Asha", "--class", "shelter", "--release-to", "ngo:protection")
    key = made("api-key", "new", "Asha")
    assert re.fullmatch(r"cm_[0-9a-f]{16}_[0-9a-f]{64}", key["api_key"])
    stored = b"".join(path.read_bytes() for path in folder.glob("hub.sqlite3*"))
    secret = key["api_key"].rpartition("_")[2]
    assert key["key_id"].encode() in stored
    assert secret.encode() not in stored
    assert bytes.fromhex(secret) not in stored


def test_keys_live_twelve_months_at_most(run: Run, made: Callable[..., dict[str, Any]]) -> None:
    """Longer is a usage error."""
    made("init", "--project", "nepal")
    made("organisation", "add", "Asha", "--class", "ngo")
    assert run("api-key", "new", "Asha", "--days", "366").exit_code == 2
    assert run("api-key", "new", "Asha", "--days", "0").exit_code == 2


def test_mistaken_names_are_plain_errors(run: Run, made: Callable[..., dict[str, Any]]) -> None:
    """An unknown organisation, rule, key, epoch or project, and a name that is taken."""
    made("init", "--project", "nepal")
    made("organisation", "add", "Asha", "--class", "ngo")
    refused(run("organisation", "add", "Asha", "--class", "ngo"), "organisation_exists")
    refused(run("organisation", "add", "B", "--class", "ngo", "--release-to", "ngo:all"), "unknown_rule")
    refused(run("organisation", "add", "B", "--class", "ngo", "--project", "x"), "unknown_project")
    refused(run("api-key", "new", "B"), "unknown_organisation")
    refused(run("api-key", "revoke", "0" * 16), "unknown_api_key")
    refused(run("epoch", "retire", "9"), "unknown_key_epoch")


def test_epochs_advance_and_retire(run: Run, made: Callable[..., dict[str, Any]]) -> None:
    """The next epoch has its own schema id."""
    first = made("init", "--project", "nepal")
    second = made("epoch", "advance")
    assert (second["key_epoch"], second["schema_id"] != first["schema_id"]) == (2, True)
    assert run("epoch", "retire", "1").exit_code == 0


def test_a_key_can_be_revoked_by_its_id_or_its_text(run: Run, made: Callable[..., dict[str, Any]]) -> None:
    """Both are at hand in an emergency."""
    made("init", "--project", "nepal")
    made("organisation", "add", "Asha", "--class", "ngo")
    for part in ("key_id", "api_key"):
        assert run("api-key", "revoke", made("api-key", "new", "Asha")[part]).exit_code == 0


def test_migrate_and_expire_can_be_run_at_any_time(run: Run) -> None:
    """With nothing to do they do nothing."""
    run("init", "--project", "nepal")
    assert run("migrate").exit_code == 0
    assert run("expire").exit_code == 0


@pytest.mark.parametrize("url", ["postgresql+psycopg://a:geheim@127.0.0.1:1/x", "postgresql://a@b/x?password=geheim"])
def test_a_password_on_the_command_line_is_refused(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of processes shows it to everybody; by environment it may come."""
    for command in (("init", "--project", "nepal"), ("serve",), ("user", "list")):
        done = run(*command, "--database", url)
        refused(done, "database_password")
        assert "geheim" not in done.stderr
    monkeypatch.setenv("CASEMATCH_HUB_DATABASE", "postgresql+psycopg://a:geheim@127.0.0.1:1/x")
    refused(run("init", "--project", "nepal"), "database_unusable")


def test_a_database_that_cannot_be_used_is_a_plain_error(folder: Path, run: Run) -> None:
    """Another program's, one without tables, or an unknown kind; the URL is not shown."""
    refused(run("init", "--project", "nepal", "--database", "mysql://a@localhost/x"), "database_url")
    refused(run("init", "--project", "nepal", "--database", "sqlite+pysqlite://"), "database_url")
    unreachable = "postgresql+psycopg://a@127.0.0.1:1/x"
    refused(run("init", "--project", "nepal", "--database", unreachable), "database_unusable")
    run("init", "--project", "nepal")
    refused(run("serve", "--database", unreachable), "database_unusable")
    shutil.copy(folder / "hub.key", folder / "copy")
    (folder / "hub.sqlite3").unlink()
    refused(run("serve"), "not_migrated")


def test_every_command_explains_itself(run: Run) -> None:
    """The help names the steps of a first hub and the environment."""
    done = run("--help")
    assert all(word in done.output for word in ("init", "organisation", "api-key", "serve", "CASEMATCH_HUB_DATA_DIR"))
    for command in (["init"], ["organisation", "add"], ["api-key", "new"], ["epoch", "retire"], ["serve"]):
        assert run(*command, "--help").exit_code == 0
