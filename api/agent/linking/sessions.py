"""Sessions of DuckDB that say nothing on their own; on the partner's premises."""

from collections.abc import Mapping

import duckdb


def open_session(settings: Mapping[str, str | bool] | None = None) -> duckdb.DuckDBPyConnection:
    """
    Open a session without a file.

    Its progress bar would stand on standard output, among the figures.

    Args:
        settings: DuckDB's own, by name.
    """
    session = duckdb.connect(config=dict(settings or {}))
    session.execute("SET enable_progress_bar = false")
    return session
