"""Places that no table knows are named by column, with official names."""

import pytest

from matcher.normalise.suggestions import UnknownPlace, unknown_places
from matcher.person import RawRecord
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")


def unknown(**columns: str) -> list[UnknownPlace]:
    """Look a row's places up."""
    return list(unknown_places(RawRecord("case-1", columns), SCHEMA))


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"district": "Bhaktabur"}, [("district", ("Bhaktapur",))]),
        ({"district": "Sindhupalchok", "local_unit": "Melamshi-4"}, [("local_unit", ("Melamchi",))]),
        ({"district": "Atlantis"}, [("district", ())]),
        ({"district": "Kavre", "local_unit": "Banepa"}, []),
        ({"district": "Birgunj"}, []),
        ({"district": "Bagmati"}, []),
        ({"local_unit": "Kavre"}, []),
        ({"district": " ", "local_unit": "Thulo VDC"}, []),
        ({}, []),
    ],
)
def test_what_the_table_does_not_know(columns: dict[str, str], expected: list[tuple[str, tuple[str, ...]]]) -> None:
    """A known, blank or otherwise reported place is not asked about."""
    assert [(place.column, place.names) for place in unknown(**columns)] == expected


def test_a_suggestion_shows_nothing() -> None:
    """It tells nearly what was written."""
    assert "Bhaktapur" not in repr(unknown(district="Bhaktabur"))
