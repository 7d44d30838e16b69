"""
The score model: how often each agreement level occurs in each class of pairs; hub and partner.

Seven latent classes (see docs/decisions/0003 and 0009): *random* people; people of the *same place*; of one
*household*; *twins*, who also share a birth date; *homonyms*, who share a common name by chance; *local homonyms*, who
share a district too; and a *match*, one person twice. A field has a distribution of its own in a class where the model
has measured one or the schema leaves it free, and else is pinned to that of random people. Two classes only, match and
random, learn "same family" instead of "same person".
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.document import check_document, parse_document, read_data
from matcher.errors import InvalidSchemaError
from matcher.schema import Kind, LinkageSchema, SchemaField

NUISANCE_CLASSES = ("place", "household", "twin", "homonym", "local_homonym")
# The groups of a schema's `free_in` whose fields a class leaves free.
GROUPS_OF_CLASS: Mapping[str, frozenset[str]] = {
    **{name: frozenset({name}) for name in ("place", "household", "twin", "homonym")},
    "local_homonym": frozenset({"homonym", "place"}),
}
# A record has as many of these among few people as among many.
AS_MANY_PER_RECORD = ("match", "household", "twin", "local_homonym")
SHIPPED_SCORE_MODELS = ("nepal-1", "general-1")

ROUNDING = 1e-3  # a shipped table has a few digits

Distribution = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FieldModel:
    """
    One scored field.

    Attributes:
        levels: least similarity of each agreement level, falling; the last is 0.
        m: probability of each level in pairs of one person.
        u: the same in random pairs.
        shared: the same in each nuisance class that has a distribution of its own, by class.
        is_personal: whether it tells members of one household apart.
    """

    name: str
    kind: Kind
    levels: Distribution
    m: Distribution
    u: Distribution
    shared: Mapping[str, Distribution]
    is_personal: bool


@dataclass(frozen=True, slots=True)
class Tempering:
    """
    How much weak evidence counts: below `knee_bits`, each bit counts as `slope` bits.

    Fields are not as independent as the classes take them to be: a record that was taken down carelessly differs in
    several. And a pair that is compared at all shares a composite key, which speaks for it.

    Attributes:
        knee_bits: evidence, prior left out, from which every bit counts whole.
        slope: in (0, 1]; 1 changes nothing.
    """

    knee_bits: float
    slope: float

    def of(self, evidence_bits: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the evidence as it counts, in bits; never less than it was."""
        missing = np.maximum(0.0, self.knee_bits - evidence_bits)
        tempered: NDArray[np.float64] = evidence_bits + (1 - self.slope) * missing
        return tempered


@dataclass(frozen=True, slots=True)
class ScoreModel:
    """
    A score model bound to a schema.

    Attributes:
        fields: the scored fields, in the schema's order; joined names are not among them.
        joined: for each joined name, the fields it is made of: it vouches for them when they were swapped or split.
        prior: share of each class among all pairs of records: `match`, then the nuisance classes. The rest is random.
        people: people on file that `prior` is for.
        tempering: makes posteriors mean what they say.
        trust: how strongly a fit holds the nuisance classes to this model; 0 or more, the larger the stronger.
    """

    name: str
    fields: tuple[FieldModel, ...]
    joined: Mapping[str, tuple[str, ...]]
    prior: Mapping[str, float]
    people: int
    tempering: Tempering
    trust: float

    @property
    def classes(self) -> tuple[str, ...]:
        """All classes: `match` first, `random` last."""
        return (*self.prior, "random")

    @classmethod
    def for_schema(cls, schema: LinkageSchema) -> "ScoreModel":
        """
        Read the shipped model that a schema names, and bind it to the schema's fields and population.

        Raises:
            InvalidSchemaError: no such model is shipped, or it lacks a table for a field.
        """
        if schema.score_model not in SHIPPED_SCORE_MODELS:
            raise InvalidSchemaError("no such shipped score model", pointer="/score_model", code="unknown_score_model")
        document = parse_document(read_data(f"scores/{schema.score_model}.json"))
        return cls.from_document(document, schema)

    @classmethod
    def from_document(cls, document: Mapping[str, Any], schema: LinkageSchema) -> "ScoreModel":
        """
        Bind a parsed model document to a schema.

        Raises:
            InvalidSchemaError: it breaks the JSON Schema, contradicts itself, or lacks a table; names the pointer.
        """
        check_document(document, "schemas/score-model.schema.json")
        joined = joined_names(schema)
        fields = tuple(_bind(document, field) for field in schema.fields if field.name not in joined)
        others = document["others_per_record"]
        prior = {name: others[name] / document["people"] for name in ("match", *NUISANCE_CLASSES) if name in others}
        tempering = Tempering(**document["tempering"])
        model = cls(document["name"], fields, joined, prior, document["people"], tempering, document["trust"])
        return model.for_people(schema.gate.population)

    def for_people(self, people: int) -> "ScoreModel":
        """
        Return the model for another number of people on file.

        A record has as many matches and relatives among many people as among few; people who share its place or its
        name by chance grow with the number.
        """
        scale = self.people / max(2, people)
        prior = {
            name: min(0.2, share * scale) if name in AS_MANY_PER_RECORD else share for name, share in self.prior.items()
        }
        return replace(self, prior=prior, people=max(2, people))


def joined_names(schema: LinkageSchema) -> dict[str, tuple[str, ...]]:
    """Return, for each name made of several sources, the name fields that hold a part of it."""
    names = [field for field in schema.fields if field.kind is Kind.NAME]
    joined = {}
    for whole in names:
        parts = tuple(part.name for part in names if part is not whole and set(part.sources) < set(whole.sources))
        if parts:
            joined[whole.name] = parts
    return joined


def _bind(document: Mapping[str, Any], field: SchemaField) -> FieldModel:
    """Find the table of a field, by its name or its kind, and check it."""
    tables = document.get("fields", {})
    pointer = f"/fields/{field.name}" if field.name in tables else f"/kinds/{field.kind}"
    table = tables.get(field.name) or document["kinds"].get(field.kind.value)
    if table is None:
        raise InvalidSchemaError("the score model has no table for this field", pointer=pointer)
    levels = np.array(table["levels"])
    if np.any(np.diff(levels) >= 0) or levels[-1] != 0:
        raise InvalidSchemaError("levels must fall to 0", pointer=f"{pointer}/levels")
    distributions = {key: _distribution(table[key], len(levels), f"{pointer}/{key}") for key in ("m", "u", "shared")}
    is_personal = field.kind is not Kind.CATEGORY and field.free_in.isdisjoint({"place", "household"})
    classes = [name for name in NUISANCE_CLASSES if name in document["others_per_record"]]
    shared = {name: distributions["shared"] for name in classes if GROUPS_OF_CLASS[name] & field.free_in}
    for name, values in table.get("in", {}).items():
        shared[name] = _distribution(values, len(levels), f"{pointer}/in/{name}")
    return FieldModel(
        field.name, field.kind, levels, distributions["m"], distributions["u"], shared, is_personal=is_personal
    )


def _distribution(values: list[float], levels: int, pointer: str) -> Distribution:
    """Check that every level has a probability, together 1."""
    if len(values) != levels or abs(sum(values) - 1) > ROUNDING:
        raise InvalidSchemaError("must give each level a probability, together 1", pointer=pointer)
    return np.array(values)
