"""
Entries on file that share a token and have not met are compared again, and meet if they now may; hub.

What is kept of a meeting, decisions, claims and matches, are events: they happened, and are never made anew. What can
be missing is a meeting: its entries were graded too low by an earlier score model, or one side was suspended when the
other filed. Such pairs go through `meetings.meet`, the only place where it is decided who learns of what, as if the
later entry were filed now. A meeting that is there keeps grade and state: an answer that was told stays as it was.

The walk goes over the seats in the order of their digests and takes up each token at its first one, so nothing is held
in memory but one piece. A token's first seat is filled as long as the token is on file, whoever is erased meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import OPERATOR, Act, HubAct
from api.hub.context import Hub
from api.hub.kept import repository as kept
from api.hub.kept.entry import KeptEntry
from api.hub.kept.repository import Filer
from api.hub.meetings.grading import grades
from api.hub.meetings.meet import meet
from api.hub.meetings.newcomers import Filing, Newcomer
from api.hub.meetings.sides import SideSeal
from api.hub.organisations import repository as organisations
from api.hub.policy import Member
from api.hub.projects import repository as projects
from api.hub.projects.service import read_schema, require_project
from api.hub.relinking import repository
from matcher.pairs import Grade

ENTRIES_AT_ONCE = 2_000  # one transaction; filings go on between them
DIGEST_SHARE = 256.0**4  # digests are spread evenly: their first four bytes tell how far the walk is


@dataclass(frozen=True, slots=True)
class Relinked:
    """
    What a walk over all tokens did.

    Attributes:
        tokens: under which more than one entry stands.
        pairs: of entries of two organisations that had not met.
        meetings: made, or with `is_dry` to be made.
    """

    tokens: int = 0
    pairs: int = 0
    meetings: int = 0

    def __add__(self, other: "Relinked") -> "Relinked":
        """Add up."""
        return Relinked(self.tokens + other.tokens, self.pairs + other.pairs, self.meetings + other.meetings)


@dataclass(frozen=True, slots=True)
class _Unmet:
    """An entry and one that was on file before it, under one token; they have not met."""

    later: KeptEntry
    earlier: KeptEntry


def relink(hub: Hub, project_id: str, *, is_dry: bool, tell: Callable[[float], None]) -> Relinked:
    """
    Let all entries of a project meet that should have.

    Each piece is a transaction of its own, and what has met is passed over: a walk that was stopped is simply begun
    again.

    Args:
        hub: whose entries.
        project_id: the project.
        is_dry: only count.
        tell: told which share of the walk is done, in [0, 1].

    Raises:
        NotFoundError: there is no such project.
        UnavailableError: what is done cannot be written down.
    """
    require_project(hub, project_id)
    total, after = Relinked(), b""
    while True:
        with hub.database.reading() if is_dry else hub.database.writing(project_id) as connection:
            tokens, end = kept.first_after(connection, hub.key, after, ENTRIES_AT_ONCE)
            if end is None:
                tell(1.0)
                return total
            total += _Piece(connection, hub, project_id).relink(tokens, is_dry=is_dry)
        after = end
        tell(int.from_bytes(after[:4], "big") / DIGEST_SHARE)


class _Piece:
    """Some tokens, in one transaction."""

    def __init__(self, connection: Connection, hub: Hub, project_id: str) -> None:
        """Look up who files, and for what."""
        self._connection, self._hub, self._project_id = connection, hub, project_id
        self._filers = kept.filers(connection, project_id)
        self._purposes = repository.purposes(connection, project_id)
        self._decoys = organisations.decoys(connection, {filer.organisation_id for filer in self._filers.values()})
        # the epochs' schemas differ in their number alone, and an entry does not say of which it is
        self._schema = read_schema(projects.epochs(connection, project_id)[-1].schema_document)
        self._seal = SideSeal(hub.key)

    def relink(self, tokens: Sequence[bytes], *, is_dry: bool) -> Relinked:
        """Compare what has not met under the tokens, and let meet what is at least possible."""
        standing = kept.standing_under(self._connection, self._hub.key, tokens)
        shared = sum(count > 1 for count in Counter(entry.token for entry in standing).values())
        unmet = list(self._unmet(standing))
        sketches = [pair.later.sketch for pair in unmet], [pair.earlier.sketch for pair in unmet]
        found = grades(self._hub, self._schema, *sketches) >= Grade.POSSIBLE
        worth = [unmet[place] for place in map(int, np.flatnonzero(found))]
        if worth and not is_dry:
            for _, those in groupby(worth, key=lambda pair: pair.later.entry_id):
                self._meet(list(those))
            act = Act(HubAct.RELINK, "relinked", count=len(worth))
            log.append(self._connection, self._hub, OPERATOR, [act], self._project_id)
        return Relinked(shared, len(unmet), len(worth))

    def _unmet(self, standing: Sequence[KeptEntry]) -> Iterator[_Unmet]:
        """Yield the pairs of live entries of two organisations under one token that are no meeting."""
        entries = [entry for entry in standing if self._counts(entry)]
        tags = {entry.entry_id: self._seal.tag(entry.entry_id) for entry in entries}
        met = repository.met_tags(self._connection, sorted(tags.values()))
        pairs = {frozenset(sides) for sides in met.values()}
        ordered = sorted(entries, key=lambda entry: (entry.token, entry.arrived_on, entry.entry_id))
        for _, block in groupby(ordered, key=lambda entry: entry.token):
            earlier: list[KeptEntry] = []
            for later in block:
                for other in earlier:
                    is_own = self._owner(later) == self._owner(other)
                    if not is_own and frozenset((tags[later.entry_id], tags[other.entry_id])) not in pairs:
                        yield _Unmet(later, other)
                earlier.append(later)

    def _meet(self, pairs: Sequence[_Unmet]) -> None:
        """Let one entry meet some earlier ones."""
        later = pairs[0].later
        filer = self._filers[later.statement_id]
        member = Member(
            roles=frozenset(),
            organisation_class=filer.place.organisation_class,
            organisation_id=filer.organisation_id,
            project_id=self._project_id,
            actor_id="",
            is_user=False,
        )
        newcomer = Newcomer(later.entry_id, later.token, later.sketch, later.is_automatic)
        on_file = [(pair.earlier, self._filers[pair.earlier.statement_id]) for pair in pairs]
        filing = Filing(member, self._purposes[later.statement_id], self._schema)
        meet(self._connection, self._hub, filing, [newcomer], on_file)

    def _counts(self, entry: KeptEntry) -> bool:
        """Tell whether an entry is of this project and may meet others: alive, not suspended, no decoy."""
        filer: Filer | None = self._filers.get(entry.statement_id)
        if filer is None or filer.is_suspended or filer.organisation_id in self._decoys:
            return False
        return entry.expires >= self._hub.month

    def _owner(self, entry: KeptEntry) -> str:
        """Return whose an entry is."""
        return self._filers[entry.statement_id].organisation_id
