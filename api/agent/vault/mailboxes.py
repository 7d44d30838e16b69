"""Own sealing keys, the identities of other sides as pinned, and opened messages; on the partner's premises."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import apsw


@dataclass(frozen=True, slots=True)
class OwnKey:
    """
    A sealing key of this agent.

    Attributes:
        number: counts them from 1.
        is_published: whether the hub has it.
    """

    number: int
    private: bytes = field(repr=False)
    made_on: str
    is_published: bool


@dataclass(frozen=True, slots=True)
class Pinned:
    """The identity of the other side of a match as first seen, or accepted since; and its last sealing key's number."""

    identity: str
    number: int


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """
    A message in the clear; `is_own` when this agent wrote it.

    Attributes:
        written_at: seconds since 1970, by the writer's clock.
    """

    message_id: str
    match_id: str
    is_own: bool
    text: str = field(repr=False)
    written_at: int
    is_read: bool


class Mailboxes:
    """The tables `sealing_key`, `mailbox` and `message`."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Work on an open vault."""
        self._connection = connection

    def add_key(self, number: int, private: bytes, day: date) -> None:
        """Keep a new sealing key; it is not published yet."""
        self._connection.execute(
            "INSERT INTO sealing_key (number, private, made_on, is_published) VALUES (?, ?, ?, 0)",
            (number, private, day.isoformat()),
        )

    def own_keys(self) -> list[OwnKey]:
        """Return own sealing keys, newest first."""
        rows = self._connection.execute(
            "SELECT number, private, made_on, is_published FROM sealing_key ORDER BY number DESC"
        )
        return [OwnKey(row[0], row[1], row[2], bool(row[3])) for row in rows]

    def set_published(self, number: int) -> None:
        """Note that the hub has a key."""
        self._connection.execute("UPDATE sealing_key SET is_published = 1 WHERE number = ?", (number,))

    def drop_key(self, number: int) -> None:
        """Forget a key: what was sealed to it cannot be opened any more, by nobody."""
        self._connection.execute("DELETE FROM sealing_key WHERE number = ?", (number,))

    def pinned(self, match_id: str) -> Pinned | None:
        """Return what is pinned of the other side of a match; None before the first sight."""
        row = self._connection.execute(
            "SELECT identity, number FROM mailbox WHERE match_id = ?", (match_id,)
        ).fetchone()
        return None if row is None else Pinned(row[0], row[1])

    def pin(self, match_id: str, pinned: Pinned) -> None:
        """Pin the other side of a match, in place of what was pinned before."""
        self._connection.execute(
            "INSERT OR REPLACE INTO mailbox (match_id, identity, number) VALUES (?, ?, ?)",
            (match_id, pinned.identity, pinned.number),
        )

    def knows(self, match_id: str) -> bool:
        """Tell whether a match is one of this vault's."""
        return self._connection.execute("SELECT 1 FROM match WHERE match_id = ?", (match_id,)).fetchone() is not None

    def add_message(self, message: KeptMessage) -> None:
        """Keep a message; the same again changes nothing."""
        self._connection.execute(
            "INSERT OR IGNORE INTO message (message_id, match_id, is_own, text, written_at, is_read) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                message.message_id,
                message.match_id,
                int(message.is_own),
                message.text,
                message.written_at,
                int(message.is_read),
            ),
        )

    def messages(self, case_ref: str = "") -> Iterator[tuple[str, KeptMessage]]:
        """Yield messages with their case, by case and then as they were written; of one case if it is named."""
        rows = self._connection.execute(
            "SELECT case_ref, message_id, message.match_id, is_own, text, written_at, is_read FROM message "
            "JOIN match USING (match_id) JOIN case_record USING (reference) "
            "WHERE ? IN ('', case_ref) ORDER BY case_ref, written_at, message_id",
            (case_ref,),
        )
        for row in rows:
            yield row[0], KeptMessage(row[1], row[2], bool(row[3]), row[4], row[5], bool(row[6]))

    def set_read(self, message_id: str) -> None:
        """Note that a message was shown."""
        self._connection.execute("UPDATE message SET is_read = 1 WHERE message_id = ?", (message_id,))
