"""What a partner can do about a cell that was set aside, by code of the fault; partner's side only."""

from collections.abc import Mapping

ADVICE: Mapping[str, str] = {
    "after_recorded": "Check the year and the calendar: it lies after the day the row was recorded.",
    "age_without_day": "Fill in recorded_on, so that the age can be turned into a birth year.",
    "calendar_out_of_range": "The calendar tables cover BS 1975 to 2083; check the year.",
    "digits_in_name": "Digits are left out of names; check for a shifted column.",
    "filled_in": "Leave the cell blank when the number is not known.",
    "legacy_font": "Convert the column from Preeti or its like to Unicode, then import it again.",
    "mixed_scripts": "Write each word in one script.",
    "no_digits": "An identifier holds at least one digit.",
    "no_letters": "Write the name in letters.",
    "no_such_day": "The calendar has no such day or month; check it: only the rest of the date is used.",
    "not_a_district": "Give the district; a province or zone alone is not used.",
    "old_local_unit": "The village committee was dissolved in 2017; its district is used, the present unit would help.",
    "relation_in_name": "What follows s/o, d/o or w/o is left out; give relatives in their own columns.",
    "too_long": "The cell holds more than one value; check for a shifted column.",
    "too_many_names": "More other names than can be used; keep the ones most used.",
    "too_many_words": "The cell holds more than one name; check for a shifted column.",
    "unknown_sex": "Write female, male or other.",
    "unreadable_age": "Write the age in whole years.",
    "unreadable_date": "Write year-month-day, and the calendar if it may be doubted.",
    "unreadable_phone": "Write the number with its country code.",
    "unreadable_ward": "Write the ward's number, 1 to 33.",
    "unsupported_script": "Write the name in Devanagari, Bengali or Latin letters.",
}


def advice_on(code: str) -> str:
    """Return the advice for a fault's code; empty when there is none to give."""
    return ADVICE.get(code, "")
