"""
The linkage schema: a project's public agreement on what is read, how composite keys are made and what is compared.

It is a versioned JSON document with a JSON Schema of its own (`data/schemas/linkage-schema.schema.json`); its
`schema_id` is a digest of the document, so that two partners who differ in one setting cannot compare by mistake.
It holds no key. Read on every side. A field hashed alone cannot be expressed: a recipe has at least three attributes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matcher.document import check_document, parse_document, read_data
from matcher.errors import InvalidSchemaError

SCHEMA_ID_BYTES = 16  # 128 bits of SHA-256: no two schemas will ever share it by chance
SHIPPED_SCHEMAS = ("nepal",)


class Kind(StrEnum):
    """What an attribute or field is, which decides how it is normalised, keyed and compared."""

    NAME = "name"
    DATE = "date"
    PLACE = "place"
    CATEGORY = "category"
    IDENTIFIER = "identifier"
    PHONE = "phone"
    TEXT = "text"


class Facet(StrEnum):
    """Which side of a field stands in a composite key."""

    KEY = "key"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    PLACE = "place"
    WHOLE = "whole"
    START = "start"
    END = "end"
    EVEN = "even"
    ODD = "odd"
    INITIALS = "initials"
    FIRST = "first"
    LAST = "last"


FACETS_OF_KIND: Mapping[Kind, frozenset[Facet]] = {
    Kind.NAME: frozenset({Facet.KEY, Facet.START, Facet.END, Facet.INITIALS, Facet.FIRST, Facet.LAST}),
    Kind.DATE: frozenset({Facet.YEAR, Facet.MONTH, Facet.DAY, Facet.EVEN, Facet.ODD}),
    Kind.PLACE: frozenset({Facet.PLACE, Facet.START, Facet.END}),
    Kind.CATEGORY: frozenset({Facet.WHOLE}),
    Kind.IDENTIFIER: frozenset({Facet.WHOLE}),
    Kind.PHONE: frozenset({Facet.WHOLE}),
    Kind.TEXT: frozenset({Facet.START}),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column a partner may have: its header, its kind, and the part of its kind that it holds."""

    name: str
    kind: Kind
    role: str


@dataclass(frozen=True, slots=True)
class SchemaField:
    """
    A field that is compared.

    Attributes:
        sources: attributes that together make its first reading, in order.
        alternatives: attributes that give it further readings.
        level: for places: any, district, local_unit or ward.
        free_in: groups (place, household, twin, homonym) whose members share it without being one person.
        sketch_bits: bits kept for closeness, beside presence and equality.
    """

    name: str
    kind: Kind
    sources: tuple[str, ...]
    alternatives: tuple[str, ...]
    level: str
    free_in: frozenset[str]
    sketch_bits: int


@dataclass(frozen=True, slots=True)
class Part:
    """
    One attribute of a composite key.

    Attributes:
        survival: chance in (0, 1) that another record of the person has it, and has it alike; orders the recipes.
        counts_as: attributes it stands for; an identifier counts as two.
        is_personal: whether it tells members of one household apart.
        excludes: parts that never stand beside it.
        coarsens: the finer part that it may stand for, never beside it; empty when it is no coarser form.
    """

    name: str
    field: str
    facet: Facet
    survival: float
    counts_as: int
    is_personal: bool
    excludes: frozenset[str]
    coarsens: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Which composite keys are rare enough to leave the partner."""

    population: int
    cap: float
    frequency_model: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Recipes:
    """Bounds on composite keys: attributes in each, and entries of one record."""

    minimum_attributes: int
    maximum_attributes: int
    maximum_entries: int


@dataclass(frozen=True, slots=True)
class LinkageSchema:
    """
    A checked linkage schema; make it with `from_document`, `from_json` or `shipped`.

    Attributes:
        schema_id: 32 hex digits, the digest of the canonical document.
        project_salt: 16 bytes, the Argon2id salt of a passphrase.
        key_epoch: 1 to 65535; rises when the linkage secret changes.
        sketch_bytes: size of every sketch.
        phonetics: language family of the name keys: nepali, bengali or latin.
    """

    name: str
    version: int
    schema_id: str
    project_id: str
    project_salt: bytes
    key_epoch: int
    attributes: Mapping[str, Attribute]
    fields: tuple[SchemaField, ...]
    gate: Gate
    recipes: Recipes
    sketch_bytes: int
    phonetics: str
    score_model: str
    document: Mapping[str, Any]

    @property
    def field_names(self) -> tuple[str, ...]:
        """The compared fields, in sketch order."""
        return tuple(field.name for field in self.fields)

    def to_json(self) -> str:
        """Return the document as indented JSON text, as it may be published."""
        return json.dumps(self.document, ensure_ascii=False, indent=2)

    def with_project(self, project_id: str, salt: bytes, key_epoch: int) -> "LinkageSchema":
        """
        Return the same agreement for another project or key epoch; its `schema_id` differs.

        Args:
            project_id: lower-case letters, digits, `_`, `-`; at most 40.
            salt: 16 random bytes, public.
            key_epoch: 1 to 65535.

        Raises:
            InvalidSchemaError: one of them is out of range.
        """
        project = {"id": project_id, "salt": salt.hex()}
        return LinkageSchema.from_document({**self.document, "project": project, "key_epoch": key_epoch})

    @classmethod
    def shipped(cls, name: str) -> "LinkageSchema":
        """
        Read a schema that comes with the package.

        Args:
            name: one of `SHIPPED_SCHEMAS`.

        Raises:
            InvalidSchemaError: no such schema is shipped.
        """
        if name not in SHIPPED_SCHEMAS:
            reason = f"no such shipped schema; there are: {', '.join(SHIPPED_SCHEMAS)}"
            raise InvalidSchemaError(reason, pointer="/name", code="unknown_schema")
        return cls.from_json(read_data(f"schemas/{name}.json"))

    @classmethod
    def from_json(cls, text: str) -> "LinkageSchema":
        """
        Read and check a schema document.

        Raises:
            InvalidSchemaError: it is not JSON, breaks the JSON Schema, or contradicts itself.
        """
        return cls.from_document(parse_document(text))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "LinkageSchema":
        """
        Check a parsed schema document.

        Raises:
            InvalidSchemaError: it breaks the JSON Schema or contradicts itself; names the JSON pointer.
        """
        check_document(document, "schemas/linkage-schema.schema.json")
        schema = _read(document)
        _refuse_contradictions(schema)
        return schema


def _read(document: Mapping[str, Any]) -> LinkageSchema:
    """Turn a document of the right shape into the schema's parts."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    gate = document["gate"]
    recipes = document["recipes"]
    return LinkageSchema(
        name=document["name"],
        version=document["version"],
        schema_id=hashlib.sha256(canonical).hexdigest()[: 2 * SCHEMA_ID_BYTES],
        project_id=document["project"]["id"],
        project_salt=bytes.fromhex(document["project"]["salt"]),
        key_epoch=document["key_epoch"],
        attributes={
            name: Attribute(name, Kind(spec["kind"]), spec.get("role", "whole"))
            for name, spec in document["attributes"].items()
        },
        fields=tuple(_read_field(spec) for spec in document["fields"]),
        gate=Gate(
            population=gate["population"],
            cap=float(gate["cap"]),
            frequency_model=gate["frequency_model"],
            parts=tuple(_read_part(spec) for spec in gate["parts"]),
        ),
        recipes=Recipes(
            minimum_attributes=recipes["minimum_attributes"],
            maximum_attributes=recipes.get("maximum_attributes", 5),
            maximum_entries=recipes["maximum_entries"],
        ),
        sketch_bytes=document["sketch"]["bytes"],
        phonetics=document.get("phonetics", "nepali"),
        score_model=document["score_model"],
        document=document,
    )


def _read_field(spec: Mapping[str, Any]) -> SchemaField:
    """Read one compared field."""
    return SchemaField(
        name=spec["name"],
        kind=Kind(spec["kind"]),
        sources=tuple(spec["sources"]),
        alternatives=tuple(spec.get("alternatives", ())),
        level=spec.get("level", "any"),
        free_in=frozenset(spec.get("free_in", ())),
        sketch_bits=spec.get("sketch_bits", 0),
    )


def _read_part(spec: Mapping[str, Any]) -> Part:
    """Read one part of composite keys."""
    return Part(
        name=spec["name"],
        field=spec["field"],
        facet=Facet(spec["facet"]),
        survival=float(spec["survival"]),
        counts_as=spec.get("counts_as", 1),
        is_personal=spec.get("is_personal", False),
        excludes=frozenset(spec.get("excludes", ())),
        coarsens=spec.get("coarsens", ""),
    )


def _refuse_contradictions(schema: LinkageSchema) -> None:
    """Refuse what the JSON Schema cannot see: settings that do not fit one another."""
    _refuse_fields(schema)
    _refuse_parts(schema)
    recipes = schema.recipes
    if recipes.maximum_attributes < recipes.minimum_attributes:
        raise InvalidSchemaError("is below minimum_attributes", pointer="/recipes/maximum_attributes")
    if sum(part.counts_as for part in schema.gate.parts if not part.coarsens) < recipes.minimum_attributes:
        raise InvalidSchemaError("too few parts for one composite key", pointer="/gate/parts")


def _refuse_fields(schema: LinkageSchema) -> None:
    """Check that every field reads attributes of its own kind, and that names are not repeated."""
    seen: set[str] = set()
    for index, field in enumerate(schema.fields):
        pointer = f"/fields/{index}"
        if field.name in seen:
            raise InvalidSchemaError("repeats a field", pointer=f"{pointer}/name")
        seen.add(field.name)
        for key, names in (("sources", field.sources), ("alternatives", field.alternatives)):
            for place, name in enumerate(names):
                attribute = schema.attributes.get(name)
                if attribute is None:
                    raise InvalidSchemaError("names an unknown attribute", pointer=f"{pointer}/{key}/{place}")
                if attribute.kind is not field.kind:
                    raise InvalidSchemaError("names an attribute of another kind", pointer=f"{pointer}/{key}/{place}")


def _refuse_parts(schema: LinkageSchema) -> None:
    """Check that every part looks at a field that has such a facet, and excludes parts that exist."""
    kinds = {field.name: field.kind for field in schema.fields}
    names = [part.name for part in schema.gate.parts]
    fields = {part.name: part.field for part in schema.gate.parts if not part.coarsens}
    for index, part in enumerate(schema.gate.parts):
        pointer = f"/gate/parts/{index}"
        if names.index(part.name) != index:
            raise InvalidSchemaError("repeats a part", pointer=f"{pointer}/name")
        if part.field not in kinds:
            raise InvalidSchemaError("names an unknown field", pointer=f"{pointer}/field")
        if part.facet not in FACETS_OF_KIND[kinds[part.field]]:
            raise InvalidSchemaError("is no facet of that field's kind", pointer=f"{pointer}/facet")
        if not part.excludes <= set(names) - {part.name}:
            raise InvalidSchemaError("excludes an unknown part", pointer=f"{pointer}/excludes")
        if part.coarsens and fields.get(part.coarsens) != part.field:
            raise InvalidSchemaError("is no part of the same field", pointer=f"{pointer}/coarsens")
    if not any(part.is_personal for part in schema.gate.parts):
        raise InvalidSchemaError("has no personal part", pointer="/gate/parts")
