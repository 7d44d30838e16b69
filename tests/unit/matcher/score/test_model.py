"""A score model is bound to a schema, class by class."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.document import parse_document, read_data
from matcher.errors import InvalidSchemaError
from matcher.schema import Kind, LinkageSchema
from matcher.score.model import ScoreModel, Tempering
from matcher.template import general_schema

NEPAL = LinkageSchema.shipped("nepal")


@pytest.fixture
def document() -> dict:
    """Read the shipped document of the nepal schema."""
    return dict(parse_document(read_data("scores/nepal-1.json")))


def with_table(document: dict, **changed: object) -> dict:
    """Change the table of the given name."""
    table = {**document["fields"]["given_name"], **changed}
    return {**document, "fields": {**document["fields"], "given_name": table}}


def test_a_class_has_its_own_distribution_where_it_was_measured(document) -> None:
    """It comes before what the schema leaves free, and before that of strangers."""
    table = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4]
    model = ScoreModel.from_document(with_table(document, **{"in": {"household": table}}), NEPAL)
    given = model.fields[0]
    assert given.shared["household"].tolist() == table
    assert given.shared["homonym"].tolist() == document["fields"]["given_name"]["shared"]
    assert set(given.shared) == {"household", "homonym", "local_homonym"}


@pytest.mark.parametrize("name", ["twin", "homonym"])
def test_a_measured_distribution_that_contradicts_itself_is_refused_by_pointer(document, name) -> None:
    """One probability a level, together 1."""
    with pytest.raises(InvalidSchemaError) as caught:
        ScoreModel.from_document(with_table(document, **{"in": {name: [0.5, 0.1]}}), NEPAL)
    assert caught.value.where == f"/fields/given_name/in/{name}"


def test_kin_sound_alike_more_often_than_strangers_and_share_a_name_no_less_often(document) -> None:
    """Siblings whose names rhyme have a class that explains them."""
    given = ScoreModel.from_document(document, NEPAL).fields[0]
    is_alike = (given.levels >= 0.4) & (given.levels < 0.95)
    for name in ("household", "twin"):
        assert given.shared[name][is_alike].sum() > 3 * given.u[is_alike].sum()
        assert given.shared[name][given.levels >= 0.95].sum() >= 0.99 * given.u[given.levels >= 0.95].sum()


def test_a_model_may_do_without_a_class() -> None:
    """The general model knows no local homonyms: nothing tells a district from another place."""
    model = ScoreModel.for_schema(general_schema({"a": Kind.NAME, "b": Kind.NAME, "c": Kind.DATE}, 100))
    assert model.classes == ("match", "place", "household", "twin", "homonym", "random")
    assert all(set(field.shared) <= set(model.classes) for field in model.fields)


def test_relatives_do_not_grow_with_the_number_of_people(document) -> None:
    """Ten times the people make a pair of kin ten times rarer, and chance namesakes as frequent as before."""
    few = ScoreModel.from_document(document, NEPAL).for_people(2_000)
    many = few.for_people(20_000)
    ratio = {name: few.prior[name] / many.prior[name] for name in few.prior}
    assert ratio == pytest.approx(
        {"match": 10, "household": 10, "twin": 10, "local_homonym": 10, "homonym": 1, "place": 1}
    )


def test_tempering_spares_strong_evidence_and_keeps_order() -> None:
    """Above the knee nothing changes; below it evidence is raised, the weaker the more."""
    bits = np.array([-20.0, 0.0, 9.0, 10.0, 30.0])
    tempered = Tempering(knee_bits=10, slope=0.5).of(bits)
    assert tempered.tolist() == [-5.0, 5.0, 9.5, 10.0, 30.0]
    assert Tempering(knee_bits=10, slope=1).of(bits).tolist() == bits.tolist()


@pytest.mark.parametrize("tempering", [{"knee_bits": 10, "slope": 0}, {"knee_bits": 10}, {"knee_bits": -1, "slope": 1}])
def test_a_tempering_out_of_range_is_refused(document, tempering) -> None:
    """A slope of 0 would make all evidence alike."""
    with pytest.raises(InvalidSchemaError, match="/tempering"):
        ScoreModel.from_document({**document, "tempering": tempering}, NEPAL)


def test_a_model_says_whom_it_is_for(document) -> None:
    """It is scaled to the schema's population at once."""
    assert ScoreModel.from_document(document, NEPAL).people == NEPAL.gate.population
    assert replace(ScoreModel.from_document(document, NEPAL), people=7).for_people(1).people == 2
