"""
Consent, or another lawful basis, of one person for one purpose: what is known, what is stated, and what holds; pure.

On the partner's premises: who consented, and what is withheld from whom, never leaves. Without a live consent nothing
of a case is encoded. A file can give consent where none was known and can make a known one stricter; what a person has
ended only a person gives again. Why so: docs/decisions/0016.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from api.wire.batches import month_number
from api.wire.statements import OrganisationClass

CONSENT = "consent"  # the basis that needs somebody who gave it
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class GivenBy(StrEnum):
    """Who gave consent."""

    SELF = "self"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"


class Ended(StrEnum):
    """Why nothing of a case may be at the hub any more."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    NOT_GIVEN = "not_given"
    MISSING = "missing"  # the row is gone from its source
    REPLACED = "replaced"  # another consent took its place


@dataclass(frozen=True, slots=True)
class Stated:
    """
    What a file, a command or a row of a file says of consent.

    Attributes:
        given_by: None when it rests on another basis.
        basis: `consent`, or a code of the partner's own list of lawful bases; empty in a row that says only more.
        withheld_from: classes of organisations that must never learn of the case.
        expires_on: the last day on which it holds; None until somebody ends it.
        is_refusal: consent was asked for and not given.
    """

    given_by: GivenBy | None = GivenBy.SELF
    basis: str = CONSENT
    withheld_from: frozenset[OrganisationClass] = frozenset()
    expires_on: date | None = None
    is_refusal: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """
    What is kept of a case for one purpose.

    Attributes:
        given_on: the day on which it was written down here.
        ended: why it is over; None as long as nobody and nothing has ended it.
    """

    stated: Stated
    given_on: date
    ended: Ended | None = None

    def is_live(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return self.ended is None and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Tell whether its last day is past."""
        return self.stated.expires_on is not None and self.stated.expires_on < day


def is_basis(text: str) -> bool:
    """Tell whether a text is `consent` or a code of a lawful basis."""
    return _CODE.fullmatch(text) is not None


def settle(known: Consent | None, row: Stated | None, whole_file: Stated | None, day: date) -> Consent | None:
    """
    Return what holds of a case after a file was read.

    Args:
        known: what is kept; None when nothing is.
        row: what the case's own row says; it counts before what is said of the whole file.
        whole_file: what the partner says of all cases of the file.
        day: today.

    Returns:
        A live consent; one that is over, and says why; or None when nothing was ever said.
    """
    held = _settled(known, row, whole_file, day)
    is_over = held is not None and held.ended is None and held.is_over(day)
    return replace(held, ended=Ended.EXPIRED) if held is not None and is_over else held


def _settled(known: Consent | None, row: Stated | None, whole_file: Stated | None, day: date) -> Consent | None:
    """Return what holds, where a last day that is past is not looked at yet."""
    if row is not None and row.is_refusal:
        return known if known is not None and known.ended is not None else Consent(row, day, Ended.NOT_GIVEN)
    if known is not None and known.is_live(day):
        return known if row is None else replace(known, stated=_stricter(known.stated, row))
    stated = whole_file if row is None else _completed(row, whole_file)
    return Consent(stated, day) if stated is not None and _may_begin(known, row, stated, day) else known


def _may_begin(known: Consent | None, row: Stated | None, stated: Stated, day: date) -> bool:
    """Tell whether a file may give consent where what is known of the case is over, or nothing is known."""
    if known is None or known.ended is Ended.MISSING:
        return True
    if known.ended is Ended.NOT_GIVEN:
        return row is not None
    return known.ended is not Ended.WITHDRAWN and stated.expires_on is not None and stated.expires_on >= day


def _completed(row: Stated, whole_file: Stated | None) -> Stated | None:
    """Return a row's statement, its basis taken from what is said of the whole file where the row says none."""
    if row.basis:
        return row
    return None if whole_file is None else _stricter(whole_file, row)


def is_stricter(after: Stated, before: Stated) -> bool:
    """Tell whether entries that were made under one statement say too much or stay too long under another."""
    is_shorter = after.expires_on is not None and (before.expires_on is None or after.expires_on < before.expires_on)
    return is_shorter or not after.withheld_from <= before.withheld_from


def bounded_expiry(stated: Stated, latest_month: int, day: date) -> int:
    """
    Return the last month of a case's entries at the hub.

    Args:
        stated: a live consent's statement.
        latest_month: what the project's retention allows, in months since January 2000.
        day: today.

    Returns:
        The last month that lies whole within the consent, but not before this one: the agent ends it on the day.
    """
    if stated.expires_on is None:
        return latest_month
    after = stated.expires_on + timedelta(days=1)
    last_whole = month_number(after.year, after.month) - 1
    return min(latest_month, max(last_whole, month_number(day.year, day.month)))


def withheld_codes(classes: Iterable[OrganisationClass]) -> str:
    """Write classes as codes with a space between, in order."""
    return " ".join(sorted(classes))


def read_withheld(text: str) -> frozenset[OrganisationClass] | None:
    """Read classes as people write them, with `;`, `,` or spaces between; None when a word is no class."""
    words = {re.sub(r"-+", "_", word) for word in re.split(r"[;,\s]+", text.casefold()) if word}
    known = {each.value for each in OrganisationClass}
    return frozenset(map(OrganisationClass, words)) if words <= known else None


def _stricter(known: Stated, row: Stated) -> Stated:
    """Return what both statements allow: the earlier last day, and everybody from whom either withholds."""
    days = [each.expires_on for each in (known, row) if each.expires_on is not None]
    return replace(known, withheld_from=known.withheld_from | row.withheld_from, expires_on=min(days, default=None))
