"""
What a match says, sealed: its grade, and the details of its events; hub.

Grades, and how they and the clusters changed, are few people's alone: with a copy of all files they named three times
as many as the organisations of a match do.
"""

from functools import lru_cache

from api.hub.keys import HubKey
from api.hub.sealing import Seal

DETAIL_BYTES = 36  # an id; shorter details are filled up, because lengths show
_NUMBER_BYTES = 4


class MatchSeal:
    """Seals the cells of matches and of their events, under keys that are derived once."""

    def __init__(self, key: HubKey) -> None:
        """Derive the keys."""
        self._grades = Seal(key, "match-grade")
        self._details = Seal(key, "match-event")

    def grade_box(self, grade: int, match_id: str) -> bytes:
        """Return the grade of a match, sealed."""
        return self._grades.seal(bytes([grade]), match_id.encode())

    def grade(self, box: bytes, match_id: str) -> int:
        """
        Return the grade of a match.

        Raises:
            BrokenSealError: the row was altered, or is of a hub with another key.
        """
        return self._grades.open(bytes(box), match_id.encode())[0]

    def detail_box(self, detail: str, match_id: str, number: int) -> bytes:
        """Return what an event holds, sealed."""
        padded = detail.encode().ljust(DETAIL_BYTES, b"\0")
        return self._details.seal(padded, match_id.encode(), number.to_bytes(_NUMBER_BYTES, "big"))

    def detail(self, box: bytes, match_id: str, number: int) -> str:
        """
        Return what an event holds.

        Raises:
            BrokenSealError: the row was altered, or is of a hub with another key.
        """
        opened = self._details.open(bytes(box), match_id.encode(), number.to_bytes(_NUMBER_BYTES, "big"))
        return opened.rstrip(b"\0").decode()


@lru_cache(maxsize=4)
def match_seal(key: HubKey) -> MatchSeal:
    """Return the seal of a hub's matches; made once for a hub."""
    return MatchSeal(key)
