"""Many texts at once give each the q-grams and values that it has alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.encode.min_hash import ValueMaker, gram_table, qgrams

MAKER = ValueMaker(bytes(range(32)), 80)
WORDS = st.text(alphabet="ab cé𑀓", max_size=12).map(lambda text: f"a{text}")
TEXTS = st.lists(WORDS, min_size=1, max_size=6)


@given(TEXTS)
def test_the_table_of_grams_is_every_texts_own(texts: list[str]) -> None:
    """In order, repeated ones numbered."""
    grams, places, starts = gram_table(texts)
    assert len(set(grams)) == len(grams)
    bounds = [*starts.tolist(), len(places)]
    for row, text in enumerate(texts):
        assert [grams[place] for place in places[bounds[row] : bounds[row + 1]]] == qgrams(text)


@given(TEXTS)
def test_values_do_not_depend_on_the_company(texts: list[str]) -> None:
    """A text has the same values in any list."""
    together = MAKER.closeness([*texts, ""], 10)
    assert np.array_equal(together[: len(texts)], np.concatenate([MAKER.closeness([text], 10) for text in texts]))


def test_no_texts_have_no_values() -> None:
    """The empty list keeps its shape."""
    assert MAKER.closeness([], 10).shape == (0, 4, 10)
    assert MAKER.equality([], 2).shape == (0, 4, 2)


def test_a_shorter_slot_has_the_first_values_of_a_longer_one() -> None:
    """So partners need not agree on more than the parameters."""
    assert np.array_equal(MAKER.closeness(["sita"], 4), MAKER.closeness(["sita"], 10)[:, :, :4])
