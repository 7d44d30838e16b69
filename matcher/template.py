"""
A linkage schema for any table: columns mapped to kinds; partner's side and evaluations.

The `general` template holds, per kind, how a column is compared and which parts it gives to composite keys. Its
frequency model is not shipped: it is made from the inputs' own aggregate counts, or given.
"""

from collections.abc import Mapping
from typing import Any

from matcher.document import parse_document, read_data
from matcher.encoding import slot_sizes
from matcher.errors import InvalidSchemaError
from matcher.schema import Kind, LinkageSchema

GENERAL_PROJECT = {"id": "general", "salt": "00" * 16}  # in-process linkage has a throw-away secret and no passphrase
LEAST_SKETCH_BYTES = 16


def general_schema(columns: Mapping[str, Kind], population: int, frequency_model: str = "own-counts") -> LinkageSchema:
    """
    Build the `general` schema for a table.

    Args:
        columns: kind by attribute name, in the order in which they are compared; names as the schema writes them.
        population: people among whom a composite key should be rare; the size of the larger list is a fair choice.
        frequency_model: name of the model that the gate will use.

    Raises:
        InvalidSchemaError: the columns give no composite key: too few, or none that is personal.
    """
    template = parse_document(read_data("schemas/general.json"))
    fields: list[dict[str, Any]] = []
    parts: list[dict[str, Any]] = []
    for name, kind in columns.items():
        spec = template["kinds"][kind.value]
        hint = _hint(template, name, kind)
        fields.append(
            {
                "name": name,
                "kind": kind.value,
                "sources": [name],
                "free_in": hint.get("free_in", spec["free_in"]),
                "sketch_bits": spec.get("sketch_bits", 0),
            }
        )
        parts.extend(_parts(name, kind, spec, is_relative=hint.get("is_relative", False)))
    own = [
        name
        for name, kind in columns.items()
        if kind is Kind.NAME and not _hint(template, name, kind).get("is_relative", False)
    ]
    if len(own) > 1:
        _join(template["joined_name"], own, fields, parts)
    if sum("coarsens" not in part for part in parts) < template["recipes"]["minimum_attributes"]:
        raise InvalidSchemaError("too few columns for one composite key", pointer="/attributes", code="too_few_columns")
    return LinkageSchema.from_document(
        {
            "format": "casematch-linkage-schema/1",
            "name": template["name"],
            "version": template["version"],
            "project": GENERAL_PROJECT,
            "key_epoch": 1,
            "attributes": {name: {"kind": kind.value} for name, kind in columns.items()},
            "fields": fields,
            "gate": {
                "population": population,
                "cap": template["gate"]["cap"],
                "frequency_model": frequency_model,
                "parts": parts,
            },
            "recipes": template["recipes"],
            "sketch": {"bytes": _sketch_bytes(fields)},
            "phonetics": template["phonetics"],
            "score_model": template["score_model"],
        }
    )


def _hint(template: Mapping[str, Any], name: str, kind: Kind) -> Mapping[str, Any]:
    """Return what a column's header tells of it beyond its kind."""
    words = name.replace("_", " ")
    for hint in template["hints"]:
        if hint["kind"] == kind and any(word in words for word in hint["words"]):
            found: Mapping[str, Any] = hint
            return found
    return {}


def _parts(name: str, kind: Kind, spec: Mapping[str, Any], *, is_relative: bool) -> list[dict[str, Any]]:
    """Return the parts that one column gives to composite keys."""
    is_personal = kind in {Kind.NAME, Kind.DATE, Kind.IDENTIFIER} and not is_relative
    return [
        {
            "name": f"{name}.{part['facet']}" if kind is Kind.DATE or part.get("is_coarser") else name,
            "field": name,
            "facet": part["facet"],
            "survival": part["survival"],
            "counts_as": 2 if kind is Kind.IDENTIFIER else 1,
            "is_personal": is_personal,
            **({"coarsens": name} if part.get("is_coarser") else {}),
        }
        for part in spec["parts"]
    ]


def _join(joined: Mapping[str, Any], own: list[str], fields: list[dict[str, Any]], parts: list[dict[str, Any]]) -> None:
    """Add the joined name of a person's own names; it never stands beside one of them."""
    fields.append(
        {
            "name": joined["name"],
            "kind": Kind.NAME.value,
            "sources": own,
            "free_in": joined["free_in"],
            "sketch_bits": joined["sketch_bits"],
        }
    )
    whole, *coarser = _parts(joined["name"], Kind.NAME, joined, is_relative=False)
    parts += [{**whole, "excludes": own}, *coarser]


def _sketch_bytes(fields: list[dict[str, Any]]) -> int:
    """Return the least sketch, in whole words of 8 bytes, that holds the slots of all fields."""
    needed = sum(size for field in fields for _, size in slot_sizes(Kind(field["kind"]), field["sketch_bits"]))
    return max(LEAST_SKETCH_BYTES, -(-needed // 8) * 8)
