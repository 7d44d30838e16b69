"""Cryptographic long-term keys as the attack suite makes them."""

import numpy as np

from benchmarks.attacks.encodings.clk import filters_of

ROWS = [{"name": "sita", "place": "27"}, {"name": "sita", "place": "27"}, {"name": "gita", "place": ""}]


def test_equal_rows_have_equal_filters_and_unlike_ones_share_bits():
    """Equal records get equal filters; records with q-grams in common get bits in common."""
    filters = filters_of(ROWS, seed=1)
    assert (filters[0] == filters[1]).all()
    assert 0 < (filters[0] & filters[2]).sum() < filters[2].sum()


def test_another_key_sets_other_bits():
    """Under another key a record's filter is another one."""
    assert (filters_of(ROWS, seed=1)[0] != filters_of(ROWS, seed=2)[0]).any()


def test_a_blank_row_sets_no_bit():
    """Nothing known, nothing set."""
    assert not filters_of([{"name": ""}], seed=1).any()


def test_a_qgram_sets_as_many_bits_as_it_has_hashes():
    """One word of one letter has two padded q-grams."""
    ones = filters_of([{"name": "a"}], seed=1, filter_bits=65_536, hashes_per_qgram=10).sum()
    assert ones == 20


def test_fields_do_not_share_their_bits():
    """The same text in another field is hashed otherwise."""
    same = filters_of([{"name": "sita"}, {"place": "sita"}], seed=1)
    assert not np.array_equal(same[0], same[1])
