"""What is told of an organisation, as a table over all classes."""

from itertools import product

import pytest

from api.hub.places import Place, hides_class, is_always_protected, tells_class
from api.wire.statements import OrganisationClass

NGO, SHELTER, POLICE = OrganisationClass.NGO, OrganisationClass.SHELTER, OrganisationClass.POLICE
BORDER, GOVERNMENT = OrganisationClass.BORDER, OrganisationClass.GOVERNMENT
HIDDEN = {(NGO, True), (NGO, False), (SHELTER, True), (SHELTER, False), (GOVERNMENT, True)}


@pytest.mark.parametrize(
    ("viewer", "other", "is_sensitive"), list(product(OrganisationClass, OrganisationClass, [True, False]))
)
def test_a_class_is_told_unless_it_is_half_a_place(
    viewer: OrganisationClass, other: OrganisationClass, *, is_sensitive: bool
) -> None:
    """Police and border hear of no NGO, no shelter and no house; of a protected record nobody hears it."""
    place, is_hidden = Place(other, is_sensitive), viewer in {POLICE, BORDER} and (other, is_sensitive) in HIDDEN
    assert hides_class(viewer, place) is is_hidden
    assert tells_class(viewer, place, is_protected=False) is not is_hidden
    assert not tells_class(viewer, place, is_protected=True)


@pytest.mark.parametrize(("kind", "is_sensitive"), list(product(OrganisationClass, [True, False])))
def test_a_shelter_that_must_not_be_found_protects_all_whom_it_holds(
    kind: OrganisationClass, *, is_sensitive: bool
) -> None:
    """Nobody else does without being told so."""
    assert is_always_protected(Place(kind, is_sensitive)) is (kind is SHELTER and is_sensitive)
