"""
Two lists of persons to scored pairs, in memory under a throw-away secret; partner's side and evaluations.

Encoding, comparison and scoring are the code that agent and hub run; only the look-up of tokens is in memory, and the
score model is fitted to the lists where it passes its health checks. Lists that do not fit in memory go through
`api.agent.linking.bulk`, with the same result.
"""

import time
from collections.abc import Callable, Sequence

import numpy as np

from api.agent.linking.blocks import MOST_IN_A_BLOCK, bounded_pairs
from api.agent.linking.compared import ComparedInMemory
from api.agent.linking.encoding import Keys, encode_list
from api.agent.linking.judging import LinkedPairs, judge, sampled_rows, sketch_sample
from api.agent.linking.patterns import PatternCode
from matcher.compare.sketches import compare
from matcher.encode.encoder import EncodedEntries
from matcher.encode.frequency import FrequencyModel
from matcher.encode.secret import LinkageSecret
from matcher.person import Person
from matcher.schema import LinkageSchema
from matcher.score.levels import agreement_levels
from matcher.score.model import ScoreModel

PAIRS_AT_ONCE = 200_000

Progress = Callable[[str, int, int], None]


def link_persons(
    left: Sequence[Person],
    right: Sequence[Person] | None,
    schema: LinkageSchema,
    frequencies: FrequencyModel,
    progress: Progress = lambda _stage, _done, _total: None,
    most_in_a_block: int = MOST_IN_A_BLOCK,
) -> LinkedPairs:
    """
    Link two lists, or find the duplicates within one.

    Pairs are judged one by one: no record is limited to one partner.

    Args:
        left: persons of one list.
        right: persons of the other, or None to look within `left`.
        schema: how both were normalised.
        frequencies: the gate's frequency model.
        progress: told the stage, what is done and how much there is.
        most_in_a_block: greatest number of entries of one list under one token; larger blocks are left out and counted.

    Returns:
        Every pair of records that shares an entry, whatever its grade.
    """
    lists = [left] if right is None else [left, right]
    sizes = [len(persons) for persons in lists]
    keys = Keys(schema, LinkageSecret.generate(), frequencies)
    started = time.perf_counter()
    encoded = [encode_list(persons, keys, _counting(progress, "encode", len(persons))) for persons in lists]
    encode_seconds = time.perf_counter() - started
    sampled = [[persons[row] for row in rows] for persons, rows in zip(lists, sampled_rows(sizes), strict=True)]
    return judge(
        compare_in_memory(encoded, schema, most_in_a_block, progress),
        sketch_sample(sampled, sizes, keys),
        schema,
        entries=sum(len(entries.owner) for entries in encoded),
        encode_seconds=encode_seconds,
    )


def compare_in_memory(
    encoded: Sequence[EncodedEntries], schema: LinkageSchema, most_in_a_block: int, progress: Progress
) -> ComparedInMemory:
    """
    Compare the entries of one list, or of two, that share a token; so many at once that memory stays small.

    Args:
        encoded: one list, or two.
        schema: of the entries.
        most_in_a_block: see `link_persons`.
        progress: told of the stage `compare`.
    """
    pairs, left_out = bounded_pairs([entries.tokens for entries in encoded], most_in_a_block)
    model = ScoreModel.for_schema(schema)
    code = PatternCode.of(model)
    found = [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        chunk = slice(start, start + PAIRS_AT_ONCE)
        left = encoded[0].sketches[pairs.left[chunk]]
        right = encoded[-1].sketches[pairs.right[chunk]]
        found.append(code.pack(agreement_levels(compare(left, right, schema), model)))
        progress("compare", min(start + PAIRS_AT_ONCE, len(pairs)), len(pairs))
    owners = encoded[0].owner[pairs.left], encoded[-1].owner[pairs.right]
    return ComparedInMemory(*owners, np.concatenate(found), left_out)


def _counting(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Tell of one stage alone."""
    return lambda done: progress(stage, done, total)
