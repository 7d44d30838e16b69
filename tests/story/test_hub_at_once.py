"""Partners that file, decide and claim at the same moment cannot miss or double one another."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from api.wire.batches import FiledEntry

MakeEntry = Callable[..., FiledEntry]
ROUNDS = 12


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run jobs from a common start."""
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        barrier.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def filing(partner: Any, rows: Sequence[FiledEntry]) -> Callable[[], Any]:
    """Return a job that files."""
    return lambda: partner.file(*rows)


def test_two_filings_of_one_person_cannot_miss_each_other(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Whichever comes second finds the first; each pair meets exactly once."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    for number in range(ROUNDS):
        jobs = [filing(partner, [entry(f"{number}"), entry(f"{number}'")]) for partner in (a, b)]
        assert [answer.status_code for answer in at_once(*jobs)] == [202, 202]
    assert (len(a.meetings()), len(b.meetings())) == (2 * ROUNDS, 2 * ROUNDS)


def test_the_same_batch_twice_at_once_counts_once(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """An agent that is restarted too early does no harm."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    b.file(entry("x"), entry("y"))
    rows = [entry("x"), entry("y")]
    assert [answer.status_code for answer in at_once(*[filing(a, rows)] * 3)] == [202] * 3
    assert len(a.meetings()) == 2


def test_both_claims_at_once_make_one_match(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """Neither claim misses the other."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    for number in range(ROUNDS):
        mine, yours = entry(f"{number}"), entry(f"{number}")
        a.file(mine)
        b.file(yours)
        (met,) = (name for name, meeting in a.meetings().items() if meeting["state"] == "released")
        references = f"{number:032x}", f"{number + 100:032x}"
        answers = at_once(lambda: a.claim(references[0], [met]), lambda: b.claim(references[1], [met]))  # noqa: B023 - run at once
        assert [answer.status_code for answer in answers] == [200, 200]
    assert len({match["match_id"] for match in a.matches()}) == ROUNDS
    assert a.matches() != b.matches()


def test_polling_while_others_file_misses_nothing(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A cursor taken at any moment continues where it stood."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    a.file(*(entry(f"{number}") for number in range(40)))
    seen: set[str] = set()
    is_done = threading.Event()

    def poll() -> None:
        cursor = ""
        while True:
            was_done = is_done.is_set()
            page = a.send("GET", "/v1/meetings", params={"cursor": cursor}).json()
            seen.update(meeting["meeting_id"] for meeting in page["meetings"])
            cursor = page["next_cursor"]
            if was_done and not page["meetings"]:
                return

    def file() -> None:
        for number in range(40):
            b.file(entry(f"{number}"))
        is_done.set()

    at_once(poll, file)
    assert len(seen) == 40


def test_pages_are_walked_to_their_end(sqlite_world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """More meetings than fit one answer come in order of change, none twice."""
    a, b = sqlite_world.join("a", "ngo", all_rules), sqlite_world.join("b", "ngo", all_rules)
    a.file(*(entry(f"{number}") for number in range(1_100)))
    b.file(*(entry(f"{number}") for number in range(1_100)))
    first = a.send("GET", "/v1/meetings").json()
    assert (len(first["meetings"]), first["has_more"]) == (500, True)
    told = a.pages("meetings")
    assert len(told) == len({meeting["meeting_id"] for meeting in told}) == 1_100
    assert set(first) == {"meetings", "next_cursor", "has_more"}
