"""People of the hub and of organisations: log-in, accounts, approvals; both sides of the wire."""

from typing import Annotated

from pydantic import Field

from api.wire.model import WireModel
from api.wire.statements import CaseTag, Code, Purpose

PASSWORD_LEAST = 12
PASSWORD_MOST = 256
APPROVAL_PEOPLE = 50
APPROVAL_DAYS = 30

Login = Annotated[str, Field(min_length=3, max_length=100, repr=False)]
Password = Annotated[str, Field(min_length=1, max_length=PASSWORD_MOST, repr=False)]
OneTimeCode = Annotated[str, Field(pattern=r"^([0-9]{6})?$", repr=False)]


class LogIn(WireModel):
    """
    What a person gives to log in.

    Attributes:
        code: of the second factor, when the account has one.
        project_id: the project to act in; may be left out when the organisation takes part in one only.
    """

    login: Login
    password: Password
    code: OneTimeCode = ""
    project_id: str = Field(default="", max_length=40)


class OpenedSession(WireModel):
    """A session; the token is shown this once and goes where an API key would go."""

    session_token: str = Field(repr=False)
    expires_in_seconds: int
    roles: list[str]
    project_id: str


class PasswordChange(WireModel):
    """A new password, with the old one: also how a one-time password is turned into one's own."""

    login: Login
    password: Password
    code: OneTimeCode = ""
    new_password: str = Field(min_length=PASSWORD_LEAST, max_length=PASSWORD_MOST, repr=False)


class NewUser(WireModel):
    """A person who is to log in; an empty organisation is the hub itself."""

    login: Login
    organisation_id: str = Field(default="", max_length=36)
    roles: list[Code] = Field(min_length=1, max_length=5)


class OneTimePassword(WireModel):
    """The password of a new or reset account: shown this once, good for setting one's own."""

    user_id: str
    password: str = Field(repr=False)


class User(WireModel):
    """An account without anything that names a person."""

    user_id: str
    organisation_id: str
    roles: list[str]
    has_second_factor: bool
    must_change_password: bool
    is_ended: bool
    created_on: str


class Users(WireModel):
    """All accounts of the hub, oldest first."""

    users: list[User]


class SecondFactor(WireModel):
    """The secret of a second factor (RFC 6238), for an authenticator application; shown this once."""

    secret: str = Field(repr=False)
    uri: str = Field(repr=False)


class SecondFactorCode(WireModel):
    """A code that shows that the secret has arrived."""

    code: str = Field(pattern=r"^[0-9]{6}$", repr=False)


class NewApproval(WireModel):
    """
    A supervisor's co-signature: for this purpose, on this basis, in this case, so many people may be asked about.

    Attributes:
        lawful_basis: code of the basis, of the organisation's own list.
        case_tag: keyed digest of the case number; `casematch agent case-tag` makes it.
    """

    purpose: Purpose = Field(strict=False)
    lawful_basis: Code
    case_tag: CaseTag
    people: int = Field(default=1, ge=1, le=APPROVAL_PEOPLE)
    days: int = Field(default=7, ge=1, le=APPROVAL_DAYS)


class Approval(WireModel):
    """An approval that a batch may cite, until it expires or is used up."""

    approval_id: str
    expires_on: str
