"""The linkage secret is random, checked, stretched from a passphrase, and never shown."""

import pickle

import pytest
from argon2.low_level import Type, hash_secret_raw

from matcher.encode.secret import LinkageSecret
from matcher.errors import SecretError

SALT = bytes(range(16))


def test_two_new_secrets_differ() -> None:
    """The secret comes from the operating system's random source."""
    assert LinkageSecret.generate().to_text() != LinkageSecret.generate().to_text()


def test_the_text_form_gives_the_same_secret() -> None:
    """What was written can be read."""
    secret = LinkageSecret.generate()
    assert LinkageSecret.from_text(secret.to_text()).derive("use") == secret.derive("use")


@pytest.mark.parametrize(
    "spoil",
    [lambda t: t[:-3], lambda t: t.replace("-", ""), lambda t: "x" + t, lambda _: ""],
    ids=["cut", "no check", "before", "empty"],
)
def test_a_damaged_text_is_refused_without_being_shown(spoil) -> None:
    """The error carries nothing of the file."""
    text = LinkageSecret.generate().to_text()
    with pytest.raises(SecretError) as caught:
        LinkageSecret.from_text(spoil(text))
    assert text.split("\n")[1][:8] not in str(caught.value)


def test_a_slip_of_the_pen_is_noticed() -> None:
    """One changed digit no longer fits the check."""
    header, line, *_ = LinkageSecret(bytes(range(32))).to_text().split("\n")
    with pytest.raises(SecretError, match="changed"):
        LinkageSecret.from_text(f"{header}\n{'1' + line[1:]}\n")


@pytest.mark.parametrize("data", [b"", bytes(31), bytes(33), bytes(32)])
def test_what_is_not_32_random_bytes_is_no_secret(data: bytes) -> None:
    """Short, long and constant bytes are refused."""
    with pytest.raises(SecretError):
        LinkageSecret(data)


def test_a_passphrase_gives_one_secret_per_project() -> None:
    """Equal after NFKC is equal; another salt is another secret."""
    first = LinkageSecret.from_passphrase("four random words here é", SALT).derive("use")
    same = LinkageSecret.from_passphrase("four random words here e\u0301", SALT).derive("use")
    other = LinkageSecret.from_passphrase("four random words here é", bytes(16)).derive("use")
    assert first == same != other


def test_a_passphrase_gives_the_known_answer() -> None:
    """Argon2id, version 1.3, t=3, m=64 MiB, p=4, 32 bytes: checked with argon2-cffi's own low-level call."""
    raw = hash_secret_raw(b"correct horse battery staple", SALT, 3, 65_536, 4, 32, Type.ID)
    secret = LinkageSecret.from_passphrase("correct horse battery staple", SALT)
    assert secret.to_text() == LinkageSecret(raw).to_text()


@pytest.mark.parametrize(("passphrase", "salt"), [("short", SALT), ("long enough passphrase", bytes(8))])
def test_a_short_passphrase_or_salt_is_refused(passphrase: str, salt: bytes) -> None:
    """There is no weak setting."""
    with pytest.raises(SecretError):
        LinkageSecret.from_passphrase(passphrase, salt)


def test_each_use_and_context_has_its_own_key() -> None:
    """No two uses can be played against each other."""
    secret = LinkageSecret.generate()
    keys = {secret.derive("a"), secret.derive("b"), secret.derive("a", b"1"), secret.derive("a", b"2")}
    assert len(keys) == 4


def test_it_is_neither_shown_nor_pickled() -> None:
    """A log line or a queue would otherwise hold it."""
    secret = LinkageSecret(bytes(range(32)))
    assert "0102" not in repr(secret)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
