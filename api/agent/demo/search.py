"""
What the hub holds of people: its files searched for every name and number of the lists; on the partner's premises.

Database, write-ahead log and process log are read as bytes. What is shorter than six bytes would turn up in random
bytes by chance, so short names are searched for in their full form: given and family name together.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LEAST_BYTES = 6  # by chance: once in 2**48 places
SEARCHED = ("given_name", "family_name", "father_name", "mother_name", "other_names", "phone", "citizenship_no")
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
CHUNK_BYTES = 2**20  # keeps the windows of a pass at 8 MiB


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


def names_in(rows: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Return every name and number in rows, by attribute, that can be searched for."""
    wanted: set[str] = set()
    for row in rows:
        full = f"{row['given_name']} {row['family_name']}"
        cells = [row[name] for name in SEARCHED]
        wanted.update(cell for cell in (*cells, full) if len(cell.encode()) >= LEAST_BYTES)
    return frozenset(wanted)


def search(folder: Path, wanted: Iterable[str]) -> Searched:
    """Search every file of a folder for every text, in UTF-8 and UTF-16, in any case of letters."""
    texts = frozenset(wanted)
    forms = {text.encode(encoding).lower(): text for text in texts for encoding in ENCODINGS}
    found: set[str] = set()
    sizes: list[int] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes().lower()  # bytes on both sides, so that ASCII capitals do not matter
            sizes.append(len(data))
            found |= {forms[form] for form in occurring(data, list(forms))}
    return Searched(len(texts), tuple(sorted(found)), len(sizes), sum(sizes))


def occurring(data: bytes, forms: Sequence[bytes]) -> set[bytes]:
    """
    Return the forms that occur in the data, each at least `LEAST_BYTES` long.

    All are looked for at once by their first six bytes: one pass, where `in` takes a pass for each.
    """
    by_start: defaultdict[int, list[bytes]] = defaultdict(list)
    for form in forms:
        by_start[int.from_bytes(form[:LEAST_BYTES], "big")].append(form)
    starts = np.array(sorted(by_start), dtype=np.uint64)
    found: set[bytes] = set()
    for offset in range(0, len(data), CHUNK_BYTES):
        windows = _windows(data[offset : offset + CHUNK_BYTES + LEAST_BYTES - 1])
        places = np.searchsorted(starts, windows)
        hits = np.flatnonzero(starts[np.minimum(places, len(starts) - 1)] == windows) if len(starts) else places[:0]
        for place in hits.tolist():
            candidates = by_start[int(windows[place])]
            found.update(form for form in candidates if data.startswith(form, offset + place))
    return found


def _windows(data: bytes) -> NDArray[np.uint64]:
    """Return every six bytes in a row as one number; shape (len(data) - 5,)."""
    octets = np.frombuffer(data, dtype=np.uint8).astype(np.uint64)
    count = max(len(octets) - LEAST_BYTES + 1, 0)
    windows = np.zeros(count, dtype=np.uint64)
    for shift in range(LEAST_BYTES):
        windows = (windows << np.uint64(8)) | octets[shift : shift + count]
    return windows


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
