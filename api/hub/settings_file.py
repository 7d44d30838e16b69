"""
The hub's settings in one TOML file, named by `casematch-hub --settings FILE` or `CASEMATCH_HUB_SETTINGS`; hub.

Keys are those of `HubSettings`; tables there are none. Options stand before the environment, and both before the file.
"""

import os
import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from api.hub.errors import SetupError

VARIABLE = "CASEMATCH_HUB_SETTINGS"
_LARGEST_BYTES = 2**16
_KEY = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)


def named_settings(known: Iterable[str]) -> dict[str, Any]:
    """
    Return what the file says that the environment names; nothing when it names none.

    Args:
        known: the keys that it may have.

    Raises:
        SetupError: it cannot be read, others may change or read it, or it has an unknown key; no value is quoted.
    """
    name = os.environ.get(VARIABLE, "")
    if not name:
        return {}
    found = _parse(_read(Path(name)))
    unknown = sorted(set(found) - set(known))
    if unknown:
        shown = ", ".join(key if _KEY.fullmatch(key) else "?" for key in unknown)
        raise SetupError(f"the settings file has keys that the hub does not know: {shown}", code="settings_unknown")
    return found


def _read(path: Path) -> bytes:
    """Read the file, when it is its owner's and perhaps a group's to read."""
    content, mode = b"", 0
    is_read = False
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST_BYTES + 1)
        is_read = len(content) <= _LARGEST_BYTES
    except OSError:
        is_read = False
    if not is_read:
        raise SetupError("the settings file cannot be read", code="settings_unreadable")
    if mode & (stat.S_IWGRP | stat.S_IRWXO):
        raise SetupError("only its owner may change the settings file: chmod 640", code="settings_open")
    return content


def _parse(content: bytes) -> dict[str, Any]:
    """Parse TOML, without the parser's text, which quotes."""
    found: dict[str, Any] | None = None
    try:
        found = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        found = None
    if found is None:
        raise SetupError("the settings file is no TOML in UTF-8", code="settings_unreadable")
    return found
