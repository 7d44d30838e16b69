"""A person as one partner writes her down on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from benchmarks.data.worlds.births import DEVANAGARI_DIGITS, write_birth
from benchmarks.data.worlds.chance import Chance
from benchmarks.data.worlds.homes import homes
from benchmarks.data.worlds.names import name_pool
from benchmarks.data.worlds.noise import Noise
from benchmarks.data.worlds.partners import Partner
from benchmarks.data.worlds.people import NO_CITIZENSHIP, FullName, Villager
from benchmarks.data.worlds.spelling import devanagari_variant, mistyped, roman_variant, usual_roman

ROMAN, DEVANAGARI = "roman", "devanagari"
INVISIBLE, STRAY_SPACE = 0.07, 0.28  # of Devanagari cells in official lists
DEVANAGARI_NUMERALS = 0.6  # assumed: of records in Devanagari
ALIAS_TOLD = 0.3  # assumed: where a false name is given, the true one is known and noted as another name
CITIZENSHIP_AGE = 16
SEXES = {(ROMAN, "F"): "Female", (ROMAN, "M"): "Male", (DEVANAGARI, "F"): "महिला", (DEVANAGARI, "M"): "पुरुष"}


@dataclass(frozen=True, slots=True)
class Written:
    """Columns by attribute name, blank ones left out; the script; the precision of the birth."""

    columns: dict[str, str]
    script: str
    precision: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where and when a record is written; `is_first` when it is the person's first one."""

    partner: Partner
    on: date
    noise: Noise
    is_first: bool

    def is_distorted(self, probability: float, chance: Chance) -> bool:
        """Tell whether a distortion happens; never to a first record."""
        return not self.is_first and chance.happens(probability)


class Scribe:
    """Writes in one script, with that script's variants and slips."""

    def __init__(self, script: str, occasion: Occasion, chance: Chance) -> None:
        """Choose the script once for the whole record."""
        self.script = script
        self._occasion = occasion
        self._chance = chance
        self._has_own_digits = script == DEVANAGARI and chance.happens(DEVANAGARI_NUMERALS)

    def token(self, token: str) -> str:
        """Spell one word of a name; empty stays empty."""
        if not token:
            return ""
        chance, noise = self._chance, self._occasion.noise
        if self.script == ROMAN:
            is_variant = self._occasion.is_distorted(noise.roman_variant, chance)
            text = roman_variant(token, chance) if is_variant else usual_roman(token)
        else:
            is_variant = self._occasion.is_distorted(noise.devanagari_variant, chance)
            text = devanagari_variant(token, chance) if is_variant else token
        return mistyped(text, chance) if self._occasion.is_distorted(noise.typo, chance) else text

    def cell(self, words: Sequence[str]) -> str:
        """Join words to a cell, with the flaws that Devanagari cells have."""
        text = " ".join(filter(None, words))
        if self.script == DEVANAGARI and text:
            if self._chance.happens(INVISIBLE):
                text = text[:1] + "\u200d" + text[1:] if text[1:2] == "्" else text + "\u200c"
            if self._chance.happens(STRAY_SPACE):
                text = f" {text}" if self._chance.happens(0.5) else f"{text}  "
        return text

    def relative(self, name: FullName) -> str:
        """Write a parent or spouse."""
        if not self._occasion.partner.writes_whole_relatives:
            return self.cell([self.token(name.given)])
        return self.cell([self.token(word) for word in (name.given, name.middle, name.family)])

    def place(self, code: str) -> str:
        """Write a place by its official name."""
        names = homes().names[code]
        return names.roman if self.script == ROMAN else names.devanagari

    def digits(self, text: str) -> str:
        """Write digits in the script's own numerals, if the hand does."""
        return text.translate(DEVANAGARI_DIGITS) if self._has_own_digits else text


def write(person: Villager, occasion: Occasion, chance: Chance) -> Written:
    """Write a person down, with the habits and faults of the occasion."""
    script = ROMAN if chance.happens(occasion.partner.roman_share) else DEVANAGARI
    scribe = Scribe(script, occasion, chance)
    birth = write_birth(
        person.born, occasion.on, occasion.partner.birth, occasion.noise, chance, is_first=occasion.is_first
    )
    columns = {
        **_names(person, occasion, scribe, chance),
        **_relatives(person, occasion, scribe, chance),
        "sex": _sex(person, occasion, script, chance),
        **{name: scribe.digits(text) for name, text in birth.columns.items()},
        "recorded_on": occasion.on.isoformat(),
        **_place(person, occasion, scribe, chance),
        **_numbers(person, occasion, scribe, chance),
    }
    return Written({name: text for name, text in columns.items() if text}, script, birth.precision)


def _sex(person: Villager, occasion: Occasion, script: str, chance: Chance) -> str:
    """Write the sex; at times the other one is ticked."""
    if chance.happens(occasion.noise.sex_missing):
        return ""
    is_wrong = occasion.is_distorted(occasion.noise.sex_wrong, chance)
    return SEXES[script, person.sex if not is_wrong else "M" if person.sex == "F" else "F"]


def _names(person: Villager, occasion: Occasion, scribe: Scribe, chance: Chance) -> dict[str, str]:
    """Write given, middle and family name."""
    noise = occasion.noise
    given, middle = person.name.given, person.name.middle
    surnames = _surnames(person, occasion, chance)
    other = ""
    if occasion.is_distorted(noise.false_first_name, chance):
        other = scribe.cell([scribe.token(given)]) if chance.happens(ALIAS_TOLD) else ""
        given = name_pool().given(person.sex, person.community, chance)
    if occasion.is_distorted(noise.middle_dropped, chance):
        middle = ""
    if occasion.is_distorted(noise.surname_missing, chance):
        surnames = []
    first, second = scribe.token(given), scribe.token(middle)
    last = scribe.cell([scribe.token(word) for word in surnames])
    if second and occasion.is_distorted(noise.given_middle_joined, chance):
        first, second = first + second.lower(), ""
    if last and occasion.is_distorted(noise.order_swapped, chance):
        return {
            "given_name": last,
            "middle_name": "",
            "family_name": scribe.cell([first, second]),
            "other_names": other,
        }
    if occasion.partner.has_middle_column:
        return {"given_name": scribe.cell([first]), "middle_name": second, "family_name": last, "other_names": other}
    return {"given_name": scribe.cell([first, second]), "family_name": last, "other_names": other}


def _surnames(person: Villager, occasion: Occasion, chance: Chance) -> list[str]:
    """Choose the surname she gives this time."""
    noise, used = occasion.noise, person.name.family
    if person.married_surname and person.married_surname != person.natal_surname:
        if occasion.is_distorted(noise.both_surnames, chance):
            return [person.natal_surname, person.married_surname]
        if occasion.is_distorted(noise.other_surname, chance):
            return [person.natal_surname if used == person.married_surname else person.married_surname]
    aliases = name_pool().aliases.get(used, ())
    if aliases and occasion.is_distorted(noise.surname_to_alias, chance):
        return [chance.pick(aliases)]
    return [used]


def _relatives(person: Villager, occasion: Occasion, scribe: Scribe, chance: Chance) -> dict[str, str]:
    """Write parents and spouse, where the form has them."""
    noise = occasion.noise
    told = {
        "father_name": (person.father, noise.father_missing),
        "mother_name": (person.mother, noise.mother_missing),
        "spouse_name": (person.spouse, noise.spouse_missing),
    }
    return {
        column: scribe.relative(name)
        for column, (name, missing) in told.items()
        if name is not None and not chance.happens(missing)
    }


def _place(person: Villager, occasion: Occasion, scribe: Scribe, chance: Chance) -> dict[str, str]:
    """Write the address; at the wrong level, the unit stands for the district."""
    noise, home = occasion.noise, person.home
    if occasion.is_distorted(noise.moved, chance):
        community = name_pool().communities[person.community]
        home = homes().within(home.district, chance) if chance.happens(0.5) else homes().draw(community, chance)
    district, unit, ward = scribe.place(home.district), scribe.place(home.unit), scribe.digits(str(home.ward))
    if chance.happens(noise.unit_missing):
        unit = ""
    if chance.happens(noise.ward_missing):
        ward = ""
    if chance.happens(noise.district_missing):
        district = ""
    elif occasion.is_distorted(noise.district_wrong_level, chance):
        district, unit = scribe.place(home.unit), ""
    return {"district": district, "local_unit": unit, "ward": ward}


def _numbers(person: Villager, occasion: Occasion, scribe: Scribe, chance: Chance) -> dict[str, str]:
    """Write telephone and citizenship number."""
    noise = occasion.noise
    phone = person.phone
    if occasion.is_distorted(noise.phone_changed, chance):
        phone = f"97{chance.between(0, 8)}{chance.between(0, 9_999_999):07}"
    if chance.happens(noise.phone_missing):
        phone = ""
    is_minor = (occasion.on - person.born).days // 365 < CITIZENSHIP_AGE
    # Those without papers are part of the share that is missing.
    lost = max(0.0, noise.citizenship_missing - NO_CITIZENSHIP) / (1 - NO_CITIZENSHIP)
    citizenship = "" if is_minor or chance.happens(lost) else person.citizenship_no
    told = {"phone": phone, "citizenship_no": citizenship}
    return {name: scribe.digits(_slipped(number, occasion, chance)) for name, number in told.items()}


def _slipped(number: str, occasion: Occasion, chance: Chance) -> str:
    """Write one digit wrong at times, never of the office's part."""
    if not number or not occasion.is_distorted(occasion.noise.digit_wrong, chance):
        return number
    place = len(number) - chance.between(1, 5)
    return number[:place] + str((int(number[place]) + chance.between(1, 9)) % 10) + number[place + 1 :]
