"""What came with a sync is told in a line each, and nothing when nothing came."""

from api.agent.post import Post
from api.agent.referring_report import describe_post
from api.agent.sealed_messages import Fetched


def test_nothing_is_told_of_no_post() -> None:
    """A quiet day has no line."""
    assert describe_post(Post(referrals=0)) == ""


def test_all_that_waits_is_told() -> None:
    """Offers, unread messages, and what could not be opened."""
    lines = describe_post(Post(2, Fetched(opened=1, unreadable=1), unread=3)).splitlines()
    assert lines[0].startswith("2 referrals wait for you")
    assert lines[1].startswith("3 unread messages")
    assert any("not written by the other side" in line for line in lines)


def test_a_mailbox_of_another_agent_is_told() -> None:
    """It holds up nothing, and says what to do when it is lost."""
    assert "--replace" in describe_post(Post(0, is_of_another=True))
