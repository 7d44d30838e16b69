"""
Fit the shipped score model with labels, on the development worlds alone: `python -m benchmarks fit`.

Every distribution is a share among labelled pairs, compared through real sketches, noise included: m among pairs of one
person, u among strangers, and one for each other class: siblings, twins, neighbours, namesakes of one district and of
two. How many of each a record meets is counted in worlds of the size that the model is for. The tempering is the one
under which candidate pairs surprise least. Nothing else is searched for and no test seed is read, so the figures cannot
be tuned to a result.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.data.worlds.noise import Level
from benchmarks.data.worlds.world import DEVELOPMENT_SEEDS, make_world
from benchmarks.quality.datasets import DataSet, world_set
from benchmarks.quality.groups import labelled_pairs, others_per_record
from benchmarks.quality.sketched import Sketched
from benchmarks.quality.tempering import best_tempering, evidence_of
from matcher.document import parse_document, read_data
from matcher.schema import Kind, LinkageSchema
from matcher.score.grading import SAME_NAME
from matcher.score.levels import MISSING
from matcher.score.model import GROUPS_OF_CLASS, NUISANCE_CLASSES, FieldModel, ScoreModel

FREE_PAIRS = 5.0  # drawn from strangers where a class shares the field, so that no level is impossible
PINNED_PAIRS = 20.0  # the same where it does not: a class must show much to differ from strangers
KIN = ("household", "twin")
PSEUDO_PAIRS = 2.0  # drawn from the model that is replaced
LEAST_PROBABILITY = 1e-5  # of a level among strangers
LEAST_AMONG_KIN = 0.002  # of a level among records of one person or family: no invented world is trusted further
LEAST_PRESENT = 0.02  # of pairs of one person that have a field, for it to be fitted
DIGITS = 6

Shares = NDArray[np.float64]
Counts = Mapping[str, Mapping[str, Shares]]  # of each level, by group of pairs and field


def fit_document(
    seeds: Iterable[int], records: int, levels: Sequence[Level] = ("L", "H"), people: int = 20_000
) -> dict[str, Any]:
    """
    Return the `nepal` score model fitted to worlds, in the format of the shipped one.

    Args:
        seeds: development seeds only.
        records: rows of each world.
        levels: of noise; every seed makes one world a level.
        people: rows of the worlds, one a seed, in which relatives, namesakes and neighbours are counted.

    Raises:
        ValueError: a seed is not one of the development seeds.
    """
    seeds = list(seeds)
    if not set(seeds) <= set(DEVELOPMENT_SEEDS):
        raise ValueError("only development seeds may be fitted to: 1 to 9")
    schema = LinkageSchema.shipped("nepal")
    model = ScoreModel.for_schema(schema)
    worlds = [world_set(level, records, seed) for seed in seeds for level in levels]
    counts = _counts(worlds, model)
    document = {
        **parse_document(read_data("scores/nepal-1.json")),
        "basis": _basis(seeds, records, levels, people),
        "people": people,
        "others_per_record": _others(seeds, people),
        "fields": {
            each.name: _table(each, _free_classes(schema, each.name), counts)
            for each in model.fields
            if counts["match"][each.name].sum() > LEAST_PRESENT * sum(data.truth.true_pairs for data in worlds)
        },
    }
    fitted = ScoreModel.from_document(document, schema)
    tempering = best_tempering([evidence_of(data, fitted) for data in worlds])
    return {**document, "tempering": {"knee_bits": tempering.knee_bits, "slope": tempering.slope}}


def _basis(seeds: Sequence[int], records: int, levels: Sequence[Level], people: int) -> str:
    """Say what the figures were fitted on."""
    return (
        f"Labelled pairs of generated worlds (benchmarks/data/worlds), seeds {min(seeds)} to {max(seeds)}, levels"
        f" {' and '.join(levels)}, {records} records each: m among pairs of one person, u among strangers, the others"
        " among siblings, twins, neighbours and namesakes, all compared through sketches; tempering by least log loss"
        f" on the candidate pairs; others_per_record counted in worlds of {people} records. Invented people, not"
        " measured on casework."
    )


def _counts(worlds: Iterable[DataSet], model: ScoreModel) -> Counts:
    """Count how often each level of each field occurs in each group of pairs of all worlds."""
    counts: dict[str, dict[str, Shares]] = defaultdict(
        lambda: {each.name: np.zeros(len(each.levels)) for each in model.fields}
    )
    for data in worlds:
        if data.world is None:
            raise ValueError("only invented worlds can be fitted to")
        sketched = Sketched(data, model)
        for group, pairs in labelled_pairs(data.world).items():
            levels = sketched.levels(pairs)
            for column, each in enumerate(model.fields):
                told = levels[:, column]
                counts[group][each.name] += np.bincount(told[told != MISSING], minlength=len(each.levels))
    return counts


def _others(seeds: Sequence[int], people: int) -> dict[str, float]:
    """Return how many others of each group a record meets among so many people, on average over the seeds."""
    counted = [others_per_record(make_world(seed, people, "L")) for seed in seeds]
    classes = ("match", *NUISANCE_CLASSES)
    return {name: round(max(1e-3, float(np.mean([each[name] for each in counted]))), 4) for name in classes}


def _free_classes(schema: LinkageSchema, name: str) -> tuple[str, ...]:
    """Return the nuisance classes in which the schema leaves a field free."""
    free = next(field.free_in for field in schema.fields if field.name == name)
    return tuple(each for each in NUISANCE_CLASSES if GROUPS_OF_CLASS[each] & free)


def _table(field: FieldModel, free: Sequence[str], counts: Counts) -> dict[str, Any]:
    """Return the table of one field."""
    u = _shares(counts["random"][field.name], field.u, PSEUDO_PAIRS, LEAST_PROBABILITY)
    m = _shares(counts["match"][field.name], field.m, PSEUDO_PAIRS, LEAST_AMONG_KIN)
    classes = {
        name: _class_shares(field, name, counts[name][field.name], u, is_free=name in free) for name in NUISANCE_CLASSES
    }
    shared = next((classes[name] for name in ("household", "homonym", "twin", "place") if name in free), u)
    return {
        "levels": [float(level) for level in field.levels],
        "m": _rounded(m),
        "u": _rounded(u),
        "shared": _rounded(shared),
        "in": {name: _rounded(shares) for name, shares in classes.items()},
    }


def _class_shares(field: FieldModel, name: str, counts: Shares, u: Shares, *, is_free: bool) -> Shares:
    """
    Return the distribution of a field in one nuisance class.

    Relatives of the invented worlds never share a given name. Some do in life, so their names are taken to be the same
    no more seldom than those of strangers.
    """
    is_kin = is_free and name != "place"
    shares = _shares(
        counts, u, FREE_PAIRS if is_free else PINNED_PAIRS, LEAST_AMONG_KIN if is_kin else LEAST_PROBABILITY
    )
    if name in KIN and field.is_personal and field.kind is Kind.NAME:
        shares = np.where(field.levels >= SAME_NAME, np.maximum(shares, u), shares)
    return np.asarray(shares / shares.sum())


def _shares(counts: Shares, before: Shares, pseudo_pairs: float, least: float) -> Shares:
    """Return shares, with a little of what stood there before, and none below a floor."""
    mean = np.maximum((counts + pseudo_pairs * before) / (counts.sum() + pseudo_pairs), least)
    return np.asarray(mean / mean.sum())


def _rounded(shares: Shares) -> list[float]:
    """Return shares of a few digits that add up to 1."""
    rounded = np.round(shares, DIGITS)
    rounded[int(rounded.argmax())] += 1 - rounded.sum()
    return [round(float(share), DIGITS) for share in rounded]
