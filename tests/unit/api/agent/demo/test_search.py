"""The search of the hub's files, against its slow and obvious twin."""

from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from api.agent.demo.search import LEAST_BYTES, occurring, search

FORMS = st.lists(st.binary(min_size=LEAST_BYTES, max_size=12), max_size=5)


@given(st.binary(max_size=200), FORMS, st.integers(0, 200))
def test_one_pass_finds_what_many_would(data: bytes, forms: list[bytes], at: int) -> None:
    """The quick search agrees with `in`, also where a form was put into the data."""
    planted = data[:at] + b"".join(forms[:1]) + data[at:]
    assert occurring(planted, forms) == {form for form in forms if form in planted}


def test_a_form_across_two_chunks_is_found() -> None:
    """Nothing is missed where one pass ends and the next begins."""
    noise = Random(3).randbytes(2**20 - 5)  # noqa: S311 - fills a file
    assert occurring(noise + b"sabitri mijar", [b"sabitri mijar", b"absent"]) == {b"sabitri mijar"}


def test_every_encoding_and_case_is_searched(tmp_path: Path) -> None:
    """A name in UTF-16 or in capitals does not escape."""
    (tmp_path / "a").write_bytes(b"xxSABITRIxx")
    (tmp_path / "b").write_bytes("..सावित्री..".encode("utf-16-le"))
    found = search(tmp_path, ["Sabitri", "सावित्री", "Kamala"])
    assert (found.wanted, found.found, found.files) == (3, ("Sabitri", "सावित्री"), 2)
