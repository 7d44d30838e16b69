"""The end of a case: written down first, erased first, proved by a receipt, and forgotten here."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace

import pytest

from api.agent.audit.pin import Pin, write_pin
from api.agent.consent import Consent, Ended, Stated
from api.agent.consent_end import end_cases, end_expired, erase_ended, give
from api.agent.consent_proof import prove
from api.agent.errors import HubUnreachableError, LogError, UnknownCaseError
from api.agent.vault.vault import Vault
from api.wire.audit.notes import Algorithm, SigningKey
from api.wire.audit.receipts import ErasureStatement, entries_digest
from api.wire.erasures import ErasureReceipt
from api.wire.statements import Purpose, Statement
from matcher.encoding import envelope_of
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
STATEMENT = Statement(purpose=Purpose.PROTECTION, reason="intake")
TODAY = date(2026, 11, 21)
KEY = SigningKey("hub.example/log", Algorithm.NOTE, bytes(32))


class FakeHub:
    """A hub that erases, signs, and may be out of reach."""

    def __init__(self) -> None:
        """Be in reach."""
        self.asked: list[list[bytes]] = []
        self.is_away = False
        self.lies = False

    def erase(self, _project: str, entry_ids: Sequence[bytes]) -> ErasureReceipt:
        """Sign what was asked, or something else."""
        if self.is_away:
            raise HubUnreachableError("no answer", code="hub_unreachable")
        self.asked.append(list(entry_ids))
        number = f"00000000-0000-4000-8000-{len(self.asked):012d}"
        digest = entries_digest(entry_ids[:-1] if self.lies else entry_ids)
        note = ErasureStatement(KEY.verifier.name, number, TODAY.isoformat(), digest, "a" * 64).signed(KEY)
        return ErasureReceipt(receipt_id=number, erased_on=TODAY.isoformat(), note=str(note))


@pytest.fixture
def session(vault: Vault) -> SimpleNamespace:
    """Return an agent with a pinned log key."""
    write_pin(vault.settings, Pin(KEY.verifier))
    settings, project = SimpleNamespace(purpose="protection"), SimpleNamespace(project_id="p")
    return SimpleNamespace(vault=vault, settings=settings, project=project)


def sent(vault: Vault, put, case_ref: str, number: int, stated: Stated | None = None) -> list[bytes]:
    """Let a case's entries be at the hub, with consent."""
    entry_ids = put(case_ref, number)
    with vault.transaction():
        vault.consents.write("protection", {case_ref: Consent(stated or Stated(), TODAY)}, TODAY)
    for batch_id in vault.outbox.open_batches(envelope_of(SCHEMA), STATEMENT, 1_000):
        vault.outbox.acknowledge(vault.outbox.batch(batch_id), "r")
    return entry_ids


def withdraw(session: SimpleNamespace, *case_refs: str) -> None:
    """End cases on request."""
    with session.vault.transaction():
        end_cases(session, dict.fromkeys(case_refs, Ended.WITHDRAWN), TODAY)


def test_an_end_waits_until_the_hub_has_heard_of_it(vault, put, session) -> None:
    """Out of reach, it is kept and sent the next time; then the case is gone here too, and its consent is not."""
    entry_ids, hub = sent(vault, put, "A", 3), FakeHub()
    sent(vault, put, "B", 2)
    withdraw(session, "A")
    hub.is_away = True
    with pytest.raises(HubUnreachableError):
        erase_ended(session, hub)
    hub.is_away = False
    assert erase_ended(session, hub) == 3
    assert hub.asked == [sorted(entry_ids)]
    assert set(vault.cases.all()) == {"B"}
    assert vault.consents.newest("protection")["A"].ended is Ended.WITHDRAWN
    assert erase_ended(session, hub) == 0


def test_what_never_left_is_forgotten_at_once(vault, put, session) -> None:
    """Nothing is asked of the hub, and the proof says so."""
    put("A", 4)
    withdraw(session, "A")
    hub = FakeHub()
    assert erase_ended(session, hub) == 0
    assert (hub.asked, vault.cases.count()) == ([], 0)
    (proof,) = prove(session, "A", None)
    assert (proof.statement, proof.ending.entries) == (None, 0)


def test_an_end_is_proved_by_the_signed_receipt(vault, put, session) -> None:
    """For the very entries that were asked, under the pinned key."""
    sent(vault, put, "A", 3)
    withdraw(session, "A")
    erase_ended(session, FakeHub())
    (proof,) = prove(session, "A", None)
    assert proof.statement is not None
    assert proof.statement.erased_on == TODAY.isoformat()
    with pytest.raises(UnknownCaseError):
        prove(session, "B", None)


def test_a_receipt_for_other_entries_is_no_proof(vault, put, session) -> None:
    """A hub that signs fewer entries than it was asked for is found out."""
    sent(vault, put, "A", 3)
    withdraw(session, "A")
    hub = FakeHub()
    hub.lies = True
    erase_ended(session, hub)
    with pytest.raises(LogError) as caught:
        prove(session, "A", None)
    assert caught.value.code == "receipt_differs"


def test_a_consent_that_is_over_ends_by_itself(vault, put, session) -> None:
    """On the day after its last."""
    sent(vault, put, "A", 2, Stated(expires_on=TODAY))
    assert end_expired(session, TODAY) == []
    assert end_expired(session, date(2026, 11, 22)) == ["A"]
    assert end_expired(session, date(2026, 11, 22)) == []
    assert erase_ended(session, FakeHub()) == 2


def test_a_stricter_consent_takes_back_what_was_filed_under_the_other(vault, put, session) -> None:
    """A looser one leaves the entries and has the case encoded at its next import; the same one changes nothing."""
    sent(vault, put, "A", 2)
    assert give(session, ["A"], Consent(Stated(), TODAY), TODAY) == []
    assert give(session, ["A"], Consent(Stated(expires_on=date(2027, 1, 1)), TODAY), TODAY) == ["A"]
    assert vault.outbox.counts().withdrawn == 2
    assert vault.cases.all()["A"].digest == b""
    assert give(session, ["new"], Consent(Stated(), TODAY), TODAY) == ["new"]
