"""
The errors of the linkage library; safe to show on any side, because none carries a value.

    MatcherError
    ├── InvalidSchemaError         a schema, frequency or score document contradicts itself
    ├── UnreadableFieldError       a field cannot be read
    ├── SecretError                the linkage secret is missing, short or badly kept
    ├── EnvelopeMismatchError      two encodings come from unlike schemas, epochs or encoders
    └── MalformedEncodingError     bytes that are not an encoding of this schema

`code` is stable and documented in docs/errors.md; `where` names a row, field, JSON pointer or byte offset.
"""


class MatcherError(Exception):
    """
    Root of the library's errors.

    Args:
        reason: one plain sentence that holds no value from a record, a key or a document.
        code: stable machine-readable name, in snake case.
        where: where the fault lies: field, JSON pointer, row or offset; empty when it lies everywhere.
    """

    def __init__(self, reason: str, *, code: str, where: str = "") -> None:
        """Keep the three parts, and show `where` first."""
        super().__init__(f"{where}: {reason}" if where else reason)
        self.reason = reason
        self.code = code
        self.where = where


class InvalidSchemaError(MatcherError):
    """A linkage schema, frequency model or score model cannot be used; `where` is a JSON pointer."""

    def __init__(self, reason: str, *, pointer: str, code: str = "invalid_schema") -> None:
        """Name the place in the document."""
        super().__init__(reason, code=code, where=pointer or "/")


class UnreadableFieldError(MatcherError):
    """A field's text cannot be read as what its kind says; `where` is the field, `code` the kind of fault."""


class SecretError(MatcherError):
    """The linkage secret is missing, too short, or readable by others than its owner."""


class EnvelopeMismatchError(MatcherError):
    """Encodings of unlike schemas, key epochs or encoder versions refuse to be compared; `where` is the part."""


class MalformedEncodingError(MatcherError):
    """Bytes are not an encoding of the schema in use; `where` is an offset or a length."""
