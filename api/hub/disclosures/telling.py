"""All that one side of a match may be told of the other now; hub."""

from sqlalchemy import Connection

from api.hub.audit import log
from api.hub.audit.acts import Kind, told
from api.hub.context import Hub
from api.hub.disclosures import repository
from api.hub.kept import repository as kept
from api.hub.matches import repository as matches
from api.hub.matches.claiming import ClaimSeal
from api.hub.matches.ends import Ends
from api.hub.matches.service import Party, party
from api.hub.matches.views import RUNG_NAMES, other_class, record_age, verdict
from api.hub.meetings.sides import SideSeal
from api.hub.organisations import repository as organisations
from api.hub.policy import Action, Member, Rung
from api.hub.projects.service import schema_of_epoch
from api.hub.scoring import field_agreement
from api.wire.disclosures import Agreement, Contact, Disclosure, FieldAgreement
from api.wire.statements import OrganisationClass


def tell(hub: Hub, member: Member, match_id: str) -> Disclosure:
    """
    Return all that an organisation may be told of the other side of a match now.

    Raises:
        NotFoundError: there is no such match to which it is a party.
        ConflictError: the match is void.
        UnavailableError: the answer cannot be written down.
    """
    with hub.database.writing() as connection:
        found = party(connection, hub, member, match_id, action=Action.DISCLOSURES_READ)
        answer = _disclosure(connection, hub, member, found)
        objects = [(found.purpose, match_id)]
        log.append(
            connection, hub, member, told(Action.DISCLOSURES_READ, "answered", found.look.rung, Kind.MATCH, objects)
        )
    return answer


def agreement_of(connection: Connection, hub: Hub, project_id: str, ends: Ends) -> list[FieldAgreement] | None:
    """Return the agreement of fields in a meeting of a match with its grade; None when no pair of entries is left."""
    row = matches.best_entries(connection, ClaimSeal(hub.key), project_id, ends)
    if row is None:
        return None
    seal = SideSeal(hub.key)
    first = seal.entry_id(row.entry_box, row.meeting_id, ends.first_id)
    second = seal.entry_id(row.second_box, row.meeting_id, ends.second_id)
    entries = kept.find(connection, hub.key, [first, second])
    if first not in entries or second not in entries:
        return None
    schema = schema_of_epoch(connection, project_id, row.key_epoch)
    found = field_agreement(entries[first].sketch, entries[second].sketch, schema)
    return [FieldAgreement(field=field, agreement=Agreement(word)) for field, word in found.items()]


def _disclosure(connection: Connection, hub: Hub, member: Member, found: Party) -> Disclosure:
    """Fill in what the rung reaches."""
    look, is_police = found.look, member.organisation_class is OrganisationClass.POLICE
    is_agreement_told = look.rung >= Rung.D3 and not is_police
    return Disclosure(
        match_id=look.row.match_id,
        rung=RUNG_NAMES[look.rung],
        organisation_class=other_class(member, look),
        record_age=record_age(hub, look),
        contact=_focal_point(connection, member, look.row.match_id) if is_police else _contact(connection, found),
        agreement=agreement_of(connection, hub, member.project_id, found.match.ends) if is_agreement_told else None,
        other_reference=look.row.other_reference.hex() if look.rung >= Rung.D4 else None,
        verdict=verdict(look),
        expires_on=look.expires_on.isoformat() if look.expires_on and look.rung > Rung.D1 else "",
    )


def _contact(connection: Connection, found: Party) -> Contact | None:
    """Return the contact desk of the other side, from D3 on."""
    row = organisations.organisation(connection, found.other_id)
    if found.look.rung < Rung.D3 or row is None:
        return None
    return Contact(alias=row.contact_alias, mailbox=found.look.row.match_id, is_focal_point=False)


def _focal_point(connection: Connection, member: Member, match_id: str) -> Contact | None:
    """Return the project's focal point, whom the police is sent to in place of the holder."""
    row = repository.focal_point(connection, member.project_id)
    return None if row is None else Contact(alias=row[1], mailbox=match_id, is_focal_point=True)
