"""
What share of the population carries each value: the gate's yardstick; partner's side only.

A model is a public document of aggregates. The `nepal` schema ships one; a list of one's own makes another from its
counts, in which values seen fewer than three times are not listed, so that it may be shared.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from matcher.document import check_document, parse_document, read_data
from matcher.errors import InvalidSchemaError

LEAST_COUNT = 3  # a rarer value could single out a person
SHIPPED_MODELS = ("nepal-1",)


class FrequencyModel:
    """
    Shares of the population by part and value; make it with `shipped`, `from_json` or `from_counts`.

    Attributes:
        name: the name that a schema's gate asks for.
        document: the model as it may be published.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        """
        Read a parsed document.

        Raises:
            InvalidSchemaError: it breaks the JSON Schema; names the JSON pointer.
        """
        check_document(document, "schemas/frequency-model.schema.json")
        self.document = document
        self.name: str = document["name"]
        self._shares: dict[str, dict[str, float]] = {
            part: spec.get("shares", {}) for part, spec in document["parts"].items()
        }
        self._defaults: dict[str, float] = {part: spec["default"] for part, spec in document["parts"].items()}

    @classmethod
    @cache  # checking the document takes a third of a second
    def shipped(cls, name: str) -> "FrequencyModel":
        """
        Read a model that comes with the package, once.

        Raises:
            InvalidSchemaError: no such model is shipped.
        """
        if name not in SHIPPED_MODELS:
            reason = f"no such shipped frequency model; there are: {', '.join(SHIPPED_MODELS)}"
            raise InvalidSchemaError(reason, pointer="/gate/frequency_model", code="unknown_frequency_model")
        return cls.from_json(read_data(f"frequencies/{name}.json"))

    @classmethod
    def from_json(cls, text: str) -> "FrequencyModel":
        """
        Read a model document.

        Raises:
            InvalidSchemaError: it is not JSON, or breaks the JSON Schema.
        """
        return cls(parse_document(text))

    @classmethod
    def from_counts(
        cls, name: str, basis: str, counts: Mapping[str, Mapping[str, int]], unseen: int = 0
    ) -> "FrequencyModel":
        """
        Make a model from aggregate counts.

        Args:
            name: the model's name.
            basis: one sentence on where the counts come from.
            counts: by part, how many people carry each value; a part without values is left out.
            unseen: people assumed beside those counted, who carry none of these values.
        """
        parts = {part: _shares_of(values, unseen) for part, values in counts.items() if values}
        return cls({"format": "casematch-frequency-model/1", "name": name, "basis": basis, "parts": parts})

    def share(self, part: str, value: str) -> float:
        """
        Return the share of people who carry a value, in (0, 1].

        Args:
            part: name of a gate part.
            value: the part's value, as the encoder writes it.

        Raises:
            InvalidSchemaError: the model does not know the part.
        """
        shares = self._shares.get(part)
        if shares is None:
            raise InvalidSchemaError("the frequency model lacks this part", pointer=f"/parts/{part}")
        return shares.get(value, self._defaults[part])

    def to_json(self) -> str:
        """Return the document as indented JSON text."""
        return json.dumps(self.document, ensure_ascii=False, indent=1, sort_keys=True)


def _shares_of(values: Mapping[str, int], unseen: int) -> dict[str, Any]:
    """Turn one part's counts to shares; rare values are left to a common default, the mean share of one of them."""
    total = sum(values.values()) + unseen
    rare = [count for count in values.values() if count < LEAST_COUNT]
    default = sum(rare) / len(rare) / total if rare else 1 / (total + 1)
    shares = {value: count / total for value, count in values.items() if count >= LEAST_COUNT}
    return {"default": min(1.0, default), "shares": shares}
