"""A small schema, its frequency model and invented persons, already normalised."""

from collections.abc import Callable

import pytest

from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.person import Name, Opaque, PartialDate, Person, Place, Precision
from matcher.schema import Kind, LinkageSchema
from matcher.template import general_schema


@pytest.fixture
def schema() -> LinkageSchema:
    """Link on two names, a date, a place and a category among 1,000 people."""
    columns = {
        "given_name": Kind.NAME,
        "surname": Kind.NAME,
        "born": Kind.DATE,
        "town": Kind.PLACE,
        "sex": Kind.CATEGORY,
    }
    document = dict(general_schema(columns, 1_000).document)
    parts = [part for part in document["gate"]["parts"] if not part.get("coarsens")]
    recipes = {**document["recipes"], "maximum_entries": 64}
    return LinkageSchema.from_document({**document, "gate": {**document["gate"], "parts": parts}, "recipes": recipes})


@pytest.fixture
def frequencies(schema: LinkageSchema) -> FrequencyModel:
    """Give every part a default of 1 in 20, and one surname to half of all people."""
    counts = {part.name: {"common": 50} | {f"rare{n}": 1 for n in range(20)} for part in schema.gate.parts}
    model = FrequencyModel.from_counts("own-counts", "invented", counts)
    parts = {name: {**spec, "default": 0.05} for name, spec in model.document["parts"].items()}
    return FrequencyModel({**model.document, "parts": parts})


@pytest.fixture
def prf(schema: LinkageSchema) -> SharedSecretPrf:
    """Derive from a fixed secret."""
    return SharedSecretPrf(LinkageSecret(bytes(range(32))), schema)


@pytest.fixture
def make_person() -> Callable[..., Person]:
    """Make a person; a field given as None is missing."""

    def make(
        given: str | None = "maya",
        surname: str | None = "rai",
        born: tuple[int, int, int] | None = (2001, 5, 17),
        town: str | None = "dharan",
        sex: str | None = "f",
        *,
        aliases: tuple[str, ...] = (),
        is_heaped: bool = False,
    ) -> Person:
        readings = {
            "given_name": tuple(name(text) for text in (given, *aliases) if text),
            "surname": (name(surname),) if surname else (),
            "born": (PartialDate(*born, Precision.DAY, is_heaped),) if born else (),
            "town": (Place("", town),) if town else (),
            "sex": (Opaque((sex,)),) if sex else (),
            "full_name": (name(f"{given} {surname}"),) if given and surname else (),
        }
        return Person("case 1", {field: found for field, found in readings.items() if found})

    return make


def name(text: str) -> Name:
    """Fold as little as a test needs."""
    return Name(text, text, text.replace(" ", ""))
