"""What commands tell of referrals, messages and mailbox keys, as text for the partner's own screen."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from api.agent.post import Post
from api.agent.render import plain, plural, table
from api.agent.resolving import SHOWN_OF_ID
from api.agent.sealed_keys import Shown
from api.agent.sealed_messages import Fetched
from api.agent.vault.mailboxes import KeptMessage
from api.wire.referrals import Referral, ReferralState


def describe_referral(referral: Referral) -> str:
    """Tell of one referral."""
    until = f" until {referral.expires_on}" if referral.state is ReferralState.OFFERED else ""
    side = "by you" if referral.is_own else "to you"
    return f"Referral {referral.referral_id[:SHOWN_OF_ID]} ({referral.service}), {side}: {referral.state}{until}."


def describe_referrals(referrals: Sequence[tuple[str, Referral]]) -> str:
    """Tell of all referrals, by case."""
    if not referrals:
        return "No referrals."
    rows = [
        (
            case_ref,
            each.referral_id[:SHOWN_OF_ID],
            "offered" if each.is_own else "received",
            each.service,
            each.state.value,
            each.expires_on if each.state is ReferralState.OFFERED else "",
        )
        for case_ref, each in referrals
    ]
    return table(("case", "referral", "way", "service", "state", "until"), rows)


def describe_fetched(fetched: Fetched) -> str:
    """Tell what was fetched."""
    lines = [f"{plural(fetched.opened, 'new message')}."]
    if fetched.unreadable:
        lines.append(f"{plural(fetched.unreadable, 'message')} not written by the other side, or sealed to a lost key.")
    if fetched.held_back:
        advice = "run `casematch agent sync`, and `casematch agent keys CASE`"
        lines.append(f"{plural(fetched.held_back, 'message')} held back: {advice}.")
    return "\n".join(lines)


def describe_post(post: Post) -> str:
    """Tell what waits of referrals and messages, after a sync; nothing when nothing does."""
    lines = []
    if post.referrals:
        waiting = plural(post.referrals, "referral waits", "referrals wait")
        lines.append(f"{waiting} for you; see `casematch agent referrals list`.")
    if post.unread:
        lines.append(f"{plural(post.unread, 'unread message')}; see `casematch agent messages`.")
    if post.fetched.unreadable or post.fetched.held_back:
        lines.append(describe_fetched(post.fetched))
    if post.is_of_another:
        lines.append("Messages go to another agent of yours; if it is lost: `casematch agent keys --replace`.")
    return "\n".join(lines)


def describe_messages(messages: Iterable[tuple[str, KeptMessage]]) -> str:
    """Show messages, by case and time; control characters of the other side do nothing to the screen."""
    lines: list[str] = []
    for case_ref, each in messages:
        written = datetime.fromtimestamp(min(each.written_at, 2**35), UTC).strftime("%Y-%m-%d %H:%M")
        new = "" if each.is_read else "  new"
        lines += [f"{plain(case_ref)}  {written}  {'you' if each.is_own else 'other side'}{new}"]
        lines += [f"  {plain(line)}" for line in each.text.splitlines() or [""]]
    return "\n".join(lines) if lines else "No messages."


def describe_keys(shown: Shown) -> str:
    """Tell what to compare."""
    lines = [f"Yours:       {shown.own}", f"Other side:  {shown.now}"]
    if shown.pinned != shown.now:
        lines += [f"Pinned:      {shown.pinned}", "The other side's identity has changed: compare it, then --accept."]
    return "\n".join([*lines, "Compare both by telephone: what the hub shows may be its own."])
