"""What agents and the data-protection officer ask of the log, and how the hub answers; both sides of the wire."""

from typing import Annotated, Literal

from pydantic import Field

from api.wire.audit.leaves import DayText
from api.wire.audit.notes import LONGEST_NOTE
from api.wire.erasures import EntryId
from api.wire.model import WireModel
from api.wire.statements import OrganisationClass, Purpose

HashText = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
KeyText = Annotated[str, Field(max_length=200)]


class SignedCheckpoint(WireModel):
    """
    The log as it was last published.

    Attributes:
        note: the signed checkpoint, with the cosignatures of witnesses that it has by now.
        log_key: the key that it is signed with; an agent pins it at its first sight.
    """

    note: str = Field(max_length=LONGEST_NOTE)
    log_key: KeyText


class ConsistencyProof(WireModel):
    """Proves that the log of `new` leaves began as that of `old` leaves; both are sizes that were published."""

    old: int = Field(ge=0)
    new: int = Field(ge=0)
    hashes: list[HashText]


class InclusionProof(WireModel):
    """Proves that a leaf stands at a place of the log of `size` leaves."""

    number: int = Field(ge=0)
    size: int = Field(ge=1)
    hashes: list[HashText]


class Cosignature(WireModel):
    """
    A witness's word that a checkpoint continues all that it saw before.

    Attributes:
        size: of the checkpoint.
        witness_key: the witness's, of cosignature/v1.
        signature: its line, as it will stand below the checkpoint.
    """

    size: int = Field(ge=0)
    witness_key: KeyText
    signature: str = Field(max_length=400)


class LogEntry(WireModel):
    """One entry of the log; `leaf` is its canonical JSON, whose bytes are hashed."""

    number: int = Field(ge=0)
    leaf: str


class LogPage(WireModel):
    """Entries of the log in their order; poll again with `next_cursor`."""

    entries: list[LogEntry]
    next_cursor: str
    has_more: bool


class LearntRequest(WireModel):
    """Own entries and matches of one record; unknown and foreign ones are passed over, so that asking tells nothing."""

    entry_ids: list[EntryId] = Field(default_factory=list, max_length=10_000)
    match_ids: list[Annotated[str, Field(pattern=r"^[0-9a-f-]{36}$")]] = Field(default_factory=list, max_length=1_000)


class Learning(WireModel):
    """
    That somebody was told something of a record, at first.

    Attributes:
        first_on: the day; later repetitions are not told, for they would tell what became of a decision.
        is_own: whether it was the asking organisation itself.
        organisation_class: of who was told, where the asking organisation may know it; never its name.
        of: what was told of.
        rung: how much: 1 existence as a grade, 2 class of the other side, 4 the episode verdict.
    """

    first_on: DayText
    is_own: bool
    organisation_class: OrganisationClass | None = Field(default=None, strict=False)
    purpose: Purpose = Field(strict=False)
    of: Literal["meeting", "match"]
    rung: int = Field(ge=1, le=4)


class LearntAnswer(WireModel):
    """Who learnt what of a record, oldest first; each line once."""

    learnings: list[Learning]
