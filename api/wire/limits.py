"""Quotas, bulk filings and alarms; both sides of the wire."""

from pydantic import Field

from api.wire.model import WireModel
from api.wire.statements import Code

MAXIMUM_BULK_PEOPLE = 5_000
MAXIMUM_BULK_DAYS = 90


class Quota(WireModel):
    """What is left today, in whole people; `bulk_people` is beyond the day's, until `bulk_until`."""

    key_people: int
    organisation_people: int
    bulk_people: int
    bulk_until: str = ""


class BulkFiling(WireModel):
    """An allowance beyond the daily quota, as when an organisation files its old cases."""

    people: int = Field(ge=1, le=MAXIMUM_BULK_PEOPLE)
    days: int = Field(default=30, ge=1, le=MAXIMUM_BULK_DAYS)


class Alarm(WireModel):
    """Something to look at: who, in which project, what kind of thing, on which day."""

    alarm_id: str
    project_id: str
    organisation_id: str
    kind: Code
    raised_on: str


class Alarms(WireModel):
    """All alarms that nobody has closed, oldest first."""

    alarms: list[Alarm]
