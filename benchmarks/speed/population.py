"""
A hub full of invented people, at the speed of its database.

Every entry follows from its number, so that a benchmark can ask for any person again without keeping them. Tokens fall
into blocks of `block` entries on average; sketches are random bytes, so that strangers meet nobody and a returner
meets every entry of the person it returns as. Entries are sealed as a filing seals them, and come in no order, so that
pages are as full as filings leave them.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import typer
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray
from sqlalchemy import MetaData, Table

from api.hub import operating
from api.hub.context import Hub
from api.hub.entries import repository as statements
from api.hub.entries.filing import RowKeeper
from api.hub.kept import repository as kept
from api.hub.kept.entry import KeptEntry
from api.hub.settings import HubSettings
from api.wire.batches import BatchHead, FiledEntry, Release, month_number
from api.wire.statements import OrganisationClass, Purpose, Statement
from matcher.encoding import Entry, envelope_of
from matcher.schema import LinkageSchema

ENTRIES_A_PERSON = 45  # about what the nepal schema makes of a person
BLOCK = 2.0
INDEXED_AT = 0.7  # of all entries: what comes after splits the indexes' full pages, as filings do
CHUNK = 100_000  # entries in one transaction: some 200 MB while they are sealed
EXPIRES = month_number(2028, 1)
STATEMENT = Statement(purpose=Purpose.PROTECTION, reason="intake")
CIPHER_BYTES = 16
_ID, _TOKEN, _SKETCH = range(3)

Numbers = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Population:
    """
    Invented people, numbered from 0; their entries are numbered on.

    Attributes:
        schema: the project's own; gives the length of sketches.
        people: on file once `fill` is done; higher numbers are strangers, whose tokens fall into the same blocks.
        block: entries on file under one token, on average; chance spreads it.
        seed: another one makes other people.
    """

    schema: LinkageSchema
    people: int
    block: float = BLOCK
    seed: int = 1
    entries_a_person: int = ENTRIES_A_PERSON
    _key: bytes = field(init=False, repr=False, default=b"")

    def __post_init__(self) -> None:
        """Draw the key that makes bytes of numbers."""
        object.__setattr__(self, "_key", np.random.default_rng(self.seed).bytes(CIPHER_BYTES))

    @property
    def entries(self) -> int:
        """How many entries the people on file have."""
        return self.people * self.entries_a_person

    @cached_property
    def _tokens(self) -> int:
        """How many tokens there are."""
        return max(1, round(self.entries / self.block))

    def person(self, number: int) -> list[FiledEntry]:
        """Return the entries of a person, as an agent would file them."""
        return self.rows(self._numbers(number))

    def returner(self, number: int) -> list[FiledEntry]:
        """Return entries of the same tokens and sketches under new ids: a person who is met again elsewhere."""
        mine = self._numbers(number)
        return self._rows(mine, self._drawn(_ID, mine + self.entries * 1_000, CIPHER_BYTES))

    def rows(self, numbers: Numbers) -> list[FiledEntry]:
        """Return entries by their numbers."""
        return self._rows(numbers, self._drawn(_ID, numbers, CIPHER_BYTES))

    def token_numbers(self, numbers: Numbers) -> Numbers:
        """Return the numbers of the tokens of entries; the tokens on file are numbered from 0."""
        drawn = self._drawn(_TOKEN, numbers, CIPHER_BYTES).view(np.uint64)[:, 0] % np.uint64(self._tokens)
        return drawn.astype(np.int64)

    def _numbers(self, person: int) -> Numbers:
        """Return the numbers of a person's entries."""
        return np.arange(person * self.entries_a_person, (person + 1) * self.entries_a_person)

    def _rows(self, numbers: Numbers, ids: Bytes) -> list[FiledEntry]:
        """Return entries by their numbers, under some ids."""
        tokens = self._drawn(_TOKEN, -1 - self.token_numbers(numbers), CIPHER_BYTES)
        sketches = self._drawn(_SKETCH, numbers, self.schema.sketch_bytes)
        return [
            FiledEntry(Entry(*parts), Release.AUTOMATIC, EXPIRES)
            for parts in zip(*map(_cells, (ids, tokens, sketches)), strict=True)
        ]

    def _drawn(self, use: int, numbers: Numbers, length: int) -> Bytes:
        """Make bytes of numbers: AES of number, use and place, which is as good as random and needs no memory."""
        blocks = -(-length // CIPHER_BYTES)
        plain = np.empty((len(numbers), blocks, 2), dtype=np.int64)
        plain[:, :, 0] = numbers[:, None]
        plain[:, :, 1] = use * 2**32 + np.arange(blocks)
        cipher = Cipher(algorithms.AES(self._key), modes.ECB()).encryptor()  # noqa: S305 - every block is another one, and nothing here is secret
        drawn = np.frombuffer(cipher.update(plain.tobytes()), dtype=np.uint8)
        return np.ascontiguousarray(drawn.reshape(len(numbers), -1)[:, :length])


def fill(hub: Hub, project_id: str, organisation_id: str, population: Population, *, is_told: bool = False) -> int:
    """
    Fill a hub that has no entries yet with an organisation's people.

    Costs, on SQLite, 500 bytes of disk for each entry.

    Args:
        hub: an open one; neither quota nor log notice.
        project_id: a project of it.
        organisation_id: a member of the project; whoever asks must be another one.
        population: who is filed.
        is_told: write how far it is to stderr.

    Returns:
        How many entries are on file.
    """
    with hub.database.writing() as connection:
        indexes = list(Table("entry", MetaData(), autoload_with=connection).indexes)
        for index in indexes:
            index.drop(connection)
    for done in _kept(hub, project_id, organisation_id, population):
        if is_told:
            print(f"{done:,} of {population.entries:,} entries", file=sys.stderr)
        if indexes and done >= INDEXED_AT * population.entries:
            with hub.database.writing() as connection:
                for index in indexes:
                    index.create(connection)
            indexes = []
    return population.entries


def _kept(hub: Hub, project_id: str, organisation_id: str, population: Population) -> Iterator[int]:
    """Keep all entries; yield how many are kept after each transaction."""
    head = _head(population)
    keeper = RowKeeper(hub.key, project_id, organisation_id, head)
    purpose, reason = STATEMENT.purpose.value, STATEMENT.reason
    with hub.database.writing(project_id) as connection:
        statement_id = statements.statement_id(connection, project_id, organisation_id, purpose, reason)
    ends: Counter[int] = Counter()
    for start in range(0, population.entries, CHUNK):
        numbers, seats = np.arange(start, min(start + CHUNK, population.entries)), []
        for token in population.token_numbers(numbers).tolist():
            seats.append(ends[token])
            ends[token] += 1
        entries = _entries(keeper, population.rows(numbers), statement_id, hub)
        with hub.database.writing(project_id) as connection:
            kept.add(connection, hub.key, project_id, list(entries), seats)
        yield start + len(numbers)


def _head(population: Population) -> BatchHead:
    """Return the head of the batches in which all entries could have come."""
    envelope = envelope_of(population.schema)
    return BatchHead(
        schema_id=envelope.schema_id,
        key_epoch=envelope.key_epoch,
        encoder_version=envelope.encoder_version,
        statement=STATEMENT,
        entries=1,
    )


def _entries(keeper: RowKeeper, filed: Sequence[FiledEntry], statement_id: str, hub: Hub) -> Iterator[KeptEntry]:
    """Turn filed entries into kept ones, as a filing does."""
    today = hub.today()
    for place, entry in enumerate(filed):
        yield keeper.keep(place, entry).kept(statement_id, today)


def _cells(table: Bytes) -> list[bytes]:
    """Return the rows of a table of bytes."""
    flat, width = table.tobytes(), table.shape[1]
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def main(folder: Path, people: int, database: str = "") -> None:
    """Make a hub in an empty folder, full of the people of an organisation `holder`, with an `asker` beside it."""
    settings = HubSettings(data_dir=folder, database=database, answer_quantum_ms=0)
    schema = operating.initialise(settings, "filled", "nepal", [STATEMENT.purpose], 36)
    started = time.perf_counter()
    with operating.opened(settings) as hub:
        rules = [(OrganisationClass.NGO, STATEMENT.purpose)]
        holder, _ = (
            operating.add_organisation(hub, "", name, OrganisationClass.NGO, rules) for name in ("holder", "asker")
        )
        entries = fill(hub, "filled", holder, Population(schema, people), is_told=True)
    print(f"{entries:,} entries in {time.perf_counter() - started:,.0f} s")


if __name__ == "__main__":
    typer.run(main)
