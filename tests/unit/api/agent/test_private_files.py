"""Files for their owner alone: written so, and refused when others could read them."""

import os
from pathlib import Path

import pytest

from api.agent.errors import PrivateFileError
from api.agent.private_files import read_private, write_private
from api.agent.secret_file import read_secret, write_secret
from matcher.encode.secret import LinkageSecret
from matcher.errors import SecretError


def test_a_private_file_is_for_its_owner(tmp_path: Path) -> None:
    """What is written can be read back, and by nobody else, whatever the umask."""
    path = tmp_path / "key"
    before = os.umask(0)
    try:
        write_private(path, "text\n", role="key")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_private(path, role="key") == "text\n"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A second secret never replaces a first."""
    path = tmp_path / "project.secret"
    write_secret(path, LinkageSecret.generate())
    before = path.read_bytes()
    with pytest.raises(PrivateFileError) as caught:
        write_secret(path, LinkageSecret.generate())
    assert caught.value.code == "file_exists"
    assert path.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """A secret that was open to others is not used."""
    path = tmp_path / "project.secret"
    write_secret(path, LinkageSecret.generate())
    path.chmod(mode)
    with pytest.raises(PrivateFileError) as caught:
        read_secret(path)
    assert caught.value.code == "file_open_to_others"


def test_a_secret_survives_its_file(tmp_path: Path) -> None:
    """The secret read is the secret written."""
    secret = LinkageSecret.generate()
    write_secret(tmp_path / "project.secret", secret)
    assert read_secret(tmp_path / "project.secret").derive("test") == secret.derive("test")


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"hello\n", SecretError), (b"\xff" * 64, PrivateFileError), (b"a" * 10_000, PrivateFileError)],
)
def test_a_file_that_is_no_secret_is_refused(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    """Neither text of another form nor bytes are taken for a secret, and none of it is shown."""
    path = tmp_path / "project.secret"
    path.write_bytes(data)
    path.chmod(0o600)
    with pytest.raises(error) as caught:
        read_secret(path)
    assert "hello" not in str(caught.value)


def test_an_absent_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """A wrong path is told by the file's role."""
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(PrivateFileError, match="linkage secret"):
            read_secret(path)
