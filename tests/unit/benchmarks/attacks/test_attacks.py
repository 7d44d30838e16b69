"""Attacks succeed where they must, at a size that takes seconds; what they find in ours is told by the suite."""

from collections import Counter

import numpy as np
import pytest

from benchmarks.attacks.colour_refinement import filed, refine_bag, refine_hub, refine_rows
from benchmarks.attacks.decipherment import decipher
from benchmarks.attacks.distinguishing import area_under_curve, tell_entries, tell_filters, tell_rows
from benchmarks.attacks.encodings.clk import Clk
from benchmarks.attacks.encodings.our_tokens import OurTokens
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.encodings.single_field_tokens import SingleFieldTokens
from benchmarks.attacks.encodings.ungated_tokens import UngatedTokens
from benchmarks.attacks.encodings.without_hub_key import WithoutHubKey
from benchmarks.attacks.hub_graph import Regard
from benchmarks.attacks.leaks import count_bits, count_opened_bits, entropy_bits
from benchmarks.attacks.permutation import match_columns
from benchmarks.attacks.population import duplicates, population
from benchmarks.attacks.rank_alignment import align_bag, align_ranks, find_attributes
from benchmarks.attacks.stolen_secret import look_up
from benchmarks.attacks.trial import Role, Trial
from benchmarks.attacks.versions import later, link_updates, link_uploads

HUB = 60  # records: two hubs of them take seconds


def rates(run, encoding, people: int = 150) -> dict[str, float]:
    """Run an attack once; its rates by name."""
    trial = Trial("A2", run, encoding, Role.COMPARED, "", people=people)
    return {outcome.what: outcome.rate for outcome in run(trial, 1)}


def test_rows_of_single_fields_fall_to_a_copy():
    """The control of A2, small."""
    assert rates(refine_rows, SingleFieldTokens())["people"] >= 0.95


@pytest.mark.parametrize("encoding", [OurTokens(), UngatedTokens()])
def test_tokens_without_rows_do_not(encoding):
    """How often a token occurs names hardly anybody."""
    assert rates(refine_bag, encoding)["people"] <= 0.05


def test_a_hub_with_its_key_is_read_by_what_meets():
    """Claimed matches tie entries together, so an exact copy names most of their people; without the key, few."""
    whole = rates(refine_hub(Regard(), with_key=True), Ours(), HUB)
    stolen = rates(refine_hub(Regard()), Ours(), HUB)
    assert whole["claimed"] >= 0.8
    assert stolen["claimed"] < whole["claimed"] / 2
    assert stolen["unclaimed"] <= 0.05


def test_a_partners_secret_opens_entries_only_without_the_hubs_key():
    """By token the hub's key holds, and without it nothing does."""
    assert rates(look_up, WithoutHubKey(), HUB)["people"] == 1.0
    assert rates(look_up, Ours(), HUB)["by token"] == 0.0


def test_a_bit_permutation_is_no_secret():
    """The control of A7, small."""
    assert rates(match_columns, Clk())["people"] >= 0.95


def test_controls_of_the_distinguisher_are_certain():
    """Filters are no random bits, and rows show whose cells they are."""
    assert rates(tell_filters, Clk())["random bytes"] >= 0.99
    assert rates(tell_rows, SingleFieldTokens())["same person"] == 1.0


def test_entries_are_told_from_random_bytes_no_better_than_by_chance():
    """One entry for each token, some 2,000 of them: within four standard deviations of a half."""
    assert rates(tell_entries, Ours(), HUB)["random bytes"] == pytest.approx(0.5, abs=0.06)


def test_an_area_under_a_curve_counts_ties_half():
    """By hand: of four pairs, two are won, one lost, one tied."""
    assert area_under_curve(np.array([1.0, 2.0, 2.0, 0.5]), np.array([True, True, False, False])) == 0.625


def test_uploads_are_linked_and_updates_as_far_as_tokens_stay():
    """A filter stays alike; so does a composite key that did not change."""
    assert rates(link_uploads, Clk())["people"] >= 0.5
    assert 0 < rates(link_updates, OurTokens())["entries linked"] < 1


def test_later_records_have_forgotten_telephone_and_ward():
    """Nothing else is changed."""
    people = population("nepali", 20, 1)
    after = later(people)
    assert all(not each["phone"] and not each["ward"] for each in after.cells)
    assert all("phone" not in person.readings for person in after.persons)
    assert [each["given_name"] for each in after.cells] == [each["given_name"] for each in people.cells]


def test_bits_are_entropies():
    """Four equally likely values are two bits, one is none."""
    assert entropy_bits("abcd") == 2.0
    assert entropy_bits("aaaa") == 0.0
    assert all(bits >= 0 for bits in rates(count_bits, Ours(), HUB).values())
    assert rates(count_opened_bits, Ours(), HUB)["bits: release"] <= 1.0


def test_columns_are_found_by_how_their_values_fall_off():
    """Sex and a telephone number are not mistaken for one another."""
    people = population("nepali", 200, 1)
    seen = SingleFieldTokens().encode(people, 5)
    counts = {
        field: {
            cell: sum(each[field] == cell for each in people.cells) for cell in {c[field] for c in people.cells} - {""}
        }
        for field in seen.fields
    }
    found = find_attributes(seen.tokens, counts, len(people))
    assert found[seen.fields.index("sex")] == "sex"


def test_ranks_are_aligned_in_order():
    """The commonest token gets the commonest value; tokens beyond the last value get the last."""
    assert align_ranks(Counter({1: 9, 2: 5, 3: 1}), {"a": 90, "b": 40}) == {1: "a", 2: "b", 3: "b"}


def test_company_tells_what_ranks_confuse():
    """Two surnames of one frequency, each in a district of its own: the districts' frequencies tell them apart."""
    sizes = {("rai", "ilam"): 40, ("thapa", "kaski"): 40, ("gurung", "kaski"): 20}
    cells = [{"surname": name, "district": place} for (name, place), size in sizes.items() for _ in range(size)]
    people = population("nepali", len(cells), 1)
    known = type(people)(
        people.name, people.schema, people.frequencies, people.persons, tuple(cells), people.numbers, people.lists
    )
    number = {"thapa": 1, "rai": 2, "gurung": 3, "kaski": 4, "ilam": 5}
    tokens = np.array(
        [[number[each["surname"]], number[each["district"]]] for each in reversed(cells)], dtype=np.uint64
    )
    _, found = decipher(tokens, ["surname", "district"], known, "surname")
    assert found == {1: "thapa", 2: "rai", 3: "gurung"}


def test_our_tokens_are_not_read_by_rank():
    """The gate leaves nothing common to rank."""
    assert rates(align_bag, OurTokens(), 40)["values"] <= 0.01


def test_the_truth_of_a_stolen_hub_is_that_of_its_records():
    """Every entry has an owner; who met is among the records; nobody is claimed without having met."""
    hub, order = filed("nepali", HUB, 1, 1)
    assert set(hub.owners().tolist()) <= set(range(HUB))
    assert hub.claimed <= hub.met
    assert order.tolist() == list(range(HUB))
    assert len(duplicates("nepali", HUB, 1)) == HUB
