"""
Places of a row that the official table does not know, with what they may mean; for the partner's own eyes only.

Such a place is used as its text, which agrees with the same text alone: a name put right finds more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from matcher.normalise.places import Address, suggestions_for_district, suggestions_for_unit
from matcher.normalise.record import address_of
from matcher.normalise.row import Row
from matcher.person import RawRecord
from matcher.schema import LinkageSchema


@dataclass(frozen=True, slots=True)
class UnknownPlace:
    """
    A place that is not in the table.

    Attributes:
        column: schema attribute it stands in.
        names: official names that look like it, the likeliest first; never the cell's own text, and perhaps none.
    """

    column: str
    names: tuple[str, ...] = field(repr=False)


_SUGGEST: Mapping[str, Callable[[Address], tuple[str, ...] | None]] = {
    "district": suggestions_for_district,
    "local_unit": suggestions_for_unit,
}


def unknown_places(record: RawRecord, schema: LinkageSchema) -> Iterator[UnknownPlace]:
    """
    Yield the districts and local units of a row that the table does not know.

    Args:
        record: the row as written.
        schema: its fields of level district or local_unit are looked up; other places are only ever text.
    """
    row = Row(record, schema)
    for place in schema.fields:
        suggest = _SUGGEST.get(place.level)
        names = suggest(address_of(place, row)) if suggest else None
        if names is not None:
            yield UnknownPlace(place.sources[0], names)
