"""One row while it is read: its cells by attribute and role, and what had to be set aside; partner's side only."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from matcher.errors import UnreadableFieldError
from matcher.normalise.advice import advice_on
from matcher.person import RawRecord, SetAside
from matcher.schema import LinkageSchema

Read = TypeVar("Read")


class Row:
    """
    A row being read.

    Args:
        record: the row as written.
        schema: what its columns mean.
    """

    def __init__(self, record: RawRecord, schema: LinkageSchema) -> None:
        """Start with nothing set aside."""
        self.phonetics = schema.phonetics
        self.recorded_on: date | None = record.recorded_on
        self._filled = {name: cell for name, cell in record.columns.items() if cell and not cell.isspace()}
        self._attributes = schema.attributes
        self._set_aside: dict[tuple[str, str], SetAside] = {}

    def role(self, attribute: str) -> str:
        """Return the part of its kind an attribute holds."""
        return self._attributes[attribute].role

    def filled(self, attributes: Iterable[str]) -> list[tuple[str, str]]:
        """Return the attributes that hold anything, with their text, in order."""
        filled = self._filled
        return [(name, filled[name]) for name in attributes if name in filled]

    def attempt(self, attribute: str, read: Callable[[], tuple[Read, ...]]) -> tuple[Read, ...]:
        """Read a cell; when it cannot be read, set it aside and give nothing."""
        try:
            return read()
        except UnreadableFieldError as fault:
            self.put_aside(attribute, fault.code)
            return ()

    def put_aside(self, attribute: str, code: str) -> None:
        """Note once that something in a column was not used."""
        self._set_aside.setdefault((attribute, code), SetAside(attribute, code, advice_on(code)))

    def set_aside(self) -> tuple[SetAside, ...]:
        """Return what was not used, in the order in which it was met."""
        return tuple(self._set_aside.values())
