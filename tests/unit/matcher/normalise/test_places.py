"""Places come out as codes of the official table, or as their text."""

import pytest

from matcher.errors import UnreadableFieldError
from matcher.normalise.gazetteer import place_key, suggest_places, units_of
from matcher.normalise.places import Address, read_any_place, read_district, read_local_unit, read_ward
from matcher.person import Place


@pytest.mark.parametrize(
    ("district", "unit", "code"),
    [
        ("Kathmandu", "", "27"),
        ("काठमाडौं", "", "27"),
        ("kathmandu district", "", "27"),
        ("Kavre", "", "24"),
        ("Sindhuplchok", "", "23"),
        ("Dang", "", "56"),
        ("Dhading", "", "30"),
        ("Sarlahi, Nepal", "", "19"),
        ("Nawalparasi", "", "nawalparasi"),
        ("Nawalparasi East", "", "nawalparasi"),
        ("रुकुम पश्चिम", "", "rukum"),
        ("", "Itahari-4", "06"),
        ("", "Melamchi VDC-5, Sindhupalchok", "23"),
        ("Bagmati", "Melamchi", "23"),
        ("मधुबनी", "", "in-madhubani"),
        ("ঢাকা", "", "bd-47"),
    ],
)
def test_a_district_has_one_code(district: str, unit: str, code: str) -> None:
    """In either script, with small slips, from the local unit if need be; split districts are one group."""
    assert [place.code for place in read_district(Address(district, unit))] == [code]


@pytest.mark.parametrize(
    ("district", "unit", "codes"),
    [
        ("Chitwan", "Kalika", ["33503"]),
        ("", "Kalika", ["32902", "33503", "66401"]),
        ("काठमाडौं", "काठमाडौं महानगरपालिका वडा नं ५", ["32706"]),
        ("Dhaka", "Savar", ["bd-47-365"]),
    ],
)
def test_a_local_unit_is_found_with_its_district(district: str, unit: str, codes: list[str]) -> None:
    """A name of several districts stays open unless the district is known."""
    assert [place.code for place in read_local_unit(Address(district, unit))] == codes


def test_an_unknown_place_keeps_its_text() -> None:
    """Two lists that say the same still agree."""
    assert read_district(Address("New Town!")) == (Place("", "new town"),)
    assert read_any_place("सानो गाउँ") == (Place("", "sano gau"),)


@pytest.mark.parametrize(("cell", "number"), [("5", "5"), ("०५", "5"), ("Ward No. 12", "12"), ("वडा नं ९", "9")])
def test_a_ward_is_a_number(cell: str, number: str) -> None:
    """However it is written."""
    assert read_ward(cell) == (Place(number, number),)


@pytest.mark.parametrize("cell", ["0", "34", "five", "5/6"])
def test_no_ward(cell: str) -> None:
    """There are at most 33."""
    with pytest.raises(UnreadableFieldError):
        read_ward(cell)


def test_a_zone_is_no_district() -> None:
    """It says too little, and is set aside with advice."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_district(Address("Narayani"))
    assert fault.value.code == "not_a_district"


def test_a_village_committee_gives_its_district_alone() -> None:
    """Its area is no longer a unit."""
    with pytest.raises(UnreadableFieldError) as fault:
        read_local_unit(Address("", "Melamchi VDC-5, Sindhupalchok"))
    assert fault.value.code == "old_local_unit"


def test_places_are_never_compared_by_sound() -> None:
    """Dang and Dhading have one phonetic key and two codes."""
    assert place_key("Dang") != place_key("Dhading")


def test_a_suggestion_is_the_official_name() -> None:
    """For the import report."""
    assert suggest_places("Kathmndu") == ("kathmandu",)
    assert suggest_places("qqqqq") == ()


def test_twenty_names_of_units_lie_in_several_districts() -> None:
    """They are told apart by district alone."""
    assert len({unit.district for unit in units_of("Kalika")}) == 3


def test_an_address_shows_nothing() -> None:
    """`repr` is safe to log."""
    assert "Kathmandu" not in repr(Address("Kathmandu", "x"))
