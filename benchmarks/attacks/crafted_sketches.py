"""
A8: a partner files sketches that no agent would make, under the tokens of people it suspects to be on file.

It hopes that a comparison answers something to a sketch it can make without knowing the person: one that is equal in
every byte, one copied to all tokens, the average of its sketches, one moved to another token; and sketches made for
her under random tokens. The control files what an agent makes, and meets.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.asking import ASKER, Scene, scene
from benchmarks.attacks.population import population
from benchmarks.attacks.trial import Outcome, Trial
from matcher.encoding import TOKEN_BYTES, Entry

Sketches = NDArray[np.uint8]
Craft = Callable[[Sketches, np.random.Generator], Sketches]

# What a hub can see to be no agent's, and what looks random.
BLATANT: Mapping[str, Craft] = {
    "zeros": lambda made, _: np.zeros_like(made),
    "ones": lambda made, _: np.full_like(made, 0xFF),
    "repeated": lambda made, _: np.full_like(made, 0xAA),
    "copied": lambda made, _: np.tile(made[:1], (len(made), 1)),
    "average": lambda made, _: np.tile(_average(made), (len(made), 1)),
}
HIDDEN: Mapping[str, Craft] = {
    "averages": lambda made, draw: np.stack([_average(made[draw.permutation(len(made))[:3]]) for _ in made]),
    "moved": lambda made, _: np.roll(made, 1, axis=0),
    "random": lambda made, draw: draw.integers(0, 256, made.shape, dtype=np.uint8),
}


def file_honest(trial: Trial, seed: int) -> Sequence[Outcome]:
    """File what an agent makes. Outcome `victims told of`: share of those of whom a meeting is told."""
    people = population(trial.data, trial.people, seed)
    with scene(people, people.persons, seed) as opened:
        told = []
        for person in people.persons:
            opened.hub.turn_day()
            entries = opened.encode(person)
            told += [_is_told(opened, entries)] if entries else []
    return [Outcome.counted(sum(told), len(told), "victims told of")]


def file_crafted(trial: Trial, seed: int) -> Sequence[Outcome]:
    """
    File every kind of crafted sketches for everybody held.

    Returns:
        `blatant batches accepted`: share of batches taken although the hub can see that no agent made them.
        `victims told of`: share of people and kinds of which a meeting is told.
    """
    people = population(trial.data, trial.people, seed)
    draw = np.random.default_rng(seed)
    with scene(people, people.persons, seed) as opened:
        blatant, told = [], []
        for person in people.persons:
            opened.hub.turn_day()
            entries = opened.encode(person)
            if len(entries) > 1:
                blatant += [opened.ask(ASKER, _crafted(entries, craft, draw)) for craft in BLATANT.values()]
                told += [_is_told(opened, _crafted(entries, craft, draw)) for craft in HIDDEN.values()]
                told.append(_is_told(opened, _under_random_tokens(entries, draw)))
    accepted = blatant.count(HTTPStatus.ACCEPTED)
    return [
        Outcome.counted(accepted, len(blatant), "blatant batches accepted"),
        Outcome.counted(sum(told), len(told), "victims told of"),
    ]


def _is_told(opened: Scene, entries: Sequence[Entry]) -> bool:
    """File entries; tell whether any of them is told to have met."""
    opened.ask(ASKER, entries)
    return bool(opened.told(ASKER, entries))


def _crafted(entries: Sequence[Entry], craft: Craft, draw: np.random.Generator) -> list[Entry]:
    """Return the entries under new ids, with crafted sketches."""
    made = np.frombuffer(b"".join(entry.sketch for entry in entries), dtype=np.uint8).reshape(len(entries), -1)
    rows = zip(entries, craft(made, draw), strict=True)
    return [replace(entry, entry_id=draw.bytes(16), sketch=sketch.tobytes()) for entry, sketch in rows]


def _under_random_tokens(entries: Sequence[Entry], draw: np.random.Generator) -> list[Entry]:
    """Return the entries under new ids and random tokens."""
    return [replace(entry, entry_id=draw.bytes(16), token=draw.bytes(TOKEN_BYTES)) for entry in entries]


def _average(sketches: Sketches) -> Sketches:
    """Return the bits that most of some sketches have."""
    bits = np.unpackbits(sketches, axis=1)
    return np.packbits(2 * bits.sum(axis=0) > len(bits))
