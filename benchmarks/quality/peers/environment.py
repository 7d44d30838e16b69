"""
A virtual environment for each peer, made once and kept: their pins contradict one another and ours.

A peer that cannot be installed is reported in the table with the reason, never left out in silence.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CACHE = "CASEMATCH_BENCHMARK_CACHE"  # environment variable: where the environments are kept
INSTALL_SECONDS = 600


class PeerMissingError(Exception):
    """A peer could not be installed or did not run; says which and at what step."""


@dataclass(frozen=True, slots=True)
class Peer:
    """
    A peer.

    Attributes:
        name: as the table shows it.
        pins: packages with exact versions.
        script: the file that its interpreter runs.
    """

    name: str
    pins: tuple[str, ...]
    script: Path


def interpreter(peer: Peer) -> Path:
    """
    Return the interpreter of a peer's environment, made on first use.

    Raises:
        PeerMissingError: it cannot be made.
    """
    root = Path(os.environ.get(CACHE) or Path.home() / ".cache" / "casematch-benchmarks")
    digest = hashlib.sha256(" ".join((sys.version, *peer.pins)).encode()).hexdigest()[:12]
    home = root / f"{peer.script.stem}-{digest}"
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        _run([sys.executable, "-m", "venv", "--clear", str(home)], peer, "make an environment")
        _run([str(python), "-m", "pip", "install", "--quiet", *peer.pins], peer, "install its packages")
        (home / "ready").touch()
    return python


def command_of(peer: Peer, arguments: Sequence[str]) -> list[str]:
    """
    Return the command that runs a peer's script.

    Raises:
        PeerMissingError: it cannot be installed.
    """
    return [str(interpreter(peer)), str(peer.script), *arguments]


def run_peer(peer: Peer, arguments: Sequence[str], seconds: float) -> None:
    """
    Run a peer's script.

    Raises:
        PeerMissingError: it cannot be installed, fails, or takes longer than so many seconds.
    """
    _run(command_of(peer, arguments), peer, "run", seconds)


def _run(command: Sequence[str], peer: Peer, step: str, seconds: float = INSTALL_SECONDS) -> None:
    """Run one command; its output is kept for the error alone."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise PeerMissingError(f"{peer.name}: could not {step} in {seconds:.0f} s") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise PeerMissingError(f"{peer.name}: could not {step}: {last[:200]}")
