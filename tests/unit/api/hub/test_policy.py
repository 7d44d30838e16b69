"""The policy table: what it says of roles, classes, purposes and rungs."""

import itertools
from pathlib import Path

import pytest

from api.hub.errors import NotAllowedError, NotFoundError
from api.hub.policy import (
    HOMES,
    LIMITS,
    TABLE,
    Action,
    Actor,
    Decision,
    Reach,
    Role,
    Rung,
    decide,
    require,
)
from api.hub.policy_page import write_page
from api.wire.statements import OrganisationClass, Purpose

PAGE = Path(__file__).parents[4] / "docs" / "authorisation.md"


def actor(role: Role, kind: OrganisationClass | None = OrganisationClass.NGO) -> Actor:
    """Return an actor of one role in an organisation `mine`, or of the hub itself."""
    own = "mine" if kind else ""
    return Actor(frozenset({role}), kind, own, "nepal" if kind else "", "actor", is_user=True)


def purposes_of(who: Actor, action: Action) -> frozenset[Purpose]:
    """Return the purposes for which somebody may do something."""
    return frozenset(purpose for purpose in Purpose if decide(who, action, purpose=purpose) is Decision.ALLOWED)


def cells() -> list[tuple[Action, Role, OrganisationClass | None]]:
    """Return every cell of action, role and class."""
    return list(itertools.product(Action, Role, [*OrganisationClass, None]))


def test_the_page_is_the_table() -> None:
    """After a change: `casematch-hub policy > docs/authorisation.md`, and read the diff."""
    assert PAGE.read_text(encoding="utf-8") == write_page()


def test_every_action_and_role_stands_in_the_table() -> None:
    """Nothing is forgotten, and nothing is there that nobody may do."""
    assert {line.action for line in TABLE} == set(Action)
    assert set().union(*(line.roles for line in TABLE)) == set(Role) == set(HOMES)
    assert set(LIMITS) == set(OrganisationClass)


def test_a_role_is_worth_nothing_away_from_home() -> None:
    """A police supervisor in a shelter, an agent at the data-protection office: refused whatever they ask."""
    away = [(action, role, kind) for action, role, kind in cells() if kind not in HOMES[role]]
    assert len(away) > 500
    assert {decide(actor(role, kind), action) for action, role, kind in away} == {Decision.NOT_ALLOWED}


def test_the_border_never_hears_anything() -> None:
    """No role, action or purpose gives a border organisation a rung above received."""
    asked = itertools.product(Action, Role, [None, *Purpose], [rung for rung in Rung if rung > Rung.D0])
    border = OrganisationClass.BORDER
    found = {decide(actor(role, border), action, purpose=purpose, rung=rung) for action, role, purpose, rung in asked}
    assert found == {Decision.NOT_ALLOWED}
    assert decide(actor(Role.UPLOADING_AGENT, border), Action.ENTRIES_FILE) is Decision.ALLOWED


def test_the_hubs_own_people_see_no_casework() -> None:
    """Operator and data-protection officer read no meeting and no match, on any rung."""
    casework = [line.action for line in TABLE if line.rungs[1] > Rung.D0]
    people = [actor(Role.OPERATOR, None), actor(Role.DATA_PROTECTION_OFFICER, None)]
    assert {decide(who, action) for who in people for action in casework} == {Decision.NOT_ALLOWED}


@pytest.mark.parametrize("action", list(Action))
def test_somebody_elses_thing_is_not_there(action: Action) -> None:
    """Who may do it to an own thing is told of a foreign one what is told of an absent one, unless it reaches all."""
    for role, kind in itertools.product(Role, [*OrganisationClass, None]):
        who = actor(role, kind)
        reaches = {line.reach for line in TABLE if line.action is action and role in line.roles}
        expected = decide(who, action)
        if expected is Decision.ALLOWED and Reach.HUB not in reaches:
            expected = Decision.NOT_THERE
        assert decide(who, action, owner="another") is expected


def test_purposes_are_narrowed_by_class() -> None:
    """The police files for its own purposes alone; an evaluator reads no meeting of any."""
    police = actor(Role.UPLOADING_AGENT, OrganisationClass.POLICE)
    assert Purpose.DEDUP not in purposes_of(police, Action.ENTRIES_FILE)
    assert Purpose.INVESTIGATION in purposes_of(police, Action.ENTRIES_FILE)
    assert purposes_of(actor(Role.EVALUATOR), Action.MEETINGS_READ) == frozenset()
    assert purposes_of(actor(Role.EVALUATOR), Action.PROJECT_READ) == set(Purpose)


def test_a_rung_beyond_the_line_is_refused() -> None:
    """Meetings tell of existence and class, never of a contact desk."""
    reader = actor(Role.QUERYING_AGENT)
    require(reader, Action.MEETINGS_READ, rung=Rung.D2)
    with pytest.raises(NotAllowedError):
        require(reader, Action.MEETINGS_READ, rung=Rung.D3)
    with pytest.raises(NotFoundError):
        require(reader, Action.MEETINGS_READ, owner="another")
