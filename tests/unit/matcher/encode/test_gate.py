"""The gate lets a composite key pass when it is rare enough, and no larger than it must be."""

from itertools import combinations
from math import log2

import pytest

from matcher.encode.gate import Gatekeeper
from matcher.encode.readings import part_value, ways_of


@pytest.fixture
def keys_of(schema, frequencies):
    """Return the gate's keys of a person as tuples of part names."""
    gate = Gatekeeper(schema, frequencies)
    names = [part.name for part in schema.gate.parts]
    return lambda person: [
        tuple(names[part] for part in key.parts) for key in gate.composite_keys(list(ways_of(person)))
    ]


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
    keys = Gatekeeper(schema, frequencies).composite_keys(list(ways_of(person)))
    assert len(keys) == schema.recipes.maximum_entries


def test_the_gate_agrees_with_its_slow_twin(schema, frequencies, make_person) -> None:
    """Trying every subset by hand gives the same minimal keys."""
    person = make_person(given="common")
    way = next(iter(ways_of(person)))
    found = {key.parts for key in Gatekeeper(schema, frequencies).composite_keys([way])}
    assert found == slow_twin(schema, frequencies, way)


def slow_twin(schema, frequencies, way) -> set[tuple[int, ...]]:
    """Apply the definition word for word."""
    parts = schema.gate.parts
    value = {index: part_value(part, way.readings[part.field]) for index, part in enumerate(parts)}
    needed = log2(schema.gate.population / schema.gate.cap)

    def passes(chosen: tuple[int, ...]) -> bool:
        names = {parts[index].name for index in chosen}
        return (
            sum(parts[index].counts_as for index in chosen) >= schema.recipes.minimum_attributes
            and any(parts[index].is_personal for index in chosen)
            and not any(parts[index].excludes & names for index in chosen)
            and sum(-log2(frequencies.share(parts[index].name, value[index])) for index in chosen) >= needed
        )

    every = [
        chosen
        for size in range(1, schema.recipes.maximum_attributes + 1)
        for chosen in combinations([index for index in value if value[index]], size)
        if passes(chosen)
    ]
    return {chosen for chosen in every if not any(passes(tuple(set(chosen) - {one})) for one in chosen)}
