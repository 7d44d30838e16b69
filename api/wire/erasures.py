"""Asking the hub to forget entries; both sides of the wire."""

from typing import Annotated

from pydantic import Field

from api.wire.model import WireModel

MAXIMUM_IDS = 10_000  # of one request

EntryId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ErasureRequest(WireModel):
    """Entries to erase, by id; at most 10,000. Unknown ones are passed over, so that asking tells nothing."""

    entry_ids: list[EntryId] = Field(min_length=1, max_length=MAXIMUM_IDS)


class ErasureReceipt(WireModel):
    """
    Proof that the hub was asked, and on which day (YYYY-MM-DD) it forgot.

    Attributes:
        note: the same as a signed note with a digest of the ids asked for and the hash of the audit log's leaf; see
            `api.wire.audit.receipts`.
    """

    receipt_id: str
    state: str = "erased"
    erased_on: str
    note: str = Field(max_length=2_000)
