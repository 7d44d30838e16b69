"""The base of all wire models: strict, frozen, nothing extra; both sides of the wire."""

from pydantic import BaseModel, ConfigDict


class WireModel(BaseModel):
    """A message part: unknown keys are refused, nothing is coerced, and errors hide the input."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)
