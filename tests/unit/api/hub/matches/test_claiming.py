"""For which record a meeting is claimed: one of many tags, so that their number does not tell who it is."""

import pytest

from api.hub.errors import BrokenSealError
from api.hub.keys import HUB_KEY_BYTES, HubKey
from api.hub.matches.claiming import SLOTS, ClaimSeal, any_of

KEY = HubKey(b"k" * HUB_KEY_BYTES)
REFERENCE = b"r" * 16
PLACE = ("nepal", "6a1f0c52-0000-4000-8000-000000000002")


def test_a_record_has_many_tags_of_its_own() -> None:
    """No two of them are equal, and none is another record's, organisation's, project's or hub's."""
    seal = ClaimSeal(KEY)
    asked = [
        seal.tags(*PLACE, REFERENCE),
        seal.tags(*PLACE, b"s" * 16),
        seal.tags(PLACE[0], "other", REFERENCE),
        seal.tags("other", PLACE[1], REFERENCE),
        ClaimSeal(HubKey(b"o" * HUB_KEY_BYTES)).tags(*PLACE, REFERENCE),
    ]
    assert [len(tags) for tags in asked] == [SLOTS] * len(asked)
    assert len({tag for tags in asked for tag in tags}) == SLOTS * len(asked)
    assert seal.tags(*PLACE, REFERENCE) == asked[0]


def test_claims_of_one_record_seldom_share_a_tag() -> None:
    """Twenty take at least twelve tags, or chance is no chance: fewer come once in 10^15 records."""
    tags = ClaimSeal(KEY).tags(*PLACE, REFERENCE)
    taken = {any_of(tags) for _ in range(20)}
    assert len(taken) >= 12
    assert taken <= set(tags)


def test_a_claim_gives_its_reference_back() -> None:
    """To the hub, at its own meeting and side."""
    seal = ClaimSeal(KEY)
    box = seal.box(REFERENCE, "meeting", "organisation")
    assert seal.reference(box, "meeting", "organisation") == REFERENCE
    assert REFERENCE not in box
    for place in (("other", "organisation"), ("meeting", "other")):
        with pytest.raises(BrokenSealError):
            seal.reference(box, *place)
