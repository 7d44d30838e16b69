"""
Every route, for every role in every class, on own, foreign and absent things: what the policy says, and no more.

The routes are those of the application, each names its action, and what is expected is read from `api/hub/policy.py`
alone. A refusal comes before the body is looked at, so that most requests need none: whoever is allowed is told of the
missing body or of the absent thing, never 401 or 403.
"""

import asyncio
import base64
import itertools
import json
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import fastapi.dependencies.utils
import fastapi.routing
import pytest
import structlog
from fastapi.routing import RouteContext, iter_route_contexts
from sqlalchemy import insert, update

from api.hub import operating
from api.hub.access.api_keys import secret_mac as key_mac
from api.hub.access.sessions import secret_mac
from api.hub.policy import HOMES, Action, Actor, Decision, Reach, Role, decide, lines_for
from api.hub.storage import models
from api.wire.audit.notes import Algorithm, SigningKey
from api.wire.sealed import BOX_BYTES, sign_sealing_key
from api.wire.statements import OrganisationClass

ABSENT = "00000000-0000-4000-8000-000000000000"
OPEN = {("GET", "/livez"), ("GET", "/readyz"), ("POST", "/v1/sessions"), ("POST", "/v1/passwords")}
MACHINES = {Role.UPLOADING_AGENT: "upload", Role.QUERYING_AGENT: "query"}
CLASSES: tuple[OrganisationClass | None, ...] = (*OrganisationClass, None)
STATES = ("suspended", "stopped", "expired", "unknown")
MESSAGE = {"message_id": ABSENT, "key_number": 1, "box": base64.b64encode(bytes(BOX_BYTES[0])).decode()}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/matches/{match_id}/encounters": {"encounters": []},
    "/v1/matches/{match_id}/disclosure-requests": {"rung": "D2", "reason": "care", "lawful_basis": "warrant"},
    "/v1/disclosure-requests/{request_id}/decisions": {"decision": "refuse"},
    "/v1/matches/{match_id}/messages": MESSAGE,
    "/v1/matches/{match_id}/reviews": {"answer": "unsure"},
    "/v1/projects/{project_id}/erasures": {"entry_ids": ["0" * 32]},
    "/v1/projects/{project_id}/organisations/{organisation_id}/api-keys": {"days": 1},
    "/v1/projects/{project_id}/organisations/{organisation_id}/api-keys/{key_id}/rotate": {"days": 1},
    "/v1/projects/{project_id}/organisations/{organisation_id}/bulk-filing": {"people": 1},
}
FIRST_READ = {"/v1/projects/{project_id}/entry-batches"}  # a filing has a form of its own, read before its project
LAST = ("DELETE", "/v1/sessions")


@dataclass(frozen=True)
class Route:
    """A method and path of the application, and the action that it asks for."""

    method: str
    path: str
    action: Action

    def filled(self, names: dict[str, str]) -> str:
        """Return the path with ids in it."""
        return re.sub(r"\{([a-z_]+)\}", lambda found: names.get(found[1], ABSENT), self.path)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


@dataclass
class Cast:
    """A hub, and a token for each role in each class and state."""

    world: Any
    loop: asyncio.AbstractEventLoop
    organisations: dict[OrganisationClass, str] = field(default_factory=dict)
    tokens: dict[tuple[Role, OrganisationClass | None, str], str] = field(default_factory=dict)

    def send(self, method: str, path: str, token: str, body: dict[str, Any] | None = None) -> Answer:
        """Send a request to the application, without a network."""
        said = b"" if body is None else json.dumps(body).encode()
        headers = [(b"authorization", f"Bearer {token}".encode()), (b"content-type", b"application/json")]
        scope: dict[str, Any] = {"type": "http", "http_version": "1.1", "method": method, "scheme": "http"}
        scope |= {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers}
        scope |= {"client": ("127.0.0.1", 1), "server": ("hub", 80), "asgi": {"version": "3.0"}, "state": {}}
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": said, "more_body": False}

        async def send(message: Any) -> None:
            told.append(message)

        self.loop.run_until_complete(self.world.client.app(scope, receive, send))
        return Answer(told[0]["status"], told[0]["headers"], b"".join(part.get("body", b"") for part in told[1:]))

    def enlist(self, role: Role, kind: OrganisationClass | None, state: str = "") -> None:
        """Give a role in a class a key or a session, at home there or not."""
        organisation_id = self.organisations[kind] if kind else None
        made = self._key if role in MACHINES and kind else self._session
        self.tokens[role, kind, state] = made(role, organisation_id, state)

    def _key(self, role: Role, organisation_id: str | None, state: str) -> str:
        """Make an API key, in tables: the hub gives none to classes that may have none."""
        key_id, secret = secrets.token_hex(8), secrets.token_hex(32)
        day = self.world.calendar.day
        row: dict[str, Any] = {
            "key_id": key_id,
            "organisation_id": organisation_id,
            "project_id": "nepal",
            "created_on": day,
        }
        row |= {"secret_mac": key_mac(self.world.hub.key, key_id, secret), "scopes": MACHINES[role], "networks": ""}
        row |= {"is_revoked": state == "stopped", "expires_on": day if state == "expired" else day.replace(year=2027)}
        with self.world.hub.database.writing() as connection:
            connection.execute(insert(models.api_key), row)
        return f"cm_{key_id}_{secret}" if state != "unknown" else f"cm_{key_id}_{'0' * 64}"

    def _session(self, role: Role, organisation_id: str | None, state: str) -> str:
        """Open a session, in tables: no password is hashed for it."""
        session_id, secret, user_id = secrets.token_hex(8), secrets.token_hex(32), str(uuid.uuid4())
        user: dict[str, Any] = {
            "user_id": user_id,
            "organisation_id": organisation_id,
            "login_digest": secrets.token_bytes(32),
        }
        user |= {"password_hash": "", "must_change": False, "roles": role.value, "totp_is_on": False, "totp_step": 0}
        user |= {"is_ended": state == "stopped", "created_on": self.world.calendar.day}
        session: dict[str, Any] = {
            "session_id": session_id,
            "user_id": user_id,
            "project_id": "nepal" if organisation_id else None,
        }
        session |= {"secret_mac": secret_mac(self.world.hub.key, session_id, secret)}
        session |= {"expires_at": 0 if state == "expired" else 2**40}
        with self.world.hub.database.writing() as connection:
            connection.execute(insert(models.user_account), user)
            connection.execute(insert(models.user_session), session)
        return f"cs_{session_id}_{secret}" if state != "unknown" else f"cs_{session_id}_{'0' * 64}"

    def actor(self, role: Role, kind: OrganisationClass | None) -> Actor:
        """Return who that is, as the table sees it."""
        own = self.organisations[kind] if kind else ""
        return Actor(frozenset({role}), kind, own, "nepal" if kind else "", "", is_user=role not in MACHINES)


def expected(who: Actor, action: Action) -> Decision:
    """Return what the table says of an action on nothing in particular."""
    return decide(who, action)


def action_of(context: RouteContext) -> Action | None:
    """Return the action that a route names, out of what it depends on."""
    for dependency in context.dependant.dependencies:
        cells = getattr(dependency.call, "__closure__", None) or ()
        for cell in cells:
            if isinstance(cell.cell_contents, Action):
                return cell.cell_contents
    return None


def routes_of(app: Any) -> list[Route]:
    """Return all routes but those that ask for nobody, those that end sessions last."""
    found: list[Route] = []
    for context in iter_route_contexts(app.routes):
        path, action = str(context.path), action_of(context)
        for method in sorted((context.methods or set()) - {"HEAD"}):
            assert (action is None) == ((method, path) in OPEN), path
            if action is not None:
                found.append(Route(method, path, action))
    return sorted(found, key=lambda route: (route.method, route.path) == LAST)


async def at_once(work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Run a route within this thread: nothing here runs at the same time."""
    return work(*given, **named)


@pytest.fixture
def cast(sqlite_world: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cast]:
    """Return a hub with an organisation of each class, and everybody in it."""
    kept = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False)
    found = Cast(sqlite_world, asyncio.new_event_loop())
    for kind in OrganisationClass:
        found.organisations[kind] = operating.add_organisation(sqlite_world.hub, "nepal", kind.value, kind, ())
    for role, home in itertools.product(Role, CLASSES):
        found.enlist(role, home)
    monkeypatch.setattr(fastapi.dependencies.utils, "run_in_threadpool", at_once)
    monkeypatch.setattr(fastapi.routing, "run_in_threadpool", at_once)
    yield found
    found.loop.close()
    structlog.configure(**kept)


def test_every_action_has_a_route(cast: Cast) -> None:
    """No line of the table is for nothing, and no route goes without one."""
    assert {route.action for route in routes_of(cast.world.client.app)} == set(Action)


def test_every_cell_is_as_the_table_says(cast: Cast) -> None:
    """Role by class by route, on what is not there: 403, or an answer that is no refusal; none is unexpected."""
    app, unexpected, refused = cast.world.client.app, [], set()
    for route, (role, kind) in itertools.product(routes_of(app), itertools.product(Role, CLASSES)):
        answer = cast.send(route.method, route.filled({"project_id": "nepal"}), cast.tokens[role, kind, ""])
        is_allowed = expected(cast.actor(role, kind), route.action) is Decision.ALLOWED
        if answer.status == 401 or answer.status >= 500 or (answer.status == 403) is is_allowed:
            unexpected.append((route, role, kind, answer.status))
        if answer.status == 403:
            refused.add(answer.body)
    assert unexpected == []
    assert len(refused) == 1


def test_who_is_stopped_may_nothing(cast: Cast) -> None:
    """A suspended organisation, a revoked key, an ended account, an expired or wrong secret: 401, always the same."""
    roles = [(role, next(kind for kind in CLASSES if kind in HOMES[role])) for role in Role]
    for (role, kind), state in itertools.product(roles, STATES):
        cast.enlist(role, kind, state)
    by_action = {route.action: route for route in routes_of(cast.world.client.app)}
    told = set()
    for state in (*STATES[1:], STATES[0]):
        if state == "suspended":
            with cast.world.hub.database.writing() as connection:
                connection.execute(update(models.organisation).values(is_suspended=True))
        for route, (role, kind) in itertools.product(by_action.values(), roles):
            if state == "suspended" and kind is None:
                continue  # people of the hub itself stand in no organisation
            if expected(cast.actor(role, kind), route.action) is Decision.ALLOWED:
                answer = cast.send(route.method, route.filled({"project_id": "nepal"}), cast.tokens[role, kind, state])
                told.add((answer.status, tuple(answer.headers), answer.body))
    assert {answer[0] for answer in told} == {401}
    assert len(told) == 1


@pytest.fixture
def things(cast: Cast, all_rules: Any, entry: Any) -> dict[str, str]:
    """Return ids of things of a shelter, by the names that they have in paths; its people and keys are `holder`."""
    asker, holder = cast.world.join("asker", "ngo", all_rules), cast.world.join("holder", "shelter")
    asker.file(entry("x"))
    holder.file(entry("x", manual=True))
    (meeting_id,) = holder.meetings()
    holder.decide(meeting_id, "release")
    asker.claim("a" * 32)
    (match,) = holder.claim("b" * 32).json()["matches"]
    path = f"/v1/matches/{match['match_id']}"
    asked = asker.send("POST", f"{path}/disclosure-requests", json={"rung": "D3", "reason": "care"}).json()
    for who in (holder, cast.world.user("safeguarding_lead", holder.organisation_id)):
        who.send("POST", f"/v1/disclosure-requests/{asked['request_id']}/decisions", json={"decision": "grant"})
    identity = SigningKey("casematch-mailbox/test", Algorithm.NOTE, secrets.token_bytes(32))
    sealing_key = sign_sealing_key(identity, "nepal", 1, secrets.token_bytes(32)).model_dump()
    assert asker.send("PUT", "/v1/sealing-key", json=sealing_key).status_code == 200
    referral = asker.send("POST", "/v1/referrals", json={"match_id": match["match_id"], "service": "shelter"}).json()
    found = {"project_id": "nepal", "organisation_id": holder.organisation_id, "meeting_id": meeting_id}
    found |= {"match_id": match["match_id"], "request_id": asked["request_id"], "key_id": holder.api_key.split("_")[1]}
    return found | {"referral_id": referral["referral_id"]}


def reaches_hub(who: Actor, action: Action) -> bool:
    """Tell whether somebody may touch the things of every organisation."""
    return any(line.reach is Reach.HUB for line in lines_for(who, action))


def owned(things: dict[str, str], route: Route) -> bool:
    """Tell whether a route names a thing of which the shelter has one."""
    return bool(set(re.findall(r"\{([a-z_]+)\}", route.path)) & (set(things) - {"project_id"}))


def test_a_foreign_thing_answers_as_an_absent_one(cast: Cast, things: dict[str, str]) -> None:
    """Byte for byte, to every role in every class that may do it with its own; 404, whatever there is."""
    seen = set()
    for route in (route for route in routes_of(cast.world.client.app) if owned(things, route)):
        for role, kind in itertools.product(Role, CLASSES):
            who = cast.actor(role, kind)
            if expected(who, route.action) is not Decision.ALLOWED or reaches_hub(who, route.action):
                continue
            token, body = cast.tokens[role, kind, ""], BODIES.get(route.path)
            foreign = cast.send(route.method, route.filled(things), token, body)
            absent = cast.send(route.method, route.filled({"project_id": "nepal"}), token, body)
            assert foreign == absent, (route, role, kind)
            assert foreign.status == 404, (route, role, kind)
            seen.add((route, role, kind))
    assert len(seen) > 150


def test_a_thing_of_ones_own_is_there(cast: Cast, things: dict[str, str]) -> None:
    """The same requests find it for the organisation that it is of: the 404 above is of the owner alone."""
    asked = 0
    cast.organisations[OrganisationClass.SHELTER] = things["organisation_id"]
    for route in (route for route in routes_of(cast.world.client.app) if owned(things, route)):
        for role in Role:
            who = cast.actor(role, OrganisationClass.SHELTER)
            if expected(who, route.action) is Decision.ALLOWED and not reaches_hub(who, route.action):
                cast.enlist(role, OrganisationClass.SHELTER, "owner")
                token = cast.tokens[role, OrganisationClass.SHELTER, "owner"]
                answer = cast.send(route.method, route.filled(things), token, BODIES.get(route.path))
                assert answer.status in {200, 201, 204, 409, 422}, (route, role, answer)
                asked += 1
    assert asked >= 40


def test_another_project_is_not_there(cast: Cast) -> None:
    """To whoever acts in one project, another is as absent as one that nobody has."""
    for route in (route for route in routes_of(cast.world.client.app) if "{project_id}" in route.path):
        for role, kind in itertools.product(Role, OrganisationClass):
            if expected(cast.actor(role, kind), route.action) is Decision.ALLOWED and route.path not in FIRST_READ:
                own = {"organisation_id": cast.organisations[kind]}
                answer = cast.send(
                    route.method,
                    route.filled({"project_id": "other", **own}),
                    cast.tokens[role, kind, ""],
                    BODIES.get(route.path),
                )
                assert answer.status == 404, (route, role, kind)
