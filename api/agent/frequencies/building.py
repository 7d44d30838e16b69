"""
Make a frequency model from a partner's counts, and from the shipped one what they do not tell; on its premises.

Only aggregates leave: a value that fewer than three people carry is not listed, and no value of a telephone or an
identifier ever is. Every doubt makes a share larger, because a share too small could single out a person.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.agent.frequencies.counting import Counts
from matcher.encode.frequency import LEAST_COUNT, FrequencyModel
from matcher.schema import Kind, LinkageSchema, Part

LEAST_PEOPLE = 300  # with fewer, a name must be carried by one in a hundred to be listed at all
NEVER_LISTED = frozenset({Kind.IDENTIFIER, Kind.PHONE})  # each belongs to a person or a household


@dataclass(frozen=True, slots=True)
class PartCount:
    """
    What became of one part.

    Attributes:
        part: its name.
        people: people counted.
        listed: values in the model.
        left_out: values carried by fewer than three people, or never listed.
        is_own: whether the partner's counts were used; else the shipped model's part stands.
    """

    part: str
    people: int
    listed: int
    left_out: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Built:
    """A model and what it was made of."""

    model: FrequencyModel
    parts: tuple[PartCount, ...]


def build_model(counts: Counts, schema: LinkageSchema, name: str, note: str = "") -> Built:
    """
    Make a model of the parts that enough people were counted for; the others are the shipped model's.

    Args:
        counts: what was counted.
        schema: whose gate the model is for.
        name: the model's name and version, such as `shelter-1`.
        note: a sentence on where the counts come from, for those who read the model.

    Raises:
        InvalidSchemaError: the name or the note is not written as a model's must be.
    """
    shipped = FrequencyModel.shipped(schema.gate.frequency_model)
    enough = {part: values for part, values in counts.by_part.items() if values.total() >= LEAST_PEOPLE}
    own = FrequencyModel.from_counts(name, "counts", enough)
    kinds = {field.name: field.kind for field in schema.fields}
    parts: dict[str, Any] = {}
    for part in schema.gate.parts:
        if part.name not in enough:
            parts[part.name] = shipped.document["parts"][part.name]
            continue
        spec = own.document["parts"][part.name]
        is_listed = kinds[part.field] not in NEVER_LISTED
        parts[part.name] = _cautious(spec, enough[part.name]) if is_listed else _without_values(spec)
    document = {**own.document, "basis": _basis(enough, shipped, note), "parts": parts}
    told = tuple(_told(part, counts.by_part[part.name], parts[part.name], enough) for part in schema.gate.parts)
    return Built(FrequencyModel(document), told)


def _cautious(spec: Mapping[str, Any], values: Counter[str]) -> dict[str, Any]:
    """Where rare values were left out of the counts, assume that an unlisted one was just too rare to be in them."""
    is_cut = min(values.values()) >= LEAST_COUNT
    least = (LEAST_COUNT - 1) / values.total() if is_cut else 0.0
    return {**spec, "default": max(spec["default"], least)}


def _without_values(spec: Mapping[str, Any]) -> dict[str, Any]:
    """List no value; assume for each the share of the commonest."""
    return {"default": max([spec["default"], *spec["shares"].values()])}


def _basis(enough: Mapping[str, Counter[str]], shipped: FrequencyModel, note: str) -> str:
    """Say where the shares come from."""
    people = ", ".join(f"{part} {values.total():,}" for part, values in enough.items()) or "none"
    return (
        f"{note + ' ' if note else ''}Counts of a partner's people by part: {people}; values carried by fewer than "
        f"{LEAST_COUNT} are not listed. All other parts as in {shipped.name}."
    )


def _told(part: Part, values: Counter[str], spec: Mapping[str, Any], enough: Mapping[str, Any]) -> PartCount:
    """Tell what became of a part."""
    is_own = part.name in enough
    listed = len(spec.get("shares", {}))
    return PartCount(part.name, values.total(), listed, len(values) - listed if is_own else 0, is_own)
