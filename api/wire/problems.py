"""Problem details (RFC 9457) as the hub answers them; both sides of the wire."""

from pydantic import Field

from api.wire.model import WireModel

PROBLEM_MEDIA_TYPE = "application/problem+json"


class Fault(WireModel):
    """Where in a request something is wrong (a JSON pointer or offset), and what kind of fault; never the value."""

    where: str
    code: str


class Problem(WireModel):
    """
    Why a request was not done.

    Attributes:
        type: relative URI of the explanation, `/problems/{code}`.
        code: stable name of the problem, documented in docs/errors.md.
        retryable: whether the same request may succeed later.
    """

    type: str
    title: str
    status: int
    code: str
    retryable: bool = False
    faults: list[Fault] = Field(default_factory=list)
