"""Surnames that families change between are known both ways."""

from matcher.normalise.surnames import surname_aliases
from matcher.phonetics.keys import blocking_key


def test_a_title_and_a_clan_name_know_each_other() -> None:
    """Lama and Tamang, in either direction and either script."""
    assert blocking_key("Tamang") in {alias.key for alias in surname_aliases(blocking_key("Lama"))}
    assert blocking_key("Lama") in {alias.key for alias in surname_aliases(blocking_key("तामाङ"))}


def test_shares_sum_to_one_and_fall() -> None:
    """The commonest change comes first."""
    shares = [alias.share for alias in surname_aliases(blocking_key("Chaudhary"))]
    assert shares == sorted(shares, reverse=True)
    assert abs(sum(shares) - 1) < 1e-9


def test_an_unlisted_surname_has_none() -> None:
    """No guess is made."""
    assert surname_aliases("XYZ") == ()
