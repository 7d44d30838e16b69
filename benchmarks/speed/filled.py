"""Hubs full of people, made by the hub's own commands: small ones anew for each run, large ones once and kept."""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from api.hub import operating
from api.hub.settings import DATABASE_FILE, HubSettings
from api.hub.storage import migrations
from api.wire.limits import MAXIMUM_BULK_DAYS, MAXIMUM_BULK_PEOPLE
from api.wire.organisations import Scope
from api.wire.statements import OrganisationClass
from benchmarks.quality.peers.environment import CACHE
from benchmarks.speed import postgres
from benchmarks.speed.crowd import crowd_in_sqlite, crowded, expiry_tags
from benchmarks.speed.population import ENTRIES_A_PERSON, EXPIRES, STATEMENT, Population, fill
from matcher.schema import LinkageSchema

PROJECT = "filled"
HOLDER = "holder"
IN_FULL = 100_000  # people of whom every entry can be opened; the rest is a crowd
KEPT_FROM = 50_000  # people; filling takes minutes
MOST_PEOPLE = "CASEMATCH_BENCHMARK_MOST_PEOPLE"  # environment variable: larger hubs are made of so many
RULES = [(OrganisationClass.NGO, STATEMENT.purpose)]
SEED = 1


@dataclass(frozen=True, slots=True)
class FilledHub:
    """
    A hub full of people.

    Attributes:
        settings: where it is; answers to filings leave at once.
        schema: the project's own.
        population: its people in full, whom the organisation `holder` has on file.
        people: all of them, the crowd with them.
    """

    settings: HubSettings
    schema: LinkageSchema
    population: Population
    people: int

    @property
    def file(self) -> Path:
        """Return SQLite's file."""
        return self.settings.data_dir / DATABASE_FILE

    def ask_as(self, number: int) -> dict[str, str]:
        """Let an organisation ask as much as anybody may; returns the headers of its agent."""
        name = f"asker {number}"
        with operating.opened(self.settings) as hub:
            if name not in {each.name for each in operating.list_organisations(hub).organisations}:
                operating.add_organisation(hub, "", name, OrganisationClass.NGO, RULES)
            operating.raise_quota(hub, "", name, MAXIMUM_BULK_PEOPLE, MAXIMUM_BULK_DAYS)
            key = operating.new_key(hub, "", name, list(Scope), MAXIMUM_BULK_DAYS)
        return {"Authorization": f"Bearer {key.api_key}"}


def sizes(wanted: Sequence[int], lighter: int = 1) -> list[int]:
    """
    Return sizes of hubs, none above what the machine is to be burdened with: a million take 23 GB and more of disk.

    Args:
        wanted: numbers of people, at least one.
        lighter: how many times less disk a person takes than in a hub.
    """
    most = int(os.environ.get(MOST_PEOPLE, "0")) * lighter or max(wanted)
    return sorted({min(people, most) for people in wanted})


@contextmanager
def filled_hub(people: int, *, is_postgres: bool = False) -> Iterator[FilledHub]:
    """
    Give a hub that holds so many people; what is filed meanwhile stays in it when it is a large one.

    Args:
        people: on file, of `ENTRIES_A_PERSON` entries each.
        is_postgres: on a PostgreSQL server of its own instead of SQLite.

    Raises:
        PostgresMissingError: there is no PostgreSQL server's program.
    """
    if people < KEPT_FROM:
        with TemporaryDirectory(prefix="casematch-hub-") as name, _opened(Path(name), people, is_postgres) as hub:
            yield hub
        return
    root = os.environ.get(CACHE) or (
        postgres.OPEN_FOLDER if is_postgres else Path.home() / ".cache" / "casematch-benchmarks"
    )
    folder = Path(root) / f"hub-{'postgresql' if is_postgres else 'sqlite'}-{people}-{_version()}"
    folder.mkdir(parents=True, exist_ok=True)
    with _opened(folder, people, is_postgres) as hub:
        yield hub


@contextmanager
def _opened(folder: Path, people: int, is_postgres: bool) -> Iterator[FilledHub]:  # noqa: FBT001 - private, from above
    """Open the hub of a folder, filled first when it is not yet."""
    data, done = folder / "data", folder / "ready"
    if not is_postgres:
        yield _filled(HubSettings(data_dir=data, answer_quantum_ms=0), people, done)
        return
    with postgres.cluster(folder) as url:
        yield _filled(HubSettings(data_dir=data, database=url, answer_quantum_ms=0), people, done)


def _filled(settings: HubSettings, people: int, done: Path) -> FilledHub:
    """Fill the hub of the settings, unless that is done."""
    if not done.exists():
        schema = operating.initialise(settings, PROJECT, "nepal", [STATEMENT.purpose], 36)
        done.with_name("schema.json").write_text(schema.to_json(), encoding="utf-8")
    schema = LinkageSchema.from_json(done.with_name("schema.json").read_text(encoding="utf-8"))
    population = Population(schema, min(people, IN_FULL), seed=SEED)
    filled = FilledHub(settings, schema, population, people)
    if not done.exists():
        print(f"filling a hub with {people:,} people", file=sys.stderr)
        with operating.opened(settings) as hub:
            holder = operating.add_organisation(hub, "", HOLDER, OrganisationClass.NGO, RULES)
            fill(hub, PROJECT, holder, population)
            tags = expiry_tags(hub, PROJECT, EXPIRES)
            is_sqlite = hub.database.is_sqlite
        if people > IN_FULL:
            _crowd_in(filled, tags, is_sqlite=is_sqlite)
        done.touch()
    return filled


def _crowd_in(filled: FilledHub, tags: list[bytes], *, is_sqlite: bool) -> None:
    """Put the crowd around the people in full."""
    strangers = (filled.people - IN_FULL) * ENTRIES_A_PERSON
    if not is_sqlite:
        postgres.crowd_in(filled.settings.database, lambda known: crowded(known, strangers, tags, SEED))
        return
    with closing(sqlite3.connect(filled.file, isolation_level=None)) as raw:
        crowd_in_sqlite(raw, strangers, tags)


def _version() -> str:
    """Return a digest of what a kept hub depends on: the migrations, the schema, and who is in it in full."""
    versions = sorted(Path(migrations.__path__[0]).rglob("*.py"))
    parts = [path.read_bytes() for path in versions]
    further = f"{LinkageSchema.shipped('nepal').schema_id} {IN_FULL}".encode()
    return hashlib.sha256(b"".join([*parts, further])).hexdigest()[:12]
