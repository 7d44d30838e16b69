"""Signed notes, checkpoints and keys: read as written, refused when anything is wrong."""

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.wire.audit.checkpoint import Checkpoint, open_checkpoint, verify_cosignature
from api.wire.audit.errors import AuditError, MalformedNoteError, SignatureError
from api.wire.audit.leaves import Leaf
from api.wire.audit.notes import Algorithm, Note, SigningKey, VerifierKey, read_signature, require_signed

KEY = SigningKey("example.org/log", Algorithm.NOTE, bytes(range(32)))
WITNESS = SigningKey("example.org/witness", Algorithm.COSIGNATURE, bytes(range(1, 33)))
HEAD = Checkpoint("example.org/log", 8, bytes(32))
NOTE = str(HEAD.signed(KEY))


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_it_was_signed(size: int, root: bytes) -> None:
    """Whatever its size and root."""
    checkpoint = Checkpoint("example.org/log", size, root)
    note = str(checkpoint.signed(KEY))
    assert open_checkpoint(Note.read(note), KEY.verifier) == checkpoint
    assert str(Note.read(note)) == note


def test_every_changed_letter_is_noticed() -> None:
    """Of text or signature: no note with one other letter opens."""
    for place in range(len(NOTE)):
        changed = NOTE[:place] + ("A" if NOTE[place] != "A" else "B") + NOTE[place + 1 :]
        with pytest.raises(AuditError):
            open_checkpoint(Note.read(changed), KEY.verifier)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        HEAD.text,
        NOTE.rstrip("\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("\u2014", "-"),
        NOTE.replace("\n\u2014", "\r\n\u2014"),
        NOTE + "\n",
        NOTE + "\u2014 short AAAA\n",
        NOTE + "x" * 40_000,
    ],
    ids=range(10),
)
def test_what_is_no_note_is_refused(note: str) -> None:
    """No signature, no gap, no dash, no end, control letters, or far too long."""
    with pytest.raises(MalformedNoteError):
        Note.read(note)


@pytest.mark.parametrize(
    "text",
    [
        "example.org/log\n08\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "example.org/log\n-1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "example.org/log\n8\n" + base64.b64encode(bytes(31)).decode() + "\n",
        "example.org/log\n8\n" + base64.b64encode(bytes(32)).decode()[:-2] + "B=\n",
        "example.org/log\n8\n" + base64.b64encode(bytes(32)).decode() + "\nextension\n",
        "two words\n8\n" + base64.b64encode(bytes(32)).decode() + "\n",
    ],
    ids=["leading zero", "negative", "short root", "loose base64", "extension", "space"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """One way to write each, and no extension lines."""
    with pytest.raises(MalformedNoteError):
        Checkpoint.read(text)


def test_a_note_needs_the_known_keys_signature() -> None:
    """A stranger's is passed over; one of the right name and id that is false is an error."""
    stranger = SigningKey("example.org/log", Algorithm.NOTE, secrets.token_bytes(32))
    with pytest.raises(SignatureError) as caught:
        require_signed(HEAD.signed(stranger), KEY.verifier)
    assert caught.value.code == "signature_missing"
    both = Note.read(NOTE).signed_also(HEAD.signed(stranger).signatures)
    assert open_checkpoint(both, KEY.verifier) == HEAD
    other = Checkpoint("example.org/log", 9, bytes(32)).signed(KEY)
    with pytest.raises(SignatureError) as caught:
        require_signed(Note(HEAD.text, other.signatures), KEY.verifier)
    assert caught.value.code == "signature_false"


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """Signed with the right key, under another origin."""
    with pytest.raises(SignatureError) as caught:
        open_checkpoint(Checkpoint("example.org/other", 8, bytes(32)).signed(KEY), KEY.verifier)
    assert caught.value.code == "log_other"


def test_a_cosignature_holds_time_and_text() -> None:
    """It verifies for its checkpoint and its witness alone."""
    line = HEAD.cosigned(WITNESS, 1_679_315_147).line
    given_line = read_signature(line.rstrip("\n"))
    assert verify_cosignature(HEAD, given_line, WITNESS.verifier) == 1_679_315_147
    other = SigningKey("example.org/witness", Algorithm.COSIGNATURE, bytes(32))
    for checkpoint, key in ((Checkpoint("example.org/log", 9, bytes(32)), WITNESS), (HEAD, other), (HEAD, KEY)):
        with pytest.raises(SignatureError):
            verify_cosignature(checkpoint, given_line, key.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+00000000+AAAA",
        KEY.verifier.text.replace("log", "lag"),
        KEY.verifier.text[:-1],
        KEY.verifier.text + "=",
        KEY.verifier.text.replace("+", " "),
        KEY.verifier.text.upper(),
    ],
)
def test_a_key_with_a_wrong_letter_is_refused(text: str) -> None:
    """Its id is a digest of all of it."""
    with pytest.raises(MalformedNoteError):
        VerifierKey.read(text)


def test_a_key_shows_nothing_and_needs_a_name_and_a_seed() -> None:
    """No space, no plus, 32 bytes."""
    assert repr(KEY) == "SigningKey()"
    for name, seed in (("", bytes(32)), ("a b", bytes(32)), ("a+b", bytes(32)), ("a", bytes(31))):
        with pytest.raises(MalformedNoteError):
            SigningKey(name, Algorithm.NOTE, seed)


def test_a_leaf_has_one_form() -> None:
    """Sorted, without blanks, in ASCII: what is hashed can be written again."""
    leaf = Leaf(day="2026-11-21", action="padding", by="hub", decision="padding", nonce="0" * 32)
    text = leaf.canonical()
    assert text.startswith('{"action":"padding","actor":"","by":"hub","count":0,"day":"2026-11-21"')
    assert Leaf.model_validate_json(text).canonical() == text
