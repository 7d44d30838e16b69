"""
Which column is which attribute: by name, by known synonyms, by the partner's word; on the partner's premises.

A likely but uncertain column is only ever suggested: a father's name read as the person's own would make a stranger
of them. Headers are matched without case, spaces, punctuation or Kobo's group prefix.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from api.agent.errors import SourceError
from matcher.schema import LinkageSchema

CASE_REF = "case_ref"
CASE_COLUMNS = (
    "recorded_on",
    "location_protected",
    "encounter_quarter",
    "encounter_kind",
    "encounter_status",
    "exit_quarter",
    "consent_given_by",
    "consent_basis",
    "consent_withheld_from",
    "consent_expires_on",
)
IGNORED = "-"  # as in `--map remarks=-`: a column that is left out on purpose
SUGGESTION_FLOOR = 80.0  # rapidfuzz ratio, 0 to 100: a slip or two in a word, not another word

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    CASE_REF: ("case_id", "case_no", "case_number", "case_reference", "record_id", "rec_id", "id", "uuid", "मुद्दा नं"),
    "given_name": ("first_name", "forename", "fname", "name_first", "given", "नाम", "पहिलो नाम"),
    "middle_name": ("name_middle", "second_name", "mname", "बीचको नाम"),
    "family_name": ("last_name", "surname", "lname", "name_last", "family", "थर"),
    "natal_family_name": ("maiden_name", "natal_surname", "birth_surname", "maiti_surname", "माइती थर"),
    "marital_family_name": ("married_surname", "marital_surname", "surname_after_marriage", "घरको थर"),
    "other_names": ("alias", "aliases", "nickname", "name_nickname", "name_other", "also_known_as", "अन्य नाम", "उपनाम"),
    "father_name": ("fathers_name", "father", "name_of_father", "बाबुको नाम", "बुबाको नाम"),
    "mother_name": ("mothers_name", "mother", "name_of_mother", "आमाको नाम"),
    "spouse_name": ("spouse", "husband_name", "husbands_name", "wife_name", "पति पत्नीको नाम", "श्रीमानको नाम"),
    "sex": ("gender", "लिङ्ग"),
    "birth_date": ("date_of_birth", "dob", "birthdate", "जन्म मिति"),
    "birth_year": ("year_of_birth", "yob", "जन्म वर्ष"),
    "age": ("age_years", "age_in_years", "उमेर"),
    "recorded_on": ("registration_date", "date_recorded", "interview_date", "intake_date", "दर्ता मिति"),
    "province": ("state", "pradesh", "प्रदेश"),
    "district": ("home_district", "permanent_district", "जिल्ला"),
    "local_unit": (
        "municipality",
        "palika",
        "local_level",
        "rural_municipality",
        "गाउँपालिका",
        "नगरपालिका",
        "स्थानीय तह",
    ),
    "ward": ("ward_no", "ward_number", "वडा", "वडा नं"),
    "phone": ("phone_number", "mobile", "mobile_number", "telephone", "contact_number", "फोन", "मोबाइल"),
    "citizenship_no": ("citizenship_number", "citizenship", "citizenship_certificate_no", "नागरिकता नं"),
    "passport_no": ("passport", "passport_number", "राहदानी नं"),
    "national_id": (
        "nid",
        "national_id_no",
        "national_id_number",
        "nin",
        "aadhaar",
        "aadhaar_no",
        "aadhaar_number",
        "aadhaar_card_no",
        "aadhar",
        "aadhar_no",
        "aadhar_number",
        "aadhar_card_no",
        "राष्ट्रिय परिचयपत्र नं",
        "आधार नं",
    ),
    "location_protected": ("location_secret", "address_protected", "confidential_location"),
    "consent_given_by": ("consent", "consent_by"),
    "consent_basis": ("lawful_basis", "legal_basis"),
    "consent_withheld_from": ("withheld_from", "do_not_share_with"),
    "consent_expires_on": ("consent_expires", "consent_until", "consent_expiry"),
}
# Known headers that only the partner can place: a register of births begins anew in every ward and year, so that its
# bare numbers name nobody; written with office and year one does, and it is often the only paper a child has.
PARTNERS_CHOICE: Mapping[str, tuple[str, ...]] = {
    "national_id": (
        "birth_registration",
        "birth_registration_no",
        "birth_registration_number",
        "birth_certificate_no",
        "birth_certificate_number",
        "जन्म दर्ता नं",
        "जन्मदर्ता नं",
    ),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column that may be an attribute; the partner decides."""

    header: str = field(repr=False)
    attribute: str


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """
    What each column of a file is.

    Attributes:
        attributes: per column in order, an attribute of the schema, `case_ref`, a case column, or empty when unused.
        unused: headers of columns nobody claimed.
        suggestions: unused columns that resemble an attribute nothing else fills.
    """

    attributes: tuple[str, ...]
    unused: tuple[str, ...] = field(repr=False)
    suggestions: tuple[Suggestion, ...]


def known_columns(schema: LinkageSchema) -> frozenset[str]:
    """Return every attribute and case column that a file may fill."""
    return frozenset({CASE_REF, *CASE_COLUMNS, *schema.attributes})


def parse_map(pairs: Iterable[str], schema: LinkageSchema) -> dict[str, str]:
    """
    Read what the partner said of columns, such as `First name=given_name`; `=-` leaves a column out.

    Raises:
        SourceError: one is not written so, or names no attribute of the schema.
    """
    told: dict[str, str] = {}
    for position, pair in enumerate(pairs, start=1):
        header, equals, attribute = pair.rpartition("=")
        if not equals or (attribute != IGNORED and attribute not in known_columns(schema)):
            advice = f"Write COLUMN=ATTRIBUTE. Attributes: {', '.join(sorted(known_columns(schema)))}."
            raise SourceError(
                "not a known attribute", code="unknown_attribute", where=f"--map {position}", advice=advice
            )
        told[_fold(header)] = attribute
    return told


def map_columns(header: Sequence[str], told: Mapping[str, str], schema: LinkageSchema) -> ColumnMap:
    """
    Decide what each column is.

    Args:
        header: the file's header.
        told: attribute by folded header, as `parse_map` returns; it wins over everything.
        schema: whose attributes may be filled.

    Raises:
        SourceError: no column is known (no header, it seems), none holds the case reference, two fill one attribute,
            or `told` names a column that is not there.
    """
    folded = fold_headers(header)
    if set(told) - set(folded):
        advice = "Headers are compared without case, spaces and punctuation; see the file's first row."
        raise SourceError("the file has no such column", code="unknown_column", where="--map or --id", advice=advice)
    attributes = _assign(folded, told, schema)
    if not any(each in schema.attributes for each in attributes):
        advice = "Name the columns in the first row, or say which is which: --map COLUMN=ATTRIBUTE."
        raise SourceError("no column has a known name", code="no_header", where="row 1", advice=advice)
    if CASE_REF not in attributes:
        advice = "Add a column case_ref with your own case number, or name yours with --id COLUMN."
        raise SourceError("no column holds the case reference", code="no_case_ref", where="row 1", advice=advice)
    unused = [name for name, each in zip(header, attributes, strict=True) if not each and name]
    missing = sorted(known_columns(schema) - set(attributes))
    return ColumnMap(
        attributes=tuple("" if each == IGNORED else each for each in attributes),
        unused=tuple(unused),
        suggestions=tuple(_suggest(unused, missing)),
    )


def fold_headers(header: Sequence[str]) -> tuple[str, ...]:
    """Return a header as it is compared, so that a file with the same columns is known again."""
    return tuple(_fold(name) for name in header)


def _fold(name: str) -> str:
    """Fold a header: last part of a Kobo path, lower case, words joined by `_`; other scripts keep their marks."""
    last = unicodedata.normalize("NFC", name).rsplit("/", maxsplit=1)[-1].casefold()
    bare = re.sub("['.\u2019\u200b-\u200f\ufeff]", "", last)
    return re.sub(r"[\s_-]+" if not bare.isascii() else r"[^a-z0-9]+", "_", bare).strip("_")


def _assign(folded: Sequence[str], told: Mapping[str, str], schema: LinkageSchema) -> list[str]:
    """Give each column its attribute: the partner's word first, then exact names, then synonyms."""
    known = known_columns(schema)
    synonyms = {word: attribute for word, attribute in _synonyms() if attribute in known}
    attributes = [told.get(name, "") for name in folded]
    for names in ({_fold(attribute): attribute for attribute in known}, synonyms):
        filled = set(attributes)
        found = [each or names.get(name, "") for each, name in zip(attributes, folded, strict=True)]
        attributes = [
            each if before or each not in filled else "" for before, each in zip(attributes, found, strict=True)
        ]
    _refuse_doubles(attributes)
    return attributes


def _refuse_doubles(attributes: Sequence[str]) -> None:
    """Refuse two columns for one attribute: only the partner can say which is right."""
    seen: dict[str, int] = {}
    for position, attribute in enumerate(attributes, start=1):
        if attribute in seen:
            advice = (
                f"Columns {seen[attribute]} and {position} both are {attribute}; leave one out with --map COLUMN=-."
            )
            where = f"row 1, column {position}"
            raise SourceError("a second column for one attribute", code="doubled_attribute", where=where, advice=advice)
        if attribute not in ("", IGNORED):
            seen[attribute] = position


def _suggest(unused: Sequence[str], missing: Sequence[str]) -> list[Suggestion]:
    """Suggest attributes that nothing fills for columns with a similar name."""
    words = {_fold(name): name for name in missing}
    words |= {word: name for word, name in (*_synonyms(), *_folded(PARTNERS_CHOICE)) if name in missing}
    suggestions: list[Suggestion] = []
    for name in unused:
        found = process.extractOne(_fold(name), list(words), scorer=fuzz.ratio, score_cutoff=SUGGESTION_FLOOR)
        if found is not None:
            suggestions.append(Suggestion(name, words[found[0]]))
    return suggestions


def _synonyms() -> list[tuple[str, str]]:
    """Return every folded synonym with its attribute."""
    return _folded(SYNONYMS)


def _folded(table: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the folded words of a table, each with its attribute."""
    return [(_fold(word), attribute) for attribute, words in table.items() for word in words]
