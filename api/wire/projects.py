"""A project as its partners see it: schema, epochs, purposes and thresholds; both sides of the wire."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from api.wire.model import WireModel
from api.wire.statements import Purpose


class EpochState(StrEnum):
    """Whether entries of a key epoch are still taken."""

    CURRENT = "current"
    RETIRED = "retired"


class KeyEpoch(WireModel):
    """A span in which one linkage secret is in use."""

    key_epoch: int
    state: EpochState = Field(strict=False)


class Project(WireModel):
    """
    What an agent needs to encode for a project; it holds no key.

    Attributes:
        linkage_schema: the linkage schema document; its digest is `schema_id`.
        retention_months: greatest life of an entry.
        thresholds: least posterior of each grade, by the grade's FHIR code.
    """

    project_id: str
    linkage_schema: dict[str, Any]
    schema_id: str
    key_epochs: list[KeyEpoch]
    purposes: list[Purpose] = Field(strict=False)
    score_model: str
    thresholds: dict[str, float]
    retention_months: int
