"""Why a batch is filed: purpose and reason, the same for all its entries; both sides of the wire."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.wire.model import Uuid, WireModel

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
CaseTag = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class Purpose(StrEnum):
    """What the data may be used for; consent to one implies no other."""

    DEDUP = "dedup"
    PROTECTION = "protection"
    FAMILY_TRACING = "family_tracing"
    INVESTIGATION = "investigation"
    EVALUATION = "evaluation"


class OrganisationClass(StrEnum):
    """What kind of organisation a partner is; its name is never told."""

    NGO = "ngo"
    SHELTER = "shelter"
    GOVERNMENT = "government"
    BORDER = "border"
    POLICE = "police"
    LINKAGE_DESK = "linkage_desk"
    DATA_PROTECTION = "data_protection"


class Statement(WireModel):
    """
    The statement of a batch.

    Attributes:
        purpose: what the entries may be compared for.
        reason: short code of the partner's own list, such as `intake`; no free text, so no name can slip in.
        case_tag: keyed digest of the case number that the entries are filed for; the number itself never leaves.
        lawful_basis: code of the basis on which the police asks.
        approval_id: the supervisor's approval that covers this case, basis and purpose.
    """

    purpose: Purpose = Field(strict=False)
    reason: Code
    case_tag: CaseTag | None = None
    lawful_basis: Code | None = None
    approval_id: Uuid | None = None
