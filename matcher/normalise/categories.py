"""Read words that stand for one of a few values, sex above all; partner's side only."""

from csv import DictReader
from functools import cache
from io import StringIO

from matcher.document import read_data
from matcher.errors import UnreadableFieldError
from matcher.normalise.text import clean, folded_words
from matcher.person import Opaque

_SEX_FIELDS = ("sex", "gender")


@cache
def _sexes() -> dict[str, str]:
    """Return f, m or o by folded word."""
    rows = DictReader(StringIO(read_data("sexes.csv")))
    return {word.lower(): row["sex"] for row in rows for word in row["words"].split("|")}


def read_category(cell: str, field: str) -> tuple[Opaque, ...]:
    """
    Return the folded value of a category; a field of sex gives f, m or o.

    Args:
        cell: text as written.
        field: the schema field's name.

    Returns:
        One reading; none when the cell is blank.

    Raises:
        UnreadableFieldError: `unknown_sex`, `no_letters`, `too_long`.
    """
    text = clean(cell).lower()
    if not text:
        return ()
    if any(word in field for word in _SEX_FIELDS):
        sex = _sexes().get(text.strip(" ."))
        if sex is None:
            raise UnreadableFieldError("no known word for a sex", code="unknown_sex")
        return (Opaque((sex,)),)
    return read_text(cell)


def read_text(cell: str) -> tuple[Opaque, ...]:
    """
    Return the folded words of a free text as parts, in their order.

    Args:
        cell: text as written.

    Returns:
        One reading; none when the cell is blank.

    Raises:
        UnreadableFieldError: `no_letters` when no word is readable, `too_long`.
    """
    text = clean(cell)
    if not text:
        return ()
    words = folded_words(text).split()
    if not words:
        raise UnreadableFieldError("there is no readable word in it", code="no_letters")
    return (Opaque(tuple(words)),)
