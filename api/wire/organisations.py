"""Organisations and their API keys, as the hub's people and the organisations' own see them; both sides of the wire."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.wire.model import WireModel
from api.wire.statements import OrganisationClass, Purpose

MAXIMUM_KEY_DAYS = 365  # twelve months; a key nobody renews goes out of use on its own
MAXIMUM_OVERLAP_DAYS = 30  # long enough to bring a new key to every machine
MAXIMUM_NETWORKS = 10

Network = Annotated[str, Field(pattern=r"^[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$")]


class Scope(StrEnum):
    """What an API key may do: file and erase entries, or read and decide what came of it."""

    UPLOAD = "upload"
    QUERY = "query"


class StandingRule(WireModel):
    """To which class, and for what, an organisation releases meetings without a hand."""

    organisation_class: OrganisationClass = Field(strict=False)
    purpose: Purpose = Field(strict=False)


class NewOrganisation(WireModel):
    """
    An organisation that is to take part in a project.

    Attributes:
        name: for the hub's people alone; other organisations never learn it.
        contact_alias: what others are told at last to reach it; empty takes one by chance. It must not give the name.
        is_location_sensitive: whether its address endangers those it holds; not known counts as yes.
        is_decoy: whether what it files are invented people, whose meetings raise an alarm.
    """

    name: str = Field(min_length=1, max_length=200)
    organisation_class: OrganisationClass = Field(strict=False)
    contact_alias: str = Field(default="", max_length=80)
    is_location_sensitive: bool = True
    is_decoy: bool = False
    release_to: list[StandingRule] = Field(default_factory=list, max_length=100)


class Organisation(WireModel):
    """An organisation as the hub's people see it."""

    organisation_id: str
    name: str
    organisation_class: OrganisationClass = Field(strict=False)
    contact_alias: str
    is_location_sensitive: bool
    is_suspended: bool
    is_decoy: bool


class Organisations(WireModel):
    """All organisations of the hub."""

    organisations: list[Organisation]


class NewApiKey(WireModel):
    """
    An API key that is to be made.

    Attributes:
        scopes: empty takes all that the organisation's class may have.
        networks: addresses or CIDR networks it may be used from; empty is any.
    """

    scopes: list[Annotated[Scope, Field(strict=False)]] = Field(default_factory=list, max_length=2)
    days: int = Field(default=MAXIMUM_KEY_DAYS, ge=1, le=MAXIMUM_KEY_DAYS)
    networks: list[Network] = Field(default_factory=list, max_length=MAXIMUM_NETWORKS)


class KeyRotation(WireModel):
    """
    How a key is replaced.

    Attributes:
        days: life of the new key.
        overlap_days: days for which the old one works on; 0 ends it at once.
    """

    days: int = Field(default=MAXIMUM_KEY_DAYS, ge=1, le=MAXIMUM_KEY_DAYS)
    overlap_days: int = Field(default=7, ge=0, le=MAXIMUM_OVERLAP_DAYS)


class IssuedKey(WireModel):
    """A new API key; its text is shown this once."""

    key_id: str
    api_key: str = Field(repr=False)
    expires_on: str


class ApiKey(WireModel):
    """An API key without its secret."""

    key_id: str
    scopes: list[Annotated[Scope, Field(strict=False)]]
    networks: list[str]
    created_on: str
    expires_on: str
    is_revoked: bool


class ApiKeys(WireModel):
    """All API keys of an organisation in a project, oldest first."""

    api_keys: list[ApiKey]
