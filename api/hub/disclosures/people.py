"""How many people of an organisation have to agree to a disclosure, and whether they have; pure; hub."""

from collections.abc import Iterable

from api.hub.policy import Rung


def people_needed(rung: Rung, *, is_protected: bool) -> int:
    """
    Return how many have to agree that the other side is told up to a rung.

    Args:
        rung: how much.
        is_protected: whether the record that is told of is: a child's, a protected place's, or nobody knows.
    """
    return 2 if is_protected and rung >= Rung.D3 else 1


def count_people(are_users: Iterable[bool]) -> int:
    """
    Count the people behind approvals.

    Args:
        are_users: of each approval, by different actors, whether a person gave it who is logged in.

    Returns:
        Each person counts; all keys of an organisation's agents together count as one, for one hand may hold them.
    """
    given = list(are_users)
    return sum(given) + (len(given) > sum(given))
