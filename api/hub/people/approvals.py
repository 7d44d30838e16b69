"""
A supervisor's co-signature: an approval that a filing of the police cites, and that its entries use up; hub.

The statement of a police filing names purpose, lawful basis and case tag; all three must be those that a supervisor of
the same organisation, logged in as a person, has approved. None of it is kept with the entries: a case tag beside them
would say which belong together. The audit log has it.
"""

import uuid
from datetime import timedelta

from sqlalchemy import Connection

from api.hub.audit.acts import Act, Kind
from api.hub.audit.log import append
from api.hub.context import Hub
from api.hub.errors import RefusedError
from api.hub.people import repository
from api.hub.policy import Action, Member, require
from api.wire.people import Approval, NewApproval
from api.wire.problems import Fault
from api.wire.statements import OrganisationClass, Statement


def give(hub: Hub, member: Member, wanted: NewApproval, entries_per_person: int) -> Approval:
    """
    Co-sign filings of one case in advance.

    Raises:
        NotAllowedError: not for this purpose.
    """
    require(member, Action.APPROVALS_GIVE, purpose=wanted.purpose)
    approval_id, expires_on = str(uuid.uuid4()), hub.today() + timedelta(days=wanted.days)
    with hub.database.writing() as connection:
        repository.add_approval(
            connection,
            {
                "approval_id": approval_id,
                "project_id": member.project_id,
                "organisation_id": member.organisation_id,
                "user_id": member.actor_id,
                "purpose": wanted.purpose.value,
                "lawful_basis": wanted.lawful_basis,
                "case_tag": wanted.case_tag,
                "entries_left": wanted.people * entries_per_person,
                "expires_on": expires_on,
            },
        )
        act = Act(
            Action.APPROVALS_GIVE,
            "given",
            purposes=(wanted.purpose,),
            reason=wanted.lawful_basis,
            kind=Kind.APPROVAL,
            objects=(approval_id,),
        )
        append(connection, hub, member, [act])
    return Approval(approval_id=approval_id, expires_on=expires_on.isoformat())


def require_approval(connection: Connection, hub: Hub, member: Member, statement: Statement, new_entries: int) -> None:
    """
    Refuse a filing of the police that is not wholly covered by an approval, and use the approval up.

    Args:
        connection: the open writing transaction of the filing.
        hub: gives the day.
        member: who files; other classes need no approval.
        statement: of the filing.
        new_entries: entries that were not on file before.

    Raises:
        RefusedError: case tag, lawful basis or approval is missing, or the approval does not cover it.
    """
    if member.organisation_class is not OrganisationClass.POLICE:
        return
    given = {name: getattr(statement, name) for name in ("case_tag", "lawful_basis", "approval_id")}
    missing = [Fault(where=f"head/statement/{name}", code="missing") for name, value in given.items() if value is None]
    if missing:
        reason = "the police files with case tag, lawful basis and a supervisor's approval"
        raise RefusedError(reason, code="statement_incomplete", faults=missing)
    approval_id = str(statement.approval_id)
    row = repository.approval(connection, member.project_id, member.organisation_id, approval_id)
    stated = (statement.purpose.value, statement.lawful_basis, statement.case_tag)
    is_covered = (
        row is not None
        and (row.purpose, row.lawful_basis, row.case_tag) == stated
        and hub.today() < row.expires_on
        and repository.use_approval(connection, approval_id, new_entries)
    )
    if not is_covered:
        faults = [Fault(where="head/statement/approval_id", code="not_approved")]
        raise RefusedError("no approval of a supervisor covers this filing", code="not_approved", faults=faults)
