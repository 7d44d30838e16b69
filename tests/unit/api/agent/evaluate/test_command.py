"""The command line of `casematch evaluate`, and its page."""

import csv
import json
import re
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from api.agent.cli import app
from benchmarks.data.worlds.files import write_world
from benchmarks.data.worlds.world import make_world


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a small world."""
    target = tmp_path_factory.mktemp("world")
    write_world(make_world(3, 150, "L"), target)
    return target


def _evaluate(folder, *more):
    told = ["evaluate", f"{folder}/records.csv", "--schema", "nepal", "--truth", f"{folder}/truth.csv", *more]
    return CliRunner().invoke(app, told)


def test_json_has_every_figure_with_its_interval(folder):
    """The JSON names every figure, its interval, and the subgroups that were asked for."""
    result = _evaluate(folder, "--json", "--groups", f"{folder}/people.csv", "--by", "sex")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    f1 = document["figures"]["f1"]
    assert 0.7 < f1["low"] <= f1["value"] <= f1["high"] <= 1
    assert {row["group"] for row in document["subgroups"]} >= {"F", "M"}


def test_page_opens_offline_and_holds_no_value(folder, tmp_path):
    """The page fetches nothing, its drawings are well formed, and no name or reference of a record is in it."""
    path = tmp_path / "page.html"
    assert _evaluate(folder, "--html", str(path)).exit_code == 0
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=", text)
    plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(plots) >= 3
    for plot in plots:
        ET.fromstring(plot)  # noqa: S314 - our own drawing
    with (folder / "records.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert row["case_ref"] not in text


def test_an_unknown_column_is_refused_without_its_name(folder):
    """The error says where, not what."""
    result = _evaluate(folder, "--by", "no_such_column")
    assert result.exit_code == 1
    assert "no_such_column" not in result.output
