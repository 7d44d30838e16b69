"""
Entries of long lists in files, cut by token, so that a part of all blocks fits in memory; on the partner's premises.

All entries under one token lie in one part (a Grace hash join, Kitsuregawa 1983): whoever joins a part needs no other,
and the sketches, nine tenths of the bytes, are read once, in the order in which they were written. A part of a list is
two files: keys (token, position of the record) and sketches, row by row.

No name and no plain value is ever in them: what is kept would look random to whoever finds it, because the secret that
they were made with is never written down.
"""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.agent.linking.judging import Sample
from matcher.encode.encoder import EncodedEntries
from matcher.encoding import TOKEN_BYTES

ENTRIES_OF_A_PART = 500_000  # their sketches take some 110 MB
ENTRIES_OF_A_RECORD = 64  # more than most records have: parts come out smaller, not larger
MOST_PARTS = 1_024
KEY = np.dtype([("high", "<u8"), ("low", "<u8"), ("owner", "<i8")])
_MANIFEST = "entries.json"
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # any odd number: tokens are random already


@dataclass(frozen=True, slots=True)
class Contents:
    """
    What a finished store holds.

    Attributes:
        made_from: says of which inputs and under which schema and frequencies; another value is another store.
        sizes: records of each list.
        entries: of all lists.
        encode_seconds: that making it took.
        set_aside: cells that were not understood: column, code, how many.
    """

    made_from: str
    sizes: list[int]
    entries: int
    encode_seconds: float
    set_aside: list[tuple[str, str, int]]


class EntryStore:
    """A folder of entries."""

    def __init__(self, folder: Path, parts: int, sketch_bytes: int) -> None:
        """
        Name the folder.

        Args:
            folder: made if it is not there; the store's own, because it is emptied when it holds something else.
            parts: see `parts_for`; the same for as long as the folder is used.
            sketch_bytes: of the schema.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.parts, self._sketch_bytes = folder, parts, sketch_bytes

    def clear(self) -> None:
        """Delete what is there of an earlier store."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def add(self, number: int, entries: EncodedEntries, first: int) -> None:
        """
        Append entries of a list.

        Args:
            number: of the list, 0 or 1.
            entries: of some records, in order.
            first: position in the list of the first of these records.
        """
        keys = np.empty(len(entries.owner), dtype=KEY)
        words = np.ascontiguousarray(entries.tokens).view("<u8").reshape(-1, TOKEN_BYTES // 8)
        keys["high"], keys["low"], keys["owner"] = words[:, 0], words[:, 1], entries.owner + first
        part = (keys["high"] * _SPREAD) % np.uint64(self.parts)
        order = np.argsort(part, kind="stable")
        ends = np.cumsum(np.bincount(part.astype(np.int64), minlength=self.parts))
        for each, rows in enumerate(np.split(order, ends[:-1])):
            if len(rows):
                _append(self._path(number, each, "keys"), keys[rows])
                _append(self._path(number, each, "sketches"), entries.sketches[rows])

    def keys(self, number: int, part: int) -> NDArray[np.void]:
        """Return the keys of a part of a list, of dtype `KEY`, in the order of its records."""
        path = self._path(number, part, "keys")
        return np.fromfile(path, dtype=KEY) if path.exists() else np.zeros(0, dtype=KEY)

    def sketches(self, number: int, part: int) -> NDArray[np.uint8]:
        """Return the sketches of a part of a list, row by row beside its keys; read as they are touched."""
        path = self._path(number, part, "sketches")
        if not path.exists():
            return np.zeros((0, self._sketch_bytes), dtype=np.uint8)
        return np.memmap(path, dtype=np.uint8, mode="r").reshape(-1, self._sketch_bytes)

    def finish(self, contents: Contents, sample: Sample) -> None:
        """Write down that all is there; a store without this is made anew."""
        for number, sketches in enumerate(sample.sketches):
            np.save(self.folder / f"sample-{number}.npy", sketches)
        (self.folder / _MANIFEST).write_text(json.dumps({"parts": self.parts, **asdict(contents)}), encoding="utf-8")

    def contents(self, made_from: str) -> Contents | None:
        """Return what is there, if it is whole and made from the same."""
        path = self.folder / _MANIFEST
        if not path.exists():
            return None
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if (told.pop("parts"), told["made_from"]) != (self.parts, made_from):
            return None
        return Contents(**told)

    def sample(self, sizes: list[int]) -> Sample:
        """Return the sketched sample of a finished store."""
        return Sample(
            tuple(sizes), tuple(np.load(self.folder / f"sample-{number}.npy") for number in range(len(sizes)))
        )

    def _path(self, number: int, part: int, what: str) -> Path:
        """Name a file."""
        return self.folder / f"list{number}-{part:04}.{what}"


def parts_for(records: int) -> int:
    """Return into how many parts the entries of so many records are cut: a power of two."""
    wanted = records * ENTRIES_OF_A_RECORD / ENTRIES_OF_A_PART
    return min(MOST_PARTS, 1 << max(0, int(np.ceil(np.log2(max(1.0, wanted))))))


def _append(path: Path, rows: NDArray[Any]) -> None:
    """Append rows to a file."""
    with path.open("ab") as file:
        file.write(np.ascontiguousarray(rows).tobytes())
