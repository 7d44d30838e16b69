"""What a linkage found, as rows of a CSV file, as JSON or as a table; on the partner's premises."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from api.agent.linking.engines import Engine, require
from api.agent.linking.judging import LinkedPairs
from api.agent.linking.quality import Quality
from matcher.compare.sketches import NAME_ALIKE
from matcher.pairs import Grade
from matcher.score.levels import MISSING
from matcher.score.posterior import field_bits

OUT_HEADER = (
    "left_id",
    "right_id",
    "match_weight_bits",
    "probability",
    "grade",
    "agreeing",
    "close",
    "differing",
    "missing",
)


@dataclass(frozen=True, slots=True)
class Volume:
    """
    How much was linked.

    Attributes:
        records: of both lists.
        possible_pairs: pairs of records that could have been compared.
        entry_bytes: size of one entry.
        seconds: wall time from normalised persons to scored pairs.
    """

    records: int
    possible_pairs: int
    entry_bytes: int
    seconds: float


def figures(linked: LinkedPairs, volume: Volume, quality: Quality | None, true_pairs: int | None) -> dict[str, object]:
    """
    Return the figures of a linkage under their stable keys; those that need truth are None without it.

    Ratios in [0, 1]; `left_out_pairs` are pairs of entries in too large blocks; `bytes_per_record` counts ids,
    tokens and sketches.
    """
    known = asdict(quality) if quality is not None else dict.fromkeys(Quality.__slots__)
    per_record = linked.entries / max(1, volume.records)
    return {
        **known,
        "reduction_ratio": 1 - linked.candidates / max(1, volume.possible_pairs),
        "candidate_pairs": linked.candidates,
        "left_out_pairs": linked.left_out.pairs,
        "true_pairs": true_pairs,
        "entries_per_record": per_record,
        "bytes_per_record": per_record * volume.entry_bytes,
        "encode_records_per_second": volume.records / max(linked.encode_seconds, 1e-9),
        "seconds": volume.seconds,
    }


def write_pairs(
    path: Path, linked: LinkedPairs, left_ids: Sequence[str], right_ids: Sequence[str], least_probability: float
) -> int:
    """
    Write pairs to a file, the heaviest first.

    Args:
        path: the file, replaced if it is there; `.parquet` is written as Parquet, anything else as CSV.
        linked: the pairs.
        left_ids: ids by position; `right_ids` likewise.
        right_ids: the same list when one file was linked with itself.
        least_probability: pairs below it are left out.

    Returns:
        The number of pairs written.
    """
    order = np.argsort(-linked.scored.weight_bits, kind="stable")
    order = order[linked.probability[order] >= least_probability]
    rows = (_row(linked, int(row), left_ids, right_ids) for row in order)
    if path.suffix == ".parquet":
        require(Engine.DUCKDB)
        from api.agent.linking.parquet import write_parquet  # noqa: PLC0415 - an extra

        write_parquet(path, OUT_HEADER, list(rows))
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(OUT_HEADER)
            writer.writerows(rows)
    return len(order)


def _row(linked: LinkedPairs, row: int, left_ids: Sequence[str], right_ids: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a pair."""
    pair = (left_ids[linked.left[row]], right_ids[linked.right[row]])
    score = (f"{linked.scored.weight_bits[row]:.3f}", f"{linked.probability[row]:.6f}")
    return (*pair, *score, Grade(int(linked.grade[row])).label, *_agreement(linked, row))


def _agreement(linked: LinkedPairs, row: int) -> Iterator[str]:
    """Yield the names of the agreeing, close, differing and missing fields, `;` between them."""
    groups: dict[str, list[str]] = {"agree": [], "close": [], "differ": [], "missing": []}
    for column, field in enumerate(linked.model.fields):
        level = int(linked.scored.levels[row, column])
        if level == MISSING:
            groups["missing"].append(field.name)
        elif field.levels[level] >= NAME_ALIKE:
            groups["agree"].append(field.name)
        else:
            groups["close" if field_bits(field)[level] > 0 else "differ"].append(field.name)
    return (";".join(names) for names in groups.values())
