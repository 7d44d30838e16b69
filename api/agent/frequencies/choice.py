"""
Which frequency model an agent works with: the shipped one, or one of its own; on the partner's premises.

Partners need not have the same: composite keys that both models let pass still meet. A model far off the shipped one
lets other keys pass, and costs matches at every other partner, so it is refused until somebody has looked at it.
"""

from api.agent.errors import SettingsError
from api.agent.frequencies.agreement import PartAgreement, compare_models
from api.agent.frequencies.report import remarks
from api.agent.session import Session
from matcher.encode.frequency import SHIPPED_MODELS, FrequencyModel


def use_model(session: Session, model: FrequencyModel, factor: float, *, is_seen: bool) -> tuple[PartAgreement, ...]:
    """
    Keep a model in the vault, for gate and weights; cases are encoded anew at their next import.

    Args:
        session: the agent at work.
        model: one of the partner's own.
        factor: shares count as differing beyond it; more than 1.
        is_seen: whether somebody has looked at the remarks and takes it all the same.

    Returns:
        How it agrees with the shipped model.

    Raises:
        InvalidSchemaError: the model lacks a part of the gate.
        SettingsError: it has the name of a shipped model, or is far off the shipped one and nobody has looked.
    """
    if model.name in SHIPPED_MODELS:
        advice = "Build it under a name of your own, or go back to the shipped one with --shipped."
        raise SettingsError("has a shipped model's name", code="frequencies_name", where="model", advice=advice)
    parts = compare_models(model, session.schema, factor)
    if remarks(parts) and not is_seen:
        advice = "Look at `casematch frequencies check FILE`; take it all the same with --seen."
        raise SettingsError("far off the shipped model", code="frequencies_far_off", where="model", advice=advice)
    session.vault.settings.write_frequencies(model.to_json())
    return parts


def use_shipped(session: Session) -> None:
    """Go back to the model that the schema's gate names; cases are encoded anew at their next import."""
    session.vault.settings.write_frequencies("")
