"""A hub as partners meet it: set up by its commands, used over its HTTP interface, in this process, on SQLite."""

import gzip
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.hub.app import create_app, open_hub
from api.hub.cli import app as hub_commands
from api.hub.settings import DATABASE_FILE, HubSettings
from api.hub.watch import service as watch
from api.wire.batches import MEDIA_TYPE
from api.wire.matches import Claim
from api.wire.meetings import Meeting, MeetingPage
from matcher.schema import LinkageSchema

PROJECT = "attacked"
FIRST_DAY = date(2026, 1, 5)
PEOPLE_IN_A_BATCH = 1_000  # more than the largest batch holds


class HubUnderAttack:
    """
    A hub with one organisation for each name, all NGOs that release to each other by rule.

    Args:
        folder: for its database and key.
        schema: template of the project's schema.
        names: of the organisations.
    """

    def __init__(self, folder: Path, schema: LinkageSchema, names: Sequence[str]) -> None:
        """Make database, key and organisations."""
        self._logs = structlog.get_config()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        document = folder / "schema.json"
        document.write_text(schema.to_json(), encoding="utf-8")
        self._data = ("--data-dir", str(folder))
        self._command("init", "--project", PROJECT, "--schema", str(document), "--purpose", "protection")
        self._keys = {name: self._join(name) for name in names}
        settings = HubSettings(data_dir=folder, answer_quantum_ms=0)
        self._hub = open_hub(settings)
        self.database_file = folder / DATABASE_FILE
        self.day = 0
        self._cursors: dict[str, str] = {}
        self._client = self._client_today()

    @property
    def schema(self) -> LinkageSchema:
        """The project's own schema, as every partner gets it; it holds no key."""
        name = next(iter(self._keys))
        answer = self._client.get(f"/v1/projects/{PROJECT}", headers=self._headers(name)).raise_for_status()
        return LinkageSchema.from_document(answer.json()["linkage_schema"])

    def turn_day(self) -> None:
        """Let a day pass."""
        self.day += 1
        self._client = self._client_today()

    def file(self, name: str, body: bytes) -> None:
        """File a packed batch for an organisation, which has leave to file its old cases."""
        self._command("quota", "raise", name, "--people", str(PEOPLE_IN_A_BATCH))
        if self.ask(name, body) != HTTPStatus.ACCEPTED:
            raise RuntimeError("the hub refused a batch")

    def ask(self, name: str, body: bytes) -> int:
        """File a packed batch within an organisation's quota; return the status of the answer."""
        headers = {**self._headers(name), "Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
        packed = gzip.compress(body, compresslevel=1)
        path = f"/v1/projects/{PROJECT}/entry-batches"
        return self._client.post(path, headers=headers, content=packed).status_code

    def meetings(self, name: str) -> Iterator[Meeting]:
        """Yield all meetings that an organisation may see, as they stand now."""
        self._cursors.pop(name, None)
        yield from self.news(name)

    def news(self, name: str) -> Iterator[Meeting]:
        """Yield the meetings of an organisation that are new or changed since it last looked."""
        cursor, has_more = self._cursors.get(name, ""), True
        while has_more:
            answer = self._client.get("/v1/meetings", headers=self._headers(name), params={"cursor": cursor})
            page = MeetingPage.model_validate_json(answer.raise_for_status().content)
            yield from page.meetings
            cursor, has_more = page.next_cursor, page.has_more
            self._cursors[name] = cursor

    def alarms(self) -> int:
        """Count the alarms that the hub's people see; for scoring alone."""
        return len(watch.open_alarms(self._hub).alarms)

    def claim(self, name: str, claim: Claim) -> None:
        """Claim meetings for an organisation."""
        body = claim.model_dump_json()
        headers = {**self._headers(name), "Content-Type": "application/json"}
        self._client.post("/v1/matches", headers=headers, content=body).raise_for_status()

    def __enter__(self) -> Self:
        """Return the hub itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Bring everything into the database's file, and close it."""
        self._hub.database.forget_old_pages()
        self._hub.database.close()
        structlog.configure(**self._logs)

    def _client_today(self) -> TestClient:
        """Return a client of the hub's application on this day."""
        today = FIRST_DAY + timedelta(days=self.day)
        return TestClient(create_app(replace(self._hub, today=lambda: today)))

    def _join(self, name: str) -> str:
        """Let an organisation take part; return its API key."""
        self._command("organisation", "add", name, "--class", "ngo", "--release-to", "ngo:protection")
        told = json.loads(self._command("api-key", "new", name, "--json"))
        return str(told["api_key"])

    def _headers(self, name: str) -> dict[str, str]:
        """Return an organisation's header."""
        return {"Authorization": f"Bearer {self._keys[name]}"}

    def _command(self, *words: str) -> str:
        """Run a command of the hub's operator."""
        done = CliRunner().invoke(hub_commands, [*words, *self._data])
        if done.exit_code:
            raise RuntimeError(f"casematch-hub {words[0]} failed")
        return done.stdout
