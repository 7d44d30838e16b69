"""The table of the suite: which attack is run on which encoding of which people, by profile."""

from collections.abc import Iterator, Mapping
from typing import Literal

from benchmarks.attacks import (
    colour_refinement,
    distinguishing,
    leaks,
    permutation,
    rank_alignment,
    stolen_secret,
    versions,
)
from benchmarks.attacks.asking_table import asking_trials
from benchmarks.attacks.encodings.clk import Clk
from benchmarks.attacks.encodings.our_tokens import OurTokens
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.encodings.single_field_tokens import SingleFieldTokens
from benchmarks.attacks.encodings.ungated_tokens import UngatedTokens
from benchmarks.attacks.encodings.without_hub_key import WithoutHubKey
from benchmarks.attacks.hub_graph import Regard
from benchmarks.attacks.similarity_table import similarity_trials
from benchmarks.attacks.trial import Role, Trial

Split = Literal["development", "test"]
# One seed in ci, to be quick; three splits in full. Nothing is chosen on test seeds.
SEEDS: Mapping[tuple[str, Split], tuple[int, ...]] = {
    ("ci", "development"): (1,),
    ("ci", "test"): (101,),
    ("full", "development"): (1, 2, 3),
    ("full", "test"): (101, 102, 103),
}
AGGREGATE, COPY = "aggregate counts of others", "exact copy of all plaintext"
SECRET, NOTHING = "database and one partner's secret", "nothing but the database"
VIDANAGE = (
    "Vidanage, Ranbaduge, Christen and Randall 2020 find the attributes of match-keys and some of their values on two "
    "real databases"
)
WITH_KEY = Ours(name="ours, hub with its key")
UNREAD = Ours(name="ours, hub with its key, sketches unread")
HUB, FEW, MANY, MOST = 300, 500, 2_000, 20_000  # records: in a hub of ci; people of ci; of full; of its largest hub


def trials(profile: str) -> list[Trial]:
    """
    Return the cells of a profile, in the order of the report.

    Args:
        profile: `ci` for few people, `full` for many.
    """
    is_full = profile == "full"
    people, hub = (MANY, MANY) if is_full else (FEW, HUB)
    return [
        *_rank_alignment(people),
        *_colour_refinement(people, hub),
        *similarity_trials(people, hub, is_full=is_full),
        *_stolen_secret(people, hub),
        *asking_trials(is_full=is_full),
        *_leaks(people, hub),
        *_versions(people, hub),
        *(_of_a_large_hub() if is_full else ()),
    ]


def _rank_alignment(people: int) -> Iterator[Trial]:
    """A1: the control needs 2,000 people in either profile, below that there is too little to count."""
    rows, bag = rank_alignment.align_columns, rank_alignment.align_bag
    yield Trial("A1", rows, SingleFieldTokens(), Role.CONTROL, AGGREGATE, people=MANY, orientation=VIDANAGE)
    yield Trial("A1", bag, OurTokens(), Role.TARGET, AGGREGATE, people=people)
    if people == MANY:
        yield Trial("A1", bag, UngatedTokens(), Role.COMPARED, AGGREGATE, people=people)
        yield Trial("A1", rows, SingleFieldTokens(), Role.COMPARED, AGGREGATE, "febrl4", people)
        yield Trial("A1", bag, OurTokens(), Role.TARGET, AGGREGATE, "febrl4", people)


def _colour_refinement(people: int, hub: int) -> Iterator[Trial]:
    """A2: all that a hub ties together; then less of it, to see what tells."""
    rows, bag = colour_refinement.refine_rows, colour_refinement.refine_bag
    yield Trial("A2", rows, SingleFieldTokens(), Role.CONTROL, COPY, people=people)
    yield Trial("A2", bag, UngatedTokens(), Role.COMPARED, COPY, people=people)
    yield Trial("A2", bag, OurTokens("ours, tokens alone"), Role.COMPARED, COPY, people=people)
    opened = colour_refinement.refine_hub(Regard(), with_key=True)
    unread = colour_refinement.refine_hub(Regard(sketches=False), with_key=True)
    yield Trial("A2", colour_refinement.refine_hub(Regard()), Ours(), Role.TARGET, COPY, people=hub)
    yield Trial("A2", opened, WITH_KEY, Role.COMPARED, COPY, people=hub)
    yield Trial("A2", unread, UNREAD, Role.COMPARED, COPY, people=hub)
    if people == MANY:
        yield Trial("A2", rows, SingleFieldTokens(), Role.CONTROL, COPY, "febrl4", people)
        yield Trial("A2", colour_refinement.refine_hub(Regard()), Ours(), Role.TARGET, COPY, "febrl4", hub)
        yield Trial("A2", opened, WITH_KEY, Role.COMPARED, COPY, "febrl4", hub)


def _of_a_large_hub() -> Iterator[Trial]:
    """A2 again, under one seed: to file two hubs takes half an hour of CPU."""
    for name, with_key, role in (("ours", False, Role.TARGET), (WITH_KEY.name, True, Role.COMPARED)):
        attack = colour_refinement.refine_hub(Regard(), with_key=with_key)
        yield Trial("A2", attack, Ours(name=name), role, COPY, people=MOST, most_seeds=1)


def _stolen_secret(people: int, hub: int) -> Iterator[Trial]:
    """A6 and A7."""
    yield Trial("A6", stolen_secret.look_up, WithoutHubKey(), Role.CONTROL, SECRET, people=hub)
    yield Trial("A6", stolen_secret.look_up, Ours(), Role.TARGET, SECRET, people=hub)
    yield Trial("A6", stolen_secret.look_up_with_key, WITH_KEY, Role.COMPARED, SECRET, people=hub)
    permuted = Clk("CLK, secret bit permutation")
    yield Trial("A7", permutation.match_columns, permuted, Role.CONTROL, SECRET, people=people)
    if people == MANY:
        yield Trial("A6", stolen_secret.look_up, WithoutHubKey(), Role.CONTROL, SECRET, "febrl4", hub)
        yield Trial("A6", stolen_secret.look_up, Ours(), Role.TARGET, SECRET, "febrl4", hub)
        yield Trial("A7", permutation.match_columns, permuted, Role.CONTROL, SECRET, "febrl4", people)


def _leaks(people: int, hub: int) -> Iterator[Trial]:
    """A10."""
    yield Trial("A10", distinguishing.tell_filters, Clk(), Role.CONTROL, NOTHING, people=people)
    yield Trial("A10", distinguishing.tell_rows, SingleFieldTokens(), Role.CONTROL, NOTHING, people=people)
    yield Trial("A10", distinguishing.tell_entries, Ours(), Role.TARGET, NOTHING, people=hub)
    yield Trial("A10", distinguishing.tell_opened, WITH_KEY, Role.COMPARED, NOTHING, people=hub)
    yield Trial("A10", leaks.count_bits, Ours(), Role.COMPARED, NOTHING, people=hub)
    yield Trial("A10", leaks.count_opened_bits, WITH_KEY, Role.COMPARED, NOTHING, people=hub)


def _versions(people: int, hub: int) -> Iterator[Trial]:
    """A11: documented and bounded, so that ours has no bound to keep."""
    yield Trial("A11", versions.link_uploads, Clk(), Role.CONTROL, "database before and after", people=people)
    yield Trial("A11", versions.link_updates, OurTokens(), Role.COMPARED, "database before and after", people=people)
    yield Trial("A11", versions.link_epochs, Ours(), Role.COMPARED, "database before and after", people=hub)
