"""
Read telephone numbers of Nepal, India and Bangladesh to one international form; partner's side only.

A telephone belongs to a household, not to a person: the schema says so, not this module.
"""

import re
from functools import cache, lru_cache
from typing import Any

import phonenumbers

from matcher.errors import UnreadableFieldError
from matcher.normalise.text import CELL_CACHE, clean
from matcher.person import Opaque

HOME_REGION, HOME_CODE = "NP", "977"
NEIGHBOURS = ("IN", "BD")
_BANGLADESHI = re.compile(r"^01[3-9]\d{8}$")  # as dialled there; India would read a landline into it
FEWEST_DIGITS = 6
MOST_DIGITS = 15  # ITU-T E.164
MAX_NUMBERS = 3
_APART = re.compile(r"[,;/|]|\bor\b|\band\b|वा")
_STOP_GAP = re.compile(r"^(?:\+?977)?(\d)\1{6,}$")


@lru_cache(maxsize=CELL_CACHE)
def read_phone(cell: str, *, is_plain: bool = False) -> tuple[Opaque, ...]:
    """
    Return the numbers in a cell, each as one part of digits with the country in front.

    Args:
        cell: text as written, in any digits; several numbers may stand side by side.
        is_plain: keep digits that no region's plan knows, for lists from elsewhere.

    Returns:
        One to three readings; none when the cell is blank.

    Raises:
        UnreadableFieldError: `unreadable_phone` when no number is possible, `too_long`.
    """
    text = clean(cell)
    if not text:
        return ()
    numbers = [number for piece in _APART.split(text) if (number := _number(piece, is_plain=is_plain))]
    if not numbers:
        raise UnreadableFieldError("no telephone number of the region", code="unreadable_phone")
    return tuple(Opaque((number,)) for number in dict.fromkeys(numbers))[:MAX_NUMBERS]


def _number(text: str, *, is_plain: bool) -> str:
    """Read one number: at home, then next door; empty when it is none."""
    digits = re.sub(r"[^\d+]", "", text)
    bare = digits.lstrip("+0")
    if not FEWEST_DIGITS <= len(bare) <= MOST_DIGITS or _STOP_GAP.match(digits):
        return ""
    if at_home := _home_mobile().fullmatch(digits):
        return HOME_CODE + at_home[1]
    for region in ("BD",) if _BANGLADESHI.match(digits) else (HOME_REGION, *NEIGHBOURS):
        for written in dict.fromkeys((digits, f"+{bare}")):
            number = _parse(written, region)
            if number is not None and phonenumbers.is_valid_number(number):
                return f"{number.country_code}{number.national_number}"
    return bare if is_plain else ""


@cache
def _home_mobile() -> re.Pattern[str]:
    """Make a pattern of the library's own for mobile numbers at home: most are, and to parse one takes it 0.1 ms."""
    home: Any = phonenumbers.PhoneMetadata.metadata_for_region(HOME_REGION)
    return re.compile(rf"(?:\+?{HOME_CODE})?({home.mobile.national_number_pattern})")


def _parse(digits: str, region: str) -> phonenumbers.PhoneNumber | None:
    """Parse digits as dialled in a region; the library's error quotes them, so it ends here."""
    try:
        return phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
