"""Places come out as codes of the official table, or as their text."""

import pytest

from matcher.errors import UnreadableFieldError
from matcher.normalise.gazetteer import place_key, suggest_districts, suggest_units, units_of
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
    assert suggest_districts("Kathmndu") == ("Kathmandu",)
    assert suggest_districts("qqqqq") == ()
    assert suggest_units("Melamshi") == ("Melamchi",)


def test_a_unit_of_the_known_district_alone_is_suggested() -> None:
    """Another district's unit would mislead."""
    assert suggest_units("Melamshi", "23") == ("Melamchi",)
    assert suggest_units("Melamshi", "27") == ()


USUAL_SPELLINGS = """
05 Moranga Morang मोरङ्ग | 06 Sunsary Sunsari सुनसरी | 08 Tehrathum Terathum तेर्हथुम | 09 Sankhuwasava संखुवासभा
11 Solukhumbu Solu सोलुखुम्वु | 12 Okhaldhungha Okhaldhunga ओखलढुंगा | 14 Udaypur Udaipur उदयपुर
15 Saptary सप्तरी | 17 Dhanusa Dhanusaa धनुसा | 18 Mahotari Mohattari महोत्तरी | 32 Rautehat Rauthat रौतहट
20 Sindhully सिन्धुली | 22 Dolkha Dolakhaa दोलखा
23 Sindhupalchowk Sindhupalchauk Sindupalchok Sindhupalchwok सिन्धुपाल्चोक
24 Kavre Kabhre Kabhrepalanchok Kavreplanchok Kavrepalanchoke काभ्रे काभ्रेपलान्चोक | 25 Lalitpure ललितपुर
26 Bhaktpur भक्तपुर | 27 Katmandu Kathamandu KTM काठमाडौँ काठमांडू | 30 Dadhing धादिङ | 31 Makwanpur Makwonpur मकवानपुर
35 Chitawan Chitwan चितवान | 38 Tanahu Tanahun Tanhu तनहुँ | 39 Syangza Syanja स्यांजा | 43 Myagdee म्याग्दि
49 Rupendehi रूपन्देही | 50 Kapilvastu Kapilbastu कपिलबस्तु | 51 Argakhachi Arghakhachi अर्घाखाची | 52 Piuthan प्युठान
53 Rolppa रोल्पा | 56 Dang-Deukhuri दाङ्ग दांग | 57 Bankey बाँके | 59 Surket सुर्खेत | 64 Kalikott कालिकोट
68 Bajang बझाङ | 69 Acham अछाम | 71 Kailai कैलाली | 72 Kanchanpoor कन्चनपुर | 73 Dandeldhura Dedeldhura डडेलधुरा
nawalparasi Parasi Nawalpur Nawalparasi-West | rukum Rukum-East
"""


def test_usual_spellings_of_a_district_give_its_code() -> None:
    """As casework writes them, in both scripts."""
    for row in USUAL_SPELLINGS.replace("\n", "|").split("|"):
        code, *spellings = row.split() or [""]
        found = {spelling: read_district(Address(spelling))[0].code for spelling in spellings}
        assert found == dict.fromkeys(spellings, code)


@pytest.mark.parametrize("text", ["Banka", "Kolkata", "Dhad", "Bhojpuri Tole"])
def test_a_likeness_is_not_forgiven_where_another_place_may_be_meant(text: str) -> None:
    """Banka is no Banke, Kolkata no Kalikot."""
    codes = {place.code for place in read_district(Address(text))}
    assert not codes & {"57", "64", "30", "10"}


@pytest.mark.parametrize(
    ("district", "unit", "codes"),
    [
        ("Somewhere", "Melamchi", ["23"]),
        ("Somewhere", "Kalika", ["29", "35", "64"]),
        ("Kalika", "Bharatpur", ["35"]),
        ("Somewhere", "Nowhere", [""]),
    ],
)
def test_an_unknown_district_follows_from_the_local_unit(district: str, unit: str, codes: list[str]) -> None:
    """And a unit in the district column from both; where neither is known, the text stays."""
    assert sorted(place.code for place in read_district(Address(district, unit))) == sorted(codes)


def test_twenty_names_of_units_lie_in_several_districts() -> None:
    """They are told apart by district alone."""
    assert len({unit.district for unit in units_of("Kalika")}) == 3


def test_an_address_shows_nothing() -> None:
    """`repr` is safe to log."""
    assert "Kathmandu" not in repr(Address("Kathmandu", "x"))
