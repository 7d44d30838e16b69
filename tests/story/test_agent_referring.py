"""An NGO refers a person to a shelter, and both write to each other; the hub holds nothing that can be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.agent import referring, sealed_keys, sealed_messages
from api.agent.client import HubClient
from api.agent.consent import Consent, Ended, Stated
from api.agent.consent_end import today
from api.agent.errors import HubRefusalError, MessageError, UnknownCaseError, WithheldError
from api.agent.sealed_keys import KEPT_DAYS, KEY_DAYS, fingerprint
from api.agent.session import Session
from api.agent.vault.cases import StoredCase
from api.agent.vault.meetings import CaseMatch
from api.agent.vault.settings import AgentSettings
from api.agent.vault.vault import Vault
from api.hub.storage.naming import metadata
from api.wire.batches import Release
from api.wire.projects import Project
from api.wire.sealed import write_box
from api.wire.statements import OrganisationClass

CANARY = "Sunita Canary-Tamang waits at the blue gate"
REPLY = "सुनिता आइपुगिन् Canary-Reply"
CASE = "2081-017"
TODAY = today()


@dataclass
class Side:
    """An organisation at work: its vault, a client, and its case's match."""

    partner: Any
    session: Session
    client: HubClient

    @property
    def match(self) -> CaseMatch:
        """Return the match of its case."""
        (found,) = self.session.vault.meetings.matches()
        return found

    def read(self) -> list[str]:
        """Fetch, and return the texts of the other side."""
        sealed_messages.fetch(self.session, self.client)
        return [each.text for _, each in self.session.vault.mailboxes.messages() if not each.is_own]

    def write(self, text: str) -> None:
        """Send a message."""
        sealed_messages.send(self.session, self.client, self.match, text)

    def referrals(self) -> list[str]:
        """Poll, and return the states of all referrals."""
        referring.poll(self.session, self.client)
        return [each.state.value for _, each in self.session.vault.referrals.all()]


def open_side(world: Any, partner: Any, reference: str, folder: Path) -> Side:
    """Give an organisation an agent whose case matched."""
    vault = Vault.create(folder)
    project = Project.model_validate_json(partner.send("GET", "/v1/projects/nepal").content)
    session = Session(
        vault, AgentSettings("", "", "", "", is_shelter=False, purpose="protection"), project, world.schema
    )
    client = HubClient("http://127.0.0.1", partner.api_key, transport=world.client._transport)  # noqa: SLF001 - in this process
    with vault.transaction():
        vault.cases.write([StoredCase(CASE, reference, b"digest", Release.AUTOMATIC, (), None)])
        for page, _ in client.matches(""):
            vault.meetings.write_matches(page)
    return Side(partner, session, client)


@pytest.fixture
def sides(world: Any, all_rules: Any, entry: Any, tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """Return an NGO and a shelter whose cases matched, with everything granted."""
    yield from opened(world, all_rules, entry, tmp_path)


@pytest.fixture
def light_sides(sqlite_world: Any, all_rules: Any, entry: Any, tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """Return the same on SQLite alone, where the kind of database plays no part."""
    yield from opened(sqlite_world, all_rules, entry, tmp_path)


def opened(world: Any, all_rules: Any, entry: Any, folder: Path) -> Iterator[tuple[Side, Side]]:
    """Let the two match, and close their vaults afterwards."""
    partners = [world.join("n", "ngo", all_rules), world.join("s", "shelter", all_rules, is_location_sensitive=False)]
    references = ["a" * 32, "b" * 32]
    for partner in partners:
        partner.file(entry("x"))
    for partner, reference in zip(partners, references, strict=True):
        partner.claim(reference)
    both = [
        open_side(world, partner, reference, folder / partner.name)
        for partner, reference in zip(partners, references, strict=True)
    ]
    yield both[0], both[1]
    for side in both:
        side.session.vault.close()


def begin(ngo: Side, shelter: Side) -> None:
    """Let both publish their keys, as the first look at the mailbox does."""
    assert (ngo.read(), shelter.read()) == ([], [])


def test_an_ngo_refers_to_a_shelter_and_both_write(world: Any, sides: tuple[Side, Side]) -> None:
    """Offered, explained, accepted, answered, completed; nothing of it can be read at the hub, at any moment."""
    ngo, shelter = sides
    begin(ngo, shelter)
    referring.refer(ngo.session, ngo.client, ngo.match, "shelter", 14)
    ngo.write(CANARY)
    require_unreadable(world, CANARY)
    assert shelter.referrals() == ["offered"]
    assert shelter.read() == [CANARY]
    (referral,) = [each for _, each in shelter.session.vault.referrals.all()]
    accept = referring.Answer.ACCEPT
    assert referring.answer(shelter.session, shelter.client, referral.referral_id[:8], accept).state == "accepted"
    shelter.write(REPLY)
    require_unreadable(world, REPLY)
    assert ngo.read() == [REPLY]
    assert ngo.referrals() == ["accepted"]
    referring.answer(shelter.session, shelter.client, referral.referral_id, referring.Answer.COMPLETE)
    assert ngo.referrals() == ["completed"]
    assert world.rows("SELECT count(*) FROM sealed_message") == [(0,)]


def require_unreadable(world: Any, canary: str) -> None:
    """Look for a text, in some guises, in every cell of the hub's database, and in its file."""
    needles = [canary.encode(), canary.encode()[:12], canary[:12].encode("utf-16-le"), canary.encode().hex().encode()]
    with world.hub.database.reading() as connection:
        tables = list(metadata.tables.values())
        rows = [row for table in tables for row in connection.execute(table.select())]
    cells = [cell.encode() if isinstance(cell, str) else cell for row in rows for cell in row]
    seen = [bytes(cell) for cell in cells if isinstance(cell, (bytes, memoryview))]
    assert len(seen) > 20
    path = world.hub.database._engine.url.database if world.hub.database.is_sqlite else None  # noqa: SLF001 - its file
    seen += [each.read_bytes() for each in Path(path).parent.glob(f"{Path(path).name}*")] if path else []
    assert not [cell for cell in seen for needle in needles if needle in cell]


def test_messages_are_kept_in_the_vault_with_their_case(light_sides: tuple[Side, Side]) -> None:
    """In the order in which they were written, from both sides; fetching again brings nothing twice."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    for text in ("one", "two"):
        ngo.write(text)
        assert text in shelter.read()
    shelter.write("three")
    ngo.read()
    kept = list(ngo.session.vault.mailboxes.messages(CASE))
    assert [case_ref for case_ref, _ in kept] == [CASE] * 3
    assert sorted((each.text, each.is_own) for _, each in kept) == [("one", True), ("three", False), ("two", True)]
    assert sealed_messages.fetch(ngo.session, ngo.client) == sealed_messages.Fetched()


def test_keys_rotate_and_messages_on_their_way_still_open(light_sides: tuple[Side, Side]) -> None:
    """A message to the old key is opened after the new one was published; much later the old one is forgotten."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    ngo.write("to the first key")
    sealed_keys.publish(shelter.session, shelter.client, TODAY, is_rotated=True)
    ngo.write("to the second key")
    assert sorted(shelter.read()) == ["to the first key", "to the second key"]
    assert [key.number for key in shelter.session.vault.mailboxes.own_keys()] == [2, 1]
    later = TODAY + timedelta(days=KEPT_DAYS + 1)
    sealed_keys.publish(shelter.session, shelter.client, later)
    assert [key.number for key in shelter.session.vault.mailboxes.own_keys()] == [2]
    sealed_keys.publish(shelter.session, shelter.client, TODAY + timedelta(days=KEY_DAYS + 1))
    assert [key.number for key in shelter.session.vault.mailboxes.own_keys()] == [3, 2]


def test_another_identity_is_not_taken_without_a_word(light_sides: tuple[Side, Side]) -> None:
    """A hub that shows a key of its own is found out: nothing is sent, nothing is opened, until people compare."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    ngo.write("hello")
    assert shelter.read() == ["hello"]
    ngo.session.vault.settings.write("mailbox_identity", "")
    with pytest.raises(HubRefusalError) as refused:
        sealed_keys.publish(ngo.session, ngo.client, TODAY, is_rotated=True)
    assert refused.value.code == "other_identity"
    sealed_keys.publish(ngo.session, ngo.client, TODAY, is_new_identity=True)
    with pytest.raises(MessageError) as caught:
        shelter.write("are you still there?")
    assert caught.value.code == "key_changed"
    ngo.write("it is me, with a new vault")
    assert sealed_messages.fetch(shelter.session, shelter.client).held_back == 1
    shown = sealed_keys.compare(shelter.session, shelter.client, shelter.match.match_id, is_accepted=False)
    assert shown.pinned != shown.now
    own = sealed_keys.own_identity(ngo.session.vault.settings).verifier.text
    assert shown.now == fingerprint(own)
    sealed_keys.compare(shelter.session, shelter.client, shelter.match.match_id, is_accepted=True)
    assert sorted(shelter.read()) == ["hello", "it is me, with a new vault"]


def test_what_the_other_side_did_not_write_is_unreadable(light_sides: tuple[Side, Side]) -> None:
    """A box that the hub, or anybody, made up is counted, deleted and never shown."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    path = f"/v1/matches/{ngo.match.match_id}/messages"
    for number, key in ((1, 1), (2, 77)):
        message_id = f"00000000-0000-4000-8000-{number:012d}"
        made_up = {"message_id": message_id, "key_number": key, "box": write_box(bytes(1_024))}
        assert ngo.partner.send("POST", path, json=made_up).status_code == 201
    fetched = sealed_messages.fetch(shelter.session, shelter.client)
    assert (fetched.opened, fetched.unreadable, shelter.read()) == (0, 2, [])


def test_many_messages_are_fetched_page_by_page(light_sides: tuple[Side, Side]) -> None:
    """Each page is kept and acknowledged before the next."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    for number in range(23):
        ngo.write(str(number))
    assert sealed_messages.fetch(shelter.session, shelter.client).opened == 23


def test_consent_keeps_a_case_from_the_other_side(light_sides: tuple[Side, Side]) -> None:
    """Neither referred nor written about to a class from which the person withholds it."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    consent = Consent(Stated(withheld_from=frozenset({OrganisationClass.SHELTER})), TODAY)
    with ngo.session.vault.transaction():
        ngo.session.vault.consents.write("protection", {CASE: consent}, TODAY)
    for reach in (lambda: ngo.write("x"), lambda: referring.refer(ngo.session, ngo.client, ngo.match, "shelter", 3)):
        with pytest.raises(WithheldError):
            reach()


def test_a_referral_is_named_by_the_beginning_of_its_id(light_sides: tuple[Side, Side]) -> None:
    """None or several is no answer."""
    ngo, _ = light_sides
    for service in ("shelter", "legal_aid"):
        referring.refer(ngo.session, ngo.client, ngo.match, service, 3)
    for wrong in ("", "zzzz"):
        with pytest.raises(UnknownCaseError):
            referring.answer(ngo.session, ngo.client, wrong, referring.Answer.REVOKE)


def test_a_forgotten_case_takes_its_messages_along(light_sides: tuple[Side, Side]) -> None:
    """With the match, the vault forgets what was written about it."""
    ngo, shelter = light_sides
    begin(ngo, shelter)
    referring.refer(ngo.session, ngo.client, ngo.match, "shelter", 3)
    ngo.write("x")
    with ngo.session.vault.transaction():
        ngo.session.vault.endings.begin([CASE], "protection", Ended.WITHDRAWN, TODAY)
    assert list(ngo.session.vault.mailboxes.messages()) == []
    assert ngo.session.vault.referrals.all() == []
