"""The key that signs the log lies in a file of its own, its owner's alone, and can be replaced."""

from pathlib import Path

import pytest

from api.hub.audit.key_file import create_log_key_file, origin_of, read_log_key_file, replace_log_key_file
from api.hub.errors import SetupError
from api.hub.keys import HubKey

HUB_KEY = HubKey(bytes(range(32)))


def test_a_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    """For its owner alone; a second one does not take its place."""
    path = tmp_path / "log.key"
    create_log_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_log_key_file(path, HUB_KEY).verifier == read_log_key_file(path, HUB_KEY).verifier
    with pytest.raises(SetupError) as caught:
        create_log_key_file(path)
    assert caught.value.code == "log_key_not_written"


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0o600, "log_key_missing"),
        (b"", 0o600, "log_key_missing"),
        (bytes(31), 0o600, "log_key_size"),
        (bytes(33), 0o600, "log_key_size"),
        (bytes(32), 0o640, "log_key_open"),
        (bytes(32), 0o604, "log_key_open"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(tmp_path: Path, content: bytes | None, mode: int, code: str) -> None:
    """Absent, empty, of another size, or open to others."""
    path = tmp_path / "log.key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    with pytest.raises(SetupError) as caught:
        read_log_key_file(path, HUB_KEY)
    assert caught.value.code == code


def test_a_new_key_keeps_the_logs_name_and_the_old_file(tmp_path: Path) -> None:
    """The name follows from the hub's key: another key of the log, not another log."""
    path = tmp_path / "log.key"
    with pytest.raises(SetupError):
        replace_log_key_file(path)
    create_log_key_file(path)
    old = read_log_key_file(path, HUB_KEY).verifier
    replace_log_key_file(path)
    new = read_log_key_file(path, HUB_KEY).verifier
    assert old.name == new.name == origin_of(HUB_KEY)
    assert old.public != new.public
    assert len(list(tmp_path.iterdir())) == 2


def test_another_hub_has_another_log() -> None:
    """Its name cannot be taken for this one's, and does not give the key away."""
    assert origin_of(HUB_KEY) != origin_of(HubKey(bytes(32)))
    assert HUB_KEY.derive("audit-origin").hex() not in origin_of(HUB_KEY)
