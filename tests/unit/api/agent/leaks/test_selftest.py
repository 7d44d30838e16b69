"""The leak self-test counts what would leave, and names no value."""

from api.agent.leaks.report import describe_leaks, leak_figures
from api.agent.leaks.selftest import measure_leaks
from matcher.encode.frequency import FrequencyModel
from matcher.normalise.record import normalise
from matcher.person import RawRecord
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
FREQUENCIES = FrequencyModel.shipped("nepal-1")
SABITRI = {
    "given_name": "Sabitri",
    "family_name": "Mijar",
    "father_name": "Karna Bahadur Mijar",
    "birth_date": "1997-09-09",
    "district": "Sindhupalchok",
    "phone": "9841770215",
}
SITA = {"given_name": "Sita", "family_name": "Tamang", "sex": "female"}


def measured(*rows: dict[str, str]):
    """Measure a file with these rows."""
    persons = [normalise(RawRecord(f"case-{number}", row), SCHEMA) for number, row in enumerate(rows)]
    return measure_leaks(persons, SCHEMA, FREQUENCIES)


def test_a_person_alone_shares_no_code():
    """One rich record: all entries are lone."""
    found = measured(SABITRI)
    assert found.entries > 0
    assert found.multiplicity == {1: found.entries}
    assert (found.sharing, found.silent) == (0, 0)


def test_a_case_filed_twice_shares_codes():
    """The same cells twice: every code stands twice."""
    found = measured(SABITRI, SABITRI)
    assert found.multiplicity == {2: found.entries}
    assert found.sharing == 2


def test_a_silent_case_is_counted_with_what_would_help():
    """A common name alone sends nothing; a telephone would help her."""
    found = measured(SITA, SABITRI)
    assert found.silent == 1
    assert found.helped_by["phone"] == 1
    assert found.entries_of_case[0] == 1


def test_help_is_counted_only_where_it_is_enough():
    """Where everybody has only a common name and a sex, there is no usual value that could help."""
    assert measured(SITA, SITA).helped_by == {}


def test_identifiers_are_singular():
    """A citizenship number is nobody else's; a district is many people's."""
    found = measured({**SABITRI, "citizenship_no": "40-01-69-83267"})
    assert found.singular["citizenship_no"] == 1
    assert "district" not in found.singular
    assert found.by_two == 1


def test_the_report_names_no_value():
    """Words and counts only, in the text and in JSON."""
    found = measured(SABITRI, SITA)
    told = describe_leaks(found).lower() + str(leak_figures(found)).lower()
    cells = [*SABITRI.values(), *SITA.values()]
    words = {word for cell in cells for word in cell.lower().split() if len(word) > 3} - {"female"}
    assert not [word for word in words if word in told]


def test_an_empty_file_is_no_error():
    """Nothing in it, nothing told."""
    found = measured()
    assert (found.cases, found.entries, found.silent) == (0, 0, 0)
    assert "0 of 0 cases" in describe_leaks(found)
