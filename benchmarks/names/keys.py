"""The keys that are compared: the library's two, and every algorithm of jellyfish, on Latin letters alone."""

from collections.abc import Callable, Mapping
from functools import partial

import jellyfish

from matcher.phonetics.keys import blocking_key, scoring_key
from matcher.phonetics.latin import latin_letters

Key = Callable[[str], str]


def _after_romanising(key: Key) -> Key:
    """Give jellyfish the Latin spelling of a name, its only fair chance on Devanagari."""
    return lambda name: key(latin_letters(name))


KEYS: Mapping[str, Key] = {
    "scoring key": scoring_key,
    "blocking key": blocking_key,
    "soundex": _after_romanising(jellyfish.soundex),
    "metaphone": _after_romanising(jellyfish.metaphone),
    "nysiis": _after_romanising(jellyfish.nysiis),
    "match rating codex": _after_romanising(jellyfish.match_rating_codex),
}
BENGALI_KEYS: Mapping[str, Key] = {
    "scoring key": partial(scoring_key, phonetics="bengali"),
    "blocking key": partial(blocking_key, phonetics="bengali"),
    **{name: key for name, key in KEYS.items() if not name.endswith(" key")},
}
