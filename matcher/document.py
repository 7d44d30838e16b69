"""
Versioned JSON documents and their JSON Schemas, as shipped with the library or given to it; on every side.

Schemas, frequency models and score models are such documents. A fault is named by its JSON pointer and never quoted:
somebody may paste a record where a document belongs.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

from jsonschema import Draft202012Validator

from matcher.errors import InvalidSchemaError

VALUES_AS_KEYS = "shares"  # the one setting of our documents whose keys come from people's records


def read_data(path: str) -> str:
    """Read a text file that is shipped with the library; `path` is relative to its data folder."""
    return (files("matcher") / "data" / path).read_text(encoding="utf-8")


def parse_document(text: str) -> Mapping[str, Any]:
    """
    Parse JSON text to an object.

    Raises:
        InvalidSchemaError: it is not JSON, repeats a key, or is not an object.
    """
    document: object = None
    try:
        document = json.loads(text, object_pairs_hook=_refuse_repeated_keys)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise InvalidSchemaError("not a JSON object without repeated keys", pointer="", code="not_json")
    return cast("Mapping[str, Any]", document)


def check_document(document: Mapping[str, Any], schema_path: str) -> None:
    """
    Check a document against a shipped JSON Schema, `schema_path` in the data folder.

    Raises:
        InvalidSchemaError: the first setting that is unknown, missing or out of range, by JSON pointer.
    """
    faults = sorted(
        _validator(schema_path).iter_errors(document), key=lambda fault: list(map(str, fault.absolute_path))
    )
    if faults:
        fault = faults[0]
        pointer = _pointer(list(fault.absolute_path))
        raise InvalidSchemaError(_REASONS.get(str(fault.validator), "is not allowed here"), pointer=pointer)


_REASONS = {
    "additionalProperties": "holds an unknown setting",
    "required": "lacks a required setting",
    "type": "has the wrong type",
    "enum": "is not one of the known words",
    "const": "is not the format this version reads",
    "pattern": "is not written as expected",
    "minimum": "is too small",
    "exclusiveMinimum": "is too small",
    "maximum": "is too large",
    "exclusiveMaximum": "is too large",
    "multipleOf": "is not a multiple of the unit",
    "minItems": "has too few items",
    "maxItems": "has too many items",
    "minProperties": "has too few settings",
    "maxProperties": "has too many settings",
    "uniqueItems": "repeats an item",
    "propertyNames": "holds a name that is not written as expected",
}


def _pointer(path: list[str | int]) -> str:
    """Write a JSON pointer; a key that is itself a value, as the names in a frequency model's shares, becomes `*`."""
    steps = ["*" if before == VALUES_AS_KEYS else step for before, step in zip(["", *path], path, strict=False)]
    return "".join(f"/{step}" for step in steps)


@cache
def _validator(schema_path: str) -> Draft202012Validator:
    """Build the checker of one shipped JSON Schema once."""
    return Draft202012Validator(json.loads(read_data(schema_path)))


def _refuse_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse JSON objects that say one key twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found
