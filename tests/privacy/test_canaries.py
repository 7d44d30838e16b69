"""
Two hundred unique names go through import, push, sync, malformed rows and a crash, and are found nowhere.

Looked at: the hub's database, write-ahead log, key and process log; every request and answer; both agents' vaults; all
that commands print, errors included; and every temporary file.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx2
import pytest

from api.agent import client as client_module
from api.agent.demo.hub import PROJECT, DemoHub
from api.agent.demo.search import LEAST_BYTES, count_rows, occurring
from api.agent.demo.world import PARTNERS
from api.agent.private_files import write_private

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
LATIN = "bcdfghjklmnprtvz"
DEVANAGARI = "कखगघचजटडतदनपबमयरलवसह"
HEADER = (
    "case_ref,given_name,family_name,father_name,birth_date,district,recorded_on,location_protected,"
    "encounter_quarter,encounter_kind,encounter_status"
)
CONSENT = ("--consent", "self", "--consent-until", "2099-12-31")
PYTHON = (sys.executable, "-c")
COMMAND = "from api.agent.cli import app; app()"


def make_names() -> list[str]:
    """Return 200 names that occur nowhere else, half of them in Devanagari."""
    chance = Random(11)  # noqa: S311 - invents names
    latin = ["Q" + "".join(f"{chance.choice(LATIN)}{chance.choice('aeiou')}" for _ in range(4)) for _ in range(100)]
    other = ["".join(chance.choice(DEVANAGARI) + chance.choice("ािीुूे") for _ in range(4)) for _ in range(100)]
    return [*dict.fromkeys(latin), *dict.fromkeys(other)]


NAMES = make_names()
FORMS = sorted(
    {form.encode(encoding) for name in NAMES for form in (name, name.lower(), name.upper()) for encoding in ENCODINGS}
)


@dataclass
class Trial:
    """A hub, two agents, and all that was said."""

    folder: Path
    hub: DemoHub
    said: list[bytes] = field(default_factory=list)

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Start `casematch` with a temporary folder of its own."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        root = str(Path(__file__).parents[2])
        environment = {**os.environ, "PYTHONPATH": root, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
        return subprocess.Popen(
            [*PYTHON, COMMAND, *map(str, arguments)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def run(self, *arguments: str | Path) -> int:
        """Run `casematch`, and keep what it said."""
        process = self.start(*arguments)
        self.said.extend(process.communicate(timeout=180))
        return process.returncode


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Put the names through everything once."""
    folder = tmp_path_factory.mktemp("canaries")
    hub = DemoHub(folder / "hub")
    api_keys = hub.set_up(PARTNERS)
    trial = Trial(folder, hub)
    write_lists(folder)
    with hub.serving():
        assert trial.run("secret", "new", folder / "s") == 0
        for partner in ("valley", "border"):
            write_private(folder / f"{partner}.key", api_keys[partner], role="API key")
            key = ("--api-key-file", folder / f"{partner}.key", "--secret", folder / "s")
            assert trial.run("agent", "init", folder / partner, "--hub", hub.url, "--project", PROJECT, *key) == 0
        crash(trial, "agent", "import", folder / "list.csv", *CONSENT, "--dir", folder / "valley")
        for partner in ("valley", "border"):
            assert trial.run("agent", "import", folder / "list.csv", *CONSENT, "--dir", folder / partner) == 0
            broken = (folder / "broken.csv", "--all", *CONSENT)
            assert trial.run("agent", "import", *broken, "--dir", folder / partner) == 0
            assert trial.run("agent", "import", folder / "headless.csv", "--dir", folder / partner) == 1
            crash(trial, "agent", "push", "--dir", folder / partner)
            assert trial.run("agent", "push", "--dir", folder / partner) == 0
        for partner in ("valley", "border") * 2:
            assert trial.run("agent", "sync", "--dir", folder / partner) == 0
        for command in ("inbox", "status"):
            assert trial.run("agent", command, "--dir", folder / "valley") == 0
        resolve(trial)
        send_malformed(trial, api_keys["valley"])
        yield trial


def resolve(trial: Trial) -> None:
    """Do all that can be done about single cases, and type names where none belong."""
    one, other, third = NAMES[5:8]
    for wanted, *arguments in (
        (0, "file", "C-1", "--from", trial.folder / "broken.csv", "--consent", "self"),
        (2, "consent", "give", "K-1", "--by", one, "--withheld-from", other),
        (1, "encounter", "K-1", "--on", one),
        (1, "encounter", "K-1", "--on", "2024-08-03", "--kind", other),
        (2, "request", "K-1", "--rung", one, "--reason", other),
        (1, "disclosure", one, "--match", other),
        (1, "decide", third, "grant"),
        (2, "review", "K-1", one, "--reason", other),
        (0, "consent", "end", "K-1"),
        (0, "consent", "proof", "K-1"),
        (0, "consent", "show", "K-1"),
    ):
        assert trial.run("agent", *arguments, "--dir", trial.folder / "valley") == wanted, arguments


def write_lists(folder: Path) -> None:
    """Write a good list, a list of broken rows and one without a header, all full of the names."""
    given, family = NAMES[::2], NAMES[1::2]
    rows = [
        f"K-{n},{one},{two},{two} {one},19{70 + n % 20}-0{1 + n % 9}-1{n % 4},Kaski,2024-01-05,no,2024Q1,rescue,actual"
        for n, (one, two) in enumerate(zip(given, family, strict=True))
    ]
    (folder / "list.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    broken = [f"B-{n},{name},{name}" for n, name in enumerate(NAMES[:40])]
    broken += [
        f"C-{n},Gita,Rai,,{name},{name},{name},{name},{name},{name},{name}" for n, name in enumerate(NAMES[40:160])
    ]
    broken += [f"C-1,{NAMES[160]},,,,,,,,,", f",{NAMES[161]},,,,,,,,,", f'D-1,"{NAMES[162]},,,']
    (folder / "broken.csv").write_text("\n".join([HEADER, *broken]), encoding="utf-8")
    (folder / "headless.csv").write_text("\n".join(rows[:20]), encoding="utf-8")


def crash(trial: Trial, *arguments: str | Path) -> None:
    """Kill a command while it works."""
    process = trial.start(*arguments)
    time.sleep(1.5)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    trial.said.extend(process.communicate())


def send_malformed(trial: Trial, api_key: str) -> None:
    """Send names to the hub where none belong, and keep its answers."""
    headers = {"Authorization": f"Bearer {api_key}"}
    with httpx2.Client(base_url=trial.hub.url, headers=headers, trust_env=False) as client:
        for path in ("/v1/matches", "/v1/meetings/decisions", f"/v1/projects/{PROJECT}/erasures"):
            answer = client.post(path, json={"reference": NAMES[0], NAMES[1]: [NAMES[2]], "release": [NAMES[3]]})
            assert answer.is_client_error
            trial.said.append(answer.content)
        body = NAMES[4].encode() * 20
        answer = client.post(
            f"/v1/projects/{PROJECT}/entry-batches", content=body, headers={"Content-Type": client_module.MEDIA_TYPE}
        )
        assert answer.is_client_error
        trial.said.append(answer.content)


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """The names are long enough not to occur by chance, and the search sees them in the partner's own file."""
    assert len(NAMES) == 200
    assert min(map(len, FORMS)) >= LEAST_BYTES
    write_lists(tmp_path)
    found = occurring((tmp_path / "list.csv").read_bytes(), FORMS)
    assert {name.encode() for name in NAMES} <= found


def test_the_trial_had_something_to_hide(trial: Trial) -> None:
    """Entries were filed and met, and the broken rows were reported."""
    rows = count_rows(trial.hub.folder)
    assert rows["entry"] > 1_000
    assert rows["meeting"] > 100
    said = b"\n".join(trial.said)
    for code in (b"ragged_row", b"repeated_case_ref", b"no_case_ref", b"unclosed_quote", b"unreadable_date"):
        assert code in said


def test_no_name_is_in_anything_the_hub_keeps(trial: Trial) -> None:
    """Neither in the database, its log, the key file nor the process's log."""
    files = [path for path in trial.hub.folder.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"hub.sqlite3", "hub.sqlite3-wal", "hub.log"}
    for path in files:
        assert not occurring(path.read_bytes(), FORMS), path.name


def test_no_name_is_in_anything_said(trial: Trial) -> None:
    """Neither in reports, errors, nor the hub's answers."""
    for text in trial.said:
        assert not occurring(text, FORMS)
        assert b"Traceback" not in text


def test_no_name_is_left_on_the_partners_disk(trial: Trial) -> None:
    """Vaults, even after a crash, and temporary files hold no readable name."""
    folders = [trial.folder / "valley", trial.folder / "border", trial.folder / "tmp"]
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        assert not occurring(path.read_bytes(), FORMS), path.name
