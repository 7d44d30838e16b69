"""What stands for a reading in a composite key; partner's side only."""

from collections.abc import Callable, Mapping

from matcher.person import Name, Opaque, PartialDate, Place, Reading
from matcher.schema import Facet, Part

EDGES = (Facet.START, Facet.END)
WORDS = (Facet.INITIALS, Facet.FIRST, Facet.LAST)  # of a name of several words, in whatever order they were written
EDGE_SYMBOLS = 3  # 2 would be too common for a gate, 4 would break at more slips
INITIAL_SYMBOLS = 2  # of each word; a pair of words gives four, as rare as one key of three and more tolerant
PART_SEPARATOR = "\x1f"  # never part of a normalised value


def part_value(part: Part, reading: Reading) -> str:
    """Return what stands for a reading in a composite key; empty when it has nothing that may stand there."""
    if isinstance(reading, Name):
        return _name_value(part.facet, reading)
    if isinstance(reading, PartialDate):
        return _date_value(part.facet, reading)
    if isinstance(reading, Place):
        return _edge(part.facet, reading.text) if part.facet in EDGES else reading.code or reading.text
    return _edge(part.facet, "".join(reading.parts)) if part.facet in EDGES else opaque_value(reading)


def opaque_value(reading: Opaque) -> str:
    """Join the parts of an identifier, phone or category to one text."""
    return PART_SEPARATOR.join(reading.parts)


def _name_value(facet: Facet, reading: Name) -> str:
    """Take a name's key, an edge of it, or what its words begin with."""
    if facet is Facet.KEY:
        return reading.key
    return _words_value(facet, reading.folded.split()) if facet in WORDS else _edge(facet, reading.folded)


def _words_value(facet: Facet, words: list[str]) -> str:
    """Take the beginnings of all words, or of the one that an alphabet puts first or last; one word has none."""
    if not words[1:]:
        return ""
    if facet is Facet.INITIALS:
        return " ".join(sorted(word[:INITIAL_SYMBOLS] for word in words))
    return (min(words) if facet is Facet.FIRST else max(words))[:EDGE_SYMBOLS]


def _edge(facet: Facet, text: str) -> str:
    """Take the first or last symbols of a folded text; empty when there is no more to it than those."""
    joined = text.replace(" ", "")
    if len(joined) <= EDGE_SYMBOLS:
        return ""
    return joined[:EDGE_SYMBOLS] if facet is Facet.START else joined[-EDGE_SYMBOLS:]


def _date_value(facet: Facet, reading: PartialDate) -> str:
    """Take year, month, day or a pair of years; the day of a heaped date says nothing of the person and is left out."""
    read = _DATE_NUMBERS.get(facet)
    number = read(reading) if read else None
    return "" if number is None else str(number)


_DATE_NUMBERS: Mapping[Facet, Callable[[PartialDate], int | None]] = {
    Facet.YEAR: lambda date: date.year,
    Facet.EVEN: lambda date: None if date.year is None else date.year // 2,
    Facet.ODD: lambda date: None if date.year is None else (date.year + 1) // 2,
    Facet.MONTH: lambda date: date.month,
    Facet.DAY: lambda date: None if date.is_heaped else date.day,
}
