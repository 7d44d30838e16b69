"""Invented people as the files that `casematch link` and its peers read, one list or two, with their truth."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.data.worlds.files import ATTRIBUTES
from benchmarks.data.worlds.world import WorldRecord, make_world
from benchmarks.quality.peers.cells import write_list
from matcher.normalise.record import normalise
from matcher.person import RawRecord
from matcher.schema import LinkageSchema

HEADER = ("case_ref", *ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class LongLists:
    """
    Lists on disk.

    Attributes:
        files: one list, or two, of rows as a partner has them.
        records: of each list.
        truth: file of the ids of each true pair.
        pairs: the true pairs as positions, as a peer names them.
    """

    files: list[Path]
    records: list[int]
    truth: Path
    pairs: frozenset[tuple[int, int]] = field(repr=False)

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self.truth.parent


def write_lists(folder: Path, people: int, lists: int, seed: int) -> LongLists:
    """
    Make a world and write it as one list, or as two that take its rows in turn.

    Args:
        folder: there, for the files.
        people: records of all lists.
        lists: 1 or 2.
        seed: of the world.
    """
    world = make_world(seed, people, "L")
    parts = [world.records[number::lists] for number in range(lists)]
    ids = [record.case_ref for record in world.records]
    known = [(a, b) for a, b in world.true_pairs() if lists == 1 or a % lists != b % lists]
    if lists > 1:
        known = [(a, b) if a % lists == 0 else (b, a) for a, b in known]
    truth = _write(folder / "truth.csv", ("left", "right"), ((ids[a], ids[b]) for a, b in known))
    files = [_write(folder / f"people-{number}.csv", HEADER, map(_cells, part)) for number, part in enumerate(parts)]
    return LongLists(files, [len(part) for part in parts], truth, frozenset((a // lists, b // lists) for a, b in known))


def write_for_peers(lists: LongLists, schema: LinkageSchema) -> list[Path]:
    """Write lists as the cleaned cells that a peer reads, row by row, once for all peers; return the files."""
    paths = [path.with_suffix(".cells.csv") for path in lists.files]
    for path, cells in zip(lists.files, paths, strict=True):
        if not cells.exists():
            write_list((normalise(record, schema) for record in _records(path)), schema, cells)
    return paths


def found_share(lists: LongLists, output: Path, least_score: float, column: int) -> float:
    """
    Return the share of the true pairs that a peer found.

    Args:
        lists: what it linked.
        output: rows of left, right and scores.
        least_score: of a pair that counts as found.
        column: where that score stands.
    """
    found: set[tuple[int, int]] = set()
    with output.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if float(row[column]) >= least_score:
                left, right = int(row[0]), int(row[1])
                found.add((left, right) if len(lists.files) > 1 or left < right else (right, left))
    return len(found & lists.pairs) / max(1, len(lists.pairs))


def _records(path: Path) -> Iterator[RawRecord]:
    """Yield the rows of a list."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield RawRecord(row.pop("case_ref"), {name: cell for name, cell in row.items() if cell})


def _cells(record: WorldRecord) -> Iterator[str]:
    """Yield the cells of a row."""
    yield record.case_ref
    yield from (record.columns.get(name, "") for name in ATTRIBUTES)


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> Path:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
