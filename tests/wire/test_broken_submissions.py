"""Every broken submission we can think of, and the problem that answers it; none is kept, none is echoed."""

import gzip
import json
import secrets
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from api.hub import operating
from api.wire.batches import MAXIMUM_BODY_BYTES, FiledEntry, pack_batch
from api.wire.statements import Purpose, Statement
from matcher.encoding import Envelope, envelope_of
from matcher.schema import LinkageSchema

MakeEntry = Callable[..., FiledEntry]
MARK = "devi_sunita"  # stands for what must never come back
STATEMENT = Statement(purpose=Purpose.PROTECTION, reason="intake")


def good(world: Any, entry: MakeEntry) -> bytes:
    """Return a batch that would be taken."""
    return pack_batch(envelope_of(world.schema), STATEMENT, [entry("x"), entry("y")])


def with_head(body: bytes, **changes: Any) -> bytes:
    """Return a batch with another head."""
    length = int.from_bytes(body[4:8], "big")
    head = json.dumps({**json.loads(body[8 : 8 + length]), **changes}).encode()
    return body[:4] + len(head).to_bytes(4, "big") + head + body[8 + length :]


def unknown_release(body: bytes) -> bytes:
    """Return a batch whose last row is neither manual nor automatic."""
    return body[:-3] + b"\x07" + body[-2:]


def statement(**changes: str) -> dict[str, str]:
    """Return a statement with a change."""
    return {"purpose": "protection", "reason": "intake", **changes}


BODIES: list[tuple[str, Callable[[bytes], bytes], int, str, str]] = [
    ("empty", lambda _: b"", 422, "malformed_batch", "batch_magic"),
    ("bad magic", lambda body: b"CMB2" + body[4:], 422, "malformed_batch", "batch_magic"),
    ("a CSV file", lambda _: f"name,age\n{MARK},9\n".encode(), 422, "malformed_batch", "batch_magic"),
    ("magic alone", lambda body: body[:4], 422, "malformed_batch", "batch_magic"),
    ("head length beyond the body", lambda body: body[:4] + b"\x00\x00\x0f\xff", 422, "malformed_batch", "batch_head"),
    ("head length of 4 GB", lambda body: body[:4] + b"\xff" * 4 + body[8:], 422, "malformed_batch", "batch_head"),
    ("head is no JSON", lambda body: body[:8] + b"\x00" * (len(body) - 8), 422, "malformed_batch", "batch_head"),
    ("head is a deep list", lambda _: b"CMB1\x00\x00\x0f\xa0" + b"[" * 4000, 422, "malformed_batch", "batch_head"),
    ("extra key in head", lambda body: with_head(body, note=MARK), 422, "malformed_batch", "batch_head"),
    (
        "reason is free text",
        lambda b: with_head(b, statement=statement(reason="Sunita Devi")),
        422,
        "malformed_batch",
        "batch_head",
    ),
    (
        "unknown purpose",
        lambda b: with_head(b, statement=statement(purpose=MARK)),
        422,
        "malformed_batch",
        "batch_head",
    ),
    ("epoch as text", lambda body: with_head(body, key_epoch="1"), 422, "malformed_batch", "batch_head"),
    ("epoch 0", lambda body: with_head(body, key_epoch=0), 422, "malformed_batch", "batch_head"),
    ("no entries", lambda body: with_head(body, entries=0), 422, "malformed_batch", "batch_head"),
    ("a million entries", lambda body: with_head(body, entries=1_000_000), 422, "malformed_batch", "batch_head"),
    ("more entries than rows", lambda body: with_head(body, entries=3), 422, "malformed_batch", "batch_rows"),
    ("fewer entries than rows", lambda body: with_head(body, entries=1), 422, "malformed_batch", "batch_rows"),
    ("last sketch truncated", lambda body: body[:-1], 422, "malformed_batch", "batch_rows"),
    ("a byte too many", lambda body: body + b"\x00", 422, "malformed_batch", "batch_rows"),
    ("unknown release", unknown_release, 422, "malformed_batch", "batch_release"),
    ("expired already", lambda body: body[:-2] + b"\x00\x01", 422, "batch_expiry", "batch_expiry"),
    ("expires in 5000 years", lambda body: body[:-2] + b"\xff\xff", 422, "batch_expiry", "batch_expiry"),
    (
        "another schema's id",
        lambda body: with_head(body, schema_id="0" * 32),
        409,
        "envelope_mismatch",
        "envelope_mismatch",
    ),
    ("unknown epoch", lambda body: with_head(body, key_epoch=9), 409, "envelope_mismatch", "envelope_mismatch"),
    ("unlike encoder", lambda body: with_head(body, encoder_version=9), 409, "envelope_mismatch", "envelope_mismatch"),
]


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a problem that quotes nothing, and return it."""
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert (problem["status"], problem["type"]) == (status, f"/problems/{code}")
    assert MARK not in answer.text
    assert "Sunita" not in answer.text
    return problem


@pytest.mark.parametrize(
    ("broken", "status", "code", "fault"), [case[1:] for case in BODIES], ids=[c[0] for c in BODIES]
)
def test_a_broken_batch_is_refused_whole(
    sqlite_world: Any, entry: MakeEntry, broken: Callable[[bytes], bytes], status: int, code: str, fault: str
) -> None:
    """The fault is named by place and kind; no row is kept."""
    a = sqlite_world.join("a")
    problem = refused(a.push(gzip.compress(broken(good(sqlite_world, entry)))), status, code)
    assert [each["code"] for each in problem["faults"]] == [fault]
    assert sqlite_world.rows("SELECT count(*) FROM entry")[0][0] == 0


def bomb(size: int) -> bytes:
    """Return a small gzip stream that grows to `size` bytes."""
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    return press.compress(bytes(size)) + press.flush()


PACKED: list[tuple[str, Callable[[bytes], bytes], dict[str, str], int, str]] = [
    ("gzip bomb", lambda _: bomb(200 * 2**20), {}, 413, "too_large"),
    ("gzip garbage", lambda _: b"\x1f\x8b" + secrets.token_bytes(100), {}, 422, "malformed_gzip"),
    ("not gzip at all", lambda body: body, {}, 422, "malformed_gzip"),
    ("gzip cut", lambda body: gzip.compress(body)[:-5], {}, 422, "malformed_gzip"),
    ("two gzip streams", lambda body: gzip.compress(body) * 2, {}, 422, "malformed_gzip"),
    ("10 MB", lambda _: bytes(10_000_000), {"content_encoding": "identity"}, 413, "too_large"),
    ("just too large", lambda _: bytes(MAXIMUM_BODY_BYTES + 1), {"content_encoding": "identity"}, 413, "too_large"),
    ("zstd", lambda body: body, {"content_encoding": "zstd"}, 415, "unknown_media_type"),
    ("JSON", lambda body: body, {"content_type": "application/json"}, 415, "unknown_media_type"),
    ("no media type", lambda body: body, {"content_type": ""}, 415, "unknown_media_type"),
]


@pytest.mark.parametrize(
    ("pack", "headers", "status", "code"), [case[1:] for case in PACKED], ids=[c[0] for c in PACKED]
)
def test_a_badly_packed_body_is_refused(
    sqlite_world: Any, entry: MakeEntry, pack: Callable[[bytes], bytes], headers: dict[str, str], status: int, code: str
) -> None:
    """Size, media type and compression are checked before anything is read."""
    a = sqlite_world.join("a")
    refused(a.push(pack(good(sqlite_world, entry)), **headers), status, code)


def test_a_body_without_a_length_is_cut_at_the_limit(sqlite_world: Any) -> None:
    """Chunked bodies are counted as they come."""
    a = sqlite_world.join("a")
    pieces = (bytes(2**20) for _ in range(12))
    refused(a.push(pieces, content_encoding="identity"), 413, "too_large")


def test_a_batch_without_compression_is_taken(sqlite_world: Any, entry: MakeEntry) -> None:
    """Compression is a choice."""
    assert sqlite_world.join("a").push(good(sqlite_world, entry), content_encoding="identity").status_code == 202


def test_entries_of_another_schemas_size_are_refused(sqlite_world: Any, entry: MakeEntry) -> None:
    """Rows of another width cannot pass under this schema's id."""
    document = {**LinkageSchema.shipped("nepal").document, "sketch": {"bytes": 256}}
    wide = LinkageSchema.from_document(document)
    sketch = secrets.token_bytes(wide.sketch_bytes)
    row = entry("x")
    widened = FiledEntry(type(row.entry)(row.entry.entry_id, row.entry.token, sketch), row.release, row.expires)
    refused(sqlite_world.join("a").file(widened), 422, "malformed_batch")


def test_a_retired_epoch_takes_nothing(world: Any, entry: MakeEntry) -> None:
    """Advance opens the next epoch; retire closes the old one."""
    a = world.join("a")
    newer = operating.advance_epoch(world.hub, "")
    assert a.file(entry("x")).status_code == 202
    operating.retire_epoch(world.hub, "", 1)
    refused(a.file(entry("x")), 409, "retired_epoch")
    assert a.file(entry("x"), envelope=envelope_of(newer)).status_code == 202
    project = a.send("GET", "/v1/projects/nepal").json()
    assert (project["schema_id"], project["linkage_schema"]["key_epoch"]) == (newer.schema_id, 2)
    assert project["key_epochs"] == [{"key_epoch": 1, "state": "retired"}, {"key_epoch": 2, "state": "current"}]


def test_epochs_never_meet(world: Any, entry: MakeEntry, all_rules: Any) -> None:
    """The same token in two epochs is two tokens."""
    a, b = world.join("a", "ngo", all_rules), world.join("b", "ngo", all_rules)
    newer = operating.advance_epoch(world.hub, "")
    a.file(entry("x"))
    b.file(entry("x"), envelope=Envelope(newer.schema_id, 2))
    assert (a.states(), b.states()) == ([], [])


def test_a_purpose_outside_the_agreement_is_refused(sqlite_world: Any, entry: MakeEntry) -> None:
    """A project takes entries for the purposes it has agreed on."""
    a = sqlite_world.join("a")
    with sqlite_world.hub.database.writing() as connection:
        connection.exec_driver_sql("UPDATE project SET purposes = 'dedup'")
    refused(a.file(entry("x")), 409, "unknown_purpose")


KEYS: list[tuple[str, Callable[[str], dict[str, str]]]] = [
    ("none", lambda _: {}),
    ("empty", lambda _: {"Authorization": ""}),
    ("another scheme", lambda key: {"Authorization": f"Basic {key}"}),
    ("malformed", lambda key: {"Authorization": f"Bearer {key}x"}),
    ("no text", lambda _: {"Authorization": "Bearer "}),
    ("unknown id", lambda key: {"Authorization": f"Bearer cm_{'0' * 16}_{key[-64:]}"}),
    ("wrong secret", lambda key: {"Authorization": f"Bearer {key[:-1]}{'0' if key[-1] != '0' else '1'}"}),
    ("upper case", lambda key: {"Authorization": f"Bearer {key.upper()}"}),
]


@pytest.mark.parametrize("headers", [case[1] for case in KEYS], ids=[case[0] for case in KEYS])
def test_a_bad_api_key_is_answered_the_same(sqlite_world: Any, headers: Callable[[str], dict[str, str]]) -> None:
    """Nothing tells an unknown key from a wrong one, and nothing is echoed."""
    a = sqlite_world.join("a")
    a.headers = headers(a.api_key)
    answer = a.send("GET", "/v1/projects/nepal")
    refused(answer, 401, "unauthorised")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    a.headers = {}
    assert a.send("GET", "/v1/meetings").content == answer.content


def test_a_revoked_key_stops_with_the_next_request(world: Any) -> None:
    """Revocation is at once."""
    a = world.join("a")
    assert a.send("GET", "/v1/meetings").status_code == 200
    operating.revoke_key(world.hub, a.api_key.split("_")[1])
    refused(a.send("GET", "/v1/meetings"), 401, "unauthorised")


def test_an_expired_key_stops_on_its_day(sqlite_world: Any) -> None:
    """The keys of this test live 30 days."""
    a = sqlite_world.join("a")
    sqlite_world.calendar.day = date(2026, 12, 20)
    assert a.send("GET", "/v1/meetings").status_code == 200
    sqlite_world.calendar.day = date(2026, 12, 21)
    refused(a.send("GET", "/v1/meetings"), 401, "unauthorised")


def test_a_key_does_what_its_scope_says(sqlite_world: Any, entry: MakeEntry) -> None:
    """A key to upload cannot read, and one to query cannot file."""
    upload, query = (sqlite_world.join(name, scopes=[name]) for name in ("upload", "query"))
    assert upload.file(entry("x")).status_code == 202
    refused(upload.send("GET", "/v1/meetings"), 403, "not_allowed")
    refused(query.file(entry("x")), 403, "not_allowed")
    assert query.send("GET", "/v1/projects/nepal").status_code == 200


REQUESTS: list[tuple[str, str, str, Any, int, str]] = [
    ("another project", "GET", "/v1/projects/other", None, 404, "not_found"),
    ("unknown path", "GET", f"/v1/{MARK}", None, 404, "not_found"),
    ("trailing slash", "GET", "/v1/meetings/", None, 404, "not_found"),
    ("wrong method", "DELETE", "/v1/matches", None, 405, "method_not_allowed"),
    ("foreign cursor", "GET", f"/v1/meetings?cursor={MARK}", None, 422, "unknown_cursor"),
    ("cursor of another list", "GET", "/v1/matches?cursor=AAAAAAAAAAE", None, 422, "unknown_cursor"),
    ("long cursor", "GET", f"/v1/meetings?cursor={'x' * 101}", None, 422, "invalid_request"),
    ("unknown meeting", "POST", "/v1/meetings/00000000-0000-4000-8000-000000000000/release", None, 404, "not_found"),
    ("meeting id is a name", "POST", f"/v1/meetings/{MARK}/release", None, 404, "not_found"),
    ("meeting id with NUL", "POST", "/v1/meetings/%00/refuse", None, 404, "not_found"),
    ("match id with NUL", "GET", "/v1/matches/%00", None, 404, "not_found"),
    (
        "extra JSON key",
        "POST",
        "/v1/matches",
        {"meeting_ids": [], "reference": "0" * 32, MARK: 1},
        422,
        "invalid_request",
    ),
    ("no meetings", "POST", "/v1/matches", {"meeting_ids": [], "reference": "0" * 32}, 422, "invalid_request"),
    (
        "reference is a name",
        "POST",
        "/v1/matches",
        {"meeting_ids": ["0" * 36], "reference": MARK},
        422,
        "invalid_request",
    ),
    ("a list", "POST", "/v1/meetings/decisions", [MARK], 422, "invalid_request"),
    ("twice", "POST", "/v1/meetings/decisions", {"release": ["0" * 36], "refuse": ["0" * 36]}, 422, "decided_twice"),
    ("entry id is a name", "POST", "/v1/projects/nepal/erasures", {"entry_ids": [MARK]}, 422, "invalid_request"),
    ("too many ids", "POST", "/v1/projects/nepal/erasures", {"entry_ids": ["0" * 32] * 10_001}, 422, "invalid_request"),
    ("erasures elsewhere", "POST", "/v1/projects/other/erasures", {"entry_ids": ["0" * 32]}, 404, "not_found"),
    (
        "exact date",
        "PUT",
        "/v1/matches/0/encounters",
        {"encounters": [{"quarter": "2024-03-05"}]},
        422,
        "invalid_request",
    ),
]


@pytest.mark.parametrize("case", REQUESTS, ids=[case[0] for case in REQUESTS])
def test_a_broken_request_is_a_problem(sqlite_world: Any, case: tuple[str, str, str, Any, int, str]) -> None:
    """Every refusal has the same form, names places only, and echoes nothing."""
    _, method, path, body, status, code = case
    answer = sqlite_world.join("a").send(method, path, **({} if body is None else {"json": body}))
    refused(answer, status, code)
    if status == 405:
        assert answer.headers["allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("content", "media_type", "status", "code"),
    [
        (b"{", "application/json", 422, "invalid_request"),
        (b"", "application/json", 422, "invalid_request"),
        (b"[" * 100_000, "application/json", 400, "malformed_request"),
        (b"\xff\xfe", "application/json", 422, "invalid_request"),
        (b'{"release": [1' + b"1" * 5_000 + b"]}", "application/json", 400, "malformed_request"),
        (b"release=x", "application/x-www-form-urlencoded", 415, "unknown_media_type"),
        (b"{}", "text/plain", 415, "unknown_media_type"),
        (bytes(10_000_000), "application/json", 413, "too_large"),
    ],
    ids=["cut", "empty", "deep", "not UTF-8", "huge number", "form", "plain text", "10 MB"],
)
def test_a_broken_json_body_is_a_problem(
    sqlite_world: Any, content: bytes, media_type: str, status: int, code: str
) -> None:
    """JSON that is none, or far too much of it."""
    headers = {"content-type": media_type}
    answer = sqlite_world.join("a").send("POST", "/v1/meetings/decisions", content=content, headers=headers)
    refused(answer, status, code)


def test_a_failure_inside_is_a_bare_500(sqlite_world: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """An exception's text reaches neither the answer nor the log."""
    a = sqlite_world.join("a")

    def fail(*_: object) -> None:
        raise RuntimeError(MARK)

    monkeypatch.setattr("api.hub.projects.service.view", fail)
    refused(a.send("GET", "/v1/projects/nepal"), 500, "internal_server_error")
    printed = capsys.readouterr()
    assert MARK not in printed.out + printed.err
    assert "RuntimeError" in printed.out + printed.err


def test_an_unusable_database_is_a_503(sqlite_world: Any) -> None:
    """The same request may succeed later."""
    a = sqlite_world.join("a")
    with sqlite_world.hub.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE meeting_side RENAME TO gone")
    answer = a.send("GET", "/v1/meetings")
    assert refused(answer, 503, "unavailable")["retryable"]
    assert int(answer.headers["retry-after"]) > 0
