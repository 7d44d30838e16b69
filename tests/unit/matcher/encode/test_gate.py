"""The gate lets a composite key pass when it is rare enough, and no larger than it must be."""

from itertools import combinations
from math import log2

import pytest

from matcher.encode.columns import columns_of
from matcher.encode.frequency import FrequencyModel
from matcher.encode.gate import Gatekeeper
from matcher.encode.readings import part_value
from matcher.encode.recipes import recipe_book
from matcher.person import PartialDate, Precision
from matcher.schema import Facet, LinkageSchema, Part


@pytest.fixture
def keys_of(schema, frequencies):
    """Return the gate's keys of a person as tuples of part names."""
    gate = Gatekeeper(schema, frequencies)
    names = [part.name for part in schema.gate.parts]
    return lambda person: [tuple(names[part] for part in parts) for parts in parts_of(schema, gate, [person])]


def parts_of(schema, gate, persons):
    """Return the positions of the parts of each key of some persons."""
    keys = gate.composite_keys(columns_of(persons, schema.field_names))
    book = recipe_book(schema.gate.parts, schema.recipes)
    return [book.parts[row] for row in keys.recipe]


def test_no_key_has_fewer_than_three_attributes(keys_of, make_person) -> None:
    """A lone field is never hashed."""
    assert min(len(key) for key in keys_of(make_person())) == 3


def test_a_common_value_needs_more_beside_it(keys_of, make_person) -> None:
    """Half of all people have the surname: three attributes with it are not rare enough among 1,000."""
    rare = keys_of(make_person(surname="rare"))
    common = keys_of(make_person(surname="common"))
    assert ("given_name", "surname", "town") in rare
    assert ("given_name", "surname", "town") not in common


def test_a_superset_of_a_kept_key_is_left_out(keys_of, make_person) -> None:
    """It would find nothing new."""
    keys = [set(key) for key in keys_of(make_person())]
    assert not any(small < large for small, large in combinations(sorted(keys, key=len), 2))


def test_every_key_holds_a_personal_part(keys_of, make_person) -> None:
    """Town and sex are shared by a household."""
    assert all(
        set(key) & {"given_name", "surname", "full_name"} or "born" in str(key) for key in keys_of(make_person())
    )


def test_a_joined_name_never_stands_beside_its_parts(keys_of, make_person) -> None:
    """They would say the same thing twice."""
    joined = [key for key in keys_of(make_person()) if "full_name" in key]
    assert joined
    assert not any({"given_name", "surname"} & set(key) for key in joined)


def test_a_heaped_date_never_counts_as_a_full_date(keys_of, make_person) -> None:
    """1 January says nothing about the day."""
    assert not any("born.day" in key for key in keys_of(make_person(is_heaped=True)))


def test_an_alias_adds_keys_of_its_own(keys_of, make_person) -> None:
    """Each reading is encoded."""
    assert len(keys_of(make_person(aliases=("gita",)))) > len(keys_of(make_person()))


def test_a_person_of_whom_nothing_is_rare_gives_no_key(keys_of, make_person) -> None:
    """That is no error."""
    assert keys_of(make_person("common", "common", None, None)) == []


def test_keys_stay_within_the_recipes_maximum(schema, frequencies, make_person) -> None:
    """Many aliases do not multiply entries without bound."""
    person = make_person(aliases=tuple(f"alias{n}" for n in range(40)))
    keys = Gatekeeper(schema, frequencies).composite_keys(columns_of([person], schema.field_names))
    assert len(keys) == schema.recipes.maximum_entries


@pytest.fixture
def coarse(schema, frequencies):
    """Add the first and last symbols of the given name as coarser forms of it; return schema and frequencies."""
    gate = schema.document["gate"]
    (given,) = (part for part in gate["parts"] if part["name"] == "given_name")
    forms = [
        {**given, "name": f"given_name.{facet}", "facet": facet, "coarsens": "given_name", "excludes": []}
        for facet in ("start", "end")
    ]
    document = {**schema.document, "gate": {**gate, "parts": [*gate["parts"], *forms]}}
    shares = {**frequencies.document["parts"], "given_name.start": {"default": 0.1}, "given_name.end": {"default": 0.2}}
    return LinkageSchema.from_document(document), FrequencyModel({**frequencies.document, "parts": shares})


def names_of(schema, keys):
    """Return the part names of each key."""
    return [{schema.gate.parts[part].name for part in parts} for parts in keys]


def test_a_coarser_form_takes_the_place_of_the_finer_where_it_is_rare_enough(coarse, make_person) -> None:
    """It finds all the finer form would, and survives a slip in the rest of the name."""
    schema, frequencies = coarse
    person = make_person(given="sarita")
    found = names_of(schema, parts_of(schema, Gatekeeper(schema, frequencies), [person]))
    assert {"given_name.start", "surname", "town"} in found
    assert {"given_name", "surname", "town"} not in found


def test_forms_of_one_attribute_never_stand_together(coarse, make_person) -> None:
    """They would say the same thing twice, and count as two."""
    schema, frequencies = coarse
    person = make_person(given="sarita")
    for names in names_of(schema, parts_of(schema, Gatekeeper(schema, frequencies), [person])):
        assert len({name.split(".")[0] for name in names if name.startswith(("given", "full"))}) <= 1
        assert sum(name.startswith("given") for name in names) <= 1


def test_keys_are_in_the_order_of_the_recipe_book(coarse, make_person) -> None:
    """So that a bound on entries leaves out what adds least."""
    schema, frequencies = coarse
    keys = parts_of(schema, Gatekeeper(schema, frequencies), [make_person(given="sarita")])
    order = recipe_book(schema.gate.parts, schema.recipes).parts
    assert len(keys) > 1
    assert keys == sorted(keys, key=order.index)


def test_years_one_apart_share_a_pair_of_years() -> None:
    """Each year is paired with the next and with the last one, so neighbours agree on one of the two."""
    even, odd = (
        Part("born", "born", facet, 0.8, counts_as=1, is_personal=True, excludes=frozenset(), coarsens="year")
        for facet in (Facet.EVEN, Facet.ODD)
    )
    for year in (2000, 2001):
        first, second = (PartialDate(each, None, None, Precision.YEAR) for each in (year, year + 1))
        agreeing = [part_value(part, first) == part_value(part, second) for part in (even, odd)]
        assert sum(agreeing) == 1


@pytest.mark.parametrize("given", ["common", "sarita", "gita"])
def test_the_gate_agrees_with_its_slow_twin(coarse, make_person, given) -> None:
    """Trying every subset by hand gives the same minimal keys."""
    schema, frequencies = coarse
    person = make_person(given=given)
    found = set(parts_of(schema, Gatekeeper(schema, frequencies), [person]))
    assert found == slow_twin(schema, frequencies, person)


def slow_twin(schema, frequencies, person) -> set[tuple[int, ...]]:
    """Apply the definition word for word."""
    parts = schema.gate.parts
    value = {index: part_value(part, person.readings[part.field][0]) for index, part in enumerate(parts)}
    finest = {part.name: part for part in parts}
    needed = log2(schema.gate.population / schema.gate.cap)

    def passes(chosen: tuple[int, ...]) -> bool:
        bases = [finest[parts[index].coarsens or parts[index].name] for index in chosen]
        names = {base.name for base in bases}
        return (
            len(names) == len(bases)
            and sum(base.counts_as for base in bases) >= schema.recipes.minimum_attributes
            and any(base.is_personal for base in bases)
            and not any(base.excludes & names for base in bases)
            and sum(-log2(frequencies.share(parts[index].name, value[index])) for index in chosen) >= needed
        )

    def lesser(chosen: tuple[int, ...]) -> list[tuple[int, ...]]:
        dropped = [tuple(set(chosen) - {one}) for one in chosen]
        coarser = [
            tuple({*chosen, form} - {one})
            for one in chosen
            for form, part in enumerate(parts)
            if part.coarsens == parts[one].name and value[form]
        ]
        return dropped + coarser

    every = [
        chosen
        for size in range(1, schema.recipes.maximum_attributes + 1)
        for chosen in combinations([index for index in value if value[index]], size)
        if passes(chosen)
    ]
    return {chosen for chosen in every if not any(passes(other) for other in lesser(chosen))}
