"""What holds a person, a secret or an entry's plaintext shows none of it: a log line or a debugger prints `repr`."""

from pathlib import Path

import numpy as np
import pytest

from api.agent.setup import Setup
from api.agent.sources.columns import ColumnMap, Suggestion
from api.agent.sources.csv import Table
from matcher.encode.gate import CompositeKeys
from matcher.encode.part_table import PartTable
from matcher.normalise.names import read_name
from matcher.normalise.writing import Written
from matcher.person import Name, RawRecord
from matcher.schema import LinkageSchema

CANARY = "qanari"
NONE = np.zeros(0, dtype=np.int64)


@pytest.mark.parametrize(
    "shown",
    [
        RawRecord(CANARY, {"given_name": CANARY}),
        read_name(CANARY, LinkageSchema.shipped("nepal").phonetics),
        Name(CANARY, CANARY, CANARY),
        CompositeKeys(NONE, NONE, [CANARY.encode()]),
        PartTable(np.zeros((1, 1)), [[CANARY.encode()]], np.zeros((1, 1), dtype=np.int64)),
        Setup(Path("folder"), Path("secret"), passphrase=CANARY),
        Table((CANARY,), (), (), "utf-8", ","),
        ColumnMap((), (CANARY,), (Suggestion(CANARY, "given_name"),)),
    ],
    ids=lambda shown: type(shown).__name__,
)
def test_nothing_of_it_is_shown(shown: object) -> None:
    """Neither by `repr` nor by `str`."""
    assert CANARY not in repr(shown) + str(shown)


def test_a_written_date_is_not_shown() -> None:
    """A date of birth is most of a person."""
    assert "1987" not in repr(Written(1987, 4, 3, 21))
