"""
What can be wrong with a log, a checkpoint or a proof; both sides of the wire.

    AuditError
    ├── MalformedNoteError      a text is no signed note, no checkpoint, or no key
    ├── SignatureError          a signature that must be there is not, or is false
    └── ProofError              a proof does not prove what it should: the log was changed, or it is another log

Verification never answers False, which could be overlooked: it raises. `code` is documented in docs/errors.md.
"""


class AuditError(Exception):
    """
    Root of these errors.

    Args:
        reason: one plain sentence that holds no value.
        code: stable name, in snake case.
    """

    def __init__(self, reason: str, *, code: str) -> None:
        """Keep the reason and its code."""
        super().__init__(reason)
        self.reason = reason
        self.code = code


class MalformedNoteError(AuditError):
    """A text is no signed note, no checkpoint, or no key."""


class SignatureError(AuditError):
    """A signature that must be there is not, or is false."""


class ProofError(AuditError):
    """A proof does not prove what it should: the log was changed, or it is another log."""
