"""
Rows of two long lists linked by `casematch link`, beside anonlink: on all pairs, and within the blocks of blocklib.

What limits cost is measured in the same run: without them a key need be rare among as few people as `nepal` says, and
no block is too large.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from api.agent.linking.blocks import MOST_IN_A_BLOCK
from benchmarks.quality.peers.link import BLOCKED, CLK, CLK_THRESHOLD, IGNORED, MOST_PER_RECORD, SPLINK_RULES
from benchmarks.speed.linking import Beside, link_beside, link_by_command
from benchmarks.speed.long_lists import LongLists, write_lists
from benchmarks.speed.row import Profile, Row, row_of
from matcher.schema import LinkageSchema

RECORDS = {"ci": (), "full": (30_000, 100_000)}  # of each list; from 20,000 on the gate counts with as many
MOST_SECONDS = 60.0  # on two cores
LEAST_OF_NO_LIMITS = 0.99
NO_LIMIT = 1_000_000_000
SCORE_COLUMN = 2
SEED = 1


def rows(profile: Profile) -> Iterator[Row]:
    """Yield the rows of each size."""
    for records in RECORDS[profile]:
        with TemporaryDirectory() as folder:
            yield from _two_lists(write_lists(Path(folder), 2 * records, 2, SEED), records)


def _two_lists(lists: LongLists, records: int) -> Iterator[Row]:
    """Link two lists."""
    work = f"link {records:,} × {records:,}, files and DuckDB"
    ours = link_by_command(lists, lists.folder / "work")
    cpu = 2 * records / ours.cost.cpu_seconds
    plan = {"least": CLK_THRESHOLD, "most": MOST_PER_RECORD, "ignored": IGNORED}
    blocking = {"blocking": SPLINK_RULES["nepal"]["blocking"], "most_in_block": MOST_IN_A_BLOCK}
    for name, peer in (
        ("clkhash and anonlink, all pairs", link_beside(CLK, lists, plan, CLK_THRESHOLD, SCORE_COLUMN)),
        ("clkhash, blocklib, anonlink", link_beside(BLOCKED, lists, {**plan, **blocking}, CLK_THRESHOLD, SCORE_COLUMN)),
    ):
        yield row_of(
            f"{work}, beside {name}",
            "records/s of CPU",
            [cpu],
            peer=f"{name}, end to end",
            peers=_rate(peer, 2 * records),
            note=f"{ours.told()}; {peer.note}",
        )
    yield row_of(f"{work}, end to end", "s of wall", [ours.cost.wall_seconds], most=MOST_SECONDS, note=ours.told())
    yield _limits(lists, work)


def _limits(lists: LongLists, work: str) -> Row:
    """Hold recall against that of a run without limits."""
    truth = ("--truth", str(lists.truth))
    known = link_by_command(lists, lists.folder / "work", *truth).figures
    gate = str(LinkageSchema.shipped("nepal").gate.population)
    free = link_by_command(
        lists, lists.folder / "work", *truth, "--gate-population", gate, "--most-in-block", str(NO_LIMIT)
    )
    return row_of(
        f"{work}, recall",
        "of the true pairs",
        [known["recall"]],
        peer="the same without limits",
        peers=free.figures["recall"],
        least_ratio=LEAST_OF_NO_LIMITS,
        note=f"precision {known['precision']:.4f}, without limits {free.figures['precision']:.4f} and {free.told()}",
    )


def _rate(peer: Beside, records: int) -> float | None:
    """Return a peer's records a second of CPU, if it ran."""
    return None if peer.cost is None else records / peer.cost.cpu_seconds
