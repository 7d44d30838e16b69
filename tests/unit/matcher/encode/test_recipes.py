"""Recipes stand in the order in which each adds most to those before it."""

from itertools import combinations

import numpy as np

from matcher.encode.recipes import imagined_survivals, recipe_book
from matcher.schema import Facet, LinkageSchema, Part, Recipes

TRIPLES = Recipes(minimum_attributes=3, maximum_attributes=3, maximum_entries=48)


def part(name: str, survival: float, facet: Facet = Facet.WHOLE, field: str = "", coarsens: str = "") -> Part:
    """Make a personal part."""
    return Part(
        name, field or name, facet, survival, counts_as=1, is_personal=True, excludes=frozenset(), coarsens=coarsens
    )


SIX = tuple(part(name, 0.7) for name in "abcdef")


def test_every_allowed_set_is_listed_once() -> None:
    """Order leaves nothing out."""
    assert sorted(recipe_book(SIX, TRIPLES).parts) == sorted(combinations(range(6), 3))


def test_the_likeliest_set_comes_first() -> None:
    """Where nothing stands before it, a set adds what it finds."""
    parts = (*SIX[:3], *(part(name, 0.9) for name in "xyz"))
    assert recipe_book(parts, TRIPLES).parts[0] == (3, 4, 5)


def test_few_sets_in_order_find_more_than_the_likeliest_ones() -> None:
    """In the imagined records, the first ten find more than the ten that are likeliest to survive."""
    parts = tuple(part(name, 0.6 + place / 50) for place, name in enumerate("abcdefgh"))
    survived = imagined_survivals(parts)
    likeliest = sorted(combinations(range(8), 3), key=lambda chosen: -sum(np.log([parts[p].survival for p in chosen])))

    def found(sets: list[tuple[int, ...]]) -> float:
        return float(np.mean(np.any([survived[:, list(chosen)].all(axis=1) for chosen in sets], axis=0)))

    assert found(list(recipe_book(parts, TRIPLES).parts[:10])) > found(likeliest[:10])


def test_a_coarser_form_survives_wherever_the_finer_does() -> None:
    """And oftener."""
    survived = imagined_survivals((part("key", 0.7), part("start", 0.85, Facet.START, "key", "key")))
    assert (survived[:, 1] >= survived[:, 0]).all()
    assert survived[:, 1].sum() > survived[:, 0].sum()


def test_the_parts_of_one_field_break_together() -> None:
    """A record without a year has no day."""
    survived = imagined_survivals((part("year", 0.8, field="born"), part("day", 0.4, field="born")))
    assert (survived[:, 0] >= survived[:, 1]).all()


def test_the_order_is_the_same_on_every_machine() -> None:
    """The first recipes of `nepal` are known: partners who order otherwise would keep other keys."""
    schema = LinkageSchema.shipped("nepal")
    book = recipe_book(schema.gate.parts, schema.recipes)
    names = [[schema.gate.parts[each].name for each in chosen] for chosen in book.parts]
    assert names[:2] == [["given_name", "sex", "district"], ["sex", "birth_date.even", "district"]]
    assert names[200] == ["given_name", "sex", "birth_date.odd", "passport_no"]
