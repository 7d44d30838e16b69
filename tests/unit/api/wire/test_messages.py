"""Messages are strict: no extra key, nothing coerced, no name where a code belongs."""

from typing import Any

import pytest
from pydantic import ValidationError

from api.wire.batches import pack_batch
from api.wire.matches import Claim, EncounterReport
from api.wire.meetings import Decisions, MeetingState
from api.wire.model import WireModel
from api.wire.people import LogIn, NewApproval, PasswordChange
from api.wire.problems import Fault, Problem
from api.wire.statements import Purpose, Statement
from matcher.encoding import Envelope

UUID = "00000000-0000-4000-8000-000000000000"
GOOD: list[tuple[type[WireModel], dict[str, Any]]] = [
    (
        Statement,
        {
            "purpose": "investigation",
            "reason": "intake",
            "case_tag": "c" * 32,
            "lawful_basis": "warrant",
            "approval_id": UUID,
        },
    ),
    (Claim, {"meeting_ids": [UUID], "reference": "0" * 32}),
    (Decisions, {"release": [UUID], "refuse": []}),
    (EncounterReport, {"quarter": "2024Q1", "kind": "rescue", "status": "actual", "exit_quarter": None}),
    (Fault, {"where": "row 3", "code": "entry_differs"}),
    (Problem, {"type": "/problems/x", "title": "x", "status": 409, "code": "x", "retryable": False, "faults": []}),
]


@pytest.mark.parametrize(("model", "fields"), GOOD, ids=[case[0].__name__ for case in GOOD])
def test_an_extra_key_is_refused_without_being_quoted(model: type[WireModel], fields: dict[str, Any]) -> None:
    """What is not agreed on does not cross the boundary."""
    assert model.model_validate(fields).model_dump(mode="json") == fields
    with pytest.raises(ValidationError) as caught:
        model.model_validate({**fields, "note": "Sunita Devi"})
    assert "Sunita" not in str(caught.value)


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Statement, {"purpose": "protection", "reason": "Sunita Devi"}),
        (Statement, {"purpose": "protection", "reason": "x" * 41}),
        (Statement, {"purpose": "Protection", "reason": "intake"}),
        (Statement, {"purpose": "protection", "reason": "intake", "case_tag": "081-CR-0417"}),
        (Statement, {"purpose": "protection", "reason": "intake", "lawful_basis": "as Sunita asked"}),
        (NewApproval, {"purpose": "protection", "lawful_basis": "warrant", "case_tag": "081-CR-0417"}),
        (NewApproval, {"purpose": "protection", "lawful_basis": "warrant", "case_tag": "c" * 32, "people": 51}),
        (LogIn, {"login": "x" * 101, "password": "y"}),
        (PasswordChange, {"login": "desk 7", "password": "y", "new_password": "short"}),
        (Claim, {"meeting_ids": [], "reference": "0" * 32}),
        (Claim, {"meeting_ids": [UUID], "reference": "case-17"}),
        (Claim, {"meeting_ids": [UUID] * 1_001, "reference": "0" * 32}),
        (EncounterReport, {"quarter": "2024-03-05", "kind": "rescue", "status": "actual"}),
        (EncounterReport, {"quarter": "2024Q1", "kind": "rescued at the bridge", "status": "actual"}),
        (Problem, {"type": "x", "title": "x", "status": "409", "code": "x"}),
    ],
)
def test_what_could_hold_a_name_or_a_date_is_refused(model: type[WireModel], fields: dict[str, Any]) -> None:
    """Codes, random references and quarters only."""
    with pytest.raises(ValidationError):
        model.model_validate(fields)


def test_messages_cannot_be_changed() -> None:
    """What was checked stays as it was."""
    statement = Statement(purpose=Purpose.DEDUP, reason="intake")
    with pytest.raises(ValidationError):
        statement.reason = "other"  # type: ignore[misc]


def test_a_batch_has_rows() -> None:
    """An empty one is a mistake of the caller."""
    with pytest.raises(ValueError, match="entries"):
        pack_batch(Envelope("0" * 32, 1), Statement(purpose=Purpose.DEDUP, reason="intake"), [])


def test_states_have_their_wire_names() -> None:
    """Agents keep them; a renamed one would be a new version of the interface."""
    assert {state.value for state in MeetingState} == {
        "to_decide",
        "awaiting_other_side",
        "released",
        "refused",
        "claimed",
        "void",
    }
