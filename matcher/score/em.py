"""
Fit a score model to a list without labels; hub and partner.

Maximum a posteriori EM over the classes of the score model. Only what a list can teach is moved: m and `shared` of
every field, and the share of each class. u stays as measured on random pairs. Dirichlet priors hold the fit near the
model it starts from: on m, strongly on personal fields, so that the match class cannot drift to households; on the
nuisance classes as strongly as the model may be trusted (`ScoreModel.trust`), so that none of them swallows matches
that were badly written down. A fit that fails its health checks is not used (`is_healthy`).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.score.levels import MISSING
from matcher.score.model import Distribution, FieldModel, ScoreModel
from matcher.score.posterior import class_log_likelihoods, field_bits

ROUNDS = 60
SETTLED = 1e-5  # greatest change of a class share, relative, at which the fit has settled
PERSONAL_PRIOR = 0.1  # strength of the prior on m of personal fields, in expected matches
OTHER_PRIOR = 0.01  # the same on other fields
SHARED_PRIOR = 1.0  # the same on `shared`, in expected pairs of the class, beside `trust`: a class is what it is called
LEAST_PSEUDO_PAIRS = 5.0
LEAST_PROBABILITY = 1e-5
LEAST_SHARE, MOST_SHARE = 1e-12, 0.3
LEAST_MATCHES, MOST_MATCHES = 0.002, 1.0  # healthy number of matches, in records of the smaller source
LEAST_NAME_BITS = 4.0  # healthy match weight of an agreeing personal field


@dataclass(frozen=True, slots=True)
class TrainingPairs:
    """
    Pairs to learn from: candidates, and random pairs that stand for all others.

    Attributes:
        candidates: shape (candidate pairs, scored fields), int8.
        others: shape (random pairs, scored fields), int8; held not to be matches, which nearly none of them is.
        pairs: number of pairs in the population.
        most_matches: matches that the sources allow.
        times: shape (candidate pairs,), how many pairs each row of candidates stands for; None is one each.
    """

    candidates: NDArray[np.int8]
    others: NDArray[np.int8]
    pairs: float
    most_matches: float
    times: NDArray[np.int64] | None = None

    def patterns(self) -> "_Patterns":
        """Count equal rows once: the fit works on patterns, of which there are few."""
        times = np.ones(len(self.candidates)) if self.times is None else self.times
        candidates, rows = np.unique(self.candidates, axis=0, return_inverse=True)
        of_candidates = np.bincount(rows.ravel(), weights=times, minlength=len(candidates))
        others, of_others = np.unique(self.others, axis=0, return_counts=True)
        each = max(1.0, self.pairs - times.sum()) / len(self.others)
        return _Patterns(
            np.concatenate([candidates, others]),
            np.concatenate([of_candidates, of_others * each]),
            np.arange(len(candidates) + len(others)) < len(candidates),
        )


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Distinct rows of levels, how many pairs each stands for, and which may be matches."""

    levels: NDArray[np.int8]
    weights: NDArray[np.float64]
    may_match: NDArray[np.bool_]


def measure_u(model: ScoreModel, random_levels: NDArray[np.int8]) -> ScoreModel:
    """
    Return the model with u as seen in pairs of records drawn at random.

    Args:
        model: gives the fields, and the u to fall back on where few random pairs have a field.
        random_levels: shape (pairs, scored fields), int8; nearly all of them of two people.
    """
    fields = []
    for column, field in enumerate(model.fields):
        counts = _counts(random_levels[:, column], np.ones(len(random_levels)), len(field.levels))
        fields.append(replace(field, u=_mean(counts, field.u, 1.0)))
    return replace(model, fields=tuple(fields))


def fit(model: ScoreModel, training: TrainingPairs) -> ScoreModel:
    """
    Fit class shares, m and `shared` to pairs without labels.

    Args:
        model: where to start, with u measured; also the prior.
        training: pairs of the population.

    Returns:
        The fitted model; check it with `is_healthy` before use.
    """
    patterns = training.patterns()
    fitted = model
    for _ in range(ROUNDS):
        before = fitted.prior["match"]
        fitted = _step(model, fitted, patterns, training.most_matches)
        if abs(fitted.prior["match"] - before) <= SETTLED * before:
            break
    return fitted


def is_healthy(model: ScoreModel, training: TrainingPairs) -> bool:
    """
    Tell whether a fitted model may be used: a plausible number of matches, and a personal field that counts.

    Weights that rise as a level gets worse need no check: `field_bits` flattens them.
    """
    matches = model.prior["match"] * training.pairs / training.most_matches
    personal = [field_bits(field)[0] for field in model.fields if field.is_personal]
    return LEAST_MATCHES <= matches <= MOST_MATCHES and bool(personal) and max(personal) >= LEAST_NAME_BITS


def _step(
    start: ScoreModel,
    now: ScoreModel,
    patterns: _Patterns,
    most_matches: float,
) -> ScoreModel:
    """Run one round: how likely each pattern belongs to each class, then the parameters that follow."""
    by_class = class_log_likelihoods(patterns.levels, now)
    by_class[~patterns.may_match, 0] = -np.inf
    shares = np.exp(by_class - np.logaddexp.reduce(by_class, axis=1)[:, None])
    mass = shares * patterns.weights[:, None]
    totals = mass.sum(axis=0)
    matches = min(totals[0], most_matches)
    mass[:, 0] *= matches / max(totals[0], 1e-12)
    totals[0] = matches
    fields = []
    for column, (first, field) in enumerate(zip(start.fields, now.fields, strict=True)):
        fields.append(_refit(first, field, patterns.levels[:, column], mass, start))
    found = dict(zip(start.classes, totals / patterns.weights.sum(), strict=True))
    prior = {name: _share(name, start, float(found[name])) for name in start.prior}
    return replace(now, fields=tuple(fields), prior=prior)


def _share(name: str, start: ScoreModel, found: float) -> float:
    """Return the share of a class: matches as found, a nuisance class drawn towards where the fit started."""
    drawn = found if name == "match" else (found + start.trust * start.prior[name]) / (1 + start.trust)
    return float(np.clip(drawn, LEAST_SHARE, MOST_SHARE))


def _refit(
    first: FieldModel, field: FieldModel, levels: NDArray[np.int8], mass: NDArray[np.float64], start: ScoreModel
) -> FieldModel:
    """Return the field with m and `shared` that fit the classes' pairs, drawn towards where the fit started."""
    size = len(field.levels)
    matches = float(mass[:, 0].sum())
    strength = max(LEAST_PSEUDO_PAIRS, matches * (PERSONAL_PRIOR if field.is_personal else OTHER_PRIOR))
    m = _mean(_counts(levels, mass[:, 0], size), first.m, strength)
    shared = {}
    for name, before in first.shared.items():
        counts = _counts(levels, mass[:, start.classes.index(name)], size)
        strength = max(LEAST_PSEUDO_PAIRS, (SHARED_PRIOR + start.trust) * counts.sum())
        shared[name] = _mean(counts, before, strength)
    return replace(field, m=m, shared=shared)


def _counts(levels: NDArray[np.int8], weights: NDArray[np.float64], size: int) -> Distribution:
    """Add up the weight of the pairs at each level; missing ones do not count."""
    told = levels != MISSING
    return np.bincount(levels[told], weights=weights[told], minlength=size).astype(np.float64)


def _mean(counts: Distribution, prior: Distribution, strength: float) -> Distribution:
    """Return the posterior mean of a distribution with a Dirichlet prior, no level below a small floor."""
    mean = np.maximum((counts + strength * prior) / (counts.sum() + strength), LEAST_PROBABILITY)
    result: Distribution = mean / mean.sum()
    return result
