"""The linkage schema is read whole, or refused by JSON pointer."""

import copy
import json
from typing import Any

import pytest

from matcher.errors import InvalidSchemaError
from matcher.schema import LinkageSchema

NEPAL = json.loads(LinkageSchema.shipped("nepal").to_json())


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """Copy the nepal document with one setting replaced, or added."""
    document = copy.deepcopy(NEPAL)
    *path, last = pointer.strip("/").split("/")
    place: Any = document
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[int(last) if isinstance(place, list) else last] = value
    return document


def test_the_nepal_schema_reads_the_documented_columns() -> None:
    """A file with the documented headers needs no mapping."""
    headers = (
        "given_name middle_name family_name natal_family_name marital_family_name other_names father_name mother_name "
        "spouse_name sex birth_date birth_year age recorded_on province district local_unit ward "
        "phone citizenship_no passport_no national_id"
    )
    assert list(LinkageSchema.shipped("nepal").attributes) == headers.split()


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/version", 0),
        ("/surprise", 1),
        ("/gate/cap", 0),
        ("/gate/surprise", 1),
        ("/recipes/minimum_attributes", 1),
        ("/recipes/minimum_attributes", 2),
        ("/recipes/maximum_attributes", 3.5),
        ("/key_epoch", 0),
        ("/project/salt", "short"),
        ("/fields/0/kind", "clk"),
        ("/fields/0/sources/0", "no_such_column"),
        ("/fields/0/sources/0", "sex"),
        ("/fields/1/name", "given_name"),
        ("/fields/0/sketch_bits", 7),
        ("/gate/parts/0/field", "no_such_field"),
        ("/gate/parts/0/facet", "year"),
        ("/gate/parts/0/survival", 1),
        ("/gate/parts/0/excludes", ["no_such_part"]),
        ("/gate/parts/1/name", "given_name"),
        ("/sketch/bytes", 15),
    ],
)
def test_a_contradictory_or_unknown_setting_is_named_by_pointer(pointer: str, value: Any) -> None:
    """The error names the setting, or the object that holds an unknown one."""
    with pytest.raises(InvalidSchemaError) as caught:
        LinkageSchema.from_document(changed(pointer, value))
    assert pointer.startswith(caught.value.where.rstrip("/"))


def test_fewer_attributes_at_most_than_at_least_is_refused() -> None:
    """Two settings that cannot both hold are refused at the second."""
    document = changed("/recipes/minimum_attributes", 5)
    document["recipes"]["maximum_attributes"] = 4
    with pytest.raises(InvalidSchemaError) as caught:
        LinkageSchema.from_document(document)
    assert caught.value.where == "/recipes/maximum_attributes"


def test_the_error_never_quotes_the_document() -> None:
    """Someone may paste a record where a schema belongs."""
    with pytest.raises(InvalidSchemaError) as caught:
        LinkageSchema.from_document(changed("/name", "Sita Tamang"))
    assert "Sita" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": 1, "name": 2}', "[" * 100_000])
def test_what_is_no_json_object_is_refused(text: str) -> None:
    """Broken JSON, repeated keys and deep nesting give the package's own error."""
    with pytest.raises(InvalidSchemaError):
        LinkageSchema.from_json(text)


def test_one_changed_setting_changes_the_schema_id() -> None:
    """Two partners with different settings cannot compare by mistake."""
    first = LinkageSchema.shipped("nepal")
    assert LinkageSchema.from_document(changed("/gate/cap", 2)).schema_id != first.schema_id
    assert first.with_project("other", bytes(16), 1).schema_id != first.schema_id


def test_an_equal_document_has_an_equal_schema_id() -> None:
    """The digest does not depend on layout or order of keys."""
    shuffled = dict(reversed(list(NEPAL.items())))
    assert LinkageSchema.from_document(shuffled).schema_id == LinkageSchema.shipped("nepal").schema_id


def test_an_unknown_shipped_name_is_refused() -> None:
    """Only what is shipped can be asked for by name."""
    with pytest.raises(InvalidSchemaError, match="nepal"):
        LinkageSchema.shipped("../secrets")
