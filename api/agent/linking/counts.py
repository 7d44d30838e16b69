"""A frequency model from a list's own aggregate counts; on the partner's premises."""

from collections import Counter
from collections.abc import Iterable, Mapping

from matcher.encode.frequency import FrequencyModel
from matcher.encode.readings import part_value
from matcher.person import Person
from matcher.schema import LinkageSchema

BASIS = "Counts of the lists that were linked; values seen fewer than three times are not listed."
UNSEEN_PEOPLE = 20  # or the two rows of a list of two would make every value everybody's, and nothing rare


def own_frequencies(persons: Iterable[Person], schema: LinkageSchema) -> FrequencyModel:
    """
    Count each person's first readings by part of the schema's gate.

    Args:
        persons: of all lists that will be linked.
        schema: names the parts; a part that no person has gets the share of something never seen.
    """
    return frequencies_of(own_counts(persons, schema), schema)


def frequencies_of(counts: Mapping[str, Counter[str]], schema: LinkageSchema) -> FrequencyModel:
    """Make the model of counts that `own_counts` gave, of all lists together."""
    told = {part: values or Counter({"": 1}) for part, values in counts.items()}
    return FrequencyModel.from_counts(schema.gate.frequency_model, BASIS, told, UNSEEN_PEOPLE)


def own_counts(persons: Iterable[Person], schema: LinkageSchema) -> dict[str, Counter[str]]:
    """
    Count how many persons carry each value of each part of the schema's gate, by their first readings.

    Args:
        persons: of all lists that are counted.
        schema: names the parts; a part that no person has is there without values.
    """
    counts: dict[str, Counter[str]] = {part.name: Counter() for part in schema.gate.parts}
    for person in persons:
        for part in schema.gate.parts:
            readings = person.readings.get(part.field)
            value = part_value(part, readings[0]) if readings else ""
            if value:
                counts[part.name][value] += 1
    return counts
