"""The frame of the attack suite: intervals, bounds, rows and the exit status."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.attacks import command
from benchmarks.attacks.bounds import Bound, bound_of
from benchmarks.attacks.encodings.single_field_tokens import SingleFieldTokens
from benchmarks.attacks.similarity import best_dice_f1, dice
from benchmarks.attacks.table import SEEDS, trials
from benchmarks.attacks.trial import Outcome, Role, Trial, wilson
from benchmarks.data.worlds.world import DEVELOPMENT_SEEDS, TEST_SEEDS
from benchmarks.report.attack_page import attack_page
from benchmarks.report.attack_rows import AttackReport, Row
from benchmarks.report.attack_tables import attack_table
from benchmarks.report.measured import Report
from benchmarks.report.page import quality_page

ROW = Row(
    attack="A9",
    what="people",
    encoding="ours",
    data="nepali",
    n=10,
    overlap=1.0,
    knowledge="a copy",
    seeds=(1,),
    rate=0.5,
    low=0.2,
    high=0.8,
    is_control=False,
    bound=0.1,
    is_met=False,
    linkage_f1=0.9,
    seconds=1.0,
    note="a note",
    orientation="a paper",
)


def report(*rows: Row, profile: str = "ci") -> AttackReport:
    """Return a report of these rows."""
    return AttackReport(profile, "development", "now", rows)


def trial(attack: str, role: Role, overlap: float = 1.0) -> Trial:
    """Return a cell that nobody runs."""
    return Trial(attack, lambda _trial, _seed: [], SingleFieldTokens(), role, "nothing", overlap=overlap)


def test_the_interval_of_a_share_is_wilsons():
    """Known value: 5 of 10 lies between 0.237 and 0.763."""
    assert wilson(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)
    assert wilson(0.0, 0) == (0.0, 1.0)


def test_nobody_counted_is_no_success():
    """A share of nobody is 0."""
    assert Outcome.counted(0, 0).rate == 0


def test_a_control_is_held_from_below_and_a_target_from_above():
    """The same rate can break the one and miss the other."""
    assert Bound(0.4, is_least=True).is_met_by(0.4)
    assert not Bound(0.4, is_least=True).is_met_by(0.39)
    assert not Bound(0.4, is_least=False).is_met_by(0.41)


def test_bounds_follow_role_overlap_and_profile():
    """A comparison has none; half an overlap has its own; ci may have another ceiling."""
    assert bound_of(trial("A3", Role.CONTROL), "people", "full") == Bound(0.95, is_least=True)
    assert bound_of(trial("A3", Role.TARGET), "people", "full") == Bound(0.03, is_least=False)
    assert bound_of(trial("A3", Role.TARGET, 0.5), "people", "full") == Bound(0.02, is_least=False)
    assert bound_of(trial("A3", Role.COMPARED), "people", "full") is None
    small, whole = (bound_of(trial("A2", Role.TARGET), "unclaimed", profile) for profile in ("ci", "full"))
    assert small.value > whole.value == 0.002


@pytest.mark.parametrize("profile", ["ci", "full"])
def test_every_attack_on_ours_has_a_control(profile: str):
    """An attack without a control shows nothing when it fails."""
    cells = trials(profile)
    controls = {cell.attack for cell in cells if cell.role is Role.CONTROL}
    assert controls >= {cell.attack for cell in cells if cell.role is Role.TARGET}


def test_seeds_keep_to_their_split():
    """Development seeds are the worlds' development seeds, test seeds their test seeds."""
    for (_, split), seeds in SEEDS.items():
        assert set(seeds) <= set(DEVELOPMENT_SEEDS if split == "development" else TEST_SEEDS)


@pytest.mark.parametrize(
    ("row", "profile", "status"),
    [
        (ROW, "ci", 1),
        (ROW, "full", 0),
        (replace(ROW, is_met=True), "ci", 0),
        (replace(ROW, is_met=None, bound=None), "ci", 0),
        (replace(ROW, is_control=True), "full", 1),
    ],
)
def test_the_exit_status_is_of_controls_and_ceilings(monkeypatch, capsys, row: Row, profile: str, status: int):
    """A broken control always fails; a missed ceiling fails ci, and is told by the full profile."""
    monkeypatch.setattr(command, "run_profile", lambda *_: report(row, profile=profile))
    with pytest.raises(SystemExit) as ended:
        command.main(["--profile", profile, "--json"])
    assert ended.value.code == status
    assert '"attack": "A9"' in capsys.readouterr().out


def test_an_unknown_attack_is_refused(capsys):
    """`--only` takes names of attacks."""
    with pytest.raises(SystemExit):
        command.main(["--only", "A1,B7"])
    assert "attacks are A1" in capsys.readouterr().err


def test_table_and_page_tell_the_same():
    """Rate, interval, bound, verdict, note and paper stand in both."""
    for text in (attack_table(report(ROW)), attack_page(report(ROW))):
        assert all(each in text for each in ("0.5000", "0.2000–0.8000", "0.1", "NO", "0.900", "a note", "a paper"))


def test_the_report_survives_json_and_joins_the_page_of_quality():
    """What `--json` prints can be read again, and stands beside linkage quality."""
    again = AttackReport.from_document(json.loads(json.dumps(report(ROW).document())))
    assert again == report(ROW)
    whole = quality_page(Report("ci", "development", "now", (), {}), again)
    assert "Linkage quality" in whole
    assert "0.2000–0.8000" in whole


def test_dice_of_known_filters():
    """Two of three bits shared is 2·1/(2+1)."""
    left, right = np.array([[1, 1, 0]], dtype=np.uint8), np.array([[1, 0, 0], [0, 0, 0]], dtype=np.uint8)
    assert dice(left, right).tolist() == [[pytest.approx(2 / 3), 0.0]]


def test_best_f1_finds_the_threshold():
    """Equal filters are one person, others are not: some threshold is perfect."""
    bits = np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0]], dtype=np.uint8)
    assert best_dice_f1(bits, np.array([1, 1, 2, 3])) == 1.0
