"""`/v1/audit`: checkpoint, proofs, cosignatures and entries of the log."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from api.hub.audit import service
from api.hub.auth import Allowed, TheHub
from api.hub.policy import Action, Actor, Member
from api.wire.audit.messages import ConsistencyProof, Cosignature, InclusionProof, LogPage, SignedCheckpoint

router = APIRouter(prefix="/v1/audit", tags=["audit"])

Verifier = Annotated[Actor, Allowed(Action.AUDIT_VERIFY)]
Auditor = Annotated[Actor, Allowed(Action.AUDIT_READ)]
Witness = Annotated[Member, Allowed(Action.AUDIT_COSIGN)]
Size = Annotated[int, Query(ge=0, lt=2**63)]


@router.get("/checkpoint")
def read_checkpoint(_actor: Verifier, hub: TheHub) -> SignedCheckpoint:
    """Return the log as it was last published, signed by the hub and its witnesses; it is published once a day."""
    return service.checkpoint(hub)


@router.get("/proofs/consistency")
def prove_consistency(_actor: Verifier, hub: TheHub, old: Size, new: Size) -> ConsistencyProof:
    """Prove that a published log began as an earlier one."""
    return service.consistency(hub, old, new)


@router.get("/proofs/inclusion")
def prove_inclusion(_actor: Auditor, hub: TheHub, number: Size, size: Size) -> InclusionProof:
    """Prove that an entry stands in a published log; for whoever may read the entries, as places tell of others."""
    return service.inclusion(hub, number, size)


@router.post("/cosignatures", status_code=status.HTTP_204_NO_CONTENT)
def add_cosignature(cosignature: Cosignature, member: Witness, hub: TheHub) -> None:
    """Say as a witness that a checkpoint continues all that was seen before."""
    service.cosign(hub, member, cosignature)


@router.get("/entries")
def list_entries(actor: Auditor, hub: TheHub, cursor: Annotated[str, Query(max_length=100)] = "") -> LogPage:
    """Return the log's entries in order; the reading is itself written down."""
    return service.entries(hub, actor, cursor)
