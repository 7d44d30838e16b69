"""Settings of options, environment and file; and what the hub refuses to serve with."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.hub.errors import SetupError
from api.hub.safety import require_safe
from api.hub.settings import HubSettings
from api.hub.settings_file import VARIABLE


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a way to write the settings file that the environment names."""
    path = tmp_path / "hub.toml"
    monkeypatch.setenv(VARIABLE, str(path))

    def write(content: str) -> Path:
        path.write_text(content, encoding="utf-8")
        path.chmod(0o640)
        return path

    return write


def test_the_environment_stands_before_the_file(
    written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And options before both."""
    written('data_dir = "/file"\nport = 1\nworkers = 3\n')
    monkeypatch.setenv("CASEMATCH_HUB_PORT", "2")
    found = HubSettings(data_dir=Path("/option"))
    assert (found.data_dir, found.port, found.workers) == (Path("/option"), 2, 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("prot = 1", "settings_unknown"),
        ("[hub]\nport = 1", "settings_unknown"),
        ("port = secret-word", "settings_unreadable"),
        ('"secret-word!" = 1', "settings_unknown"),
    ],
)
def test_a_wrong_file_is_refused_without_being_quoted(content: str, code: str, written: Callable[[str], Path]) -> None:
    """A misspelt key must not leave a default in its place."""
    written(content)
    with pytest.raises(SetupError) as caught:
        HubSettings()
    assert (caught.value.code, "secret" in caught.value.reason) == (code, False)


@pytest.mark.parametrize("mode", [0o660, 0o644, 0o646])
def test_a_file_that_others_may_read_or_a_group_may_change_is_refused(
    mode: int, written: Callable[[str], Path]
) -> None:
    """It may hold the password of a database."""
    written("port = 1").chmod(mode)
    with pytest.raises(SetupError) as caught:
        HubSettings()
    assert caught.value.code == "settings_open"


def test_a_file_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than to go on with defaults."""
    monkeypatch.setenv(VARIABLE, "/nowhere/hub.toml")
    with pytest.raises(SetupError) as caught:
        HubSettings()
    assert caught.value.code == "settings_unreadable"


def test_a_wrong_value_is_not_quoted(written: Callable[[str], Path]) -> None:
    """Nor shown in the error's text."""
    written('port = "secret-word"')
    with pytest.raises(ValidationError) as caught:
        HubSettings()
    assert "secret-word" not in str(caught.value)


UNSAFE = [
    ({"host": "0.0.0.0"}, "no_proxy"),  # noqa: S104 - that is the point
    ({"host": "::"}, "no_proxy"),
    ({"host": "hub.example.org"}, "no_proxy"),
    ({"answer_quantum_ms": 0}, "no_quantum"),
    ({"webhook_loopback": True}, "webhook_loopback"),
    ({"database": "postgresql+psycopg://hub@db.example.org/hub"}, "database_open"),
    ({"database": "postgresql+psycopg://hub@db.example.org/hub?sslmode=require"}, "database_open"),
    ({"database": "postgresql+psycopg:///hub?host=db.example.org"}, "database_open"),
]


@pytest.mark.parametrize(("given", "code"), UNSAFE)
def test_what_is_unsafe_must_be_asked_for(given: dict[str, object], code: str) -> None:
    """Refused, unless insecure development is on."""
    with pytest.raises(SetupError) as caught:
        require_safe(HubSettings(**given))
    assert caught.value.code == code
    require_safe(HubSettings(**given, insecure_development=True))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"host": "::1"},
        {"host": "0.0.0.0", "trusted_proxies": "172.30.0.2"},  # noqa: S104 - behind a proxy
        {"database": "postgresql+psycopg://hub@127.0.0.1/hub"},
        {"database": "postgresql+psycopg:///hub?host=/run/postgresql"},
        {"database": "postgresql+psycopg://hub@db.example.org/hub?sslmode=verify-full"},
    ],
)
def test_what_is_safe_is_served(given: dict[str, object]) -> None:
    """On this machine, behind a proxy, or with a database whose certificate is checked."""
    require_safe(HubSettings(**given))
