"""The cells of attacks on similarity and bits, A3 to A5, by profile; part of `benchmarks.attacks.table`."""

from collections.abc import Iterator

from benchmarks.attacks import graph_matching, graph_matching_entries, known_pairs, known_pairs_entries
from benchmarks.attacks.encodings.clk import Clk
from benchmarks.attacks.encodings.field_filter import FieldFilter, JoinedFieldFilter
from benchmarks.attacks.encodings.hardened import HARDENINGS, hardened
from benchmarks.attacks.encodings.kinds import Encoding, Filters
from benchmarks.attacks.encodings.ours import Ours
from benchmarks.attacks.pattern_mining import read_surnames
from benchmarks.attacks.pattern_mining_refused import offer_lone_fields
from benchmarks.attacks.population import Data
from benchmarks.attacks.trial import Role, Trial

LIST, COUNTS, NO_DATA = "list of the population", "aggregate counts of others", "no data at all"
WITH_KEY = Ours(name="ours, hub with its key")
OVERLAPS = (1.0, 0.5, 0.2)
KNOWN = (200, 1_000)
BLUNT = ("febrl4", 0.2)  # of 400 people it names but 80 % by plain filters: what it finds of others bounds nothing
LEAST_FOR_A_FIFTH = 2_000  # people on each list, or an overlap of a fifth is too few
LEAST_FOR_COUNTS = 600  # likewise, for frequencies to tell names apart
HENG = "Heng, Armknecht, Chen and Schnell 2022 find that success needs a high overlap, and falls sharply below it"
VIDANAGE = "Vidanage, Christen, Ranbaduge and Schnell 2020 report high accuracy on three kinds of encoding"
CHRISTEN = "Christen, Vidanage, Ranbaduge and Schnell 2018 read values even where every filter is unique"


def similarity_trials(people: int, hub: int, *, is_full: bool) -> Iterator[Trial]:
    """
    Yield the cells.

    Args:
        people: encoded as filters.
        hub: filed at a hub.
        is_full: with hardened filters, all overlaps, 1,000 known pairs, and FEBRL4.
    """
    yield from _graph_matching("nepali", people, hub, is_full=is_full)
    yield from _known_pairs("nepali", people, hub, is_full=is_full)
    counted = max(people, LEAST_FOR_COUNTS)
    yield Trial("A5", read_surnames, FieldFilter(), Role.CONTROL, COUNTS, people=counted, orientation=CHRISTEN)
    yield Trial("A5", offer_lone_fields, Ours(), Role.TARGET, NO_DATA, people=0, overlap=0, most_seeds=1)
    if is_full:
        yield from _graph_matching("febrl4", people, hub, is_full=True)
        yield from _known_pairs("febrl4", people, hub, is_full=True)


def _graph_matching(data: Data, people: int, hub: int, *, is_full: bool) -> Iterator[Trial]:
    """A3."""
    attack, on_hub = graph_matching.match_filters, graph_matching_entries.match_entries
    opened = graph_matching_entries.match_opened
    for overlap in OVERLAPS:
        size = people if overlap > min(OVERLAPS) else max(people, LEAST_FOR_A_FIFTH)
        orientation = VIDANAGE if overlap == 1 else HENG
        is_blunt = (data, overlap) == BLUNT
        control, target = (Role.COMPARED, Role.COMPARED) if is_blunt else (Role.CONTROL, Role.TARGET)
        yield Trial("A3", attack, Clk(), control, LIST, data, size, overlap, orientation=orientation)
        if is_full or overlap == 1:
            yield Trial("A3", on_hub, Ours(), target, LIST, data, hub, overlap)
            yield Trial("A3", opened, WITH_KEY, Role.COMPARED, LIST, data, hub, overlap)
        if is_full:
            for encoding in _compared():
                yield Trial("A3", attack, encoding, Role.COMPARED, LIST, data, people, overlap)


def _compared() -> list[Encoding[Filters]]:
    """Return the encodings that are shown for comparison."""
    return [JoinedFieldFilter(), *map(hardened, HARDENINGS)]


def _known_pairs(data: Data, people: int, hub: int, *, is_full: bool) -> Iterator[Trial]:
    """A4."""
    attack, on_hub = known_pairs.learn_filters, known_pairs_entries.learn_entries
    opened = known_pairs_entries.learn_opened
    for known in KNOWN if is_full else KNOWN[:1]:
        told = f"{known:,} known pairs and a {LIST}"
        yield Trial("A4", attack, Clk(), Role.CONTROL, told, data, people, known_pairs=known)
        yield Trial("A4", on_hub, Ours(), Role.TARGET, told, data, hub, known_pairs=known)
        yield Trial("A4", opened, WITH_KEY, Role.COMPARED, told, data, hub, known_pairs=known)
        if is_full:
            for encoding in _compared():
                yield Trial("A4", attack, encoding, Role.COMPARED, told, data, people, known_pairs=known)
