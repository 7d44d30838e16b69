"""Bytes to text: encodings are told apart, or refused with advice."""

import pytest

from api.agent.errors import SourceError
from api.agent.sources.text import decode

LINE = "case_ref,given_name\n1,सीता\n"


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (LINE.encode("utf-8"), "utf-8", LINE),
        (LINE.encode("utf-8-sig"), "utf-8", LINE),
        (LINE.encode("utf-16"), "utf-16", LINE),
        (LINE.encode("utf-16-le"), "utf-16", LINE),
        (LINE.encode("utf-16-be"), "utf-16", LINE),
        ("a,b\n1,Zoë “x”\n".encode("cp1252"), "windows-1252", "a,b\n1,Zoë “x”\n"),
    ],
)
def test_encodings_are_told_apart(data: bytes, encoding: str, text: str) -> None:
    """Each way Excel saves text is read as it was meant."""
    decoded = decode(data)
    assert (decoded.encoding, decoded.text) == (encoding, text)


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        (b"", "empty_file", "file"),
        (b" \n\r\n", "empty_file", "file"),
        (b"PK\x03\x04rest", "not_text", "file"),
        (b"a,b\n1,\x00\x01\x02\n", "not_text", "file"),
        (LINE.encode()[:-3] + b"\n", "broken_utf8", "line 2"),
        (b"a,b\n1,\x81\x8d\n", "unknown_encoding", "file"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: str, where: str) -> None:
    """A file that cannot be read whole is refused, with the place and without its contents."""
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert (caught.value.code, caught.value.where) == (code, where)
