"""What a side grants by letting a match come about, and what that comes to for the other."""

from datetime import date

import pytest

from api.hub.grants.service import Cover, Live, opening, told_to
from api.hub.policy import Rung
from api.wire.statements import OrganisationClass

DAY = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("cover", "asker", "rung"),
    [
        (Cover(), OrganisationClass.NGO, Rung.D4),
        (Cover(), OrganisationClass.POLICE, Rung.D1),
        (Cover(), OrganisationClass.BORDER, Rung.D1),
        (Cover(needs_hand=True), OrganisationClass.NGO, Rung.D2),
        (Cover(needs_hand=True, is_protected=True), OrganisationClass.NGO, Rung.D1),
        (Cover(is_protected=True), OrganisationClass.SHELTER, Rung.D1),
    ],
)
def test_opening(cover: Cover, asker: OrganisationClass, rung: Rung) -> None:
    """A rule says all, a hand class and age, a protected record a grade; police and border hear no more than that."""
    assert opening(cover, asker) is rung


@pytest.mark.parametrize("held", list(Rung)[1:])
@pytest.mark.parametrize("own", list(Rung)[1:])
def test_d4_is_mutual_and_all_below_is_the_holders(held: Rung, own: Rung) -> None:
    """Nobody reaches D4 that has not accepted it; up to D3 one's own grant plays no part."""
    grants = {("m", "holder"): Live(held, DAY), ("m", "viewer"): Live(own, DAY)}
    told = told_to(grants, "m", "viewer", "holder")
    assert told <= held
    assert (told is Rung.D4) == (held is own is Rung.D4)
    assert told == held or held is Rung.D4


def test_without_grants_a_match_tells_a_grade() -> None:
    """Nothing is granted by forgetting."""
    assert told_to({}, "m", "viewer", "holder") is Rung.D1
