"""
All that the tables of a stolen hub tie together, as a graph.

Every row is a node; its plain cells (classes, days, grades, flags) are its first colour, and every value that looks
random (an id, a token, a reference) is a node of its own, by which rows hang together. Nothing is written here for one
table or another: a table that a later version adds is taken in as it is. Columns that count (order of change) differ
from run to run and are left out; where a table lies in an order of its own, that is said by A10.

Entries that share a token are joined by what their sketches say of each other without any key: which slots are equal.
Equal values always give equal bytes and unlike ones hardly ever, so this is the same under anybody's keys.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.encodings.hub_view import HubView, TableView
from benchmarks.attacks.refinement import Graph, refine
from matcher.compare.blocks import pairs_within
from matcher.encoding import RARITY_SLOTS, sketch_layout
from matcher.schema import LinkageSchema

LEAST_OPAQUE_BYTES = 8
FEW = 256  # distinct values of a column that may be a colour; a longer column counts
ALIKE = 0.9  # share of a column's cells that must have the values of the copy, for it to be a colour
SAMPLED_CELLS = 64
SHORT = 20  # a table with fewer rows is of organisations and the like; longer ones, as of matches, differ by chance
WIDE = 100  # a value in more cells stands for an organisation or the like
SETTLED = 4  # rounds in which the short tables say all they have to say
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_LEFT_OUT = frozenset(
    {"sketch", "row_digest", "box", "entry_box", "reference_box"}
)  # one of a kind, each: they tie nothing together

Columns = Mapping[str, tuple[list[int], list[int]]]


@dataclass(frozen=True, slots=True)
class Regard:
    """
    What an attacker looks at in the tables.

    Attributes:
        sketches: whether entries under one token are compared.
        left_out: columns that he passes over.
    """

    sketches: bool = True
    left_out: frozenset[str] = _LEFT_OUT

    def without(self, *columns: str) -> "Regard":
        """Return the same, with some columns passed over."""
        return replace(self, left_out=self.left_out | set(columns))


def hub_graphs(
    stolen: HubView, copy: HubView, schema: LinkageSchema, regard: Regard
) -> tuple[tuple[Graph, NDArray[np.int64]], tuple[Graph, NDArray[np.int64]]]:
    """
    Return the graphs of a stolen database and of the attacker's own.

    Each comes with the nodes of its entries and then of its sides of matches, in the order of the tables.

    Args:
        stolen: the database.
        copy: what the attacker has built from his copy of the plaintext; a column is a colour only where both agree.
        schema: public: gives the sketch's layout.
        regard: what to look at.
    """
    columns = {name: _columns(table, copy.tables[name], regard) for name, table in stolen.tables.items()}
    return _graph(stolen, columns, schema, regard), _graph(copy, columns, schema, regard)


def _graph(view: HubView, columns: Columns, schema: LinkageSchema, regard: Regard) -> tuple[Graph, NDArray[np.int64]]:
    """Return the graph of one database, and the nodes of its entries and sides of matches."""
    ties = _shared_values(view, columns)
    colours: list[int] = []
    ends: list[tuple[int, int]] = []
    labels: list[int] = []
    is_small: list[bool] = []
    nodes: dict[str, NDArray[np.int64]] = {}
    for name, table in sorted(view.tables.items()):
        opaque, plain = columns[name]
        nodes[name] = len(ties) + len(colours) + np.arange(len(table.rows))
        marks = {place: _hashed(name, table.columns[place]) for place in opaque}
        for row in table.rows:
            node = len(ties) + len(colours)
            colours.append(_hashed(name, *(row[place] for place in plain)))
            is_small.append(len(table.rows) <= SHORT)
            tied = [(place, ties[row[place]]) for place in opaque if row[place] in ties]
            ends.extend((node, tie) for _, tie in tied)
            labels.extend(marks[place] for place, _ in tied)
    own = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    is_compared = regard.sketches and "sketch" in view["entry"].columns
    between, patterns = _sketch_edges(view, schema, nodes["entry"]) if is_compared else (own[:, :0], [])
    marked = np.array([*labels, *labels, *patterns, *patterns], dtype=np.uint64)
    every = np.concatenate([np.zeros(len(ties), dtype=np.uint64), np.array(colours, dtype=np.uint64)])
    all_ends = np.concatenate([own, own[::-1], between, between[::-1]], axis=1)
    free = np.zeros(len(every), dtype=np.bool_)
    graph = Graph(every, all_ends, marked, free)
    return _with_fixed(graph, ties=len(ties), is_small=np.array(is_small, dtype=np.bool_)), np.concatenate(
        [nodes["entry"], nodes["match_side"]]
    )


def _with_fixed(graph: Graph, *, ties: int, is_small: NDArray[np.bool_]) -> Graph:
    """Refine the short tables by themselves, and fix what half the database hangs on at what they say of it."""
    degree = np.bincount(graph.ends[1], minlength=len(graph.colours))
    is_value = np.arange(len(degree)) < ties
    is_wide = is_value & (degree > WIDE)
    kept = np.concatenate([np.ones(ties, dtype=np.bool_), is_small])
    inside = kept[graph.ends].all(axis=0)
    *_, told = refine(replace(graph, ends=graph.ends[:, inside], labels=graph.labels[inside]), SETTLED)
    return replace(graph, colours=np.where(is_wide, told, graph.colours), fixed=is_wide)


def _shared_values(view: HubView, columns: Columns) -> dict[Any, int]:
    """Number the random-looking values that stand in more than one cell."""
    counts: Counter[Any] = Counter()
    for name, table in view.tables.items():
        for place in columns[name][0]:
            counts.update(row[place] for row in table.rows if row[place] is not None)
    return {value: node for node, value in enumerate(value for value, count in counts.items() if count > 1)}


def _columns(table: TableView, copy: TableView, regard: Regard) -> tuple[list[int], list[int]]:
    """Return the places of columns that look random, and of those that may be a colour."""
    opaque: list[int] = []
    plain: list[int] = []
    for place, name in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        if name in regard.left_out or not cells:
            continue
        if any(map(_is_opaque, cells[:SAMPLED_CELLS])):
            opaque.append(place)
        elif _may_colour(cells, [row[place] for row in copy.rows]):
            plain.append(place)
    return opaque, plain


def _may_colour(cells: Sequence[Any], copied: Sequence[Any]) -> bool:
    """Tell whether a column says of a row what it would say in another run: no counter, and of the copy's values."""
    values = set(cells)
    is_counter = len(values) > FEW or (len(values) == len(cells) > 1 and all(isinstance(cell, int) for cell in cells))
    known = set(copied)
    return not is_counter and sum(cell in known for cell in cells) >= ALIKE * len(cells)


def _is_opaque(cell: Any) -> bool:
    """Tell whether a cell looks random."""
    if isinstance(cell, bytes):
        return len(cell) >= LEAST_OPAQUE_BYTES
    return isinstance(cell, str) and _UUID.fullmatch(cell) is not None


def _hashed(*cells: Any) -> int:
    """Return 64 bits of what a row or an edge is."""
    return int.from_bytes(hashlib.blake2b(repr(cells).encode(), digest_size=8).digest(), "big")


def _sketch_edges(
    view: HubView, schema: LinkageSchema, entries: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[int]]:
    """Join all entries that share a token by which slots of their sketches are equal."""
    pairs = pairs_within(view.tokens())
    sketches = view.entry_bytes("sketch")
    patterns = equal_slots(sketches[pairs.left], sketches[pairs.right], schema)
    labels = [_hashed(row.tobytes()) for row in np.packbits(patterns, axis=1)]
    return np.stack([entries[pairs.left], entries[pairs.right]]), labels


def equal_slots(left: NDArray[np.uint8], right: NDArray[np.uint8], schema: LinkageSchema) -> NDArray[np.bool_]:
    """
    Return which slots of two sketches are equal, shape (pairs, slots); slots of one byte are equal too often by chance.

    Args:
        left: shape (pairs, sketch bytes).
        right: the same shape; each shares a token with its left one.
        schema: gives the layout.
    """
    unlike = left != right
    slots = [slot for slot in sketch_layout(schema) if slot.name not in RARITY_SLOTS]
    return np.stack([~unlike[:, slot.start : slot.stop].any(axis=1) for slot in slots], axis=1)
