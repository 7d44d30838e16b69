"""
clkhash and anonlink as their tutorials set them up; run by their own interpreter.

Arguments: the plan (JSON: inputs, columns, output, least; most, pairs of one record, where there is a bound). Writes
left, right, score as CSV: the Dice coefficient of 1,024-bit keys, bigrams of names and places; for dates and codes,
single symbols with their position.
"""

import csv
import json
import sys
import time

# mypy: ignore-errors
# Both packages are installed for this script's own interpreter alone.
import anonlink
from clkhash import clk, comparators
from clkhash.field_formats import BitsPerFeatureStrategy, FieldHashingProperties, StringSpec
from clkhash.schema import Schema

BITS = 1024
BITS_PER_FEATURE = {
    "name": 200,
    "date": 200,
    "identifier": 150,
    "phone": 100,
    "place": 100,
    "category": 50,
    "text": 100,
}
AS_WORDS = frozenset({"name", "place", "text"})


def main() -> None:
    """Encode, compare all pairs, and write those at least so alike."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - this file needs nothing but its own packages
        plan = json.load(file)
    columns = [(name, kind) for name, kind in plan["columns"] if name not in plan["ignored"]]
    schema = schema_of(columns)
    if "timed_runs" in plan:
        rows = [
            [_encoding_seconds(plan["inputs"][0], [name for name, _ in columns], schema)]
            for _ in range(plan["timed_runs"])
        ]
        _write(rows, plan["output"])
        return
    lists = [_encoded(path, [name for name, _ in columns], schema) for path in plan["inputs"]]
    both = lists * 2 if len(lists) == 1 else lists
    compare(both, plan, is_within=len(lists) == 1)


def compare(lists, plan, *, is_within=False, blocking=None):  # noqa: ANN001, ANN201 - as below
    """Compare all pairs, or those of one block, and write those at least so alike."""
    scores, _, (left, right) = anonlink.candidate_generation.find_candidate_pairs(
        lists, anonlink.similarities.dice_coefficient_accelerated, plan["least"], plan.get("most"), blocking_f=blocking
    )
    rows = ((a, b, score) for score, a, b in zip(scores, left, right, strict=True) if not is_within or a < b)
    _write(rows, plan["output"])


def _write(rows, path):  # noqa: ANN001, ANN202 - as below
    """Write the answer."""
    with open(path, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - as above
        csv.writer(file).writerows(rows)


def schema_of(columns):  # noqa: ANN001, ANN201 - as below
    """Return how records with these columns and kinds are hashed."""
    return Schema([_field(name, kind) for name, kind in columns], BITS)


def _field(name, kind):  # noqa: ANN001, ANN202 - types of packages that are not installed here
    """Return how one column is hashed."""
    comparator = comparators.NgramComparison(2) if kind in AS_WORDS else comparators.NgramComparison(1, positional=True)
    strategy = BitsPerFeatureStrategy(BITS_PER_FEATURE[kind])
    return StringSpec(name, FieldHashingProperties(comparator, strategy))


def _encoded(path, columns, schema):  # noqa: ANN001, ANN202 - as above
    """Encode one list."""
    return filters(rows_of(path, columns), schema)


def rows_of(path, columns):  # noqa: ANN001, ANN201 - as above
    """Read one list."""
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123 - as above
        return [[row[name] for name in columns] for row in csv.DictReader(file)]


def _encoding_seconds(path, columns, schema):  # noqa: ANN001, ANN202 - as above
    """Encode one list and return its CPU seconds: one worker works in this very process."""
    rows = rows_of(path, columns)
    before = time.process_time()
    filters(rows, schema)
    return time.process_time() - before


def filters(rows, schema):  # noqa: ANN001, ANN201 - as above
    """Return one filter for each row."""
    return clk.generate_clks(rows, schema, "benchmark secret", validate=False, max_workers=1)


if __name__ == "__main__":
    main()
