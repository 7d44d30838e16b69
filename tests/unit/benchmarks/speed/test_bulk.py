"""Bulk linkage is measured in processes of its own, encoding apart."""

from benchmarks.speed import bulk


def test_the_second_run_finds_the_first_ones_entries(monkeypatch) -> None:
    """And the same pairs."""
    monkeypatch.setitem(bulk.PEOPLE, "ci", (100,))
    after, whole = bulk.rows("ci")
    assert min(after.ours, whole.ours) > 0
    assert after.note.split(", ")[3] == whole.note.split(", ")[3]
    assert after.is_reached is None
