"""
An entry cannot be told from random bytes by anyone without the key.

20,000 entries of people with the concentration of real lists: a few names are common, siblings share parents and
places, many fields are missing. Bounds are five to six standard errors, so that chance fails none of them.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from matcher.encode.encoder import EncodedEntries, Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.person import Name, Opaque, PartialDate, Person, Place, Precision, Reading
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
ENTRIES = 20_000
PEOPLE = 1_200
SIGMAS = 6.0
PAIRS_EACH = 60
SYLLABLES = ("sa", "ri", "ta", "ma", "ya", "ka", "la", "bi", "nu", "go", "pa", "de", "vi", "su", "ni")


def invented(rng: np.random.Generator, kinds: int) -> Name:
    """Invent a name; the first few of each kind are as common as in life."""
    number = min(int(rng.zipf(1.4)), kinds)
    text = "".join(SYLLABLES[(number * step) % len(SYLLABLES)] for step in (1, 4, 11)) + SYLLABLES[number % 13]
    return Name(text, text[:6], text.replace("a", ""))


def people() -> Iterator[Person]:
    """Invent people in families of three, a third of whose fields are missing."""
    rng = np.random.default_rng(11)
    for number in range(PEOPLE):
        if number % 3 == 0:
            shared = {name: invented(rng, 400) for name in ("family_name", "father_name", "mother_name")}
            district = Place(str(rng.integers(1, 78)), "")
        given = invented(rng, 900)
        readings: dict[str, Reading] = {
            **shared,
            "given_name": given,
            "full_name": invented(rng, 4_000),
            "sex": Opaque(("f" if rng.random() < 0.8 else "m",)),
            "birth_date": PartialDate(*map(int, rng.integers((1970, 1, 1), (2012, 13, 29))), Precision.DAY),
            "district": district,
            "ward": Place(str(rng.integers(1, 15)), ""),
            "phone": Opaque((str(rng.integers(10**9)),)),
        }
        kept = {name: (reading,) for name, reading in readings.items() if rng.random() > 0.3}
        yield Person(str(number), kept)


@pytest.fixture(scope="module")
def encoded() -> EncodedEntries:
    """Encode the people under a new secret."""
    frequencies = {"format": "casematch-frequency-model/1", "name": "nepal-1", "basis": "a test", "parts": {}}
    frequencies["parts"] = {part.name: {"default": 0.02} for part in SCHEMA.gate.parts}
    encoder = Encoder(SCHEMA, SharedSecretPrf(LinkageSecret.generate(), SCHEMA), FrequencyModel(frequencies))
    found = encoder.entries(list(people()))
    assert len(found.owner) >= ENTRIES
    return EncodedEntries(found.owner[:ENTRIES], found.tokens[:ENTRIES], found.sketches[:ENTRIES])


@pytest.fixture(scope="module")
def signs(encoded: EncodedEntries) -> np.ndarray:
    """Return tokens and sketches as bits, +1 or -1, one row per distinct token."""
    _, first = np.unique(encoded.tokens, axis=0, return_index=True)
    both = np.concatenate([encoded.tokens[first], encoded.sketches[first]], axis=1)
    return np.unpackbits(both, axis=1).astype(np.float32) * 2 - 1


def test_every_bit_is_as_often_set_as_not(signs: np.ndarray) -> None:
    """No position is biased."""
    assert np.abs(signs.mean(axis=0)).max() < SIGMAS / np.sqrt(len(signs))


def test_no_two_bits_depend_on_each_other(signs: np.ndarray) -> None:
    """All pairs of positions are uncorrelated."""
    correlation = signs.T @ signs / len(signs)
    np.fill_diagonal(correlation, 0)
    assert np.abs(correlation).max() < SIGMAS / np.sqrt(len(signs))


def test_no_entry_has_more_bits_than_chance_gives(signs: np.ndarray) -> None:
    """Neither the recipe, nor a gap, nor a name's length shows in the number of bits."""
    popcount = (signs.sum(axis=1) / np.sqrt(signs.shape[1])).astype(np.float64)
    assert np.abs(popcount).max() < SIGMAS
    assert popcount.std() == pytest.approx(1, abs=SIGMAS / np.sqrt(2 * len(signs)))


def test_every_byte_value_is_as_frequent_as_any_other(encoded: EncodedEntries) -> None:
    """Chi-squared over the bytes of all sketches, with 255 degrees of freedom."""
    counts = np.bincount(encoded.sketches.ravel(), minlength=256)
    expected = counts.sum() / 256
    chi_squared = float(((counts - expected) ** 2 / expected).sum())
    # entries of one block agree on purpose, which repeats a few bytes; the bound leaves room for those
    assert (chi_squared - 255) / np.sqrt(2 * 255) < 4 * SIGMAS


def test_two_entries_of_one_person_are_as_unlike_as_of_two(encoded: EncodedEntries) -> None:
    """The Hamming distance of sketches cannot say which entries belong together."""
    rng = np.random.default_rng(3)
    bounds = np.searchsorted(encoded.owner, np.arange(encoded.owner[-1] + 2))
    same, other = [], []
    for first, last in pairwise(bounds):
        if last - first > 1:
            pairs = rng.integers(first, last, size=(PAIRS_EACH, 2))
            same.extend(pairs[pairs[:, 0] != pairs[:, 1]])
            other.extend(np.stack([pairs[:, 0], rng.integers(ENTRIES, size=PAIRS_EACH)], axis=1))
    close, far = (distance(encoded, np.array(pairs)) for pairs in (same, other))
    far = far[far >= 1]  # an entry drawn beside itself
    ranks = np.argsort(np.argsort(np.concatenate([close, far]), kind="stable"), kind="stable")
    auc = (ranks[: len(close)].sum() - len(close) * (len(close) - 1) / 2) / (len(close) * len(far))
    assert auc == pytest.approx(0.5, abs=0.01)


def distance(encoded: EncodedEntries, pairs: np.ndarray) -> np.ndarray:
    """Return the Hamming distance of each pair of sketches, with a little noise to break ties."""
    unlike = np.bitwise_count(encoded.sketches[pairs[:, 0]] ^ encoded.sketches[pairs[:, 1]]).sum(axis=1)
    return unlike + np.random.default_rng(5).random(len(pairs))
