"""Which engine links: in memory, on DuckDB or on Spark; on the partner's premises. All give the same result."""

from collections.abc import Sequence
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from api.agent.errors import SourceError

LARGE_BYTES = 8 * 2**20  # of all files: some 35,000 records, whose entries take half a gigabyte in memory
PARQUET_SHRINKS = 5  # a Parquet file holds about so many times the rows of a CSV file of its size


class Engine(StrEnum):
    """An engine."""

    MEMORY = "memory"
    DUCKDB = "duckdb"
    SPARK = "spark"


PACKAGE = {Engine.DUCKDB: "duckdb", Engine.SPARK: "pyspark"}


def choose_engine(paths: Sequence[Path]) -> Engine:
    """Return the engine for files nobody has named one for: DuckDB when they are large and it is installed."""
    size = sum(_csv_bytes(path) for path in paths)
    return Engine.DUCKDB if size > LARGE_BYTES and is_installed(Engine.DUCKDB) else Engine.MEMORY


def is_large(paths: Sequence[Path]) -> bool:
    """Tell whether files should not be linked in memory."""
    return sum(_csv_bytes(path) for path in paths) > LARGE_BYTES


def is_installed(engine: Engine) -> bool:
    """Tell whether an engine's package is there."""
    return engine is Engine.MEMORY or find_spec(PACKAGE[engine]) is not None


def require(engine: Engine) -> None:
    """
    Refuse an engine that is not installed.

    Raises:
        SourceError: says which extra to install.
    """
    if not is_installed(engine):
        advice = f"Install it: pip install 'casematch[{engine}]'."
        raise SourceError(f"{engine} is not installed", code="engine_missing", where="--engine", advice=advice)


def _csv_bytes(path: Path) -> int:
    """Return about how large a file would be as CSV; 0 where it is absent, which is said when it is read."""
    if not path.exists():
        return 0
    return path.stat().st_size * (PARQUET_SHRINKS if path.suffix == ".parquet" else 1)
