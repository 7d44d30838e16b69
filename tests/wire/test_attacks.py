"""An attacker's ways around what the rooms promise one by one: each was open once, and stays shut."""

import ipaddress
import shutil
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.hub import backups, operating
from api.hub.app import create_app
from api.hub.errors import SetupError
from api.hub.people.passwords import is_password
from api.hub.people.throttle import buckets_of
from api.hub.settings import HubSettings
from api.hub.storage.copies import put_back
from api.hub.webhooks import destinations
from api.hub.webhooks import repository as webhooks
from api.hub.webhooks.service import announce
from api.wire.audit.checkpoint import Checkpoint
from api.wire.audit.notes import Algorithm, Note, SigningKey
from api.wire.batches import FiledEntry
from api.wire.statements import OrganisationClass, Purpose
from api.wire.webhooks import EventType
from matcher.schema import LinkageSchema

MakeEntry = Callable[..., FiledEntry]
THING = "00000000-0000-4000-8000-000000000000"
NAMESAKES = {"answer": "not_same", "invalid_reasons": ["namesake"]}


def match(entry: MakeEntry, *partners: Any, manual: bool = False) -> str:
    """Let organisations file one person, release and claim; return the match."""
    for partner in partners:
        partner.file(entry("x", manual=manual))
    for partner in partners:
        for meeting_id, meeting in partner.meetings().items():
            if meeting["state"] == "to_decide":
                partner.decide(meeting_id, "release")
    for partner in partners:
        assert partner.claim(partner.name * 32).status_code == 200
    return str(partners[0].matches()[0]["match_id"])


def learners(partner: Any, rows: tuple[FiledEntry, ...] = (), matches: tuple[str, ...] = ()) -> set[str | None]:
    """Ask who learnt what, and return the classes that are named, the asker's own left out."""
    asked = {"entry_ids": [row.entry.entry_id.hex() for row in rows], "match_ids": list(matches)}
    answer = partner.send("POST", "/v1/audit/learnt", json=asked).json()["learnings"]
    return {each["organisation_class"] for each in answer if not each["is_own"]}


def desk_of(world: Any) -> Any:
    """Let a person of the linkage desk log in."""
    name = operating.add_organisation(world.hub, "nepal", "desk", OrganisationClass.LINKAGE_DESK, ())
    return world.user("linkage_desk", name)


def cosign(partner: Any, name: str) -> Any:
    """Cosign the newest checkpoint under the name of a witness, with a new key."""
    shown = partner.send("GET", "/v1/audit/checkpoint").json()["note"]
    checkpoint, key = Checkpoint.read(Note.read(shown).text), SigningKey(name, Algorithm.COSIGNATURE, token_bytes(32))
    line = checkpoint.cosigned(key, 1_790_000_000).line.rstrip("\n")
    body = {"size": checkpoint.size, "witness_key": key.verifier.text, "signature": line}
    return partner.send("POST", "/v1/audit/cosignatures", json=body)


def asked_for(world: Any, ngo: Any, match_id: str) -> str:
    """Ask for break-glass, with the first of two approvals; return its path."""
    worker, lead = (world.user(role, ngo.organisation_id) for role in ("caseworker", "safeguarding_lead"))
    asked = worker.send("POST", "/v1/break-glass", json={"match_id": match_id, "danger": "life_at_risk"}).json()
    path = f"/v1/break-glass/{asked['break_glass_id']}"
    assert lead.send("POST", f"{path}/approvals").status_code == 200
    return path


def test_who_learnt_never_tells_the_police_that_it_is_a_shelter(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """No rung tells it, and so the list of readers does not."""
    shelter, police = sqlite_world.join("a", "shelter", all_rules), sqlite_world.join("b", "police", all_rules)
    match_id = match(entry, shelter, police)
    assert learners(police, matches=(match_id,)) == {None}
    assert learners(shelter, matches=(match_id,)) == {"police"}


def test_who_learnt_tells_no_more_of_a_protected_record_than_the_meeting(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """A grade alone: neither the meeting nor its readers say of which class the holder is."""
    shelter, ngo = sqlite_world.join("a", "shelter"), sqlite_world.join("b", "ngo", all_rules)
    row = entry("x")
    shelter.file(entry("x", manual=True))
    ngo.file(row)
    for meeting_id in shelter.meetings():
        shelter.decide(meeting_id, "release")
    assert [meeting["other"]["organisation_class"] for meeting in ngo.meetings().values()] == [None]
    assert learners(ngo, (row,)) == {None}


def test_who_learnt_does_not_tell_that_the_other_side_disagreed(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """The desk sees early only what is in dispute; that it looked is told once the match is resolved."""
    a, b = (sqlite_world.join(name, "ngo", all_rules) for name in "ab")
    match_id, desk = match(entry, a, b), desk_of(sqlite_world)
    a.send("POST", f"/v1/matches/{match_id}/reviews", json={"answer": "same"})
    before = learners(a, matches=(match_id,))
    b.send("POST", f"/v1/matches/{match_id}/reviews", json={"answer": "unsure"})
    assert len(desk.send("GET", "/v1/adjudications").json()["cases"]) == 1
    assert learners(a, matches=(match_id,)) == before
    desk.send("POST", f"/v1/adjudications/{match_id}", json={"answer": "same"})
    assert learners(a, matches=(match_id,)) == before | {"linkage_desk"}


def test_an_emergency_does_not_open_a_match_found_to_be_of_two_people(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """What was asked for before the reviews is not opened by an approval after them."""
    shelter, ngo = sqlite_world.join("a", "shelter"), sqlite_world.join("b", "ngo", all_rules)
    match_id = match(entry, shelter, ngo, manual=True)
    path = asked_for(sqlite_world, ngo, match_id)
    for partner in (shelter, ngo):
        reviewed = partner.send("POST", f"/v1/matches/{match_id}/reviews", json=NAMESAKES)
    assert reviewed.json()["resolution"] == "not_same"
    answer = desk_of(sqlite_world).send("POST", f"{path}/approvals")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_the_same")
    assert ngo.send("GET", f"/v1/matches/{match_id}/disclosure").json()["rung"] == "D1"


def test_nobody_reviews_an_emergency_that_they_approved(sqlite_world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """An officer who opened it is judge in no cause of their own; another officer is."""
    shelter, ngo = sqlite_world.join("a", "shelter"), sqlite_world.join("b", "ngo", all_rules)
    path = asked_for(sqlite_world, ngo, match(entry, shelter, ngo, manual=True))
    officer, other = (sqlite_world.user("data_protection_officer") for _ in range(2))
    assert officer.send("POST", f"{path}/approvals").json()["state"] == "open"
    finding = {"finding": "justified"}
    assert officer.send("POST", f"{path}/review", json=finding).json()["code"] == "another_person_needed"
    assert other.send("POST", f"{path}/review", json=finding).status_code == 200


def test_reading_reviews_is_written_down(sqlite_world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """They tell what became of a match, and so it is in the log who read them, or it is not told."""
    a, b = (sqlite_world.join(name, "ngo", all_rules) for name in "ab")
    match_id = match(entry, a, b)
    assert a.send("GET", f"/v1/matches/{match_id}/reviews").status_code == 200
    assert sqlite_world.rows("SELECT count(*) FROM audit_entry WHERE leaf LIKE '%reviews_read%'") == [(1,)]
    with sqlite_world.hub.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    answer = a.send("GET", f"/v1/matches/{match_id}/reviews")
    assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")


def test_a_suspended_organisation_is_told_nothing_by_webhook(sqlite_world: Any) -> None:
    """What waits for it waits on; it goes out when the organisation goes on."""
    settings = sqlite_world.hub.settings.model_copy(update={"webhook_hosts": "a.example"})
    hub = sqlite_world.client.app.state.hub = sqlite_world.hub = replace(sqlite_world.hub, settings=settings)
    partner = sqlite_world.join("a")
    assert partner.send("PUT", "/v1/webhook", json={"url": "https://a.example/"}).status_code == 200
    with hub.database.writing() as connection:
        announce(connection, hub, ("nepal", partner.organisation_id), EventType.REFERRAL_CHANGED, THING)
    due = []
    for is_suspended in (True, False):
        operating.set_suspended(hub, "a", is_suspended=is_suspended)
        with hub.database.reading() as connection:
            due.append(len(webhooks.due(connection, hub.now(), 10)))
    assert due == [0, 1]


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),  # outdated: IPv4 within IPv6
        ("64:ff9b::a9fe:a9fe", False),  # NAT64 of 169.254.169.254
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("fec0::1", False),  # outdated: site-local
        ("0.0.0.0", False),  # noqa: S104 - no listening here
    ],
)
def test_a_webhook_reaches_no_private_address_in_disguise(
    address: str, *, is_allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is listed may resolve to whatever its owner wants."""
    found = [(0, 0, 0, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    place = destinations.resolve("https://a.example/", HubSettings(webhook_hosts="a.example"))
    assert (place is not None) is is_allowed


def test_log_ins_from_one_ipv6_line_are_counted_together(sqlite_world: Any) -> None:
    """A subscriber has more addresses than there are passwords to guess."""
    addresses = ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2")
    digest = bytes(16)
    buckets = [buckets_of(sqlite_world.hub.key, digest, ipaddress.ip_address(each))[1] for each in addresses]
    assert buckets[0] == buckets[1]
    assert len(set(buckets)) == 4


def test_what_a_dismissed_supervisor_approved_covers_nothing(sqlite_world: Any, entry: MakeEntry) -> None:
    """An approval stands as long as whoever answers for it."""
    police = sqlite_world.join("p", "police")
    assert police.file(entry("x"), purpose="investigation").status_code == 202
    ((user_id,),) = sqlite_world.rows("SELECT user_id FROM approval")
    sqlite_world.user("operator").send("POST", f"/v1/users/{user_id}/end")
    answer = police.file(entry("y"), purpose="investigation")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_approved")


def test_no_url_takes_a_whole_api_key(sqlite_world: Any) -> None:
    """A proxy's log would have it; the key's id is enough."""
    partner = sqlite_world.join("a")
    manager = sqlite_world.user("data_manager", partner.organisation_id)
    keys = f"/v1/projects/nepal/organisations/{partner.organisation_id}/api-keys"
    assert manager.send("POST", f"{keys}/{partner.api_key}/revoke").status_code == 404
    assert partner.send("GET", "/v1/quota").status_code == 200


def test_an_old_log_beside_a_restored_database_is_refused(tmp_path: Path) -> None:
    """SQLite would play it into the file, over what the backup holds."""
    (tmp_path / "hub.sqlite3-wal").write_bytes(b"pages of the lost database")
    with pytest.raises(SetupError) as refused:
        put_back(f"sqlite+pysqlite:///{tmp_path / 'hub.sqlite3'}", [b""])
    assert refused.value.code == "restore_not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["hub.sqlite3-wal"]


def test_no_session_comes_back_with_a_backup(
    sqlite_template: Path, tmp_path: Path, schema: LinkageSchema, world_of: Any
) -> None:
    """Who logged out, or was dismissed, is not let in by an older state."""
    old, new = (HubSettings(data_dir=tmp_path / name) for name in ("old", "new"))
    for settings in (old, new):
        settings.data_dir.mkdir(mode=0o700)
    shutil.copy(sqlite_template, old.data_dir / "hub.sqlite3")
    operating.initialise(old, "nepal", "nepal", list(Purpose), 36)
    with operating.opened(old) as hub, TestClient(create_app(hub)) as client:
        person = world_of(hub, schema, client).user("operator")
        assert person.send("GET", "/v1/users").status_code == 200
        backups.back_up(hub, tmp_path / "backup")
    for name in ("hub.key", "log.key"):
        shutil.copy(old.data_dir / name, new.data_dir / name)
    backups.restore(new, tmp_path / "backup")
    with operating.opened(new) as hub, TestClient(create_app(hub)) as client:
        headers = {"Authorization": f"Bearer {person.token}"}
        assert client.get("/v1/users", headers=headers).status_code == 401


def test_nobody_takes_the_place_of_a_witness(sqlite_world: Any) -> None:
    """Its name is read below yesterday's checkpoint; today it still is its own."""
    a, b = sqlite_world.join("a"), sqlite_world.join("b")
    name = "casematch-agent/0123456789abcdef"
    assert cosign(a, name).status_code == 204
    sqlite_world.calendar.day += timedelta(days=1)
    assert cosign(b, name).json()["code"] == "cosignature_refused"
    assert cosign(a, name).status_code == 204


def test_the_time_of_an_erasure_or_a_question_does_not_tell_of_a_hidden_meeting(
    sqlite_world: Any, entry: MakeEntry
) -> None:
    """What met takes longer to erase, and to leave out, so both wait as a filing does."""
    partner, row = sqlite_world.join("a"), entry("x")
    partner.file(row)
    object.__setattr__(sqlite_world.hub.settings, "answer_quantum_ms", 300)
    asked = {"entry_ids": [row.entry.entry_id.hex()]}
    for answer in (partner.send("POST", "/v1/audit/learnt", json=asked), partner.erase(row)):
        assert answer.status_code == 200
        assert answer.elapsed.total_seconds() >= 0.3


@pytest.mark.parametrize("what", ["reset", "end"])
def test_who_is_stopped_while_logging_in_does_not_get_in(
    sqlite_world: Any, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is looked at for a while, outside of any transaction; what was true before may not be after."""
    operator, person = sqlite_world.user("operator"), sqlite_world.user("operator")

    def slow(*given: Any) -> bool:
        monkeypatch.undo()
        assert operator.send("POST", f"/v1/users/{person.user_id}/{what}").status_code == 200
        return is_password(*given)

    monkeypatch.setattr("api.hub.people.service.is_password", slow)
    given = {"login": person.login, "password": person.password}
    assert sqlite_world.client.post("/v1/sessions", json=given).status_code == 401
    assert (person.user_id,) not in sqlite_world.rows("SELECT user_id FROM user_session")


def test_a_stranger_writes_nothing_into_the_log(sqlite_world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A method of HTTP may be any word, and needs no key."""
    assert sqlite_world.client.request("QANARI", "/v1/qanari?qanari", headers={"User-Agent": "qanari"}).is_error
    told = capsys.readouterr()
    assert "request" in told.out + told.err
    assert "qanari" not in (told.out + told.err).lower()


def test_a_new_reference_does_not_win_back_what_a_review_ended(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """The same record under another reference is a new match, and is told a grade until a person grants more."""
    a, b, c = (sqlite_world.join(name, "ngo", all_rules) for name in "abc")
    match_id = match(entry, a, b)
    for partner in (a, b):
        assert partner.send("POST", f"/v1/matches/{match_id}/reviews", json=NAMESAKES).status_code == 201
    again = ((a, "d" * 32), (b, "b" * 32), (c, "c" * 32))
    for partner, _ in again:
        partner.file(entry("y"))
    for partner, reference in again:
        partner.claim(reference, [name for name, each in partner.meetings().items() if each["state"] == "released"])
    assert sorted(each["rung"] for each in a.matches()) == ["D1", "D1", "D4"]  # parted, parted again, a third's
    assert sorted(each["rung"] for each in c.matches()) == ["D4", "D4"]


def cluster_ids(partner: Any) -> list[str]:
    """Return the clusters that an organisation is shown, sorted."""
    return sorted(each["cluster_id"] for each in partner.matches())


def pair_up(entry: MakeEntry, one: tuple[Any, str], other: tuple[Any, str], word: str) -> None:
    """Let two organisations file a person, and claim what is new of it for references."""
    for partner, _ in (one, other):
        partner.file(entry(word))
    for partner, reference in (one, other):
        new = [name for name, meeting in partner.meetings().items() if meeting["state"] == "released"]
        assert partner.claim(reference * 32, new).status_code == 200


def test_matches_of_third_parties_do_not_move_a_cluster(sqlite_world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """A is told of matches of its own alone: B's with C, made, merged and parted, leave A's pages as they were."""
    a, b, c = (sqlite_world.join(name, "ngo", all_rules) for name in "abc")
    pair_up(entry, (a, "a"), (b, "b"), "ab")
    pair_up(entry, (a, "d"), (c, "c"), "ac")
    before = a.send("GET", "/v1/matches").text
    assert len(set(cluster_ids(a))) == 2
    pair_up(entry, (b, "b"), (c, "c"), "bc")
    assert len(sqlite_world.rows("SELECT DISTINCT cluster_id FROM joined_match")) == 1
    assert a.send("GET", "/v1/matches").text == before
    match_id = next(iter({each["match_id"] for each in b.matches()} & {each["match_id"] for each in c.matches()}))
    for partner in (b, c):
        assert partner.send("POST", f"/v1/matches/{match_id}/reviews", json=NAMESAKES).status_code == 201
    assert len(sqlite_world.rows("SELECT DISTINCT cluster_id FROM joined_match WHERE cluster_id <> ''")) == 2
    assert a.send("GET", "/v1/matches").text == before


def test_own_matches_join_under_an_id_that_stays_and_is_nobody_elses(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """By one's own reference, or by the other side's record."""
    a, b, c = (sqlite_world.join(name, "ngo", all_rules) for name in "abc")
    pair_up(entry, (a, "a"), (b, "b"), "ab")
    first = cluster_ids(a)
    pair_up(entry, (a, "a"), (c, "c"), "ac")
    assert cluster_ids(a) == first * 2
    pair_up(entry, (a, "d"), (b, "b"), "db")
    assert cluster_ids(a) == first * 3
    assert len(set(cluster_ids(b))) == len(set(cluster_ids(c))) == 1
    assert len({*first, *cluster_ids(b), *cluster_ids(c)}) == 3


def test_whose_record_was_parted_is_warned_of_a_new_reference(
    sqlite_world: Any, entry: MakeEntry, all_rules: Any
) -> None:
    """The side that kept its reference sees it, also on a match that was there before the review; others do not."""
    a, b, c = (sqlite_world.join(name, "ngo", all_rules) for name in "abc")
    pair_up(entry, (a, "e"), (b, "b"), "eb")
    cursor = b.send("GET", "/v1/matches").json()["next_cursor"]
    pair_up(entry, (a, "a"), (b, "b"), "ab")
    (parted,) = (each["match_id"] for each in a.matches() if each["reference"] == "a" * 32)
    for partner in (a, b):
        assert partner.send("POST", f"/v1/matches/{parted}/reviews", json=NAMESAKES).status_code == 201
    assert len(b.send("GET", "/v1/matches", params={"cursor": cursor}).json()["matches"]) == 2
    pair_up(entry, (a, "d"), (b, "b"), "db")
    pair_up(entry, (b, "b"), (c, "c"), "bc")
    mine = {each["match_id"]: each["reference"][0] for each in a.matches()}
    warned = {mine.get(each["match_id"], "c"): each["was_parted_before"] for each in b.matches()}
    assert warned == {"e": True, "a": False, "d": True, "c": False}
    assert not any(each["was_parted_before"] for partner in (a, c) for each in partner.matches())
