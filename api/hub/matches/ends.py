"""What a match is between: two records, each by its organisation and that one's reference; hub."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ends:
    """What a match is between: two references, the lesser organisation id first, for one purpose."""

    purpose: str
    first_id: str
    first_reference: bytes
    second_id: str
    second_reference: bytes

    @property
    def first(self) -> tuple[str, bytes]:
        """Return the end of the lesser organisation id."""
        return self.first_id, bytes(self.first_reference)

    @property
    def second(self) -> tuple[str, bytes]:
        """Return the other end."""
        return self.second_id, bytes(self.second_reference)


@dataclass(frozen=True, slots=True)
class ClaimedPair:
    """A meeting that both sides claim, and for which records."""

    meeting_id: str
    grade: int
    ends: Ends


@dataclass(frozen=True, slots=True)
class LiveMatch:
    """A match that is not void."""

    match_id: str
    cluster_id: str
    grade: int
    resolution: str
    ends: Ends
