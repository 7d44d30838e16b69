"""What partners' files can be like: each is read, or refused in one line with advice, and shows no value."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.agent.cli import app

CANARY = "Zzyzxmaya"
HEADER = "case_ref,given_name,family_name,father_name,birth_date,district,recorded_on,location_protected"
GOOD = "K-1,Sabitri,Mijar,Karna Bahadur Mijar,1997-09-09,Sindhupalchok,2024-08-03,no"


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an agent that works offline."""
    folder = tmp_path_factory.mktemp("offline")
    assert CliRunner().invoke(app, ["secret", "new", str(folder / "s")]).exit_code == 0
    done = CliRunner().invoke(app, ["agent", "init", str(folder / "agent"), "--offline", "--secret", str(folder / "s")])
    assert done.exit_code == 0
    return folder / "agent"


def dry_run(agent: Path, folder: Path, data: bytes, *options: str) -> Result:
    """Import bytes as a dry run."""
    path = folder / "cases.csv"
    path.write_bytes(data)
    return CliRunner().invoke(app, ["agent", "import", str(path), "--dry-run", "--dir", str(agent), *options])


def refused_files() -> Iterator[tuple[str, bytes, str]]:
    """Yield names, files and what is said of them."""
    row = f"K-1,{CANARY},{CANARY}"
    yield "empty", b"", "file: the file is empty"
    yield "no header", f"1,{CANARY},Tamang\n2,Gita,Rai\n".encode(), "row 1: no column has a known name"
    yield "wrong delimiter", f"case_ref^given_name\n1^{CANARY}\n".encode(), "row 1: only one column"
    yield "no reference", f"given_name,sex\n{CANARY},F\n".encode(), "row 1: no column holds the case reference"
    yield (
        "a million columns",
        b",".join(b"c%d" % number for number in range(1_000_000)) + b"\n",
        "more than 1000 columns",
    )
    yield "repeated column", f"case_ref,given_name,given_name\n{row}\n".encode(), "row 1, column 3: repeats"
    yield "two surnames", f"case_ref,surname,last_name\n{row}\n".encode(), "row 1, column 3: a second column"
    yield "spreadsheet", b"PK\x03\x04" + CANARY.encode(), "file: a spreadsheet"
    yield "cut UTF-8", f"case_ref,given_name\n1,{CANARY} सीता\n".encode()[:-2] + b"\n", "line 2: broken UTF-8"
    yield "binary", b"a,b\n\x00\x01" + CANARY.encode(), "file: holds bytes that are no text"


@pytest.mark.parametrize(
    ("data", "said"), [each[1:] for each in refused_files()], ids=[each[0] for each in refused_files()]
)
def test_a_file_that_is_no_table_is_refused(agent: Path, tmp_path: Path, data: bytes, said: str) -> None:
    """Exit code 1, one line that says where and why, at most one of advice, and no value."""
    result = dry_run(agent, tmp_path, data)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert said in lines[0]
    assert lines[0].startswith("casematch: ")
    assert len(lines) <= 2
    assert CANARY not in result.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_of_excel_is_read(agent: Path, tmp_path: Path, encoding: str) -> None:
    """A mark at the front, two bytes a letter or a Western code page make no difference."""
    text = f"{HEADER}\n{GOOD.replace('Karna', 'Zoë')}\n"
    result = dry_run(agent, tmp_path, text.encode(encoding))
    assert result.exit_code == 0
    assert "Read 1 case " in result.output
    assert "Release: 1 automatic, 0 wait for a person." in result.output


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (f"K-2,{CANARY}", "(row)", "ragged_row"),
        (f"K-2,{'x' * 2**20},{CANARY},,,,,", "(row)", "cell_too_long"),
        (f"K-1,{CANARY},,,,,,", "case_ref", "repeated_case_ref"),
        (f",{CANARY},,,,,,", "case_ref", "no_case_ref"),
        (f"K-2,Gita,Rai,,{CANARY},Kaski,2024-01-01,no", "birth_date", "unreadable_date"),
        (f"K-2,Gita,Rai,,1990-02-03,Kaski,{CANARY},no", "recorded_on", "unreadable_date"),
        (f"K-2,Gita,Rai,,,Kaski,2024-01-01,{CANARY}", "location_protected", "unknown_word"),
        ("K-2,😀🙏,Rai,,1990-02-03,Kaski,2024-01-01,no", "given_name", ""),
    ],
    ids=["ragged", "1 MB cell", "repeated id", "no id", "date", "record date", "protection", "emoji"],
)
def test_a_bad_row_or_cell_is_named_and_the_others_go_on(
    agent: Path, tmp_path: Path, row: str, column: str, code: str
) -> None:
    """The report names row, column and kind of fault; the good row is read; the value is not shown."""
    result = dry_run(agent, tmp_path, f"{HEADER}\n{GOOD}\n{row}\n".encode())
    assert result.exit_code == 0, result.output
    listed = [line.split() for line in result.output.splitlines() if line.startswith("3 ")]
    assert any(cells[1] == column and (not code or cells[2] == code) for cells in listed), result.output
    assert CANARY not in result.output
    assert "😀" not in result.output


def test_dates_in_three_writings_are_read(agent: Path, tmp_path: Path) -> None:
    """Gregorian, Bikram Sambat and Devanagari digits stand side by side."""
    rows = [
        f"K-{n},Gita,Rai,,{day},Kaski,2024-01-01,no" for n, day in enumerate(("1990-02-03", "2046/10/21", "२०४६-१०-२१"))
    ]
    result = dry_run(agent, tmp_path, "\n".join([HEADER, *rows]).encode())
    assert "Set aside" not in result.output
    assert "Release: 3 automatic" in result.output


def test_a_mapping_is_asked_for_then_remembered(agent: Path, tmp_path: Path) -> None:
    """A strange column is only suggested; once mapped, a file with the same header needs no mapping."""
    header = HEADER.replace("father_name", "fathr_name")
    data = f"{header}\n{GOOD}\n".encode()
    assert '--map "fathr_name=father_name"' in dry_run(agent, tmp_path, data).output
    path = tmp_path / "cases.csv"
    told = ["agent", "import", str(path), "--consent", "self", "--dir", str(agent), "--map", "fathr_name=father_name"]
    assert CliRunner().invoke(app, told).exit_code == 0
    assert "fathr_name → father_name" in dry_run(agent, tmp_path, data).output


def test_another_secret_is_refused(agent: Path, tmp_path: Path) -> None:
    """Records under another secret would meet nobody, so they are not encoded."""
    secret = agent.parent / "s"
    before = secret.read_text()
    path = tmp_path / "cases.csv"
    path.write_text(f"{HEADER}\nK-7{GOOD[3:]}\n")
    try:
        secret.unlink()
        assert CliRunner().invoke(app, ["secret", "new", str(secret)]).exit_code == 0
        result = CliRunner().invoke(app, ["agent", "import", str(path), "--consent", "self", "--dir", str(agent)])
        assert result.exit_code == 1
        assert "casematch: secret: another secret than at init" in result.output
    finally:
        secret.write_text(before)
    secret.chmod(0o644)
    result = CliRunner().invoke(app, ["agent", "import", str(path), "--consent", "self", "--dir", str(agent)])
    secret.chmod(0o600)
    assert result.exit_code == 1
    assert "others than its owner can read it" in result.output


def test_a_passphrase_makes_the_same_secret_for_all(tmp_path: Path) -> None:
    """Two partners who type one passphrase have one secret; a short one is refused."""
    for name in ("one", "two"):
        command = ["secret", "derive", str(tmp_path / name)]
        assert CliRunner().invoke(app, command, input="six random words of our own\n").exit_code == 0
    assert (tmp_path / "one").read_text() == (tmp_path / "two").read_text()
    short = CliRunner().invoke(app, ["secret", "derive", str(tmp_path / "three")], input="short\n")
    assert short.exit_code == 1
    assert not (tmp_path / "three").exists()
