"""
What may be told of an organisation so that nobody learns where its people are: the policy's word on places; pure; hub.

No answer to another organisation has a field for a name or an address: whom to turn to is a contact desk, whose alias
shares no word with the name. What is left is the class, which can be half a place, and what a release says by itself.
Every answer asks here; not known counts as sensitive. Why so: docs/decisions/0021.
"""

from dataclasses import dataclass

from api.wire.statements import OrganisationClass

# Whom the police is not told of, on any rung: that there is a shelter is half of where it is.
_PROTECTING = frozenset({OrganisationClass.SHELTER, OrganisationClass.NGO})
# Classes that keep nobody in a house of theirs: of these the class tells nothing of a place.
_OFFICES = frozenset(
    {
        OrganisationClass.POLICE,
        OrganisationClass.BORDER,
        OrganisationClass.LINKAGE_DESK,
        OrganisationClass.DATA_PROTECTION,
    }
)
_SEEKING = frozenset({OrganisationClass.POLICE, OrganisationClass.BORDER})


@dataclass(frozen=True, slots=True)
class Place:
    """
    An organisation, as far as its place is concerned.

    Attributes:
        is_sensitive: whether its address endangers those it holds; not known counts as yes.
    """

    organisation_class: OrganisationClass
    is_sensitive: bool


def place_of(organisation_class: str, is_sensitive: object) -> Place:
    """Return the place of an organisation as its row has it."""
    return Place(OrganisationClass(organisation_class), bool(is_sensitive))


def hides_class(viewer: OrganisationClass, other: Place) -> bool:
    """
    Tell whether the class of the other side is never told to this one, on no rung.

    Police and border are told of no NGO and no shelter, and of nobody else whose address endangers people: a ministry
    may keep a house as well. Between the two stands the project's focal point.
    """
    is_house = other.is_sensitive and other.organisation_class not in _OFFICES
    return viewer in _SEEKING and (other.organisation_class in _PROTECTING or is_house)


def tells_class(viewer: OrganisationClass, other: Place, *, is_protected: bool) -> bool:
    """
    Tell whether a side may learn the other's class with the meeting itself.

    Args:
        viewer: class of the side that looks.
        other: the other side.
        is_protected: whether the other's record is, and the viewer is not the one to decide.
    """
    return not is_protected and not hides_class(viewer, other)


def is_always_protected(place: Place) -> bool:
    """
    Tell whether all records of an organisation count as protected, whatever its agent or a standing rule says.

    Whoever is held by a shelter whose address is sensitive is at that address.
    """
    return place.organisation_class is OrganisationClass.SHELTER and place.is_sensitive
