"""How long work tells how far it is; on the partner's premises."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]  # a step's name, how much of it is done, and how much there is
