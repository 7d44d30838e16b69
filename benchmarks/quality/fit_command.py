"""`python -m benchmarks fit`: fit the shipped score model to the development worlds and write it to a file."""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.quality.fitting import fit_document
from matcher.document import check_document


def main(arguments: Sequence[str]) -> None:
    """Read the options, fit, check against the JSON Schema, write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks fit", description=__doc__)
    parser.add_argument("--seeds", type=_seeds, default=range(1, 10), help="such as 1-9 (default); never test seeds")
    parser.add_argument("--records", type=int, default=2_000, help="rows of each world (default: 2000)")
    parser.add_argument("--out", type=Path, required=True, help="file to write")
    asked = parser.parse_args(arguments)
    document = fit_document(asked.seeds, asked.records)
    check_document(document, "schemas/score-model.schema.json")
    asked.out.write_text(_text(document), encoding="utf-8")
    print(f"{asked.out}: {len(document['fields'])} fields; per record {document['others_per_record']}")


def _seeds(text: str) -> range:
    """Read `1-9` or `3`."""
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
    if found is None:
        raise argparse.ArgumentTypeError("write it as 1-9")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


def _text(document: dict[str, Any]) -> str:
    """Write JSON with one table a line: short to read, and easy to compare."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return re.sub(r"\[\s+([^\[\]{}]+?)\s+\]", lambda found: "[" + re.sub(r",\s+", ", ", found[1]) + "]", text) + "\n"
