"""
The errors of the hub; each becomes a problem answer (RFC 9457) or a line on the operator's terminal.

    HubError
    ├── SetupError                 the hub cannot start or a command cannot be done; for the operator
    ├── BrokenSealError            a cell of the database cannot be opened; the agent is told 500
    └── RequestError               a request is not done; for the agent
        ├── NotAuthenticatedError      401  no usable key, session or password
        ├── NotAllowedError            403  this key or person may not do this
        ├── RefusedError               403  a condition of the request is not met
        ├── NotFoundError              404  absent or not for this organisation: the same
        ├── ConflictError              409  it contradicts what the hub holds
        ├── TooLargeError              413
        ├── WrongMediaTypeError        415
        ├── TooManyError               429  a limit is used up; `retryable`
        ├── UnreadableError            422  the body is not what it must be
        └── UnavailableError           503  not now; `retryable`

`code` is stable and documented in docs/errors.md. No error holds a value from a request, a key or a row.
"""

from collections.abc import Mapping, Sequence

from api.wire.problems import Fault


class HubError(Exception):
    """
    Root of the hub's errors.

    Args:
        reason: one plain sentence without any value.
        code: stable name, in snake case.
    """

    def __init__(self, reason: str, *, code: str) -> None:
        """Keep the reason and its code."""
        super().__init__(reason)
        self.reason = reason
        self.code = code


class SetupError(HubError):
    """The hub's files, database or settings do not allow what the operator asked for."""


class BrokenSealError(HubError):
    """A cell was altered, moved to another row, or sealed under another key."""

    def __init__(self) -> None:
        """Say nothing of the row."""
        super().__init__("a cell of the database cannot be opened with this hub's key", code="broken_seal")


class RequestError(HubError):
    """
    A request that is not done.

    Args:
        faults: where in the request something is wrong, and what kind of fault.
    """

    status = 500
    retryable = False

    def __init__(self, reason: str, *, code: str, faults: Sequence[Fault] = ()) -> None:
        """Keep what the problem answer will say."""
        super().__init__(reason, code=code)
        self.faults = tuple(faults)

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers that this status asks for."""
        return {}


class NotAuthenticatedError(RequestError):
    """There is no key, session or password, or it is unknown, revoked or expired: the answer does not say which."""

    status = 401

    def __init__(self) -> None:
        """Say the same in every case."""
        super().__init__("a key, session or password of this hub is needed", code="unauthorised")

    @property
    def headers(self) -> Mapping[str, str]:
        """Name the scheme (RFC 9110, 11.6.1)."""
        return {"WWW-Authenticate": 'Bearer realm="casematch"'}


class NotAllowedError(RequestError):
    """Key or session is good, but not for this."""

    status = 403

    def __init__(self) -> None:
        """Say nothing of what it is good for."""
        super().__init__("this key or session is not for that", code="not_allowed")


class RefusedError(RequestError):
    """The asker may do such things, but a condition for this one is not met."""

    status = 403


class NotFoundError(RequestError):
    """Absent and forbidden look the same."""

    status = 404

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        """Say the same in every case."""
        super().__init__("there is no such thing here", code="not_found", faults=faults)


class ConflictError(RequestError):
    """The request contradicts what the hub holds."""

    status = 409


class TooLargeError(RequestError):
    """The body is larger than the hub takes."""

    status = 413

    def __init__(self) -> None:
        """Give no number: the limits are in the documentation."""
        super().__init__("the body is larger than the hub takes", code="too_large")


class WrongMediaTypeError(RequestError):
    """The body's media type or content encoding is none that is read here."""

    status = 415

    def __init__(self, where: str) -> None:
        """Name the header at fault."""
        fault = Fault(where=where, code="unknown_media_type")
        super().__init__("the body is of a kind that is not read here", code="unknown_media_type", faults=[fault])


class UnreadableError(RequestError):
    """The body cannot be read."""

    status = 422


class TooManyError(RequestError):
    """
    A limit is used up for now.

    Args:
        seconds: until it is worth to try again; at least 1.
    """

    status = 429
    retryable = True

    def __init__(self, reason: str, *, code: str, seconds: int) -> None:
        """Keep the pause."""
        super().__init__(reason, code=code)
        self._seconds = max(1, seconds)

    @property
    def headers(self) -> Mapping[str, str]:
        """Ask for a pause, in seconds."""
        return {"Retry-After": str(self._seconds)}


class UnavailableError(RequestError):
    """Not now; the same request may succeed later."""

    status = 503
    retryable = True

    @property
    def headers(self) -> Mapping[str, str]:
        """Ask for a pause, in seconds."""
        return {"Retry-After": "5"}
