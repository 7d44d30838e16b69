"""A match is what its events say."""

from api.hub.matches.events import Event, EventKind, MatchState, replay


def test_no_event_is_the_bare_state() -> None:
    """A match begins with its first events."""
    assert replay([]) == MatchState()


def test_later_events_stand_over_earlier_ones() -> None:
    """Grade and cluster are the last told; reports add up."""
    events = [
        Event(EventKind.GRADED, "1"),
        Event(EventKind.CLUSTERED, "x"),
        Event(EventKind.REPORTED, "a"),
        Event(EventKind.GRADED, "3"),
        Event(EventKind.CLUSTERED, "y"),
        Event(EventKind.REPORTED, "b"),
        Event(EventKind.REPORTED, "a"),
    ]
    assert replay(events) == MatchState(3, "y", is_void=False, reported=frozenset("ab"))


def test_a_void_match_has_nothing_reported() -> None:
    """Encounters are deleted with it."""
    state = replay([Event(EventKind.GRADED, "2"), Event(EventKind.REPORTED, "a"), Event(EventKind.VOIDED)])
    assert (state.is_void, state.reported) == (True, frozenset())


def test_a_resolution_says_who_found_it() -> None:
    """Both sides, or the desk after them."""
    resolved = replay([Event(EventKind.RESOLVED, "same")])
    assert (resolved.resolution, resolved.is_adjudicated) == ("same", False)
    adjudicated = replay([Event(EventKind.RESOLVED, "same"), Event(EventKind.ADJUDICATED, "not_same")])
    assert (adjudicated.resolution, adjudicated.is_adjudicated) == ("not_same", True)
