"""Cases of a partner's own file that are probably one person; on the partner's premises, on its plaintext."""

from dataclasses import dataclass, field

from api.agent.linking.run import link_persons
from api.agent.progress import Progress
from api.agent.reading import ReadFile
from matcher.encode.frequency import FrequencyModel
from matcher.pairs import Grade
from matcher.schema import LinkageSchema


@dataclass(frozen=True, slots=True)
class LocalPair:
    """Two cases of the partner's own file that are probably one person; for its own screen alone."""

    left: str = field(repr=False)
    right: str = field(repr=False)
    probability: float
    grade: Grade


def find_local_pairs(
    schema: LinkageSchema, frequencies: FrequencyModel, file: ReadFile, progress: Progress
) -> list[LocalPair]:
    """Return the pairs of cases in the file that are probably one person, likeliest first; nothing leaves."""
    if len(file.persons) < 2:  # noqa: PLR2004 - a pair needs two
        return []
    found = link_persons(
        file.persons,
        None,
        schema,
        frequencies,
        lambda step, done, total: progress(f"Own duplicates: {step}", done, total),
    )
    pairs = [
        LocalPair(file.cases[left].record.reference, file.cases[right].record.reference, float(chance), Grade(grade))
        for left, right, chance, grade in zip(found.left, found.right, found.probability, found.grade, strict=True)
        if grade >= Grade.PROBABLE
    ]
    return sorted(pairs, key=lambda pair: -pair.probability)
