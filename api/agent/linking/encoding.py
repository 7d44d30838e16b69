"""
Lists of persons to entries, over several processes where they are long; on the partner's premises.

Each process gets schema, secret and frequency model once, over a pipe, and then persons, a few thousand at a time; what
it returns stands in the order of the list. Processes are started anew, not forked: it works alike on every system.
"""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from matcher.encode.encoder import PERSONS_AT_ONCE, EncodedEntries, Encoder
from matcher.encode.frequency import FrequencyModel
from matcher.encode.prf import SharedSecretPrf
from matcher.encode.secret import LinkageSecret
from matcher.person import Person
from matcher.schema import LinkageSchema

LEAST_PERSONS = 20_000  # some five seconds of one process; starting others takes one
GARBAGE_AFTER = 50_000  # new objects; Python's 700 cost a process that fills caches a fifth of its time

_of_this_process: list[Encoder] = []


@dataclass(frozen=True, slots=True)
class Keys:
    """What an encoder is made of."""

    schema: LinkageSchema
    secret: LinkageSecret
    frequencies: FrequencyModel

    def encoder(self) -> Encoder:
        """Make the encoder."""
        return Encoder(self.schema, SharedSecretPrf(self.secret, self.schema), self.frequencies)


def encode_list(
    persons: Sequence[Person], keys: Keys, tell: Callable[[int], None], processes: int | None = None
) -> EncodedEntries:
    """
    Return the entries of a list, each person's in the gate's order.

    Args:
        persons: may be empty.
        keys: what to encode with.
        tell: told how many persons are done.
        processes: how many to use; by default one for each core, but only one for a short list.
    """
    if processes is None:
        processes = cores(len(persons))
    chunks = [persons[start : start + PERSONS_AT_ONCE] for start in range(0, max(1, len(persons)), PERSONS_AT_ONCE)]
    passes = _over_processes(chunks, keys, processes) if processes > 1 else map(keys.encoder().entries, chunks)
    return _joined(passes, [len(chunk) for chunk in chunks], tell)


def cores(persons: int) -> int:
    """Return how many processes to use for so many persons: one for each core, but only one for a short list."""
    return (os.cpu_count() or 1) if persons >= LEAST_PERSONS else 1


def _over_processes(chunks: Iterable[Sequence[Person]], keys: Keys, processes: int) -> Iterator[EncodedEntries]:
    """Yield the entries of each chunk, in order."""
    told = (keys.schema.to_json(), keys.secret.to_text(), keys.frequencies.to_json())
    with ProcessPoolExecutor(processes, get_context("spawn"), _prepare, told) as pool:
        yield from pool.map(_entries, chunks)


def _prepare(schema: str, secret: str, frequencies: str) -> None:
    """Make the encoder of this process."""
    gc.set_threshold(GARBAGE_AFTER)
    keys = Keys(LinkageSchema.from_json(schema), LinkageSecret.from_text(secret), FrequencyModel.from_json(frequencies))
    _of_this_process.append(keys.encoder())


def _entries(persons: Sequence[Person]) -> EncodedEntries:
    """Encode in a process that was prepared."""
    return _of_this_process[0].entries(persons)


def _joined(passes: Iterable[EncodedEntries], sizes: Sequence[int], tell: Callable[[int], None]) -> EncodedEntries:
    """Put the entries of chunks one after the other."""
    owner, tokens, sketches, done = [], [], [], 0
    for entries, size in zip(passes, sizes, strict=True):
        owner.append(entries.owner + done)
        tokens.append(entries.tokens)
        sketches.append(entries.sketches)
        done += size
        tell(done)
    return EncodedEntries(np.concatenate(owner), np.concatenate(tokens), np.concatenate(sketches))
