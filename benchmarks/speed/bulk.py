"""
Rows of duplicates in long lists: `casematch link --engine duckdb` as its users start it, beside Splink.

Each run is a process of its own. The second one finds the first one's entries, and nothing else: what it costs is
everything but encoding. A third one, of which only the quality counts, is told the truth.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from api.agent.linking.bulk import FOLDER
from benchmarks.quality.peers.link import IGNORED, SPLINK, SPLINK_RULES, SPLINK_THRESHOLD
from benchmarks.speed.linking import Beside, Linked, link_beside, link_by_command
from benchmarks.speed.long_lists import LongLists, write_lists
from benchmarks.speed.row import Profile, Row, row_of

PEOPLE = {"ci": (2_000,), "full": (10_000, 100_000)}
MILLION = {"ci": (), "full": (1_000_000,)}
LEAST_OF_SPLINK = 1.0
MOST_MB = 4_000.0
SPLINK_MB = 6_000  # DuckDB's own, beyond which it spills; all of it would be more than this machine has to give
PROBABILITY_COLUMN = 3
BY_CPU = "records/s of CPU"
SEED = 1


def rows(profile: Profile) -> Iterator[Row]:
    """Yield rows for each of the usual sizes."""
    for people in PEOPLE[profile]:
        yield from _duplicates(people, is_beside_peers=profile == "full")


def rows_of_a_million(profile: Profile) -> Iterator[Row]:
    """Yield the rows of a million records, in the full profile."""
    for people in MILLION[profile]:
        yield from _duplicates(people, is_beside_peers=True)


def _duplicates(people: int, *, is_beside_peers: bool) -> Iterator[Row]:
    """Find the duplicates within a world."""
    with TemporaryDirectory() as folder:
        lists = write_lists(Path(folder), people, 1, SEED)
        work = Path(folder) / "work"
        whole = link_by_command(lists, work)
        for compared in (work / FOLDER).glob("compared*"):
            compared.unlink()
        after = link_by_command(lists, work)
        quality = _quality(lists, work) if is_beside_peers else "quality is measured in the full profile"
        splink = _splink(lists) if is_beside_peers else Beside(None, "peers run in the full profile")
    yield from _lines(people, whole, after, splink, quality)


def _quality(lists: LongLists, work: Path) -> str:
    """Say how much of the truth the comparisons that were kept have found."""
    known = link_by_command(lists, work, "--truth", str(lists.truth)).figures
    return f"recall {known['recall']:.4f} at precision {known['precision']:.4f}"


def _splink(lists: LongLists) -> Beside:
    """Let Splink find them."""
    plan = {**SPLINK_RULES["nepal"], "ignored": IGNORED, "memory_mb": SPLINK_MB}
    return link_beside(SPLINK, lists, plan, SPLINK_THRESHOLD, PROBABILITY_COLUMN)


def _lines(people: int, whole: Linked, after: Linked, splink: Beside, quality: str) -> Iterator[Row]:
    """Yield the rows of one size."""
    work = partial("duplicates within {:,}, files and DuckDB, {}".format, people)
    yield row_of(
        work("after encoding"),
        BY_CPU,
        [people / after.cost.cpu_seconds],
        peer="Splink on DuckDB, plaintext, end to end",
        peers=None if splink.cost is None else people / splink.cost.cpu_seconds,
        least_ratio=LEAST_OF_SPLINK,
        note=f"{after.told()}; {splink.note}",
    )
    yield row_of(
        work("end to end"),
        BY_CPU,
        [people / whole.cost.cpu_seconds],
        note=f"{whole.told()}; {quality}; reading, normalising and encoding included",
    )
    memory = max(whole.cost.peak_mb, after.cost.peak_mb)
    yield row_of(work("memory of all processes"), "MB", [memory], most=MOST_MB)
