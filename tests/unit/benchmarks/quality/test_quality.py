"""The harness: data sets, peers that are missing, fitting, and what it prints."""

import hashlib
import json
import re
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from benchmarks.data.worlds.files import write_world
from benchmarks.data.worlds.world import make_world
from benchmarks.quality.datasets import data_sets, febrl_set, own_set, world_set
from benchmarks.quality.exact import link_exactly
from benchmarks.quality.fitting import fit_document
from benchmarks.quality.peers.environment import CACHE, Peer, PeerMissingError, run_peer
from benchmarks.quality.run import measure_outcome, measure_sets
from benchmarks.quality.systems import CASEMATCH, EXACT, PLAINTEXT, Outcome, run_system
from benchmarks.quality.verdicts import verdict_accuracy
from benchmarks.report.measured import Report
from benchmarks.report.page import quality_page
from benchmarks.report.tables import quality_tables
from matcher.schema import LinkageSchema, check_document
from matcher.score.model import ScoreModel


@pytest.fixture(scope="module")
def report():
    """Return a report on a small world: three systems, one of which did not run."""
    data = world_set("L", 200, 1)
    outcomes = [run_system(CASEMATCH, data), run_system(EXACT, data), Outcome(PLAINTEXT, None, 0.0, note="not today")]
    rows = tuple(measure_outcome(data, outcome) for outcome in outcomes)
    return Report("ci", "development", "now", rows, {data.name: verdict_accuracy(data.world)})


def test_tables_name_every_system_and_why_one_did_not_run(report):
    """No system is left out in silence."""
    text = quality_tables(report)
    assert all(name in text for name in (CASEMATCH, EXACT, PLAINTEXT))
    assert "not today" in text
    assert "casematch, siblings: pairs" in text


def test_report_is_json(report):
    """The document can be written and read."""
    document = json.loads(json.dumps(report.document()))
    assert document["rows"][0]["figures"]["f1"]["value"] > 0.8


def test_page_opens_offline(report):
    """The page fetches nothing, and its drawings are well formed."""
    text = quality_page(report)
    assert not re.search(r"(src|href)=", text)
    plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(plots) >= 5
    for plot in plots:
        ET.fromstring(plot)  # noqa: S314 - our own drawing


def test_febrl4_has_one_true_pair_a_record():
    """FEBRL4 is two lists of 5,000, each record with one counterpart."""
    data = febrl_set(4)
    assert (len(data.left), len(data.right), data.truth.true_pairs) == (5_000, 5_000, 5_000)


def test_test_seeds_are_kept_apart():
    """No data set of the development split has a test seed, nor the other way round."""
    names = {split: {name for name, _ in data_sets("full", split)} for split in ("development", "test")}
    assert all(name.startswith("febrl") for name in names["development"] & names["test"])
    assert all(name.startswith("nepali") for name in names["development"] ^ names["test"])


def test_exact_keys_miss_what_differs_by_a_letter():
    """Exact keys are precise and miss a good part of FEBRL1."""
    data = febrl_set(1)
    found = link_exactly(data)
    is_true = np.isin(found.left * 1_000 + found.right, data.truth.left * 1_000 + data.truth.right)
    assert is_true.mean() > 0.99
    assert is_true.sum() < 0.8 * data.truth.true_pairs


def test_a_peer_that_cannot_run_says_so(tmp_path, monkeypatch):
    """A failing script is an error that names peer and step."""
    monkeypatch.setenv(CACHE, str(tmp_path))
    script = tmp_path / "broken.py"
    script.write_text("raise SystemExit('it is broken')", encoding="utf-8")
    peer = Peer("Broken 1.0", (), script)
    digest = hashlib.sha256(sys.version.encode()).hexdigest()[:12]
    home = tmp_path / f"broken-{digest}"
    (home / "bin").mkdir(parents=True)
    (home / "ready").touch()
    (home / "bin" / "python").symlink_to(sys.executable)
    with pytest.raises(PeerMissingError, match=r"Broken 1\.0: could not run: it is broken"):
        run_peer(peer, [], 60)


def test_own_files_are_a_data_set(tmp_path):
    """A list with its truth, brought as CSV, is linked like any other."""
    world = make_world(4, 150, "L")
    write_world(world, tmp_path)
    data = own_set([tmp_path / "records.csv"], tmp_path / "truth.csv", "nepal", None, None)
    assert data.truth.true_pairs == len(world.true_pairs())
    report = measure_sets([("own", lambda: data)], [EXACT], "own", "own")
    assert report.rows[0].figures["precision"].value > 0.9


def test_a_data_set_that_is_not_installed_is_reported():
    """What cannot be read stands in the table with the reason."""

    def missing():
        raise FileNotFoundError("not installed")

    report = measure_sets([("febrl9", missing)], [EXACT], "ci", "development")
    assert "not installed" in quality_tables(report)
    assert "not installed" in quality_page(report)


def test_a_fitted_model_is_a_score_model():
    """What `fit` writes passes the JSON Schema, binds to the schema, and tells matches from strangers."""
    document = fit_document([1], 300, levels=("L",), people=2_000)
    check_document(document, "schemas/score-model.schema.json")
    model = ScoreModel.from_document(document, LinkageSchema.shipped("nepal"))
    given = next(field for field in model.fields if field.name == "given_name")
    is_same = given.levels >= 0.95
    assert given.m[is_same].sum() > 0.5
    assert given.u[is_same].sum() < 0.1


def test_test_seeds_are_never_fitted_to():
    """A test seed is refused."""
    with pytest.raises(ValueError, match="development"):
        fit_document([101], 100)


def test_verdicts_are_right_where_the_exit_is_known():
    """With every exit recorded the rule is right for same episodes; a lost exit costs returns."""
    rows = {row.verdict: row for row in verdict_accuracy(world_set("L", 800, 1).world)}
    assert rows["same_episode"].accuracy > 0.9
    assert rows["possible_re_trafficking"].accuracy > 0.8
    assert rows["all"].pairs == sum(row.pairs for name, row in rows.items() if name != "all")
