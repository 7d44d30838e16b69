"""`/v1/sessions`, `/v1/passwords`, `/v1/account`: log in and out; `/v1/users`; `/v1/approvals`."""

from typing import Annotated

from fastapi import APIRouter, Request, status

from api.hub.addresses import client_address
from api.hub.auth import Allowed, TheHub
from api.hub.ids import require_id
from api.hub.people import accounts, approvals, service
from api.hub.policy import Action, Actor, Member
from api.hub.quotas.limits import ENTRIES_PER_PERSON
from api.wire.people import (
    Approval,
    LogIn,
    NewApproval,
    NewUser,
    OneTimePassword,
    OpenedSession,
    PasswordChange,
    SecondFactor,
    SecondFactorCode,
    User,
    Users,
)

router = APIRouter(prefix="/v1", tags=["people"])

Person = Annotated[Actor, Allowed(Action.OWN_ACCOUNT)]
Supervisor = Annotated[Member, Allowed(Action.APPROVALS_GIVE)]
UserReader = Annotated[Actor, Allowed(Action.USERS_READ)]
UserAdder = Annotated[Actor, Allowed(Action.USERS_ADD)]
UserEnder = Annotated[Actor, Allowed(Action.USERS_END)]


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
def log_in(given: LogIn, request: Request, hub: TheHub) -> OpenedSession:
    """Log in; the session token goes where an API key would go."""
    return service.log_in(hub, given, client_address(request, hub.settings.trusted_networks))


@router.delete("/sessions", status_code=status.HTTP_204_NO_CONTENT)
def log_out(actor: Person, hub: TheHub) -> None:
    """End all sessions of one's own."""
    service.log_out(hub, actor)


@router.post("/passwords", status_code=status.HTTP_204_NO_CONTENT)
def change_password(given: PasswordChange, request: Request, hub: TheHub) -> None:
    """Set a password of one's own, with the old or one-time one; all sessions end."""
    service.change_password(hub, given, client_address(request, hub.settings.trusted_networks))


@router.post("/account/second-factor", status_code=status.HTTP_201_CREATED)
def new_second_factor(actor: Person, hub: TheHub) -> SecondFactor:
    """Return the secret of a second factor; it counts once a code has confirmed it."""
    return service.new_second_factor(hub, actor)


@router.put("/account/second-factor", status_code=status.HTTP_204_NO_CONTENT)
def confirm_second_factor(given: SecondFactorCode, actor: Person, hub: TheHub) -> None:
    """Switch the second factor on."""
    service.confirm_second_factor(hub, actor, given.code)


@router.get("/users")
def list_users(_actor: UserReader, hub: TheHub) -> Users:
    """Return all accounts, without anything that names a person."""
    return accounts.listing(hub)


@router.post("/users", status_code=status.HTTP_201_CREATED)
def add_user(wanted: NewUser, actor: UserAdder, hub: TheHub) -> OneTimePassword:
    """Make an account; its one-time password is shown this once."""
    return accounts.add(hub, actor, wanted)


@router.post("/users/{user_id}/reset")
def reset_user(user_id: str, actor: UserAdder, hub: TheHub) -> OneTimePassword:
    """Give an account a new one-time password; second factor and sessions end."""
    return accounts.reset(hub, actor, require_id(user_id))


@router.post("/users/{user_id}/end")
def end_user(user_id: str, actor: UserEnder, hub: TheHub) -> User:
    """End an account for good."""
    return accounts.end(hub, actor, require_id(user_id))


@router.post("/approvals", status_code=status.HTTP_201_CREATED)
def give_approval(wanted: NewApproval, member: Supervisor, hub: TheHub) -> Approval:
    """Co-sign filings of one case; the agent's batches cite the approval."""
    return approvals.give(hub, member, wanted, ENTRIES_PER_PERSON)
