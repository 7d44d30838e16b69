"""
The cast of the whole story, twice: by the commands that people type against a served hub, and by bare HTTP.

Both tell the story's steps the same few things, so that one story runs over either, on SQLite and on PostgreSQL.
"""

import json
import re
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from typer.testing import CliRunner

from api.agent.audit.download import check
from api.agent.audit.pin import Pin
from api.agent.cli import app
from api.agent.demo.hub import PROJECT, DemoHub
from api.agent.private_files import write_private
from api.agent.sealed_box import Way, Written, new_sealing_key, open_box, public_sealing_key, seal
from api.hub import operating
from api.hub.scoring import score_sketches
from api.hub.storage.naming import metadata
from api.hub.storage.session import Database
from api.wire.audit.notes import Algorithm, Note, SigningKey, VerifierKey
from api.wire.audit.receipts import entries_digest, open_receipt
from api.wire.batches import FiledEntry, Release, month_number
from api.wire.sealed import SealingKey, open_sealing_key, read_box, sign_sealing_key, write_box
from api.wire.statements import OrganisationClass
from matcher.encode.encoder import Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.normalise.record import normalise
from matcher.person import RawRecord

RULES = ("ngo:protection", "shelter:protection")
ORGANISATIONS = {
    "shelter": ("Asha Home", "shelter", "Desk Marigold", RULES),
    "valley": ("Valley Women", "ngo", "Desk Lotus", RULES),
    "hill": ("Hill Women", "ngo", "Desk Juniper", RULES),
    "police": ("Crime Unit", "police", "Desk Falcon", RULES),
    "border": ("Booth Seven", "border", "Desk Cedar", ()),
    "desk": ("Neutral Table", "linkage_desk", "Focal Point", ()),
}
PEOPLE = {
    "shelter lead": ("shelter", "safeguarding_lead"),
    "valley caseworker": ("valley", "caseworker"),
    "valley lead": ("valley", "safeguarding_lead"),
    "police chief": ("police", "police_supervisor"),
    "desk": ("desk", "linkage_desk"),
    "officer": ("", "data_protection_officer"),
}
TAG_OF = "081-CR-0417"
PASSWORD = "a password of one's own"  # noqa: S105 - of invented people
VERDICTS = {"possible_re_trafficking", "same_episode", "attempt", "undetermined"}
COLUMNS = ("given_name", "family_name", "father_name", "mother_name", "birth_date", "district", "local_unit", "ward")
HEADER = (
    f"case_ref,{','.join(COLUMNS)},phone,recorded_on,location_protected,"
    "encounter_quarter,encounter_kind,encounter_status,exit_quarter"
)


@dataclass(frozen=True)
class Row:
    """A case as a partner writes it: a person, and one encounter."""

    case_ref: str
    person: tuple[str, ...]
    encounter: tuple[str, str, str, str]
    phone: str = "9841770215"

    @property
    def columns(self) -> dict[str, str]:
        """Return what is encoded."""
        return dict(zip(COLUMNS, self.person, strict=True)) | {"phone": self.phone, "recorded_on": "2024-08-03"}

    @property
    def line(self) -> str:
        """Return the line of a CSV file."""
        return ",".join((self.case_ref, *self.person, self.phone, "2024-08-03", "no", *self.encounter))


@dataclass(frozen=True)
class Seen:
    """What a side is told of the match of a case."""

    other: str
    rung: str
    final: str
    verdict: str


class Cast(Protocol):
    """All who play, and what an outsider finds at the hub."""

    agents: dict[str, Any]
    people: dict[str, Any]
    told: dict[str, list[str]]

    def kept(self) -> list[bytes]:
        """Return all that the hub has on its disk: files, and the cells of its tables."""


def found_in(database: Database, folder: Path) -> list[bytes]:
    """Return every cell of a hub's tables, and every file of its folder."""
    with database.reading() as connection:
        rows = [row for table in metadata.tables.values() for row in connection.execute(table.select())]
    cells = [cell.encode() if isinstance(cell, str) else cell for row in rows for cell in row]
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return [bytes(each) for each in (*cells, *files) if isinstance(each, (bytes, memoryview))]


# ---- by the commands ----


@dataclass
class Typing:
    """Somebody at a terminal: a folder or session of their own, and all that was ever printed there."""

    cast: "CommandCast"
    name: str
    place: tuple[str, ...]

    def __call__(self, *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None) -> str:
        """Type a command that must succeed, and return what it prints."""
        code, said = self.attempt(*arguments, stdin=stdin, env=env)
        assert code == 0, (arguments[:2], said)
        return said

    def attempt(self, *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None) -> tuple[int, str]:
        """Type a command that may fail."""
        done = CliRunner().invoke(app, [*arguments, *self.place], input=stdin, env=env)
        self.cast.told[self.name].append(done.output)
        return done.exit_code, done.output


def row_of(text: str, word: str) -> list[str]:
    """Return the cells of the line of a table that holds a word."""
    line = next(line for line in text.splitlines() if word in line)
    return re.split(r"\s{2,}", line.strip())


@dataclass
class CommandAgent:
    """A partner's agent, worked by its commands."""

    type: Typing
    folder: Path

    def file(self, *rows: Row, approval: str = "") -> str:
        """Import and push; police cases on a warrant, others by consent."""
        path = self.folder.parent / f"{self.folder.name}.csv"
        path.write_text("\n".join([HEADER, *(row.line for row in rows), ""]), encoding="utf-8")
        agreed = ("--basis", "warrant") if self.type.name == "police" else ("--consent", "self")
        self.type("agent", "import", str(path), *agreed)
        police = ("--case-number", TAG_OF, "--lawful-basis", "warrant", "--approval", approval) if approval else ()
        return self.type("agent", "push", *police)

    def encodes_without_consent(self, row: Row) -> bool:
        """Tell whether anything would leave of a person who was not asked."""
        path = self.folder.parent / "unasked.csv"
        path.write_text(f"{HEADER}\n{row.line}\n", encoding="utf-8")
        is_imported = self.type.attempt("agent", "import", str(path))[0] == 0
        return is_imported or "0 entries received" not in self.type("agent", "push")

    def is_refused_without_approval(self, row: Row) -> bool:
        """Import, and tell whether the hub refuses what comes without an approval."""
        path = self.folder.parent / "unapproved.csv"
        path.write_text(f"{HEADER}\n{row.line}\n", encoding="utf-8")
        self.type("agent", "import", str(path), "--basis", "warrant")
        return self.type.attempt("agent", "push")[0] == 1

    def case_tag(self) -> str:
        """Return the keyed tag of the police's case."""
        return self.type("agent", "case-tag", TAG_OF).strip()

    def sync(self) -> str:
        """Hear what is new."""
        return self.type("agent", "sync")

    def may_hear(self) -> bool:
        """Tell whether it may ask for meetings at all."""
        code, said = self.type.attempt("agent", "sync")
        assert (code == 0) or "files and hears nothing" in said, said
        return code == 0

    def waiting(self) -> set[str]:
        """Return the cases that wait for a decision here."""
        lines = self.type("agent", "inbox").partition("\n\n")[0].splitlines()
        return {line.split()[0] for line in lines[2:]} if lines[0].startswith("Waiting") else set()

    def decide(self, case_ref: str, what: str) -> None:
        """Release or refuse."""
        self.type("agent", what, case_ref)

    def match(self, case_ref: str) -> Seen | None:
        """Return what the inbox tells of a case's match; None when it tells of none."""
        matches = self.type("agent", "inbox").partition("Matches;")[2]
        if case_ref not in matches:
            return None
        cells = row_of(matches, case_ref)
        final = cells[5].removeprefix("found ").replace(" ", "_") if cells[5].startswith("found ") else ""
        verdict = cells[6].removeprefix("answer: ").replace(" ", "_")
        is_told = verdict in VERDICTS or cells[6].startswith("answer: ") or verdict == "void"
        return Seen(cells[3], cells[4], final, verdict if is_told else "")

    def ask(self, case_ref: str, rung: str) -> None:
        """Ask to be told more."""
        self.type("agent", "request", case_ref, "--rung", rung, "--reason", "continuity_of_care")

    def own_request(self, case_ref: str) -> str:
        """Return what became of an own request."""
        return row_of(self.sync_and_inbox().partition("Your requests:")[2], case_ref)[2]

    def sync_and_inbox(self) -> str:
        """Sync, and show the inbox."""
        self.sync()
        return self.type("agent", "inbox")

    def answer_request(self, case_ref: str, what: str) -> None:
        """Grant or refuse a request of the other side."""
        asked = self.sync_and_inbox().partition("Requests (")[2]
        self.type("agent", "decide", row_of(asked, case_ref)[0], what)

    def disclosure(self, case_ref: str) -> str:
        """Return all that is told of the other side."""
        return self.type("agent", "disclosure", case_ref)

    def review(self, case_ref: str, answer: str, reason: str) -> None:
        """Say what was found."""
        self.type("agent", "review", case_ref, answer, "--reason", reason)

    def refer(self, case_ref: str) -> None:
        """Offer a referral."""
        self.type("agent", "refer", case_ref, "--service", "shelter")

    def referral(self, case_ref: str) -> str:
        """Return where the referral of a case stands."""
        return row_of(self.type("agent", "referrals", "list"), case_ref)[4]

    def answer_referral(self, case_ref: str, what: str) -> None:
        """Accept, decline, complete or revoke."""
        self.type("agent", "referrals", what, row_of(self.type("agent", "referrals", "list"), case_ref)[1])

    def write(self, case_ref: str, text: str) -> None:
        """Send a sealed message."""
        self.type("agent", "message", case_ref, stdin=text)

    def read(self, case_ref: str) -> list[str]:
        """Return the texts of a case's messages."""
        lines = self.type("agent", "messages", case_ref).splitlines()
        return [line.strip() for line in lines if line.startswith("  ")]

    def end_consent(self, case_ref: str) -> bool:
        """End a consent; tell whether the hub's signed receipt proves the erasure."""
        self.type("agent", "consent", "end", case_ref)
        return "Erased at the hub on" in self.type("agent", "consent", "proof", case_ref)

    def emergencies(self) -> str:
        """Return what the holder is told of emergencies."""
        return self.sync_and_inbox().partition("EMERGENCY")[2]

    def learnt(self, case_ref: str) -> str:
        """Return who learnt what of a case."""
        return self.type("audit", "who-learnt", case_ref)

    def verifies(self, file: Path) -> bool:
        """Tell whether an exported log continues what this agent has seen, checked offline."""
        return "It continues what this agent has seen." in self.type("audit", "verify", str(file))


@dataclass
class CommandPerson:
    """Somebody with a log-in, by the commands."""

    type: Typing

    def approve(self, tag: str) -> str:
        """Co-sign a police case."""
        options = ("--purpose", "protection", "--lawful-basis", "warrant", "--people", "5")
        return self.type("person", "approve", tag, *options).split()[-1]

    def grant(self) -> None:
        """Grant the one request that waits, as the second person."""
        self.type("person", "decide", row_of(self.type("person", "requests"), "second person")[0], "grant")

    def waits(self) -> str:
        """Return what waits for the desk, with all that it may see."""
        listed = self.type("desk", "list")
        shown = [self.type("desk", "show", line.split()[0]) for line in listed.splitlines()[1:]]
        return "\n".join([listed, *shown])

    def adjudicate(self, answer: str, reason: str) -> None:
        """Decide the one match that waits."""
        match_id = self.type("desk", "list").splitlines()[1].split()[0]
        self.type("desk", "decide", match_id, answer, "--reason", reason)

    def ask_in_emergency(self, agent: CommandAgent, case_ref: str) -> None:
        """Ask for a contact at once."""
        self.type("break-glass", "ask", case_ref, "--danger", "life_at_risk", "--dir", str(agent.folder))

    def approve_emergency(self) -> str | None:
        """Approve the one that waits, and return what is said; None when it is refused."""
        code, said = self.type.attempt("break-glass", "approve", self._emergency())
        return said.replace(" ", "_") if code == 0 else None

    def review_emergency(self) -> None:
        """Say that it was justified."""
        self.type("break-glass", "review", self._emergency(), "justified")

    def _emergency(self) -> str:
        """Return the beginning of the id of the one that waits."""
        return self.type("break-glass", "list").splitlines()[1].split()[0]

    def save_log(self, file: Path) -> None:
        """Download the audit log."""
        self.type("oversight", "log", str(file))

    def may_read_log(self, file: Path) -> bool:
        """Tell whether this person may."""
        return self.type.attempt("oversight", "log", str(file))[0] == 0

    def number_adjudicated(self) -> int:
        """Return how many matches the report says that the desk has decided."""
        said = self.type("oversight", "report", "--project", PROJECT)
        return int(re.findall(r"(\d+) by the desk", said)[0])


def _belonging(where: str) -> list[str]:
    """Return the option that names a person's organisation; none for people of the hub itself."""
    return ["--organisation", ORGANISATIONS[where][0]] if where else []


class StoryHub(DemoHub):
    """A hub as its own process, on a database of the test's choice."""

    database_url = ""

    def _environment(self) -> dict[str, str]:
        """Return our environment, with the database in it."""
        chosen = {"CASEMATCH_HUB_DATABASE": self.database_url} if self.database_url else {}
        return {**super()._environment(), **chosen}


@dataclass
class CommandCast:
    """Everybody at their terminals, and a hub that serves."""

    hub: StoryHub
    folder: Path
    agents: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    organisations: dict[str, Any] = field(default_factory=lambda: dict(ORGANISATIONS))

    def set_up_hub(self) -> None:
        """Type what the operator types, before the hub serves."""
        self.hub.folder.mkdir(mode=0o700)
        adding, keys = [], []
        for name, kind, alias, rules in ORGANISATIONS.values():
            released = [word for rule in rules for word in ("--release-to", rule)]
            adding.append(["organisation", "add", name, "--class", kind, "--contact", alias, *released])
            if kind != "linkage_desk":
                keys.append(["api-key", "new", name, "--json"])
        users = [
            ["user", "add", login, "--role", role, "--json", *_belonging(where)]
            for login, (where, role) in PEOPLE.items()
        ]
        self.hub.run(["init", "--project", PROJECT, "--purpose", "protection"], *adding)
        answers = [json.loads(line) for line in self.hub.run(*keys, *users)]
        filing = [key for key, (_, kind, _, _) in ORGANISATIONS.items() if kind != "linkage_desk"]
        for key, answer in zip(filing, answers, strict=False):
            write_private(self.folder / f"{key}.key", answer["api_key"], role="API key")
        self.passwords = {
            login: answer["password"] for login, answer in zip(PEOPLE, answers[len(filing) :], strict=True)
        }

    def seat(self) -> None:
        """Set up agents, and let people log in."""
        for key in [path.stem for path in self.folder.glob("*.key")]:
            folder = self.folder / key
            self.told[key] = []
            options = ["--api-key-file", f"{folder}.key", "--project", PROJECT, "--secret", f"{self.folder}/secret"]
            shelter = ["--shelter"] * (key == "shelter")
            Typing(self, key, ())("agent", "init", str(folder), "--hub", self.hub.url, *options, *shelter)
            self.agents[key] = CommandAgent(Typing(self, key, ("--dir", str(folder))), folder)
        for login, once in self.passwords.items():
            self.told.setdefault(login, [])
            given = {"CASEMATCH_HUB": self.hub.url, "CASEMATCH_PASSWORD": once, "CASEMATCH_NEW_PASSWORD": PASSWORD}
            Typing(self, login, ())("person", "password", login, env=given)
            typing = Typing(self, login, ("--session", str(self.folder / f"{login}.session")))
            typing("person", "login", login, env={**given, "CASEMATCH_PASSWORD": PASSWORD})
            self.people[login] = CommandPerson(typing)

    def kept(self) -> list[bytes]:
        """Return all that the hub has on its disk."""
        url = self.hub.database_url or f"sqlite+pysqlite:///{self.hub.folder}/hub.sqlite3"
        database = Database(url)
        found = found_in(database, self.hub.folder)
        database.close()
        return found


@contextmanager
def by_commands(folder: Path, database_url: str) -> Iterator[CommandCast]:
    """Serve a hub, and seat everybody at a terminal."""
    hub = StoryHub(folder / "hub")
    hub.database_url = database_url
    cast = CommandCast(hub, folder)
    cast.set_up_hub()
    assert CliRunner().invoke(app, ["secret", "new", str(folder / "secret")]).exit_code == 0
    with hub.serving():
        cast.seat()
        yield cast


# ---- by bare HTTP ----


@dataclass
class HttpAgent:
    """A partner that has no agent's commands: requests under its API key, and the agent's encoder."""

    cast: "HttpCast"
    name: str
    partner: Any
    references: dict[str, str] = field(default_factory=dict)
    entries: dict[str, list[FiledEntry]] = field(default_factory=dict)
    encounters: dict[str, dict[str, str]] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    pin: Pin | None = None

    def __post_init__(self) -> None:
        """Make the keys of a mailbox."""
        self.identity = SigningKey(f"casematch-mailbox/{self.name}", Algorithm.NOTE, secrets.token_bytes(32))
        self.sealing_key = new_sealing_key()

    def send(self, method: str, path: str, **more: Any) -> Any:
        """Send a request, and keep what is answered."""
        answer = self.partner.send(method, path, **more)
        self.cast.told[self.name].append(answer.text)
        return answer

    def get(self, path: str) -> Any:
        """Return the JSON of an answer that must be good."""
        return self._good(self.send("GET", path))

    def post(self, path: str, content: Any = None, method: str = "POST") -> Any:
        """Send JSON, and return the JSON of an answer that must be good."""
        return self._good(self.send(method, path, json=content))

    def _good(self, answer: Any) -> Any:
        """Return what is answered."""
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def encodes_without_consent(self, _row: Row) -> bool:
        """Consent is the agent's to keep: who has no agent sends nothing."""
        return False

    def encode(self, row: Row) -> list[FiledEntry]:
        """Encode a case as an agent does; a shelter's waits for a hand."""
        (encoding,) = self.cast.encoder.encode(
            [normalise(RawRecord(row.case_ref, row.columns), self.cast.world.schema)]
        )
        release = Release.MANUAL if self.name == "shelter" else Release.AUTOMATIC
        return [FiledEntry(entry, release, month_number(2028, 1)) for entry in encoding.entries]

    def file(self, *rows: Row, approval: str = "") -> str:
        """File all cases in one batch, and return the receipt without its id."""
        for row in rows:
            names = ("quarter", "kind", "status", "exit_quarter")
            self.encounters[row.case_ref] = {k: v for k, v in zip(names, row.encounter, strict=True) if v}
            self.references.setdefault(row.case_ref, secrets.token_hex(16))
            if row.case_ref in self.entries:
                self.partner.erase(*self.entries[row.case_ref])
            self.entries[row.case_ref] = self.encode(row)
        if approval:
            self.partner.approvals["protection"] = approval
        answer = self.partner.file(*(entry for row in rows for entry in self.entries[row.case_ref]))
        self.cast.told[self.name].append(answer.text)
        assert answer.status_code == 202, answer.text
        return " ".join(f"{name}={value}" for name, value in sorted(answer.json().items()) if not name.endswith("_id"))

    def is_refused_without_approval(self, row: Row) -> bool:
        """Tell whether the hub refuses what comes without an approval that it knows."""
        self.partner.approvals["protection"] = "0" * 8 + "-0000-4000-8000-" + "0" * 12
        answer = self.partner.file(*self.encode(row))
        self.cast.told[self.name].append(answer.text)
        return answer.status_code in {403, 422}

    def case_tag(self) -> str:
        """Return the tag that `Partner.statement` of the tests names."""
        return "c" * 32

    def sync(self) -> None:
        """Look at the log as a witness, claim what is released, report encounters, read the post."""
        head = self.get("/v1/audit/checkpoint")
        self.pin = self.pin or Pin(VerifierKey.read(head["log_key"]))
        for case_ref, meetings in self._meetings("released").items():
            self.post("/v1/matches", {"meeting_ids": meetings, "reference": self.references[case_ref]})
        for match in self._matches():
            if match["state"] == "awaiting_encounters":
                told = {"encounters": [self.encounters[self._case_of(match)]]}
                self.post(f"/v1/matches/{match['match_id']}/encounters", told, "PUT")
        self._publish()

    def may_hear(self) -> bool:
        """Tell whether it may ask for meetings at all."""
        return bool(self.send("GET", "/v1/meetings").is_success)

    def waiting(self) -> set[str]:
        """Return the cases that wait for a decision here."""
        return set(self._meetings("to_decide"))

    def decide(self, case_ref: str, what: str) -> None:
        """Release or refuse all meetings of a case that wait."""
        self.post("/v1/meetings/decisions", {what: self._meetings("to_decide")[case_ref]})
        self.sync()

    def match(self, case_ref: str) -> Seen | None:
        """Return what is told of a case's match."""
        found = [match for match in self._matches() if self._case_of(match) == case_ref]
        if not found:
            return None
        (match,) = found
        verdict = match["verdict"]["verdict"] if match["verdict"] else match["answer"] or ""
        other = match["other"]["organisation_class"] or "not told"
        return Seen(other, match["rung"], match["resolution"] or "", "void" if match["state"] == "void" else verdict)

    def ask(self, case_ref: str, rung: str) -> None:
        """Ask to be told more."""
        self.post(f"{self._path(case_ref)}/disclosure-requests", {"rung": rung, "reason": "continuity_of_care"})

    def own_request(self, case_ref: str) -> str:
        """Return what became of an own request: the whole answer, for a refusal must not show in it."""
        (asked,) = [each for each in self._requests(case_ref) if each["is_own"]]
        return json.dumps(asked)

    def answer_request(self, case_ref: str, what: str) -> None:
        """Grant or refuse the request of the other side."""
        (asked,) = [each for each in self._requests(case_ref) if each["state"] == "to_decide"]
        self.post(f"/v1/disclosure-requests/{asked['request_id']}/decisions", {"decision": what})

    def disclosure(self, case_ref: str) -> str:
        """Return all that is told of the other side."""
        return json.dumps(self.get(f"{self._path(case_ref)}/disclosure"))

    def review(self, case_ref: str, answer: str, reason: str) -> None:
        """Say what was found."""
        why = {"invalid_reasons": [reason]} if answer == "not_same" else {"disposition": reason}
        self.post(f"{self._path(case_ref)}/reviews", {"answer": answer, **why})

    def refer(self, case_ref: str) -> None:
        """Offer a referral."""
        self.post("/v1/referrals", {"match_id": self._match_id(case_ref), "service": "shelter", "days": 14})

    def referral(self, case_ref: str) -> str:
        """Return where the referral of a case stands."""
        return str(self._referral(case_ref)["state"])

    def answer_referral(self, case_ref: str, what: str) -> None:
        """Accept, decline, complete or revoke."""
        self.post(f"/v1/referrals/{self._referral(case_ref)['referral_id']}/{what}")

    def write(self, case_ref: str, text: str) -> None:
        """Seal a message to the other side, and send it."""
        match_id, message_id = self._match_id(case_ref), self.cast.new_id()
        shown = SealingKey.model_validate(self.get(f"/v1/matches/{match_id}/sealing-key"))
        other = open_sealing_key(shown, self.cast.project)
        way = Way(self.cast.project, match_id, message_id, self.identity.verifier, other.identity)
        box = write_box(seal(Written(text, 1_700_000_000), way, self.identity, other.public))
        told = {"message_id": message_id, "key_number": other.number, "box": box}
        self.post(f"/v1/matches/{match_id}/messages", told)
        self.letters.append(text)

    def read(self, case_ref: str) -> list[str]:
        """Fetch, open and acknowledge messages; return all texts, own ones too."""
        match_id = self._match_id(case_ref)
        shown = SealingKey.model_validate(self.get(f"/v1/matches/{match_id}/sealing-key"))
        sender = open_sealing_key(shown, self.cast.project).identity
        for each in self.get("/v1/messages")["messages"]:
            way = Way(self.cast.project, match_id, each["message_id"], sender, self.identity.verifier)
            self.letters.append(open_box(read_box(each["box"]), way, self.sealing_key).text)
            self.post("/v1/messages/acknowledgements", {"message_ids": [each["message_id"]]})
        return self.letters

    def end_consent(self, case_ref: str) -> bool:
        """Have the entries erased; tell whether the signed receipt is for these very entries."""
        ids = [each.entry.entry_id for each in self.entries[case_ref]]
        receipt = self._good(self.partner.erase(*self.entries[case_ref]))
        assert self.pin is not None
        return open_receipt(Note.read(receipt["note"]), self.pin.log_key).digest == entries_digest(ids)

    def emergencies(self) -> str:
        """Return what the holder is told of emergencies."""
        return " ".join(each["danger"] for match in self._matches() for each in match["broken_glass"])

    def learnt(self, case_ref: str) -> str:
        """Return which classes learnt of a case."""
        ids = [each.entry.entry_id.hex() for each in self.entries[case_ref]]
        found = [match["match_id"] for match in self._matches() if self._case_of(match) == case_ref]
        told = self.post("/v1/audit/learnt", {"entry_ids": ids, "match_ids": found})
        return json.dumps([each for each in told["learnings"] if not each["is_own"]])

    def verifies(self, file: Path) -> bool:
        """Check a log offline against the pinned key."""
        return check(file.read_bytes().splitlines(), self.pin).is_pinned

    def _publish(self) -> None:
        """Publish the sealing key."""
        signed = sign_sealing_key(self.identity, self.cast.project, 1, public_sealing_key(self.sealing_key))
        self.post("/v1/sealing-key", signed.model_dump(), "PUT")

    def _meetings(self, state: str) -> dict[str, list[str]]:
        """Return ids of meetings in a state, by case."""
        cases = {each.entry.entry_id.hex(): ref for ref, entries in self.entries.items() for each in entries}
        found: dict[str, list[str]] = {}
        for meeting in self.partner.pages("meetings"):
            self.cast.told[self.name].append(json.dumps(meeting))
            if meeting["state"] == state:
                found.setdefault(cases[meeting["entry_id"]], []).append(meeting["meeting_id"])
        return found

    def _matches(self) -> list[dict[str, Any]]:
        """Return all matches."""
        found: list[dict[str, Any]] = self.partner.matches()
        self.cast.told[self.name].append(json.dumps(found))
        return found

    def _case_of(self, match: dict[str, Any]) -> str:
        """Return the case of a match."""
        return next(ref for ref, reference in self.references.items() if reference == match["reference"])

    def _match_id(self, case_ref: str) -> str:
        """Return the id of a case's match."""
        return next(str(each["match_id"]) for each in self._matches() if self._case_of(each) == case_ref)

    def _path(self, case_ref: str) -> str:
        """Return the path of a case's match."""
        return f"/v1/matches/{self._match_id(case_ref)}"

    def _requests(self, case_ref: str) -> list[dict[str, Any]]:
        """Return the disclosure requests on a case's match."""
        match_id = self._match_id(case_ref)
        return [each for each in self.get("/v1/disclosure-requests")["requests"] if each["match_id"] == match_id]

    def _referral(self, case_ref: str) -> dict[str, Any]:
        """Return the referral of a case."""
        match_id = self._match_id(case_ref)
        return next(each for each in self.get("/v1/referrals")["referrals"] if each["match_id"] == match_id)


@dataclass
class HttpPerson:
    """Somebody with a log-in, by requests under the session's token."""

    cast: "HttpCast"
    login: str
    person: Any

    def send(self, method: str, path: str, **more: Any) -> Any:
        """Send a request, and keep what is answered."""
        answer = self.person.send(method, path, **more)
        self.cast.told[self.login].append(answer.text)
        return answer

    def approve(self, tag: str) -> str:
        """Co-sign a police case."""
        wanted = {"purpose": "protection", "lawful_basis": "warrant", "case_tag": tag, "people": 5}
        return str(self.send("POST", "/v1/approvals", json=wanted).json()["approval_id"])

    def grant(self) -> None:
        """Grant the one request that waits, as the second person."""
        requests = self.send("GET", "/v1/disclosure-requests").json()["requests"]
        (asked,) = [each for each in requests if each["state"] == "awaiting_second_person"]
        path = f"/v1/disclosure-requests/{asked['request_id']}/decisions"
        assert self.send("POST", path, json={"decision": "grant"}).is_success

    def waits(self) -> str:
        """Return what waits for the desk, with all that it may see."""
        return str(self.send("GET", "/v1/adjudications").text)

    def adjudicate(self, answer: str, reason: str) -> None:
        """Decide the one match that waits."""
        (case,) = self.send("GET", "/v1/adjudications").json()["cases"]
        decision = {"answer": answer, "invalid_reasons": [reason]}
        assert self.send("POST", f"/v1/adjudications/{case['match_id']}", json=decision).is_success

    def ask_in_emergency(self, agent: HttpAgent, case_ref: str) -> None:
        """Ask for a contact at once."""
        wanted = {"match_id": agent._match_id(case_ref), "danger": "life_at_risk"}  # noqa: SLF001 - the cast's own
        assert self.send("POST", "/v1/break-glass", json=wanted).status_code == 201

    def approve_emergency(self) -> str | None:
        """Approve the one that waits, and return what is said; None when it is refused."""
        answer = self.send("POST", f"/v1/break-glass/{self._emergency()}/approvals")
        return str(answer.text) if answer.is_success else None

    def review_emergency(self) -> None:
        """Say that it was justified."""
        path = f"/v1/break-glass/{self._emergency()}/review"
        assert self.send("POST", path, json={"finding": "justified"}).is_success

    def _emergency(self) -> str:
        """Return the id of the one that waits."""
        return str(self.send("GET", "/v1/break-glass").json()["break_glasses"][0]["break_glass_id"])

    def save_log(self, file: Path) -> None:
        """Download the audit log as it was published."""
        head = self.send("GET", "/v1/audit/checkpoint").json()
        size = int(head["note"].splitlines()[1])
        leaves: list[str] = []
        page: dict[str, Any] = {"next_cursor": "", "has_more": True}
        while page["has_more"]:
            page = self.person.send("GET", "/v1/audit/entries", params={"cursor": page["next_cursor"]}).json()
            leaves += [each["leaf"] for each in page["entries"]]
        file.write_text("\n".join([json.dumps(head), *leaves[:size], ""]), encoding="ascii")

    def may_read_log(self, _file: Path) -> bool:
        """Tell whether this person may."""
        return bool(self.send("GET", "/v1/audit/entries").is_success)

    def number_adjudicated(self) -> int:
        """Return how many matches the report says that the desk has decided."""
        return int(self.send("GET", f"/v1/projects/{self.cast.project}/reports/resolution").json()["adjudicated"])


@dataclass
class HttpCast:
    """Everybody at a program of their own, and a hub in this process."""

    world: Any
    folder: Path
    encoder: Encoder
    agents: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Any] = field(default_factory=dict)
    told: dict[str, list[str]] = field(default_factory=dict)
    organisations: dict[str, Any] = field(default_factory=lambda: dict(ORGANISATIONS))

    @property
    def project(self) -> str:
        """Return the project's id."""
        return str(self.world.schema.project_id)

    def new_id(self) -> str:
        """Return a random id."""
        return str(uuid.uuid4())

    def seat(self) -> None:
        """Let organisations take part, and people log in."""
        ids = {}
        for key, (name, kind, alias, rules) in ORGANISATIONS.items():
            if kind == "linkage_desk":  # works by its people alone
                ids[key] = operating.add_organisation(
                    self.world.hub, self.project, name, OrganisationClass(kind), (), contact_alias=alias
                )
                continue
            pairs = [tuple(rule.split(":")) for rule in rules]
            partner = self.world.join(name, kind, pairs, contact_alias=alias)
            ids[key], self.told[key] = partner.organisation_id, []
            self.agents[key] = HttpAgent(self, key, partner)
        for login, (where, role) in PEOPLE.items():
            self.told.setdefault(login, [])
            self.people[login] = HttpPerson(self, login, self.world.user(role, ids.get(where, "")))

    def kept(self) -> list[bytes]:
        """Return all that the hub has on its disk."""
        return found_in(self.world.hub.database, self.folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return an empty PostgreSQL database's URL; nothing for SQLite, which the hub makes itself."""
    if request.param == "sqlite":
        yield ""
        return
    cluster = request.getfixturevalue("postgres")
    url = cluster.empty_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture
def command_cast(empty_url: str, tmp_path: Path) -> Iterator[Cast]:
    """Seat everybody at a terminal, beside a hub on either database."""
    with by_commands(tmp_path, empty_url) as cast:
        yield cast


@pytest.fixture
def row() -> Callable[..., Row]:
    """Return what makes a case."""
    return Row


@pytest.fixture
def http_cast(database_url: str, schema: Any, open_world: Any, tmp_path: Path) -> Iterator[Cast]:
    """Seat everybody at a program, beside a hub in this process on either database, with the library's own scorer."""
    world = open_world(database_url, schema, score_sketches)
    prf = SharedSecretPrf(LinkageSecret.generate(), schema)
    cast = HttpCast(world, tmp_path, Encoder(schema, prf, FrequencyModel.shipped(schema.gate.frequency_model)))
    cast.seat()
    yield cast
    world.client.close()
    world.hub.database.close()
