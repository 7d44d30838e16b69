"""
A typed client for people who are logged in at a hub: accounts, organisations, keys, the desk, oversight.

On the partner's premises, or the hub operator's desk. A session's token takes the place of an API key, so all requests
of `HubClient` can be made as well, as far as the person's roles go. What makes a new thing is never sent twice.
"""

from collections.abc import Sequence

from api.agent.client import HubClient
from api.wire.break_glass import BreakGlass, BreakGlasses, BreakGlassReview, NewBreakGlass
from api.wire.limits import Alarm, Alarms, BulkFiling, Quota
from api.wire.organisations import (
    ApiKey,
    ApiKeys,
    IssuedKey,
    KeyRotation,
    NewApiKey,
    NewOrganisation,
    Organisation,
    Organisations,
)
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
from api.wire.reviews import Adjudicated, Adjudication, OpenCase, OpenCases, ResolutionReport


class PeopleClient(HubClient):
    """
    Typed requests of a person; give an empty token to log in or to change a password.

    Its arguments are those of `HubConnection`.
    """

    def log_in(self, given: LogIn) -> OpenedSession:
        """Open a session; make another client with its token."""
        return self.ask("POST", "/v1/sessions", OpenedSession, given, is_repeatable=False)

    def log_out(self) -> None:
        """End the session."""
        self.send("DELETE", "/v1/sessions")

    def change_password(self, change: PasswordChange) -> None:
        """Set a password of one's own; all sessions end."""
        self.send("POST", "/v1/passwords", change, is_repeatable=False)

    def begin_second_factor(self) -> SecondFactor:
        """Return the secret of a second factor; it counts once a code of it was confirmed."""
        return self.ask("POST", "/v1/account/second-factor", SecondFactor, is_repeatable=False)

    def confirm_second_factor(self, code: SecondFactorCode) -> None:
        """Show that the secret has arrived."""
        self.send("PUT", "/v1/account/second-factor", code)

    def users(self) -> Sequence[User]:
        """Return all accounts, oldest first."""
        return self.ask("GET", "/v1/users", Users).users

    def add_user(self, user: NewUser) -> OneTimePassword:
        """Make an account; the one-time password is shown this once."""
        return self.ask("POST", "/v1/users", OneTimePassword, user, is_repeatable=False)

    def reset_user(self, user_id: str) -> OneTimePassword:
        """Give a new one-time password; second factor and sessions end."""
        return self.ask("POST", f"/v1/users/{user_id}/reset", OneTimePassword, is_repeatable=False)

    def end_user(self, user_id: str) -> User:
        """End an account for good."""
        return self.ask("POST", f"/v1/users/{user_id}/end", User)

    def approve(self, approval: NewApproval) -> Approval:
        """Co-sign as a police supervisor: so many people may be asked about in one case."""
        return self.ask("POST", "/v1/approvals", Approval, approval, is_repeatable=False)

    def organisations(self) -> Sequence[Organisation]:
        """Return all organisations of the hub."""
        return self.ask("GET", "/v1/organisations", Organisations).organisations

    def add_organisation(self, project_id: str, organisation: NewOrganisation) -> Organisation:
        """Let an organisation take part."""
        path = f"/v1/projects/{project_id}/organisations"
        return self.ask("POST", path, Organisation, organisation, is_repeatable=False)

    def suspend(self, organisation_id: str) -> Organisation:
        """Suspend an organisation at once."""
        return self.ask("POST", f"/v1/organisations/{organisation_id}/suspend", Organisation)

    def resume(self, organisation_id: str) -> Organisation:
        """Let a suspended organisation go on."""
        return self.ask("POST", f"/v1/organisations/{organisation_id}/resume", Organisation)

    def api_keys(self, project_id: str, organisation_id: str) -> Sequence[ApiKey]:
        """Return an organisation's API keys without their secrets, oldest first."""
        return self.ask("GET", _keys(project_id, organisation_id), ApiKeys).api_keys

    def issue_key(self, project_id: str, organisation_id: str, wanted: NewApiKey) -> IssuedKey:
        """Make an API key; its text is shown this once."""
        return self.ask("POST", _keys(project_id, organisation_id), IssuedKey, wanted, is_repeatable=False)

    def rotate_key(self, project_id: str, organisation_id: str, key_id: str, rotation: KeyRotation) -> IssuedKey:
        """Replace an API key; both work for the overlap."""
        path = f"{_keys(project_id, organisation_id)}/{key_id}/rotate"
        return self.ask("POST", path, IssuedKey, rotation, is_repeatable=False)

    def revoke_key(self, project_id: str, organisation_id: str, key_id: str) -> None:
        """End an API key at once."""
        self.send("POST", f"{_keys(project_id, organisation_id)}/{key_id}/revoke")

    def raise_quota(self, project_id: str, organisation_id: str, allowance: BulkFiling) -> Quota:
        """Allow a bulk filing beyond the daily quota."""
        path = f"/v1/projects/{project_id}/organisations/{organisation_id}/bulk-filing"
        return self.ask("PUT", path, Quota, allowance)

    def alarms(self) -> Sequence[Alarm]:
        """Return all alarms that nobody has closed, oldest first."""
        return self.ask("GET", "/v1/alarms", Alarms).alarms

    def close_alarm(self, alarm_id: str) -> None:
        """Close an alarm that was looked into."""
        self.send("POST", f"/v1/alarms/{alarm_id}/close")

    def open_cases(self) -> Sequence[OpenCase]:
        """Return the matches that wait for the linkage desk, those due first."""
        return self.ask("GET", "/v1/adjudications", OpenCases).cases

    def adjudicate(self, match_id: str, decision: Adjudication) -> Adjudicated:
        """Decide a match as the linkage desk; it is final."""
        return self.ask("POST", f"/v1/adjudications/{match_id}", Adjudicated, decision)

    def resolution_report(self, project_id: str) -> ResolutionReport:
        """Return how matches are resolved, and what is badly so."""
        return self.ask("GET", f"/v1/projects/{project_id}/reports/resolution", ResolutionReport)

    def break_glass(self, wanted: NewBreakGlass) -> BreakGlass:
        """Ask for D3 of a match because somebody is in imminent danger."""
        return self.ask("POST", "/v1/break-glass", BreakGlass, wanted, is_repeatable=False)

    def break_glasses(self) -> Sequence[BreakGlass]:
        """Return all that wait for approval or review, oldest first."""
        return self.ask("GET", "/v1/break-glass", BreakGlasses).break_glasses

    def approve_break_glass(self, break_glass_id: str) -> BreakGlass:
        """Approve; two people of different organisations open it."""
        return self.ask("POST", f"/v1/break-glass/{break_glass_id}/approvals", BreakGlass)

    def review_break_glass(self, break_glass_id: str, found: BreakGlassReview) -> BreakGlass:
        """Say whether it was justified."""
        return self.ask("POST", f"/v1/break-glass/{break_glass_id}/review", BreakGlass, found)


def _keys(project_id: str, organisation_id: str) -> str:
    """Return the path of an organisation's API keys."""
    return f"/v1/projects/{project_id}/organisations/{organisation_id}/api-keys"
