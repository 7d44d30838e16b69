"""
clkhash and anonlink within the blocks of blocklib's probability signatures; run by their own interpreter.

Arguments: the plan of `clk_script`, and there `blocking`: columns whose values together make a signature, and
`most_in_block`, greatest number of records of one list under one signature. Two lists; writes what `clk_script` writes.
"""

import json
import sys

# mypy: ignore-errors
# These packages are installed for this script's own interpreter alone.
from blocklib import generate_blocks, generate_candidate_blocks
from blocklib.blocks_generator import generate_reverse_blocks
from clk_script import compare, filters, rows_of, schema_of

FILTER = {"type": "bloom filter", "number-hash-functions": 4, "bf-len": 4096}  # of blocklib's tutorial
SIDES = 2


def main() -> None:
    """Encode, block, and compare within blocks."""
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - this file needs nothing but its own packages
        plan = json.load(file)
    columns = [(name, kind) for name, kind in plan["columns"] if name not in plan["ignored"]]
    names = [name for name, _ in columns]
    tables = [rows_of(path, names) for path in plan["inputs"]]
    lists = [filters(table, schema_of(columns)) for table in tables]
    candidates = [generate_candidate_blocks(table, _signatures(plan), names) for table in tables]
    blocks = generate_reverse_blocks(generate_blocks(candidates, K=SIDES))
    compare(lists, plan, blocking=lambda side, row, _filter: blocks[side].get(row, ()))


def _signatures(plan):  # noqa: ANN001, ANN202 - blocklib's own form
    """Return the blocking schema: one signature for each rule of the plan."""
    rules = [[{"type": "feature-value", "feature": name} for name in rule] for rule in plan["blocking"]]
    config = {
        "blocking-features": sorted({name for rule in plan["blocking"] for name in rule}),
        "filter": {"type": "count", "min": 1, "max": plan["most_in_block"]},
        "blocking-filter": FILTER,
        "signatureSpecs": rules,
    }
    return {"type": "p-sig", "version": 1, "config": config}


if __name__ == "__main__":
    main()
