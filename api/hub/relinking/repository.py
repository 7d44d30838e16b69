"""The tables of entries, statements and meetings, as far as bulk look-ups need them."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from api.hub.storage import models
from api.hub.storage.chunks import in_chunks
from api.wire.statements import Purpose


def purposes(connection: Connection, project_id: str) -> dict[str, Purpose]:
    """Return the purpose of each of a project's statements."""
    table = models.statement.c
    query = select(table.statement_id, table.purpose).where(table.project_id == project_id)
    return {name: Purpose(purpose) for name, purpose in connection.execute(query)}


def met_tags(connection: Connection, entry_tags: Sequence[bytes]) -> dict[str, set[bytes]]:
    """Return, by meeting, the tags of those of the entries that are a side of it."""
    side = models.meeting_side.c
    found: dict[str, set[bytes]] = {}
    for chunk in in_chunks(entry_tags):
        for meeting_id, tag in connection.execute(
            select(side.meeting_id, side.entry_tag).where(side.entry_tag.in_(chunk))
        ):
            found.setdefault(meeting_id, set()).add(bytes(tag))
    return found
