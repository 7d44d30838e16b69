"""
Tokens and sketches, computed again from their description, one value at a time.

The twin uses hmac, hashlib, AES in counter mode and integers only; it shares no code with `matcher.encode` but the
readings it starts from.
"""

import hashlib
import hmac

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

from matcher.encode.columns import columns_of
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.gate import Gatekeeper
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.recipes import recipe_book
from matcher.encode.secret import LinkageSecret
from matcher.encoding import sketch_layout
from matcher.person import Name, Opaque, PartialDate, Person, Precision
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
SECRET = bytes(range(32))
PARTS = {part.name: {"default": 0.02} for part in SCHEMA.gate.parts}
FREQUENCIES = FrequencyModel(
    {"format": "casematch-frequency-model/1", "name": "nepal-1", "basis": "a test", "parts": PARTS}
)
PERSON = Person(
    "case",
    {
        "given_name": (Name("sita", "SiTa", "ST"),),
        "family_name": (Name("tamang", "TMN", "TMN"),),
        "sex": (Opaque(("f",)),),
        "birth_date": (PartialDate(2001, 6, 28, Precision.DAY),),
    },
)
VALUES = {
    "given_name": "ST",
    "family_name": "TMN",
    "sex": "f",
    "birth_date.year": "2001",
    "birth_date.even": "1000",
    "birth_date.odd": "1001",
    "birth_date.month": "6",
    "birth_date.day": "28",
}


def derived(use: bytes, context: bytes) -> bytes:
    """Derive a key from the linkage secret as HKDF-Expand does."""
    return hmac.digest(SECRET, b"casematch/1/" + use + b"\x00" + context + b"\x01", "sha256")


def prf(message: bytes) -> bytes:
    """Evaluate the keyed function that tokens and sketch keys come from."""
    context = f"{SCHEMA.schema_id}/{SCHEMA.key_epoch}/1".encode()
    return hmac.digest(derived(b"token", context), message, "sha256")


@pytest.fixture(scope="module")
def encoded():
    """Return the library's entries, and for each the parts of its composite key."""
    shared = SharedSecretPrf(LinkageSecret(SECRET), SCHEMA)
    entries = Encoder(SCHEMA, shared, FREQUENCIES).entries([PERSON])
    keys = Gatekeeper(SCHEMA, FREQUENCIES).composite_keys(columns_of([PERSON], SCHEMA.field_names))
    book = recipe_book(SCHEMA.gate.parts, SCHEMA.recipes)
    names = [[SCHEMA.gate.parts[part].name for part in book.parts[row]] for row in keys.recipe]
    return entries, names


def output(parts: list[str]) -> bytes:
    """Write names and values after their lengths, and evaluate."""
    message = b""
    for part in parts:
        for text in (part.encode(), VALUES[part].encode()):
            message += bytes([len(text)]) + text
    return prf(message)


def test_tokens_equal_hmac_by_hand(encoded) -> None:
    """A token is the first half of the keyed function's output."""
    entries, names = encoded
    assert len(names) > 3
    assert [token.tobytes() for token in entries.tokens] == [output(parts)[:16] for parts in names]


def bits(data: bytes) -> list[int]:
    """Return bits, the highest of each byte first."""
    return [byte >> (7 - place) & 1 for byte in data for place in range(8)]


def published(values: list[int], parts: list[str], start: int) -> list[int]:
    """Return the keyed parity of each 4-bit value: inner product with the pad's first planes, plus its last plane."""
    size = SCHEMA.sketch_bytes
    pad_key = hashlib.sha256(b"pad" + prf(b"sketch parameters")).digest()
    first_block = output(parts)[16:31] + b"\x00"
    stream = Cipher(AES256(pad_key), CTR(first_block)).encryptor().update(bytes(5 * size))
    planes = [bits(stream[plane * size : (plane + 1) * size])[8 * start :] for plane in range(5)]
    return [
        (sum((value >> plane & 1) & planes[plane][place] for plane in range(4)) + planes[4][place]) % 2
        for place, value in enumerate(values)
    ]


def tag(value: str, size: int) -> list[int]:
    """Return the 4-bit values of a tag: one plane of bits after the other."""
    key = hashlib.sha256(b"tag" + prf(b"sketch parameters")).digest()
    digest = hashlib.blake2b(value.encode(), key=key, digest_size=4 * size).digest()
    planes = [bits(digest[plane * size : (plane + 1) * size]) for plane in range(4)]
    return [sum(planes[plane][place] << plane for plane in range(4)) for place in range(8 * size)]


def min_hash(text: str, size: int) -> list[int]:
    """Return bits 12 to 15 of the least hash of the padded bigrams, function by function."""
    seed = prf(b"sketch parameters")
    most = 8 * max(slot.size for slot in sketch_layout(SCHEMA))
    stream = hashlib.shake_256(b"min-hash" + seed).digest(16 * most)
    numbers = [int.from_bytes(stream[8 * place : 8 * place + 8], "little") for place in range(2 * most)]
    key = hashlib.sha256(b"q-gram" + seed).digest()
    padded = f" {text} "
    grams = [
        int.from_bytes(hashlib.blake2b(padded[place : place + 2].encode(), key=key, digest_size=8).digest(), "little")
        for place in range(len(padded) - 1)
    ]
    return [
        min((gram * (numbers[place] | 1) + numbers[most + place]) % 2**64 for gram in grams) >> 12 & 15
        for place in range(8 * size)
    ]


@pytest.mark.parametrize(
    ("field", "slot_name", "by_hand", "text"),
    [
        ("given_name", "present", tag, "present"),
        ("given_name", "raw", min_hash, "sita"),
        ("given_name", "skeleton", min_hash, "ST"),
        ("family_name", "folded", min_hash, "TMN"),
        ("sex", "same", tag, "same:f"),
        ("birth_date", "year", tag, "year:2001"),
        ("birth_date", "day_month", tag, "day_month:6-28"),
    ],
)
def test_sketches_equal_parities_by_hand(encoded, field: str, slot_name: str, by_hand, text: str) -> None:
    """Every entry's slot is the keyed parity of the record's values under that entry's own key."""
    entries, names = encoded
    slot = next(slot for slot in sketch_layout(SCHEMA) if (slot.field, slot.name) == (field, slot_name))
    for row, parts in enumerate(names):
        found = bits(entries.sketches[row][slot.start : slot.stop].tobytes())
        assert found == published(by_hand(text, slot.size), parts, slot.start)


def test_what_is_missing_is_not_the_same_twice(encoded) -> None:
    """A gap is filled anew in every entry: father's name slots of two entries differ."""
    entries, _ = encoded
    slot = next(slot for slot in sketch_layout(SCHEMA) if (slot.field, slot.name) == ("father_name", "raw"))
    assert len(np.unique(entries.sketches[:, slot.start : slot.stop], axis=0)) == len(entries.owner)
