"""
What is written down of an act, and as what leaf; pure; hub.

Objects stand in the log as keyed tags: HMAC under a key that is derived from the hub's, so that the log alone, in
whosever hands, leads to no meeting, match or batch. Entries never stand in it, not even so: the tags of a batch's
entries would say for ever which belong together.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from api.hub.keys import HubKey, keyed_digest
from api.hub.policy import Action, Actor, Role, Rung
from api.wire.audit.leaves import PADDING, Leaf
from api.wire.statements import Purpose

NONCE_BYTES = 16


class HubAct(StrEnum):
    """What no request asks for, so that the policy does not know it: the operator's commands, and the hub itself."""

    PROJECT_ADD = "project_add"
    EPOCH_ADVANCE = "epoch_advance"
    EPOCH_RETIRE = "epoch_retire"
    ENTRIES_EXPIRE = "entries_expire"
    REFERRALS_EXPIRE = "referrals_expire"
    LOG_KEY_ROTATE = "log_key_rotate"
    RELINK = "relink"
    BACKUP = "backup"
    RESTORE = "restore"


class Kind(StrEnum):
    """What an object is; part of its tag, so that unlike objects cannot share one."""

    BATCH = "batch"
    ERASURE = "erasure"
    CASE = "case"
    APPROVAL = "approval"
    MEETING = "meeting"
    MATCH = "match"
    REFERRAL = "referral"
    KEY = "key"
    ORGANISATION = "organisation"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Act:
    """
    What somebody did, or was told.

    Attributes:
        action: of the policy, or of the hub itself.
        decision: how it ended, one word such as `answered`.
        rung: how much was told at most.
        purposes: of the entries concerned.
        reason: code of a statement.
        kind: what the objects are; without objects it says nothing.
        objects: their ids as the hub knows them; they enter the log as tags.
        count: of entries or objects, where that is more than the objects say.
    """

    action: Action | HubAct
    decision: str
    rung: Rung = Rung.D0
    purposes: tuple[Purpose, ...] = ()
    reason: str = ""
    kind: Kind = Kind.BATCH
    objects: tuple[str, ...] = ()
    count: int = 0


OPERATOR = Actor(
    roles=frozenset({Role.OPERATOR}),
    organisation_class=None,
    organisation_id="",
    project_id="",
    actor_id="",
    is_user=False,
)
HUB = Actor(roles=frozenset(), organisation_class=None, organisation_id="", project_id="", actor_id="", is_user=False)


def told(action: Action, decision: str, rung: Rung, kind: Kind, objects: Iterable[tuple[Purpose, str]]) -> list[Act]:
    """Return the acts of one answer, one for each purpose; none when nothing was told."""
    by_purpose: dict[Purpose, list[str]] = {}
    for purpose, name in objects:
        by_purpose.setdefault(purpose, []).append(name)
    return [
        Act(action, decision, rung, (purpose,), kind=kind, objects=tuple(names))
        for purpose, names in sorted(by_purpose.items())
    ]


def tag(key: HubKey, kind: Kind, name: str) -> bytes:
    """Return an object's tag, 16 bytes."""
    return keyed_digest(key.derive("audit-tag", kind.value), name.encode())


def leaf_of(key: HubKey, day: date, actor: Actor, act: Act, project_id: str) -> Leaf:
    """Return the leaf of an act; the tags are sorted, so that they keep no order."""
    return Leaf(
        day=day.isoformat(),
        action=act.action.value,
        by=_by(actor),
        actor=actor.actor_id,
        organisation=actor.organisation_id,
        organisation_class=actor.organisation_class or "",
        project=project_id,
        purposes=tuple(sorted(set(act.purposes))),
        reason=act.reason,
        rung=int(act.rung),
        decision=act.decision,
        objects=tuple(sorted({tag(key, act.kind, name).hex() for name in act.objects})),
        count=act.count,
        nonce=secrets.token_hex(NONCE_BYTES),
    )


def padding_leaf(day: date) -> Leaf:
    """Return a leaf that is no act; by its hash nobody can tell it from one."""
    return Leaf(day=day.isoformat(), action=PADDING, by="hub", decision=PADDING, nonce=secrets.token_hex(NONCE_BYTES))


def _by(actor: Actor) -> Literal["key", "user", "operator", "hub"]:
    """Say what acted."""
    if actor.actor_id:
        return "user" if actor.is_user else "key"
    return "operator" if Role.OPERATOR in actor.roles else "hub"
