"""
Make the known-answer vectors of the nepal schema: `python tests/vectors/make_vectors.py > tests/vectors/NAME.json`.

A vector goes the whole way: columns → readings → composite keys → tokens → one sketch, under a fixed secret and with
fixed bytes where random ones stand. An implementation in another language reproduces it bit for bit, or does not
speak this encoder version.
"""

import hashlib
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.readings import opaque_value
from matcher.encode.secret import LinkageSecret
from matcher.encoding import ENCODER_VERSION
from matcher.normalise.record import normalise
from matcher.person import Name, PartialDate, Place, RawRecord, Reading
from matcher.schema import LinkageSchema

SECRET = bytes(range(32))
RECORDED_ON = date(2024, 5, 1)
INPUTS = Path(__file__).with_name("inputs.json")


def fixed_fill() -> Callable[[int], bytes]:
    """Return a source of fixed bytes: SHAKE256 of a running number."""
    calls = 0

    def fill(size: int) -> bytes:
        nonlocal calls
        calls += 1
        return hashlib.shake_256(f"known-answer fill {calls}".encode()).digest(size)

    return fill


def shown(reading: Reading) -> list[Any]:
    """Write a reading as JSON."""
    if isinstance(reading, Name):
        return [reading.text, reading.folded, reading.key]
    if isinstance(reading, PartialDate):
        return [reading.year, reading.month, reading.day, reading.precision, reading.is_heaped]
    if isinstance(reading, Place):
        return [reading.code, reading.text]
    return [opaque_value(reading)]


def answer(columns: dict[str, str], schema: LinkageSchema) -> dict[str, Any]:
    """Take one row the whole way."""
    person = normalise(RawRecord("case", columns, RECORDED_ON), schema)
    prf = SharedSecretPrf(LinkageSecret(SECRET), schema)
    encoder = Encoder(schema, prf, FrequencyModel.shipped(schema.gate.frequency_model), fixed_fill())
    entries = encoder.entries([person])
    return {
        "columns": columns,
        "readings": {name: [shown(reading) for reading in found] for name, found in person.readings.items()},
        "tokens": [token.tobytes().hex() for token in entries.tokens],
        "first_sketch": entries.sketches[0].tobytes().hex() if len(entries.sketches) else "",
        "all_sketches_sha256": hashlib.sha256(entries.sketches.tobytes()).hexdigest(),
    }


def vectors() -> dict[str, Any]:
    """Make all vectors."""
    schema = LinkageSchema.shipped("nepal")
    inputs: list[dict[str, str]] = json.loads(INPUTS.read_text(encoding="utf-8"))
    return {
        "origin": "Invented rows (inputs.json) taken through matcher by tests/vectors/make_vectors.py.",
        "encoder_version": ENCODER_VERSION,
        "schema_id": schema.schema_id,
        "secret": SECRET.hex(),
        "recorded_on": RECORDED_ON.isoformat(),
        "fill": "call n gives SHAKE256('known-answer fill n')",
        "vectors": [answer(columns, schema) for columns in inputs],
    }


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
