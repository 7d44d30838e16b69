"""Consent: a file gives it where none was known, and makes a known one stricter; what people end they give again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.agent.consent import Consent, Ended, GivenBy, Stated, bounded_expiry, is_stricter, read_withheld, settle
from api.wire.batches import month_number
from api.wire.statements import OrganisationClass

TODAY = date(2026, 11, 21)
EARLIER, LATER = TODAY - timedelta(days=30), TODAY + timedelta(days=400)
BY_SELF = Stated()
COURT = Stated(given_by=None, basis="court_order")
REFUSED = Stated(given_by=None, basis="", is_refusal=True)
LIVE = Consent(BY_SELF, EARLIER)
POLICE = frozenset({OrganisationClass.POLICE})


def test_without_a_word_there_is_no_consent() -> None:
    """Neither known, nor in the row, nor said of the file."""
    assert settle(None, None, None, TODAY) is None


@pytest.mark.parametrize(("row", "whole_file", "held"), [(None, BY_SELF, BY_SELF), (COURT, BY_SELF, COURT)])
def test_a_file_gives_it_and_a_row_counts_first(row: Stated | None, whole_file: Stated, held: Stated) -> None:
    """What is said of the whole file holds for rows that say nothing."""
    assert settle(None, row, whole_file, TODAY) == Consent(held, TODAY)


@pytest.mark.parametrize("ended", [Ended.WITHDRAWN, Ended.NOT_GIVEN])
def test_no_file_revives_what_a_person_has_ended(ended: Ended) -> None:
    """Importing the list again does not search for somebody who has said no."""
    over = replace(LIVE, ended=ended)
    assert settle(over, None, replace(BY_SELF, expires_on=LATER), TODAY) == over


def test_a_refusal_in_a_row_ends_a_live_consent() -> None:
    """The partner's own register is where people say no."""
    held = settle(LIVE, REFUSED, BY_SELF, TODAY)
    assert held is not None
    assert (held.ended, held.is_live(TODAY)) == (Ended.NOT_GIVEN, False)


def test_a_row_only_makes_a_live_consent_stricter() -> None:
    """Loosening is for a person; an older copy of the list forgets nothing that was withheld since."""
    known = Consent(Stated(withheld_from=POLICE, expires_on=LATER), EARLIER)
    row = Stated(withheld_from=frozenset({OrganisationClass.BORDER}), expires_on=LATER + timedelta(days=9))
    held = settle(known, row, None, TODAY)
    assert held is not None
    assert held.stated.withheld_from == {OrganisationClass.POLICE, OrganisationClass.BORDER}
    assert held.stated.expires_on == LATER


def test_what_is_over_says_so_and_begins_again_with_a_later_day_only() -> None:
    """A list that says nothing new does not prolong a consent for ever."""
    over = Consent(Stated(expires_on=EARLIER), EARLIER)
    held = settle(over, None, BY_SELF, TODAY)
    assert held is not None
    assert held.ended is Ended.EXPIRED
    assert settle(held, None, replace(BY_SELF, expires_on=LATER), TODAY) == Consent(Stated(expires_on=LATER), TODAY)


def test_a_row_with_a_last_day_alone_takes_the_basis_of_the_file() -> None:
    """And none where nothing is said of the file."""
    row = Stated(given_by=None, basis="", expires_on=LATER)
    held = settle(None, row, COURT, TODAY)
    assert held is not None
    assert (held.stated.basis, held.stated.expires_on) == ("court_order", LATER)
    assert settle(None, row, None, TODAY) is None


@pytest.mark.parametrize(
    ("last", "month"),
    [
        (date(2027, 3, 15), month_number(2027, 2)),
        (date(2027, 3, 31), month_number(2027, 3)),
        (date(2026, 11, 25), month_number(2026, 11)),
        (date(2099, 1, 1), month_number(2028, 1)),
        (None, month_number(2028, 1)),
    ],
)
def test_entries_go_with_the_last_whole_month_of_consent(last: date | None, month: int) -> None:
    """Never later than the project's retention, never before this month: that day the agent ends it."""
    assert bounded_expiry(Stated(expires_on=last), month_number(2028, 1), TODAY) == month


def test_stricter_is_shorter_or_kept_from_more() -> None:
    """A longer one is not."""
    assert is_stricter(Stated(withheld_from=POLICE), BY_SELF)
    assert is_stricter(Stated(expires_on=LATER), BY_SELF)
    assert not is_stricter(BY_SELF, Stated(expires_on=LATER, withheld_from=POLICE))


def test_classes_are_read_as_people_write_them() -> None:
    """A word that is no class is told, not passed over."""
    assert read_withheld("Police; linkage-desk border") == {
        OrganisationClass.POLICE,
        OrganisationClass.LINKAGE_DESK,
        OrganisationClass.BORDER,
    }
    assert read_withheld("polise") is None


STATED = st.builds(
    Stated,
    given_by=st.sampled_from(GivenBy),
    withheld_from=st.frozensets(st.sampled_from(OrganisationClass)),
    expires_on=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    is_refusal=st.booleans(),
)


@given(STATED, st.none() | STATED, st.none() | STATED)
def test_a_file_never_loosens_what_holds(known: Stated, row: Stated | None, whole_file: Stated | None) -> None:
    """Whatever a list says, nobody learns who was kept out before, and nothing lasts longer."""
    before = Consent(replace(known, is_refusal=False), EARLIER)
    after = settle(before, row, whole_file, TODAY)
    assert after is not None
    if before.is_live(TODAY) and after.is_live(TODAY):
        assert not is_stricter(before.stated, after.stated)


@given(STATED, st.none() | STATED, st.none() | STATED)
def test_settling_twice_is_settling_once(known: Stated, row: Stated | None, whole_file: Stated | None) -> None:
    """The same file again changes nothing."""
    once = settle(Consent(replace(known, is_refusal=False), EARLIER), row, whole_file, TODAY)
    assert settle(once, row, whole_file, TODAY) == once
