"""Columns to attributes: exact names, synonyms, the partner's word; the rest is only suggested."""

import pytest

from api.agent.errors import SourceError
from api.agent.sources.columns import Suggestion, fold_headers, map_columns, parse_map
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")


@pytest.mark.parametrize(
    ("header", "attribute"),
    [
        ("given_name", "given_name"),
        ("Given Name", "given_name"),
        ("FIRST-NAME", "given_name"),
        ("Father's name", "father_name"),
        ("group_a/date_of_birth", "birth_date"),
        ("बाबुको नाम", "father_name"),
        ("Ward No.", "ward"),
        ("Maiden name", "natal_family_name"),
        ("Surname after marriage", "marital_family_name"),
        ("Recorded on", "recorded_on"),
        ("Aadhaar No.", "national_id"),
        ("Aadhar Number", "national_id"),
        ("आधार नं", "national_id"),
    ],
)
def test_a_header_is_known_by_name_or_synonym(header: str, attribute: str) -> None:
    """Case, punctuation, Kobo's groups and common words make no difference."""
    assert map_columns(("case_ref", "sex", header), {}, SCHEMA).attributes == ("case_ref", "sex", attribute)


@pytest.mark.parametrize("header", ["Birth Registration No.", "Birth certificate number", "जन्म दर्ता नं."])
def test_a_birth_registration_is_the_partners_to_place(header: str) -> None:
    """A bare number of a ward's register is many children's; a whole one may stand for a national id."""
    columns = map_columns(("case_ref", "given_name", header), {}, SCHEMA)
    assert columns.attributes[-1] == ""
    assert columns.suggestions == (Suggestion(header, "national_id"),)
    told = map_columns(("case_ref", "given_name", header), parse_map([f"{header}=national_id"], SCHEMA), SCHEMA)
    assert told.attributes[-1] == "national_id"


def test_nothing_is_suggested_for_an_attribute_that_is_filled() -> None:
    """Two numbers of unlike registers do not go into one column."""
    columns = map_columns(("case_ref", "Aadhaar", "Birth registration no"), {}, SCHEMA)
    assert columns.attributes == ("case_ref", "national_id", "")
    assert columns.suggestions == ()


def test_an_exact_name_wins_over_a_synonym() -> None:
    """A second column that could be the same attribute is left out when one has its very name."""
    columns = map_columns(("id", "case_ref", "first_name", "given_name"), {}, SCHEMA)
    assert columns.attributes == ("", "case_ref", "", "given_name")


@pytest.mark.parametrize("header", ["Husband's surname", "Married name", "Marital status"])
def test_what_may_not_be_her_own_surname_is_not_taken_for_one(header: str) -> None:
    """Many women keep their natal surname; a married name may be a whole name."""
    assert map_columns(("case_ref", "given_name", header), {}, SCHEMA).unused == (header,)


def test_two_synonyms_of_one_attribute_are_refused() -> None:
    """Only the partner can say which of two columns is right."""
    with pytest.raises(SourceError) as caught:
        map_columns(("case_ref", "surname", "last_name"), {}, SCHEMA)
    assert caught.value.code == "doubled_attribute"


def test_the_partners_word_wins() -> None:
    """`--map` overrides names, fills strange columns and leaves columns out."""
    told = parse_map(["remarks=given_name", "given_name=-"], SCHEMA)
    columns = map_columns(("case_ref", "given_name", "Remarks", "sex"), told, SCHEMA)
    assert columns.attributes == ("case_ref", "", "given_name", "sex")


def test_a_likely_column_is_only_suggested() -> None:
    """A header with a slip of the pen is left unused until the partner agrees."""
    columns = map_columns(("case_ref", "given_name", "fathr_name", "remarks"), {}, SCHEMA)
    assert columns.attributes[2:] == ("", "")
    assert columns.suggestions == (Suggestion("fathr_name", "father_name"),)


@pytest.mark.parametrize(
    ("header", "code"),
    [(("1", "Sita", "Tamang"), "no_header"), (("given_name", "sex"), "no_case_ref")],
)
def test_unusable_headers_are_refused(header: tuple[str, ...], code: str) -> None:
    """A file without a header, or without the case reference, is refused."""
    with pytest.raises(SourceError) as caught:
        map_columns(header, {}, SCHEMA)
    assert caught.value.code == code
    assert "Sita" not in str(caught.value) + caught.value.advice


def test_unknown_words_of_map_are_refused() -> None:
    """An attribute the schema lacks, and a column the file lacks, are refused."""
    with pytest.raises(SourceError, match="--map 1"):
        parse_map(["x=shoe_size"], SCHEMA)
    with pytest.raises(SourceError) as caught:
        map_columns(("case_ref", "given_name"), {"absent": "sex"}, SCHEMA)
    assert caught.value.code == "unknown_column"


def test_headers_are_known_again_however_they_are_typed() -> None:
    """The saved mapping is found by the folded header."""
    assert fold_headers(("Case No", "First-Name")) == fold_headers(("case no", " first name "))
