"""
One act as the log keeps it: canonical JSON, hashed as a leaf of the tree; both sides of the wire.

It says who (organisation, key or user), what, for which purpose, up to which rung, and how it was decided. What it was
about stands as keyed tags: nobody without the hub's key can tell of what. The nonce hides the rest from whoever sees
only the leaf's hash, for there are few acts that could be guessed.
"""

import json
from typing import Annotated, Literal

from pydantic import Field

from api.wire.model import WireModel
from api.wire.statements import Purpose

Tag = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
DayText = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
PADDING = "padding"


class Leaf(WireModel):
    """
    One act.

    Attributes:
        v: version of this form.
        day: the hub keeps no finer time of anything.
        action: an action of docs/authorisation.md, one of the hub itself, or `padding`, which is no act.
        by: what acted: a machine's key, a person's session, the operator's command line, or the hub by itself.
        actor: id of the key or user; empty for the others.
        organisation: its id; empty for people of the hub itself.
        organisation_class: its class; empty as well.
        project: empty when it concerned none.
        purposes: of the entries concerned, in order.
        reason: code of a statement; empty when none was made.
        rung: how much was told at most, 0 (received) to 4.
        decision: how it ended, such as `answered`, `released`, `refused`.
        objects: keyed tags of the batch, meetings, matches or keys concerned, in order; never of an entry.
        count: of entries or objects, where that was more than the tags say.
        nonce: random.
    """

    v: Literal[1] = 1
    day: DayText
    action: str = Field(pattern=r"^[a-z_]{1,40}$")
    by: Literal["key", "user", "operator", "hub"]
    actor: str = Field(default="", max_length=40)
    organisation: str = Field(default="", max_length=40)
    organisation_class: str = Field(default="", max_length=20)
    project: str = Field(default="", max_length=40)
    purposes: tuple[Purpose, ...] = Field(default=(), strict=False)
    reason: str = Field(default="", max_length=40)
    rung: int = Field(default=0, ge=0, le=4)
    decision: str = Field(pattern=r"^[a-z_]{1,40}$")
    objects: tuple[Tag, ...] = Field(default=(), strict=False)
    count: int = Field(default=0, ge=0)
    nonce: Tag

    def canonical(self) -> str:
        """Return the one form of it that is hashed: sorted keys, no blanks, ASCII."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
