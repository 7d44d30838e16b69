"""A partner's own frequency model: what is counted, what is never listed, how it is held against the shipped one."""

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.agent.cli import app
from api.agent.errors import SourceError
from api.agent.frequencies.agreement import compare_models, spearman
from api.agent.frequencies.building import LEAST_PEOPLE, build_model
from api.agent.frequencies.counting import Counts, read_counts
from api.agent.frequencies.files import read_model, write_model
from matcher.encode.frequency import FrequencyModel
from matcher.errors import InvalidSchemaError
from matcher.phonetics.keys import blocking_key
from matcher.schema import LinkageSchema

SCHEMA = LinkageSchema.shipped("nepal")
SHIPPED = FrequencyModel.shipped("nepal-1")
SURNAMES = {"Tamang": 200, "तामाङ": 60, "Shrestha": 90, "Zzupoqwi": 2, "Wuqqazo": 1}


def silent(_step: str, _done: int, _total: int) -> None:
    """Show no progress."""


def counted(folder: Path, rows: str) -> Counts:
    """Read a file of aggregate counts."""
    path = folder / "counts.csv"
    path.write_text(f"part,value,count\n{rows}", encoding="utf-8")
    return read_counts(path, SCHEMA, None, silent)


def surnames(folder: Path) -> Counts:
    """Read the counts of a few surnames."""
    return counted(folder, "".join(f"family_name,{name},{many}\n" for name, many in SURNAMES.items()))


def run(*arguments: object) -> Result:
    """Run `casematch frequencies`."""
    return CliRunner().invoke(app, ["frequencies", *map(str, arguments)])


def test_spellings_of_one_name_are_added_up(tmp_path: Path) -> None:
    """In either script."""
    assert surnames(tmp_path).by_part["family_name"][blocking_key("Tamang")] == 260


def test_a_value_that_fewer_than_three_carry_is_not_listed(tmp_path: Path) -> None:
    """It gets the mean share of such values, and stands nowhere in the document."""
    model = build_model(surnames(tmp_path), SCHEMA, "own-1").model
    shares = model.document["parts"]["family_name"]["shares"]
    assert shares == {blocking_key("Tamang"): 260 / 353, blocking_key("Shrestha"): 90 / 353}
    assert model.share("family_name", blocking_key("Zzupoqwi")) == pytest.approx(1.5 / 353)
    assert blocking_key("Zzupoqwi") not in model.to_json()


def test_counts_that_were_cut_at_three_leave_room_for_what_was_cut(tmp_path: Path) -> None:
    """Two people may carry an unlisted value."""
    model = build_model(counted(tmp_path, "family_name,Rai,397\nfamily_name,Thapa,3\n"), SCHEMA, "own-1").model
    assert model.share("family_name", "unheard of") == 2 / 400


def test_a_part_that_too_few_people_tell_of_is_the_shipped_one(tmp_path: Path) -> None:
    """A handful of people is no yardstick."""
    built = build_model(counted(tmp_path, f"family_name,Rai,{LEAST_PEOPLE - 1}\n"), SCHEMA, "own-1")
    assert built.model.document["parts"] == SHIPPED.document["parts"]
    assert not any(part.is_own for part in built.parts)


def test_a_telephone_is_never_listed() -> None:
    """Even one that a whole family gave."""
    by_part = {part.name: Counter[str]() for part in SCHEMA.gate.parts}
    by_part["phone"] = Counter({"+9779841770215": 40, **{str(number): 1 for number in range(400)}})
    model = build_model(Counts(by_part, (), is_aggregate=False), SCHEMA, "own-1").model
    assert model.document["parts"]["phone"] == {"default": 40 / 440}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("hobby,Rai,40", "unknown_part"),
        ("birth_date.even,997,40", "unknown_part"),
        ("family_name,Rai,many", "unreadable_count"),
        ("family_name,Rai,-4", "unreadable_count"),
        ("family_name,!!,40", "unreadable_value"),
        ("birth_date.month,13,40", "unreadable_value"),
        ("birth_date.year,१९९०,40", "unreadable_value"),
    ],
)
def test_a_row_that_cannot_be_counted_is_set_aside(tmp_path: Path, row: str, code: str) -> None:
    """By its number and kind, and the others count."""
    counts = counted(tmp_path, f"family_name,Thapa,4\n{row}\n")
    assert [(fault.row, fault.code) for fault in counts.faults] == [(3, code)]
    assert sum(values.total() for values in counts.by_part.values()) == 4


def test_every_kind_of_part_is_counted_as_the_encoder_writes_it(tmp_path: Path) -> None:
    """Names by key, districts by code, dates by number."""
    rows = "full_name,Sita Rai,5\ndistrict,Kavre,6\nbirth_date.year,1995,7\nsex,महिला,8\n"
    by_part = counted(tmp_path, rows).by_part
    assert by_part["district"] == {"24": 6}
    assert by_part["birth_date.year"] == {"1995": 7}
    assert (by_part["birth_date.even"], by_part["birth_date.odd"]) == ({"997": 7}, {"998": 7})
    assert by_part["sex"] == {"f": 8}
    assert by_part["full_name"] == {"".join(sorted((blocking_key("Sita"), blocking_key("Rai")))): 5}


def test_nothing_to_count_is_an_error(tmp_path: Path) -> None:
    """Not an empty model."""
    with pytest.raises(SourceError) as fault:
        counted(tmp_path, "hobby,chess,9\n")
    assert fault.value.code == "nothing_counted"


def test_the_shipped_model_agrees_with_itself() -> None:
    """Every listed value is covered, ranks alike, and nothing differs."""
    for part in compare_models(SHIPPED, SCHEMA):
        assert part.differing == 0
        assert part.listed == part.both == part.shipped_listed
        assert part.coverage == pytest.approx(1) or part.listed == 0


def test_what_differs_is_named_unless_it_is_rare(tmp_path: Path) -> None:
    """A surname of one in a hundred is shown though the shipped model lacks it; one of four in a thousand is not."""
    rows = "family_name,Tamang,900\nfamily_name,Qozzimbu,60\nfamily_name,Wuqqazo,4\n"
    model = build_model(counted(tmp_path, rows), SCHEMA, "own-1").model
    (family,) = [part for part in compare_models(model, SCHEMA) if part.part == "family_name"]
    named = {pair.key for pair in family.differences}
    assert blocking_key("Qozzimbu") in named
    assert blocking_key("Wuqqazo") in model.document["parts"]["family_name"]["shares"]
    assert blocking_key("Wuqqazo") not in named


def test_a_model_without_a_part_of_the_gate_is_refused() -> None:
    """It could not be used."""
    parts = {name: spec for name, spec in SHIPPED.document["parts"].items() if name != "sex"}
    with pytest.raises(InvalidSchemaError) as fault:
        compare_models(FrequencyModel({**SHIPPED.document, "parts": parts}), SCHEMA)
    assert fault.value.where == "/parts/sex"


@pytest.mark.parametrize(
    ("left", "right", "correlation"),
    [
        ((1, 2, 3, 4), (10, 20, 30, 40), 1.0),
        ((1, 2, 3, 4), (4, 3, 2, 1), -1.0),
        ((1, 2, 2, 3), (1, 2, 3, 3), 5 / 6),  # by hand: deviations of ranks −1.5 0 0 1.5 and −1.5 −0.5 1 1
    ],
)
def test_rank_correlation_by_hand(left: tuple[float, ...], right: tuple[float, ...], correlation: float) -> None:
    """Spearman's, ties at their mean rank."""
    assert spearman(left, right) == pytest.approx(correlation)


def test_a_document_is_faulted_without_its_values(tmp_path: Path) -> None:
    """A share of zero is named by its part, not by the surname that has it."""
    path = tmp_path / "model.json"
    parts = {"family_name": {"default": 0.1, "shares": {"SECRETNAME": 0}}}
    path.write_text(json.dumps({**SHIPPED.document, "parts": parts}), encoding="utf-8")
    with pytest.raises(InvalidSchemaError) as fault:
        read_model(path)
    assert fault.value.where == "/parts/family_name/shares"
    result = run("check", path)
    assert result.exit_code == 1
    assert "SECRETNAME" not in result.output


def test_a_model_is_never_overwritten(tmp_path: Path) -> None:
    """Partners may hold the old one."""
    write_model(tmp_path / "own-1.json", SHIPPED)
    with pytest.raises(SourceError) as fault:
        write_model(tmp_path / "own-1.json", SHIPPED)
    assert fault.value.code == "file_exists"


def test_cases_become_a_model_that_is_checked_and_read_again(tmp_path: Path) -> None:
    """Build and check say the same, as text and as JSON."""
    path, out = tmp_path / "cases.csv", tmp_path / "own-1.json"
    people = [f"V-{number},Sita,{'Rai' if number % 3 else 'Thapa'},Kavre" for number in range(400)]
    people.append("V-400,Unheardofgiven,Rai,Kavre")
    path.write_text("\n".join(["case_ref,given_name,family_name,district", *people]), encoding="utf-8")
    told = json.loads(run("build", path, "--name", "own-1", "--out", out, "--json").stdout)
    assert told["parts"]["family_name"] == {"people": 401, "listed": 2, "left_out": 0, "is_own": True}
    assert told["parts"]["given_name"]["left_out"] == 1
    assert json.loads(run("check", out, "--json").stdout) == told["agreement"]
    text = run("check", out).stdout
    assert "family_name" in text
    assert blocking_key("Unheardofgiven") not in text + out.read_text(encoding="utf-8")


def test_a_name_without_its_form_is_refused(tmp_path: Path) -> None:
    """Nothing is written."""
    path = tmp_path / "counts.csv"
    path.write_text("part,value,count\nfamily_name,Rai,400\n", encoding="utf-8")
    assert run("build", path, "--name", "My Model", "--out", tmp_path / "x.json").exit_code == 1
    assert not (tmp_path / "x.json").exists()
