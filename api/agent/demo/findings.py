"""
What the demonstration's agents have learnt, read from their vaults; on the partner's premises.

Nothing is taken from the invented truth: it is used only to check what was learnt.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from api.agent.demo.world import Pair, World
from api.agent.session import Session
from api.agent.vault.meetings import CaseMatch
from api.wire.meetings import MeetingState

Side = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Findings:
    """
    What all agents together know.

    Attributes:
        matches: by match id, each side's view of it, by partner and case reference.
        waiting: cases that wait for a person's decision.
        met: cases of which any meeting is known.
    """

    matches: Mapping[str, Mapping[Side, CaseMatch]]
    waiting: frozenset[Side]
    met: frozenset[Side]

    def match_of(self, pair: Pair) -> Mapping[Side, CaseMatch] | None:
        """Return both sides' views of the match of two cases, or None when there is none."""
        wanted = {pair.left, pair.right}
        return next((sides for sides in self.matches.values() if set(sides) == wanted), None)

    def pairs(self) -> frozenset[frozenset[Side]]:
        """Return the pairs of cases that both sides have claimed."""
        return frozenset(frozenset(sides) for sides in self.matches.values())


def gather(sessions: Mapping[str, Session]) -> Findings:
    """Read what each vault holds."""
    matches: defaultdict[str, dict[Side, CaseMatch]] = defaultdict(dict)
    waiting: set[Side] = set()
    met: set[Side] = set()
    for key, session in sessions.items():
        for match in session.vault.meetings.matches():
            matches[match.match_id][key, match.case_ref] = match
        for state in MeetingState:
            met |= {(key, meeting.case_ref) for meeting in session.vault.meetings.of_state(state)}
        waiting |= {(key, meeting.case_ref) for meeting in session.vault.meetings.of_state(MeetingState.TO_DECIDE)}
    return Findings(dict(matches), frozenset(waiting), frozenset(met))


def false_pairs(findings: Findings, world: World) -> int:
    """Count claimed pairs that are two women."""
    return len(findings.pairs() - world.true_pairs)
