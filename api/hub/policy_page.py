"""The policy table as the page docs/authorisation.md; hub."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from api.hub.policy import HOMES, LIMITS, TABLE, Line, Reach, Role
from api.wire.statements import Purpose

_HEAD = """# Who may do what

Printed by `casematch-hub policy` from the table in `api/hub/policy.py`, which decides every request; a test holds this
page to it. What no line allows is refused: 403 `not_allowed`. Another organisation's things answer 404, as if they were
not there. Rungs: D0 received; D1 that a record exists, as a grade; D2 the other side's class; D3 its contact desk and
the agreement of fields; D4 case reference and episode verdict. A rung is the most that an action can tell: what it does
tell depends on releases as well."""


def write_page() -> str:
    """Return the page, in Markdown, with a line end at its end."""
    return "\n".join([_HEAD, "", *_lines(), "", *_homes(), "", *_limits()]) + "\n"


def _lines() -> Iterator[str]:
    """Write the table of actions."""
    yield "## Actions\n"
    yield "| action | roles | whose | purposes | rungs |"
    yield "|---|---|---|---|---|"
    for line in TABLE:
        cells = (_words([line.action]), _words(line.roles), _whose(line), _purposes(line.purposes), _rungs(line))
        yield f"| {' | '.join(cells)} |"


def _homes() -> Iterator[str]:
    """Write where each role is at home."""
    yield "## Roles\n"
    yield "A key has the first two, a person one of the others. In another class a role is worth nothing.\n"
    yield "| role | classes |"
    yield "|---|---|"
    for role in Role:
        classes = _words(kind for kind in HOMES[role] if kind is not None)
        of_hub = "the hub itself" if None in HOMES[role] else ""
        yield f"| `{role}` | {', '.join(filter(None, (classes, of_hub)))} |"


def _limits() -> Iterator[str]:
    """Write how far each class reaches."""
    yield "## Classes\n"
    yield "| class | purposes | highest rung |"
    yield "|---|---|---|"
    for kind, limit in LIMITS.items():
        yield f"| `{kind}` | {_purposes(limit.purposes)} | {limit.rung.name} |"


def _whose(line: Line) -> str:
    """Say whose things an action touches."""
    return "own" if line.reach is Reach.OWN else "all"


def _rungs(line: Line) -> str:
    """Write the span of rungs."""
    least, most = line.rungs
    return least.name if least is most else f"{least.name} to {most.name}"


def _purposes(purposes: frozenset[Purpose]) -> str:
    """Write purposes, shortly when it is all or none."""
    if purposes == frozenset(Purpose):
        return "all"
    return _words(purposes) or "none"


def _words(words: Iterable[StrEnum]) -> str:
    """Write a set of names in the order in which they are declared."""
    found = list(words)
    return ", ".join(f"`{word}`" for word in type(found[0]) if word in found) if found else ""
