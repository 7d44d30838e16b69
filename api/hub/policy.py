"""
Who may do what at the hub: one table of action, roles, purposes and rungs, and the one function that reads it; hub.

The table is plain data: authorisation, `docs/authorisation.md` and the test matrix are read from it, and nothing else
decides. A key or a session has roles; its organisation's class narrows them further (`LIMITS`): a border booth files
and hears nothing, the police has purposes of its own. Deny is the default: what no line allows is refused.
Why so: docs/decisions/0012.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from api.hub.errors import NotAllowedError, NotFoundError
from api.wire.statements import OrganisationClass, Purpose


class Role(StrEnum):
    """What somebody is at the hub; a machine key has the first two, a person one of the others."""

    UPLOADING_AGENT = "uploading_agent"
    QUERYING_AGENT = "querying_agent"
    CASEWORKER = "caseworker"
    DATA_MANAGER = "data_manager"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    POLICE_INVESTIGATOR = "police_investigator"
    POLICE_SUPERVISOR = "police_supervisor"
    LINKAGE_DESK = "linkage_desk"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    OPERATOR = "operator"
    EVALUATOR = "evaluator"


class Action(StrEnum):
    """What can be done at the hub; every route asks for one."""

    PROJECT_READ = "project_read"
    ENTRIES_FILE = "entries_file"
    ENTRIES_ERASE = "entries_erase"
    MEETINGS_READ = "meetings_read"
    MEETINGS_DECIDE = "meetings_decide"
    MATCHES_CLAIM = "matches_claim"
    MATCHES_READ = "matches_read"
    ENCOUNTERS_REPORT = "encounters_report"
    DISCLOSURES_READ = "disclosures_read"
    DISCLOSURES_REQUEST = "disclosures_request"
    DISCLOSURES_DECIDE = "disclosures_decide"
    REVIEWS_READ = "reviews_read"
    REVIEWS_GIVE = "reviews_give"
    REVIEWS_ADJUDICATE = "reviews_adjudicate"
    RESOLUTION_REPORT = "resolution_report"
    BREAK_GLASS_ASK = "break_glass_ask"
    BREAK_GLASS_READ = "break_glass_read"
    BREAK_GLASS_APPROVE = "break_glass_approve"
    BREAK_GLASS_REVIEW = "break_glass_review"
    REFERRALS_READ = "referrals_read"
    REFERRALS_OFFER = "referrals_offer"
    REFERRALS_REVOKE = "referrals_revoke"
    REFERRALS_ANSWER = "referrals_answer"
    SEALING_KEY_PUBLISH = "sealing_key_publish"
    SEALING_KEY_READ = "sealing_key_read"
    MESSAGES_SEND = "messages_send"
    MESSAGES_READ = "messages_read"
    WEBHOOK_READ = "webhook_read"
    WEBHOOK_SET = "webhook_set"
    APPROVALS_GIVE = "approvals_give"
    QUOTAS_READ = "quotas_read"
    QUOTAS_RAISE = "quotas_raise"
    ALARMS_READ = "alarms_read"
    ALARMS_CLOSE = "alarms_close"
    ORGANISATIONS_READ = "organisations_read"
    ORGANISATIONS_ADD = "organisations_add"
    ORGANISATIONS_SUSPEND = "organisations_suspend"
    KEYS_READ = "keys_read"
    KEYS_ISSUE = "keys_issue"
    KEYS_REVOKE = "keys_revoke"
    USERS_READ = "users_read"
    USERS_ADD = "users_add"
    USERS_END = "users_end"
    OWN_ACCOUNT = "own_account"
    AUDIT_READ = "audit_read"
    AUDIT_VERIFY = "audit_verify"
    AUDIT_COSIGN = "audit_cosign"
    AUDIT_WHO_LEARNT = "audit_who_learnt"


class Rung(IntEnum):
    """How much is told of a person; each rung includes those below it."""

    D0 = 0  # received
    D1 = 1  # that a record exists, as a grade
    D2 = 2  # class of the other organisation, age of the record as a band
    D3 = 3  # contact-desk alias, agreement of each field
    D4 = 4  # case reference, episode verdict


class Reach(StrEnum):
    """Whose things an action may touch."""

    OWN = "own"  # those of the actor's own organisation, in the project it acts in
    HUB = "hub"  # those of every organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """
    Who asks, as the table sees it.

    Attributes:
        roles: of the key or the person.
        organisation_class: None for people of the hub itself.
        organisation_id: empty for people of the hub itself.
        project_id: the project of the key or session; empty for people of the hub itself.
        actor_id: id of the API key or of the user; never a name.
        is_user: whether it is a person's session.
    """

    roles: frozenset[Role]
    organisation_class: OrganisationClass | None
    organisation_id: str
    project_id: str
    actor_id: str
    is_user: bool


@dataclass(frozen=True, slots=True)
class Member(Actor):
    """An actor of an organisation, in the project its key or session is for."""

    organisation_class: OrganisationClass


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line of the table.

    Attributes:
        roles: any of them will do.
        reach: whose things.
        purposes: of the entries that the action is about; an action about none has all.
        rungs: the least and the highest rung that the answer can reach.
    """

    action: Action
    roles: frozenset[Role]
    reach: Reach = Reach.OWN
    purposes: frozenset[Purpose] = frozenset(Purpose)
    rungs: tuple[Rung, Rung] = (Rung.D0, Rung.D0)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a class of organisation can reach at most, whatever the role."""

    purposes: frozenset[Purpose]
    rung: Rung


class Decision(StrEnum):
    """What the table says."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not_allowed"
    NOT_THERE = "not_there"  # somebody else's: told as if it did not exist


_AGENTS = frozenset({Role.UPLOADING_AGENT, Role.QUERYING_AGENT})
_READERS = frozenset(
    {
        Role.QUERYING_AGENT,
        Role.CASEWORKER,
        Role.DATA_MANAGER,
        Role.SAFEGUARDING_LEAD,
        Role.POLICE_INVESTIGATOR,
        Role.POLICE_SUPERVISOR,
    }
)
_ADMINISTRATORS = frozenset({Role.OPERATOR, Role.DATA_PROTECTION_OFFICER})
_MEMBERS = frozenset(Role) - _ADMINISTRATORS
_PEOPLE = frozenset(Role) - _AGENTS
_CASEWORK = frozenset(Purpose) - {Purpose.EVALUATION}
_TOLD = (Rung.D1, Rung.D2)
_MATCHED = (Rung.D1, Rung.D4)
_REACHED = (Rung.D3, Rung.D4)
_CASEWORKERS = frozenset({Role.CASEWORKER, Role.SAFEGUARDING_LEAD, Role.POLICE_INVESTIGATOR})
_ACCEPTERS = frozenset({Role.QUERYING_AGENT, Role.SAFEGUARDING_LEAD, Role.POLICE_SUPERVISOR})
_BREAKERS = frozenset({Role.SAFEGUARDING_LEAD, Role.POLICE_SUPERVISOR, Role.LINKAGE_DESK, Role.DATA_PROTECTION_OFFICER})

TABLE: tuple[Line, ...] = (
    Line(Action.PROJECT_READ, _MEMBERS),
    Line(Action.ENTRIES_FILE, frozenset({Role.UPLOADING_AGENT})),
    Line(Action.ENTRIES_ERASE, frozenset({Role.UPLOADING_AGENT})),
    Line(Action.MEETINGS_READ, _READERS, rungs=_TOLD),
    Line(Action.MEETINGS_DECIDE, frozenset({Role.QUERYING_AGENT, Role.SAFEGUARDING_LEAD}), rungs=_TOLD),
    Line(Action.MATCHES_CLAIM, frozenset({Role.QUERYING_AGENT}), rungs=_MATCHED),
    Line(Action.MATCHES_READ, _READERS, rungs=_MATCHED),
    Line(Action.ENCOUNTERS_REPORT, frozenset({Role.QUERYING_AGENT}), rungs=_MATCHED),
    Line(Action.DISCLOSURES_READ, _READERS, rungs=_MATCHED),
    Line(Action.DISCLOSURES_REQUEST, _CASEWORKERS | {Role.QUERYING_AGENT}, rungs=_MATCHED),
    Line(Action.DISCLOSURES_DECIDE, _ACCEPTERS, rungs=_TOLD),
    Line(Action.REVIEWS_READ, _READERS, rungs=(Rung.D1, Rung.D1)),
    Line(Action.REVIEWS_GIVE, _CASEWORKERS | {Role.QUERYING_AGENT}, rungs=(Rung.D1, Rung.D1)),
    Line(Action.REVIEWS_ADJUDICATE, frozenset({Role.LINKAGE_DESK}), Reach.HUB, _CASEWORK, (Rung.D1, Rung.D3)),
    Line(Action.RESOLUTION_REPORT, _ADMINISTRATORS | {Role.LINKAGE_DESK}, Reach.HUB),
    Line(Action.BREAK_GLASS_ASK, _CASEWORKERS, rungs=(Rung.D1, Rung.D3)),
    Line(Action.BREAK_GLASS_READ, _BREAKERS, Reach.HUB),
    Line(Action.BREAK_GLASS_APPROVE, _BREAKERS, Reach.HUB),
    Line(Action.BREAK_GLASS_REVIEW, frozenset({Role.DATA_PROTECTION_OFFICER}), Reach.HUB),
    Line(Action.REFERRALS_READ, _READERS, rungs=_MATCHED),
    Line(Action.REFERRALS_OFFER, _CASEWORKERS | {Role.QUERYING_AGENT}, purposes=_CASEWORK, rungs=_REACHED),
    Line(Action.REFERRALS_REVOKE, _CASEWORKERS | {Role.QUERYING_AGENT}, purposes=_CASEWORK, rungs=_MATCHED),
    Line(Action.REFERRALS_ANSWER, _ACCEPTERS, purposes=_CASEWORK, rungs=_MATCHED),
    Line(Action.SEALING_KEY_PUBLISH, frozenset({Role.QUERYING_AGENT})),
    Line(Action.SEALING_KEY_READ, frozenset({Role.QUERYING_AGENT}), purposes=_CASEWORK, rungs=_REACHED),
    Line(Action.MESSAGES_SEND, frozenset({Role.QUERYING_AGENT}), purposes=_CASEWORK, rungs=_REACHED),
    Line(Action.MESSAGES_READ, frozenset({Role.QUERYING_AGENT}), rungs=_MATCHED),
    Line(Action.WEBHOOK_READ, frozenset({Role.QUERYING_AGENT, Role.DATA_MANAGER})),
    Line(Action.WEBHOOK_SET, frozenset({Role.QUERYING_AGENT, Role.DATA_MANAGER})),
    Line(Action.APPROVALS_GIVE, frozenset({Role.POLICE_SUPERVISOR})),
    Line(Action.QUOTAS_READ, _AGENTS | {Role.DATA_MANAGER}),
    Line(Action.QUOTAS_RAISE, frozenset({Role.DATA_PROTECTION_OFFICER}), Reach.HUB),
    Line(Action.ALARMS_READ, _ADMINISTRATORS, Reach.HUB),
    Line(Action.ALARMS_CLOSE, frozenset({Role.DATA_PROTECTION_OFFICER}), Reach.HUB),
    Line(Action.ORGANISATIONS_READ, _ADMINISTRATORS, Reach.HUB),
    Line(Action.ORGANISATIONS_ADD, frozenset({Role.OPERATOR}), Reach.HUB),
    Line(Action.ORGANISATIONS_SUSPEND, _ADMINISTRATORS, Reach.HUB),
    Line(Action.KEYS_READ, frozenset({Role.DATA_MANAGER})),
    Line(Action.KEYS_READ, _ADMINISTRATORS, Reach.HUB),
    Line(Action.KEYS_ISSUE, frozenset({Role.DATA_MANAGER})),
    Line(Action.KEYS_ISSUE, frozenset({Role.OPERATOR}), Reach.HUB),
    Line(Action.KEYS_REVOKE, frozenset({Role.DATA_MANAGER})),
    Line(Action.KEYS_REVOKE, _ADMINISTRATORS, Reach.HUB),
    Line(Action.USERS_READ, _ADMINISTRATORS, Reach.HUB),
    Line(Action.USERS_ADD, frozenset({Role.OPERATOR}), Reach.HUB),
    Line(Action.USERS_END, _ADMINISTRATORS, Reach.HUB),
    Line(Action.OWN_ACCOUNT, _PEOPLE, Reach.HUB),
    Line(Action.AUDIT_READ, frozenset({Role.DATA_PROTECTION_OFFICER}), Reach.HUB),
    Line(Action.AUDIT_VERIFY, frozenset(Role), Reach.HUB),
    Line(Action.AUDIT_COSIGN, _AGENTS),
    Line(Action.AUDIT_WHO_LEARNT, frozenset({Role.QUERYING_AGENT, Role.DATA_MANAGER, Role.SAFEGUARDING_LEAD})),
)

_PROTECTING = Limit(frozenset(Purpose), Rung.D4)
_NOTHING = Limit(frozenset(), Rung.D0)
LIMITS: dict[OrganisationClass, Limit] = {
    OrganisationClass.NGO: _PROTECTING,
    OrganisationClass.SHELTER: _PROTECTING,
    OrganisationClass.GOVERNMENT: _PROTECTING,
    OrganisationClass.POLICE: Limit(
        frozenset({Purpose.INVESTIGATION, Purpose.PROTECTION, Purpose.FAMILY_TRACING}), Rung.D4
    ),
    OrganisationClass.BORDER: Limit(frozenset({Purpose.PROTECTION, Purpose.FAMILY_TRACING}), Rung.D0),
    OrganisationClass.LINKAGE_DESK: Limit(_CASEWORK, Rung.D4),
    OrganisationClass.DATA_PROTECTION: _NOTHING,
}

_FILING: frozenset[OrganisationClass | None] = frozenset(
    {OrganisationClass.NGO, OrganisationClass.SHELTER, OrganisationClass.GOVERNMENT, OrganisationClass.POLICE}
)
# The classes in which a role is at home; None is the hub itself. Elsewhere the role is worth nothing.
HOMES: dict[Role, frozenset[OrganisationClass | None]] = {
    Role.UPLOADING_AGENT: _FILING | {OrganisationClass.BORDER},
    Role.QUERYING_AGENT: _FILING,
    Role.CASEWORKER: _FILING - {OrganisationClass.POLICE},
    Role.DATA_MANAGER: frozenset(OrganisationClass) - {OrganisationClass.DATA_PROTECTION},
    Role.SAFEGUARDING_LEAD: _FILING - {OrganisationClass.POLICE},
    Role.POLICE_INVESTIGATOR: frozenset({OrganisationClass.POLICE}),
    Role.POLICE_SUPERVISOR: frozenset({OrganisationClass.POLICE}),
    Role.LINKAGE_DESK: frozenset({OrganisationClass.LINKAGE_DESK}),
    Role.DATA_PROTECTION_OFFICER: frozenset({OrganisationClass.DATA_PROTECTION, None}),
    Role.OPERATOR: frozenset({None}),
    Role.EVALUATOR: frozenset(OrganisationClass) - {OrganisationClass.DATA_PROTECTION},
}


def decide(
    actor: Actor,
    action: Action,
    *,
    owner: str | None = None,
    purpose: Purpose | None = None,
    rung: Rung | None = None,
) -> Decision:
    """
    Return what the table says of an action.

    Args:
        actor: who asks.
        action: what for.
        owner: organisation whose thing it is; None when the action names no thing.
        purpose: of the entries concerned; None asks for any that the actor may act for.
        rung: how much the answer tells; None asks for the least that the action tells.
    """
    reaches = {line.reach for line in lines_for(actor, action) if _fits(actor, line, purpose, rung)}
    if not reaches:
        return Decision.NOT_ALLOWED
    is_own = owner is None or owner == actor.organisation_id
    return Decision.ALLOWED if is_own or Reach.HUB in reaches else Decision.NOT_THERE


def require(
    actor: Actor,
    action: Action,
    *,
    owner: str | None = None,
    purpose: Purpose | None = None,
    rung: Rung | None = None,
) -> None:
    """
    Refuse what the table does not allow; the arguments are those of `decide`.

    Raises:
        NotAllowedError: not with these roles, for this purpose, to this rung.
        NotFoundError: somebody else's, which looks like something that is not there.
    """
    decision = decide(actor, action, owner=owner, purpose=purpose, rung=rung)
    if decision is Decision.NOT_ALLOWED:
        raise NotAllowedError
    if decision is Decision.NOT_THERE:
        raise NotFoundError


def lines_for(actor: Actor, action: Action) -> Iterator[Line]:
    """Return the lines of the table that name the action and a role that the actor has and is at home in."""
    roles = frozenset(role for role in actor.roles if actor.organisation_class in HOMES[role])
    return (line for line in TABLE if line.action is action and line.roles & roles)


def _fits(actor: Actor, line: Line, purpose: Purpose | None, rung: Rung | None) -> bool:
    """Tell whether a line holds for this purpose and rung, within the limit of the actor's class."""
    least, most = line.rungs
    purposes = line.purposes
    if actor.organisation_class is not None:
        limit = LIMITS[actor.organisation_class]
        purposes, most = purposes & limit.purposes, min(most, limit.rung)
        if least > limit.rung:
            return False
    elif line.reach is Reach.OWN:
        return False  # people of the hub itself own nothing of a project's
    return (purpose is None or purpose in purposes) and (rung is None or rung <= most)
