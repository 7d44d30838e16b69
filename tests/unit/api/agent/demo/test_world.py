"""The invented world: the same each time, with its stories in it."""

from random import Random

from api.agent.demo.partners import read_back, write_file
from api.agent.demo.world import PARTNERS, make_world


def test_the_world_is_the_same_each_time() -> None:
    """The people and the truth do not depend on chance."""
    assert make_world() == make_world()


def test_the_sisters_differ_in_what_tells_a_person_from_a_household() -> None:
    """Given name and birth date differ; family, parents, ward and telephone do not."""
    world = make_world()
    people = {(key, row.case_ref): row.person for key, rows in world.filed.items() for row in rows}
    one, other = people[world.sisters.left], people[world.sisters.right]
    assert (one.given, one.birth) != (other.given, other.birth)
    assert (one.family, one.father, one.mother, one.home, one.phone) == (
        other.family,
        other.father,
        other.mother,
        other.home,
        other.phone,
    )
    assert frozenset((world.sisters.left, world.sisters.right)) not in world.true_pairs


def test_files_can_be_read_back(tmp_path) -> None:
    """What a partner wrote is found again by case reference, in its own script."""
    world = make_world()
    for partner in PARTNERS:
        path = tmp_path / partner.key
        write_file(path, world.filed[partner.key], partner.hand, Random(1))  # noqa: S311 - spells names
        rows = read_back(path, partner.hand)
        assert set(rows) == {row.case_ref for row in world.filed[partner.key]}
        written = next(iter(rows.values()))["given_name"]
        assert written.isascii() != partner.hand.is_devanagari
