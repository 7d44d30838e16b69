"""
Who is on whose list in the demonstration, and what is true of them; on the partner's premises.

Three stories are placed by hand, a few more people are on two lists, and all others are on one: that is what makes a
match worth something. The truth is known because it was invented; the story checks itself against it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from api.agent.demo.partners import BORDER, SHELTER, VALLEY, Encounter, Filed, Hand
from api.agent.demo.people import Invented, Word, homes, invent, joined, word

SEED = 2081
ONE_LIST_ONLY = {"valley": 130, "border": 110, "shelter": 70}
ON_TWO_LISTS = 8  # beside the three stories
KINDS = ("interception", "rescue", "admission", "helpline")


@dataclass(frozen=True, slots=True)
class Partner:
    """
    A partner of the demonstration.

    Attributes:
        organisation_class: as the hub knows it.
    """

    key: str
    title: str
    organisation_class: str
    hand: Hand


PARTNERS = (
    Partner("valley", "Valley NGO", "ngo", VALLEY),
    Partner("border", "Border NGO", "ngo", BORDER),
    Partner("shelter", "Shelter", "shelter", SHELTER),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases of two partners, as (partner key, case reference)."""

    left: tuple[str, str]
    right: tuple[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """
    All lists, and the truth.

    Attributes:
        filed: rows by partner key.
        duplicate: one woman at two partners, one episode.
        returned: one woman at two partners, with an exit between.
        sisters: two women, alike in all but given name and birth date.
        others: further women who are on two lists.
    """

    filed: dict[str, list[Filed]]
    duplicate: Pair
    returned: Pair
    sisters: Pair
    others: tuple[Pair, ...]

    @property
    def true_pairs(self) -> frozenset[frozenset[tuple[str, str]]]:
        """Every pair of cases that is one woman."""
        return frozenset(frozenset((pair.left, pair.right)) for pair in (self.duplicate, self.returned, *self.others))


def make_world() -> World:
    """Invent the lists; the same each time."""
    chance = Random(SEED)  # noqa: S311 - invents people, protects nothing
    filed: dict[str, list[Filed]] = {partner.key: [] for partner in PARTNERS}
    for key, number in ONE_LIST_ONLY.items():
        for _ in range(number):
            _file(filed, key, invent(chance), chance)
    duplicate = _place(filed, _twice_registered(), ("border", _INTERCEPTED), ("valley", _ADMITTED))
    returned = _place(filed, _returned(), ("border", _RESCUED_AND_LEFT), ("shelter", _RESCUED_AGAIN))
    elder, younger = _sisters()
    sisters = Pair(_place_one(filed, elder, "border", _INTERCEPTED), _place_one(filed, younger, "valley", _ADMITTED))
    others = tuple(_on_two_lists(filed, chance) for _ in range(ON_TWO_LISTS))
    for rows in filed.values():
        chance.shuffle(rows)
    return World(filed, duplicate, returned, sisters, others)


_INTERCEPTED = (date(2024, 5, 18), Encounter("2024Q2", "interception", "possible"))
_ADMITTED = (date(2024, 8, 3), Encounter("2024Q3", "admission", "actual"))
_RESCUED_AND_LEFT = (date(2022, 2, 11), Encounter("2022Q1", "rescue", "actual", "2022Q3"))
_RESCUED_AGAIN = (date(2024, 6, 27), Encounter("2024Q2", "rescue", "actual"))


def _twice_registered() -> Invented:
    """Return the woman of the first story."""
    return Invented(
        given=word("woman", "Sabitri"),
        family=word("family", "Mijar"),
        father=joined("Karna Bahadur", "Mijar"),
        mother=joined("Goma", "Mijar"),
        birth=date(1997, 9, 9),
        home=homes("23")[40],
        phone="9841770215",
        citizenship_no="23-01-72-04417",
    )


def _returned() -> Invented:
    """Return the woman of the second story; the shelter knows her by an alias as well."""
    return Invented(
        given=word("woman", "Phulmaya"),
        family=word("family", "Thing"),
        father=joined("Jit Bahadur", "Thing"),
        mother=joined("Deumaya", "Thing"),
        birth=date(1999, 2, 21),
        home=homes("31")[50],
        phone="9845012398",
        citizenship_no="",
        alias=Word("पूजा थिङ", ("Puja Thing",)),
    )


def _sisters() -> tuple[Invented, Invented]:
    """Return the sisters of the third story."""
    elder = Invented(
        given=word("woman", "Sunita"),
        family=word("family", "Paswan"),
        father=joined("Suresh", "Paswan"),
        mother=joined("Janaki", "Paswan"),
        birth=date(1998, 4, 12),
        home=homes("34")[25],
        phone="9807441180",
        citizenship_no="",
    )
    return elder, replace(elder, given=word("woman", "Sarita"), birth=date(2000, 11, 3))


def _place(
    filed: dict[str, list[Filed]],
    person: Invented,
    left: tuple[str, tuple[date, Encounter]],
    right: tuple[str, tuple[date, Encounter]],
) -> Pair:
    """Put one person on two lists."""
    return Pair(_place_one(filed, person, *left), _place_one(filed, person, *right))


def _place_one(
    filed: dict[str, list[Filed]], person: Invented, key: str, met: tuple[date, Encounter]
) -> tuple[str, str]:
    """Put a person of a story on a list, written with care."""
    case_ref = _next_reference(filed, key)
    filed[key].append(Filed(case_ref, person, met[0], met[1], is_careful=True))
    return key, case_ref


def _on_two_lists(filed: dict[str, list[Filed]], chance: Random) -> Pair:
    """Put an invented person on two lists, written as either partner happens to."""
    person = invent(chance)
    left, right = chance.sample(list(filed), 2)
    return Pair((left, _file(filed, left, person, chance)), (right, _file(filed, right, person, chance)))


def _file(filed: dict[str, list[Filed]], key: str, person: Invented, chance: Random) -> str:
    """Put a person on a list with some encounter; about one in six is location-protected."""
    day = date(2022, 1, 1) + timedelta(days=chance.randrange(1_200))
    met = Encounter(f"{day.year}Q{(day.month + 2) // 3}", chance.choice(KINDS), chance.choice(("possible", "actual")))
    case_ref = _next_reference(filed, key)
    filed[key].append(Filed(case_ref, person, day, met, is_protected=chance.random() < 1 / 6))
    return case_ref


def _next_reference(filed: dict[str, list[Filed]], key: str) -> str:
    """Return a case reference in the partner's own style."""
    return f"{key[0].upper()}-{len(filed[key]) + 1:03d}"
