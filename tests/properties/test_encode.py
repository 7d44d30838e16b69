"""Properties of encoding and comparison over invented persons."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.compare.sketches import NAME_SAME, compare
from matcher.encode.columns import columns_of
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.min_hash import qgrams
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.encode.sketch import Sketcher
from matcher.person import Name, Opaque, PartialDate, Person, Place, Precision, Reading
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
PARTS = {part.name: {"default": 0.02} for part in SCHEMA.gate.parts}
FREQUENCIES = FrequencyModel(
    {"format": "casematch-frequency-model/1", "name": "nepal-1", "basis": "a test", "parts": PARTS}
)
SECRETS = st.binary(min_size=32, max_size=32).filter(lambda data: len(set(data)) > 1).map(LinkageSecret)

words = st.text("abcdefghijklmnoprstu", min_size=2, max_size=12)
names = st.builds(lambda text, key: Name(text, text, key), words, words)
dates = st.builds(
    PartialDate,
    st.integers(1950, 2020),
    st.integers(1, 12),
    st.integers(1, 28),
    st.just(Precision.DAY),
    st.booleans(),
)
places = st.builds(Place, st.sampled_from(["", "101", "205"]), words)
opaques = st.builds(lambda text: Opaque((text,)), words)
BY_KIND: dict[str, st.SearchStrategy[Reading]] = {"name": names, "date": dates, "place": places}


@st.composite
def persons(draw: st.DrawFn) -> Person:
    """Draw a person; any field may be missing or have a second reading."""
    readings = {}
    for field in SCHEMA.fields:
        found = draw(st.lists(BY_KIND.get(field.kind, opaques), max_size=2))
        if found:
            readings[field.name] = tuple(found)
    return Person("case", readings)


@given(persons(), SECRETS)
def test_every_entry_has_one_size_and_no_token_is_repeated(person: Person, secret: LinkageSecret) -> None:
    """Whatever is known of a person, nothing of it shows in the shape of what leaves."""
    (encoding,) = Encoder(SCHEMA, SharedSecretPrf(secret, SCHEMA), FREQUENCIES).encode([person])
    assert {len(entry.to_bytes()) for entry in encoding.entries} <= {256}
    assert len({entry.token for entry in encoding.entries}) == len(encoding.entries)
    assert len(encoding.entries) <= SCHEMA.recipes.maximum_entries


@given(persons(), SECRETS, SECRETS)
def test_another_secret_shares_no_token(person: Person, first: LinkageSecret, second: LinkageSecret) -> None:
    """Two projects cannot compare what they were sent."""
    encodings = [
        Encoder(SCHEMA, SharedSecretPrf(secret, SCHEMA), FREQUENCIES).encode([person])[0] for secret in (first, second)
    ]
    tokens = [{entry.token for entry in encoding.entries} for encoding in encodings]
    assert first.to_text() == second.to_text() or not tokens[0] & tokens[1]


@given(persons(), persons(), st.binary(min_size=16, max_size=16))
def test_similarity_is_symmetric_bounded_and_greatest_for_equals(left: Person, right: Person, key: bytes) -> None:
    """In [0, 1] or missing; a person agrees with themself on all that is present."""
    sketcher = Sketcher(SCHEMA, SharedSecretPrf(LinkageSecret(bytes(range(32))), SCHEMA), FREQUENCIES)
    both = columns_of([left, right], SCHEMA.field_names)
    sketches = sketcher.under_one_key(both, both.first_ways(), key)
    sides = sketches[:1], sketches[1:]
    forth, back = compare(sides[0], sides[1], SCHEMA).similarity, compare(sides[1], sides[0], SCHEMA).similarity
    assert np.array_equal(forth, back, equal_nan=True)
    assert ((forth >= 0) & (forth <= 1) | np.isnan(forth)).all()
    itself = compare(sides[0], sides[0], SCHEMA).similarity[0]
    assert all(itself[column] >= NAME_SAME for column, field in enumerate(SCHEMA.fields) if field.name in left.readings)


@given(st.lists(words, min_size=1, max_size=3))
def test_qgrams_do_not_depend_on_the_order_of_words(parts: list[str]) -> None:
    """Swapped names have the same q-grams; each word gives one more than it has letters."""
    assert sorted(qgrams(" ".join(parts))) == sorted(qgrams(" ".join(reversed(parts))))
    assert len(qgrams(" ".join(parts))) == sum(len(part) + 1 for part in parts)
