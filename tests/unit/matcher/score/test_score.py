"""The score tells a person from a household, and grades are absolute."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.document import parse_document, read_data
from matcher.errors import InvalidSchemaError
from matcher.pairs import Comparisons, Grade
from matcher.schema import LinkageSchema
from matcher.score.em import TrainingPairs, fit, is_healthy, measure_u
from matcher.score.levels import MISSING, agreement_levels
from matcher.score.model import ScoreModel, Tempering
from matcher.score.posterior import class_log_likelihoods, field_bits, score, score_levels

NEPAL = LinkageSchema.shipped("nepal")


@pytest.fixture
def model() -> ScoreModel:
    """Read the shipped model of the nepal schema."""
    return ScoreModel.for_schema(NEPAL)


def compared(**similarity: float) -> Comparisons:
    """Compare one pair: the named fields as given, all others missing."""
    row = [similarity.get(name, np.nan) for name in NEPAL.field_names]
    return Comparisons(NEPAL.field_names, np.array([row], dtype=np.float32))


def untempered(model: ScoreModel) -> ScoreModel:
    """Return the model without tempering."""
    return replace(model, tempering=Tempering(0, 1))


PERSON = {"given_name": 1, "family_name": 1, "sex": 1, "birth_date": 1, "father_name": 1, "district": 1}
SISTERS = {"family_name": 1, "father_name": 1, "mother_name": 1, "district": 1, "local_unit": 1, "ward": 1, "phone": 1}


def test_one_person_is_certain(model) -> None:
    """Name, date, father and district agree."""
    assert score(compared(**PERSON), model).grade[0] == Grade.CERTAIN


def test_sisters_are_no_match(model) -> None:
    """Everything a household shares agrees; given name and birth date do not."""
    found = score(compared(**SISTERS, given_name=0, birth_date=0), model)
    assert found.grade[0] == Grade.CERTAINLY_NOT


def test_a_household_alone_is_never_probable(model) -> None:
    """Without a personal field that agrees, no sum of household fields is enough, however likely it looks."""
    shares = dict.fromkeys(model.prior, 1e-12) | {"match": 0.29}
    found = score(compared(**SISTERS), replace(model, prior=shares))
    assert found.probability[0] > 0.9995
    assert found.grade[0] == Grade.POSSIBLE


def test_where_nothing_is_known_nothing_is_claimed(model) -> None:
    """A pair without a field to compare is no match, nor does it keep only the prior: it shares a composite key."""
    assert model.prior["match"] < score(compared(), model).probability[0] < 0.01


def test_a_grade_does_not_depend_on_what_else_was_compared(model) -> None:
    """A sole weak pair is not lifted."""
    weak = compared(family_name=1, district=1)
    both = Comparisons(weak.fields, np.concatenate([weak.similarity, compared(**PERSON).similarity]))
    assert score(both, model).probability[0] == score(weak, model).probability[0]


def test_weights_never_rise_as_agreement_falls(model) -> None:
    """Every field is monotone, whatever the figures say."""
    assert all((np.diff(field_bits(field)) <= 0).all() for field in model.fields)


def test_swapped_names_count_as_close(model) -> None:
    """A joined name that agrees vouches for parts that stand in each other's place."""
    swapped = agreement_levels(compared(given_name=0.1, family_name=0.0, full_name=1), model)
    close = agreement_levels(compared(given_name=0.9, family_name=0.9), model)
    assert (swapped[0, :2] == close[0, :2]).all()


def test_a_joined_name_is_no_evidence_of_its_own(model) -> None:
    """It would count given and family name twice."""
    assert "full_name" not in [field.name for field in model.fields]


def test_more_people_on_file_make_a_match_less_likely(model) -> None:
    """The chance of a stranger who fits grows with the number of people."""
    found = [score(compared(**PERSON), model.for_people(n)).probability[0] for n in (1_000, 100_000, 10_000_000)]
    assert found == sorted(found, reverse=True)


def test_the_posterior_equals_the_formula(model) -> None:
    """The slow twin multiplies probabilities class by class; strong evidence is not tempered."""
    levels = agreement_levels(compared(**PERSON, ward=0), model)
    by_class = np.exp(class_log_likelihoods(levels, model))[0]
    found = score_levels(levels, model)
    assert found.probability[0] == pytest.approx(by_class[0] / by_class.sum())
    assert found.weight_bits[0] == pytest.approx(np.log2(by_class[0] / by_class[1:].sum()))


def test_weak_evidence_is_tempered_alike_for_every_prior(model) -> None:
    """What is added depends on the evidence alone, so that it serves lists of any length."""
    weak = agreement_levels(compared(given_name=1, family_name=0, birth_date=0.7), model)
    lists = [model.for_people(people) for people in (200, 20_000)]
    whole, plain = ([score_levels(weak, of(each)).weight_bits[0] for each in lists] for of in (replace, untempered))
    assert plain[0] > plain[1] + 5
    added = np.subtract(whole, plain)
    assert added[0] > 0.5
    assert added[0] == pytest.approx(added[1], abs=0.1)


def test_a_model_that_lacks_a_table_is_refused_by_pointer() -> None:
    """A field without figures cannot be scored."""
    document = {**parse_document(read_data("scores/nepal-1.json")), "kinds": {}}
    with pytest.raises(InvalidSchemaError) as caught:
        ScoreModel.from_document(document, NEPAL)
    assert caught.value.where.startswith("/kinds/")


@pytest.mark.parametrize(
    ("key", "value"), [("levels", [0.5, 0.9, 0]), ("m", [0.5, 0.1]), ("u", [0.9, 0.9]), ("levels", [0.9, 0.5])]
)
def test_tables_that_contradict_themselves_are_refused(key, value) -> None:
    """Levels fall to 0, and each distribution adds up to 1."""
    document = parse_document(read_data("scores/nepal-1.json"))
    fields = {**document["fields"], "sex": {**document["fields"]["sex"], key: value}}
    with pytest.raises(InvalidSchemaError):
        ScoreModel.from_document({**document, "fields": fields}, NEPAL)


def drawn(model: ScoreModel, pairs: int, name: str, rng: np.random.Generator) -> np.ndarray:
    """Draw levels of pairs of one class, a fifth of each field missing."""
    columns = []
    for field in model.fields:
        table = field.m if name == "match" else field.shared.get(name, field.u)
        levels = rng.choice(len(table), p=table / table.sum(), size=pairs)
        columns.append(np.where(rng.random(pairs) < 0.2, MISSING, levels))
    return np.stack(columns, axis=1).astype(np.int8)


def test_a_fit_finds_the_matches_that_were_drawn(model) -> None:
    """Among 1,000 matches and 3,000 household pairs, the share of matches comes out within a tenth."""
    rng = np.random.default_rng(7)
    candidates = np.concatenate([drawn(model, 1_000, "match", rng), drawn(model, 3_000, "household", rng)])
    training = TrainingPairs(candidates, drawn(model, 20_000, "random", rng), 2e7, 3_000.0)
    fitted = fit(model, training)
    assert is_healthy(fitted, training)
    assert fitted.prior["match"] * training.pairs == pytest.approx(1_000, rel=0.1)


def worse(levels: np.ndarray, model: ScoreModel, missing: float, lower: float, rng: np.random.Generator) -> np.ndarray:
    """Take some fields out, and let some agree less."""
    noisy = levels.copy()
    for column, field in enumerate(model.fields):
        falls = (noisy[:, column] != MISSING) & (rng.random(len(noisy)) < lower)
        noisy[falls, column] = np.minimum(noisy[falls, column] + 1, len(field.levels) - 1)
        noisy[rng.random(len(noisy)) < missing, column] = MISSING
    return noisy


@pytest.mark.parametrize(("missing", "lower"), [(0.1, 0.1), (0.3, 0.0), (0.0, 0.3), (0.3, 0.3)])
def test_noise_does_not_break_the_health_checks(model, missing, lower) -> None:
    """Records worse than those of any world are fitted, and about as many matches are found as there are."""
    rng = np.random.default_rng(7)
    drawn_pairs = [drawn(model, count, name, rng) for name, count in (("match", 1_000), ("household", 3_000))]
    candidates = worse(np.concatenate(drawn_pairs), model, missing, lower, rng)
    strangers = worse(drawn(model, 20_000, "random", rng), model, missing, lower, rng)
    training = TrainingPairs(candidates, strangers, 2e7, 3_000.0)
    fitted = fit(measure_u(model, strangers), training)
    assert is_healthy(fitted, training)
    assert fitted.prior["match"] * training.pairs == pytest.approx(1_000, rel=0.3)


def test_a_trusted_class_is_not_swallowed_by_another(model) -> None:
    """A fit moves the share of a nuisance class the less the more the model is trusted; that of matches freely."""
    rng = np.random.default_rng(7)
    candidates = np.concatenate([drawn(model, 1_000, "match", rng), drawn(model, 3_000, "household", rng)])
    training = TrainingPairs(candidates, drawn(model, 20_000, "random", rng), 2e7, 3_000.0)
    moved = [
        abs(np.log(fit(replace(model, trust=trust), training).prior["household"] / model.prior["household"]))
        for trust in (0.0, 1.0, 20.0)
    ]
    assert moved[0] > moved[1] > moved[2]


def test_a_fit_without_matches_is_not_healthy(model) -> None:
    """Household pairs alone must not be taken for matches."""
    rng = np.random.default_rng(7)
    training = TrainingPairs(drawn(model, 3_000, "household", rng), drawn(model, 20_000, "random", rng), 2e7, 3_000.0)
    assert not is_healthy(fit(model, training), training)


def test_u_is_what_random_pairs_show(model) -> None:
    """Measured shares replace the shipped ones."""
    levels = np.full((1_000, len(model.fields)), MISSING, dtype=np.int8)
    levels[:, 0] = np.arange(1_000) % 4 == 0
    measured = measure_u(model, levels)
    assert measured.fields[0].u[1] == pytest.approx(0.25, abs=0.01)
    assert measured.fields[1].u == pytest.approx(model.fields[1].u, abs=1e-4)
