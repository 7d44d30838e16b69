"""
Name tokens that no sound rule can bring together, and those that are no name; partner's side only.

`data/phonetics/lexicon.csv` holds abbreviations (matched letter by letter), learned and spoken forms of one name
(matched by sound, so that one row serves all scripts), honorifics, and fillers: the middle words that nearly
everybody carries.
"""

from collections.abc import Mapping
from functools import cache

from matcher.phonetics.tables import rows_of


@cache
def honorifics() -> frozenset[str]:
    """Return the words that stand before or after a name and are no part of it, in canonical letters."""
    return frozenset(row["form"] for row in rows_of("lexicon") if row["role"] == "honorific")


@cache
def forms(family: str, role: str) -> Mapping[str, str]:
    """
    Return the words of a family, and those of every family, in one role.

    Args:
        family: nepali, bengali or latin.
        role: abbreviation, same, doublet or filler.

    Returns:
        Canonical token by form; the empty string for a role that has none.
    """
    rows = (row for row in rows_of("lexicon") if row["family"] in {family, "any"} and row["role"] == role)
    return {row["form"]: row["canonical"] for row in rows}
