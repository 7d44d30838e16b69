"""Who writes now, who waits, and who is told to come back later; hub."""

from threading import Condition

from api.hub.errors import UnavailableError


class Turns:
    """
    Turns of threads: some at once, a bounded number waiting.

    Args:
        at_once: how many have their turn together.
        most_waiting: how many may wait; one more is refused at once, so that a crowd cannot take all threads.
    """

    def __init__(self, at_once: int, most_waiting: int) -> None:
        """Begin with nobody."""
        self._free, self._most_waiting = at_once, most_waiting
        self._waiting = 0
        self._changed = Condition()

    def take(self) -> None:
        """
        Wait for one's turn; `give` or `hand_over` ends it.

        Raises:
            UnavailableError: too many are waiting.
        """
        with self._changed:
            if not self._free and self._waiting >= self._most_waiting:
                raise UnavailableError("too many wait to write; come back later", code="overloaded")
            self._waiting += 1
            try:
                self._changed.wait_for(lambda: self._free > 0)
                self._free -= 1
            finally:
                self._waiting -= 1

    def give(self) -> None:
        """End one's turn."""
        with self._changed:
            self._free += 1
            self._changed.notify()

    def hand_over(self) -> bool:
        """End one's turn if somebody waits; tell whether that is so."""
        with self._changed:
            if not self._waiting:
                return False
            self._free += 1
            self._changed.notify()
            return True
