"""What the commands on the audit log tell, as text for the partner's own screen; on the partner's premises."""

from collections.abc import Sequence

from api.agent.audit.download import Checked
from api.agent.audit.pin import Pin
from api.agent.audit.witness import Watched
from api.agent.render import plural, table
from api.wire.audit.leaves import PADDING
from api.wire.audit.messages import Learning

_COMPARE = "Compare this key with the hub's operator and other partners by another way, such as the telephone:"
_RUNGS = {
    1: "that it met one of theirs",
    2: "grade, and your class and purpose",
    3: "your contact desk",
    4: "the episode verdict as well",
}


def describe_watch(watched: Watched) -> str:
    """Tell what a witness saw."""
    told = "whole; this agent had not looked before" if watched.is_first else f"{watched.grown:,} more than last time"
    size, witnesses = plural(watched.size, "entry", "entries"), plural(watched.cosignatures, "witness", "witnesses")
    lines = [f"Audit log: {size}, {told}; cosigned by {witnesses}."]
    if watched.is_first:
        lines += [_COMPARE, f"  {watched.log_key}"]
    return "\n".join(lines)


def describe_log(checked: Checked) -> str:
    """Tell what an exported log holds."""
    seen = "It continues what this agent has seen." if checked.is_pinned else _COMPARE + f"\n  {checked.log_key}"
    lines = [f"The log is whole: {plural(checked.size, 'entry', 'entries')}, as the hub has signed.", seen]
    acts = sorted((action, number) for action, number in checked.acts.items() if action != PADDING)
    if acts:
        lines += ["", table(("act", "times"), [(action, f"{number:,}") for action, number in acts])]
    return "\n".join(lines)


def describe_pin(pin: Pin | None, evidence: Sequence[str]) -> str:
    """Tell what is pinned, and what contradicts itself."""
    if pin is None:
        return "This agent has not looked at the hub's log yet: run `casematch audit verify`."
    lines = [f"log key     {pin.log_key.text}", "", pin.note.rstrip("\n")]
    if evidence:
        lines += ["", "ALARM: the hub has signed these two, and they contradict each other.", ""]
        lines += ["\n\n".join(note.rstrip("\n") for note in evidence)]
    return "\n".join(lines)


def describe_learnt(learnings: Sequence[Learning]) -> str:
    """Tell who learnt what of a case."""
    if not learnings:
        return "Nobody has been told anything of this case."
    rows = [
        (
            each.first_on,
            _who(each),
            each.purpose.value.replace("_", " "),
            each.of,
            _RUNGS[each.rung],
        )
        for each in learnings
    ]
    return table(("first on", "who", "purpose", "of a", "learnt"), rows)


def _who(learning: Learning) -> str:
    """Say who was told, as far as that is told."""
    if learning.is_own:
        return "you"
    kind = learning.organisation_class
    return "the other side" if kind is None else kind.value.replace("_", " ")
