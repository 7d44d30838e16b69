"""The episode verdict as a match tells it; both sides of the wire."""

from typing import Literal

from api.wire.model import WireModel


class VerdictView(WireModel):
    """The episode verdict and its reasons, as codes of docs/glossary.md."""

    verdict: Literal["same_episode", "possible_re_trafficking", "attempt", "undetermined"]
    reasons: list[str]
