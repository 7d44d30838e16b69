"""What is written down of an act: who, what and how it ended; what it was about only as tags."""

from datetime import date

import pytest

from api.hub.audit.acts import HUB, OPERATOR, Act, HubAct, Kind, leaf_of, padding_leaf, tag, told
from api.hub.entries.service import _filed
from api.hub.keys import HubKey
from api.hub.policy import Action, Actor, Member, Role, Rung
from api.wire.statements import OrganisationClass, Purpose, Statement

KEY = HubKey(bytes(range(32)))
DAY = date(2026, 11, 21)
APPROVAL = "0b2f9c1e-1111-4222-8333-444455556666"


def member(*, is_user: bool = False) -> Member:
    """Return somebody of an organisation."""
    return Member(
        roles=frozenset({Role.QUERYING_AGENT}),
        organisation_class=OrganisationClass.POLICE,
        organisation_id="org",
        project_id="nepal",
        actor_id="key",
        is_user=is_user,
    )


@pytest.mark.parametrize(
    ("actor", "by"), [(member(), "key"), (member(is_user=True), "user"), (OPERATOR, "operator"), (HUB, "hub")]
)
def test_who_acted_is_told_apart(actor: Actor, by: str) -> None:
    """A machine, a person, the command line, the hub by itself."""
    leaf = leaf_of(KEY, DAY, actor, Act(HubAct.ENTRIES_EXPIRE, "expired", count=3), "nepal")
    assert (leaf.by, leaf.day, leaf.project, leaf.count) == (by, "2026-11-21", "nepal", 3)


def test_tags_depend_on_key_kind_and_name_and_keep_no_order() -> None:
    """The same thing has the same tag, and nothing else has it."""
    assert tag(KEY, Kind.MATCH, "a") == tag(KEY, Kind.MATCH, "a")
    others = [tag(KEY, Kind.MEETING, "a"), tag(KEY, Kind.MATCH, "b"), tag(HubKey(bytes(32)), Kind.MATCH, "a")]
    assert tag(KEY, Kind.MATCH, "a") not in others
    one, two = (
        leaf_of(KEY, DAY, HUB, Act(Action.MATCHES_READ, "answered", kind=Kind.MATCH, objects=names), "")
        for names in (("a", "b", "a"), ("b", "a"))
    )
    assert one.objects == two.objects
    assert one.nonce != two.nonce


def test_an_answer_is_written_down_by_purpose() -> None:
    """One act for each; none when nothing was told."""
    named = [(Purpose.PROTECTION, "a"), (Purpose.DEDUP, "b"), (Purpose.PROTECTION, "c")]
    acts = told(Action.MEETINGS_READ, "answered", Rung.D2, Kind.MEETING, named)
    assert [(act.purposes, act.objects) for act in acts] == [
        ((Purpose.DEDUP,), ("b",)),
        ((Purpose.PROTECTION,), ("a", "c")),
    ]
    assert told(Action.MEETINGS_READ, "answered", Rung.D2, Kind.MEETING, []) == []


def test_padding_is_no_act_and_never_the_same() -> None:
    """Its hash tells nobody that it is padding."""
    one, two = padding_leaf(DAY), padding_leaf(DAY)
    assert (one.action, one.rung, one.objects) == ("padding", 0, ())
    assert one.nonce != two.nonce


def test_a_filing_of_the_police_says_basis_case_and_approval() -> None:
    """As acts of their own; other filings have the batch alone."""
    plain = Statement(purpose=Purpose.PROTECTION, reason="intake")
    assert [(act.decision, act.kind, act.count) for act in _filed(plain, "r", 7)] == [("received", Kind.BATCH, 7)]
    police = plain.model_copy(update={"lawful_basis": "warrant", "case_tag": "c" * 32, "approval_id": APPROVAL})
    assert [(act.decision, act.reason, act.objects) for act in _filed(police, "r", 7)] == [
        ("received", "intake", ("r",)),
        ("for_case", "warrant", ("c" * 32,)),
        ("approved", "warrant", (APPROVAL,)),
    ]
