"""
What the hub holds of people: its files searched for every name and number of the lists; on the partner's premises.

Database, write-ahead log and process log are read as bytes. What is shorter than six bytes would turn up in random
bytes by chance, so short names are searched for in their full form: given and family name together.
"""

import csv
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

LEAST_BYTES = 6  # by chance: once in 2**48 places
SEARCHED = ("given_name", "family_name", "father_name", "mother_name", "other_names", "phone", "citizenship_no")
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Searched:
    """
    The outcome of a search.

    Attributes:
        found: what was found, which should be nothing.
        files: number of files, and their bytes together.
    """

    wanted: int
    found: tuple[str, ...] = field(repr=False)
    files: int
    size: int


def names_in(path: Path, encoding: str, delimiter: str, headers: dict[str, str]) -> frozenset[str]:
    """
    Return every name and number of a partner's file that can be searched for.

    Args:
        path: the file.
        encoding: of its text.
        delimiter: between its columns.
        headers: what the file calls the attributes.
    """
    wanted: set[str] = set()
    with path.open(encoding=encoding, newline="") as file:
        for row in csv.DictReader(file, delimiter=delimiter):
            cells = [row[headers[name]] for name in SEARCHED]
            full = f"{row[headers['given_name']]} {row[headers['family_name']]}"
            wanted.update(cell for cell in (*cells, full) if len(cell.encode()) >= LEAST_BYTES)
    return frozenset(wanted)


def search(folder: Path, wanted: Iterable[str]) -> Searched:
    """Search every file of a folder for every text, in UTF-8 and UTF-16, in any case of letters."""
    contents = [path.read_bytes().lower() for path in sorted(folder.rglob("*")) if path.is_file()]
    texts = frozenset(wanted)
    found = tuple(
        text
        for text in sorted(texts)
        if any(text.lower().encode(encoding) in data for encoding in ENCODINGS for data in contents)
    )
    return Searched(len(texts), found, len(contents), sum(map(len, contents)))


def count_rows(folder: Path) -> dict[str, int]:
    """Count the rows of every table of the hub's SQLite database."""
    (path,) = (path for path in folder.iterdir() if path.is_file() and _is_sqlite(path))
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - its own names
            for name in sorted(names)
        }


def _is_sqlite(path: Path) -> bool:
    """Tell a SQLite database by its first bytes."""
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"
