"""
How often each fault happens to a record: a careful office (L), and oral intake across a border (H).

*Distortions* happen to every record of a person after the first, so that the rate between two records of a person is
the one written here. *Gaps* happen to every record, the first included: a form that does not ask never asks.
"""

from dataclasses import dataclass
from typing import Literal

Level = Literal["L", "H"]


@dataclass(frozen=True, slots=True)
class Noise:
    """
    Probabilities in [0, 1]; those under *assumed* are not measured on anything.

    Attributes:
        roman_variant: per name token in Latin letters; `devanagari_variant` and `typo` likewise.
        age_off_by_one: of a birth date, birth year or age; `age_off_by_two` likewise.
        minor_made_adult: of people under 18.
        both_surnames: of married women, natal and husband's.
        citizenship_missing: of people over 16; nobody under 16 has any.
        moved: she lives elsewhere by then, half of the time in the same district.
        digit_wrong: of telephone and citizenship numbers.
    """

    roman_variant: float
    devanagari_variant: float
    typo: float
    middle_dropped: float
    given_middle_joined: float
    surname_to_alias: float
    other_surname: float
    both_surnames: float
    surname_missing: float
    false_first_name: float
    order_swapped: float
    age_off_by_one: float
    age_off_by_two: float
    day_month_swapped: float
    bikram_as_gregorian: float
    minor_made_adult: float
    phone_changed: float
    birth_missing: float
    birth_partial: float
    district_missing: float
    district_wrong_level: float
    ward_missing: float
    father_missing: float
    citizenship_missing: float
    phone_missing: float
    # assumed: what the table of measured rates does not name
    mother_missing: float
    spouse_missing: float
    unit_missing: float
    sex_missing: float
    sex_wrong: float
    moved: float
    digit_wrong: float
    exit_unrecorded: float


CAREFUL = Noise(
    roman_variant=0.06,
    devanagari_variant=0.03,
    typo=0.02,
    middle_dropped=0.05,
    given_middle_joined=0.03,
    surname_to_alias=0.02,
    other_surname=0.10,
    both_surnames=0.13,
    surname_missing=0.03,
    false_first_name=0.0,
    order_swapped=0.01,
    age_off_by_one=0.10,
    age_off_by_two=0.03,
    day_month_swapped=0.01,
    bikram_as_gregorian=0.005,
    minor_made_adult=0.0,
    phone_changed=0.3,
    birth_missing=0.02,
    birth_partial=0.10,
    district_missing=0.02,
    district_wrong_level=0.03,
    ward_missing=0.2,
    father_missing=0.02,
    citizenship_missing=0.25,
    phone_missing=0.3,
    mother_missing=0.10,
    spouse_missing=0.2,
    unit_missing=0.10,
    sex_missing=0.0,
    sex_wrong=0.002,
    moved=0.05,
    digit_wrong=0.01,
    exit_unrecorded=0.1,
)
ORAL = Noise(
    roman_variant=0.20,
    devanagari_variant=0.30,
    typo=0.05,
    middle_dropped=0.30,
    given_middle_joined=0.06,
    surname_to_alias=0.10,
    other_surname=0.40,
    both_surnames=0.13,
    surname_missing=0.15,
    false_first_name=0.075,
    order_swapped=0.05,
    age_off_by_one=0.25,
    age_off_by_two=0.12,
    day_month_swapped=0.03,
    bikram_as_gregorian=0.03,
    minor_made_adult=0.05,
    phone_changed=0.5,
    birth_missing=0.15,
    birth_partial=0.55,
    district_missing=0.10,
    district_wrong_level=0.15,
    ward_missing=0.6,
    father_missing=0.30,
    citizenship_missing=0.6,
    phone_missing=0.6,
    mother_missing=0.5,
    spouse_missing=0.5,
    unit_missing=0.3,
    sex_missing=0.03,
    sex_wrong=0.01,
    moved=0.15,
    digit_wrong=0.03,
    exit_unrecorded=0.3,
)
LEVELS: dict[Level, Noise] = {"L": CAREFUL, "H": ORAL}
