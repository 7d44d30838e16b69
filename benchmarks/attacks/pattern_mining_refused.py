"""
A5 on ours: there is no field that stands alone, and no schema that could make one.

What pattern mining needs is refused where a linkage schema is read, by partner and hub alike.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.attacks.trial import Outcome, Trial
from matcher.errors import InvalidSchemaError
from matcher.schema import LinkageSchema


def offer_lone_fields(trial: Trial, seed: int) -> list[Outcome]:
    """
    Offer linkage schemas that would hash fields alone, in every way a document can ask for it: all must be refused.

    Returns:
        The share of them that is accepted.
    """
    del seed
    shipped = dict(LinkageSchema.shipped("nepal").document)
    offered = list(_lone_field_documents(shipped))
    accepted = sum(map(_is_accepted, offered))
    return [Outcome.counted(accepted, len(offered), what="schemas accepted", note=f"{trial.encoding.name} refuses")]


def _lone_field_documents(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield documents that ask for keys of too few attributes, for a part that counts as enough alone, for filters."""
    recipes, gate, fields = document["recipes"], document["gate"], document["fields"]
    for least in (0, 1, 2):
        yield {**document, "recipes": {**recipes, "minimum_attributes": least}}
        yield {**document, "recipes": {**recipes, "minimum_attributes": least, "maximum_attributes": max(1, least)}}
    for place, part in enumerate(gate["parts"]):
        parts = [
            *gate["parts"][:place],
            {**part, "counts_as": recipes["minimum_attributes"]},
            *gate["parts"][place + 1 :],
        ]
        yield {**document, "gate": {**gate, "parts": parts}}
    for place, field in enumerate(document["fields"]):
        fields = [*document["fields"][:place], {**field, "filter_bits": 512}, *document["fields"][place + 1 :]]
        yield {**document, "fields": fields}


def _is_accepted(document: Mapping[str, Any]) -> bool:
    """Tell whether a schema document is taken."""
    try:
        LinkageSchema.from_document(document)
    except InvalidSchemaError:
        return False
    return True
