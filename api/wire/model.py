"""The base of all wire models: strict, frozen, nothing extra; and ids as they are written; both sides of the wire."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class WireModel(BaseModel):
    """A message part: unknown keys are refused, nothing is coerced, and errors hide the input."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)
