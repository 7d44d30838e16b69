"""One run of `casematch link`, or of a peer, over long lists: what it took and what it found."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.peers.environment import Peer, PeerMissingError, command_of
from benchmarks.quality.peers.link import write_plan
from benchmarks.speed.long_lists import LongLists, found_share, write_for_peers
from benchmarks.speed.spent import Spent, spent
from matcher.schema import LinkageSchema

LINK = [sys.executable, "-c", "from api.agent.cli import app; app()", "link"]
SCHEMA = "nepal"


@dataclass(frozen=True, slots=True)
class Linked:
    """What a run of `casematch link` took, and the figures that it printed."""

    cost: Spent
    figures: Mapping[str, Any]

    def told(self) -> str:
        """Say both in the words of a note."""
        pairs, left_out = self.figures["candidate_pairs"], self.figures["left_out_pairs"]
        return f"{_told(self.cost)}, {pairs:,} pairs of records, {left_out:,} pairs of entries left out; one run"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a peer took, if it ran, and what there is to say of it."""

    cost: Spent | None
    note: str


def link_by_command(lists: LongLists, work: Path, *options: str, engine: str = "duckdb") -> Linked:
    """Link lists as a user does, in a process of its own that keeps its entries in a folder."""
    output = lists.folder / "figures.json"
    settings = ["--schema", SCHEMA, "--engine", engine, "--work", str(work), "--json", *options]
    cost = spent([*LINK, *map(str, lists.files), *settings], output)
    return Linked(cost, json.loads(output.read_text(encoding="utf-8")))


def link_beside(peer: Peer, lists: LongLists, plan: Mapping[str, Any], least_score: float, column: int) -> Beside:
    """
    Link the same lists with a peer, on cells that were cleaned for it.

    Args:
        peer: whose script it is.
        lists: what to link.
        plan: more than the files and columns that its script is told.
        least_score: of a pair that counts as found.
        column: of the script's output that holds the score.
    """
    schema = LinkageSchema.shipped(SCHEMA)
    output = lists.folder / "found.csv"
    try:
        cells = write_for_peers(lists, schema)
        path = write_plan(lists.folder / "plan.json", cells, schema, output, plan)
        cost = spent(command_of(peer, [str(path)]), lists.folder / "printed.txt")
    except (PeerMissingError, RuntimeError) as reason:
        return Beside(None, str(reason))
    share = found_share(lists, output, least_score, column)
    return Beside(cost, f"the peer took {_told(cost)}, recall {share:.4f}, on cells that were cleaned for it")


def _told(cost: Spent) -> str:
    """Say what a run took."""
    return f"{cost.cpu_seconds:,.1f} s of CPU, {cost.wall_seconds:,.1f} s of wall, {cost.peak_mb:,.0f} MB at most"
