"""Frequency models as files; on the partner's premises. An error never quotes a value that a model lists."""

from pathlib import Path

from api.agent.errors import SourceError
from matcher.encode.frequency import FrequencyModel
from matcher.errors import InvalidSchemaError


def read_model(path: Path) -> FrequencyModel:
    """
    Read a model.

    Raises:
        SourceError: the file is absent or not UTF-8.
        InvalidSchemaError: it is no frequency model; names the place as far as the part.
    """
    text, pointer, code = "", "", ""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeError):
        code = "file_absent"
    if code:
        raise SourceError("cannot be read", code=code, where="model", advice="Check its path; it is UTF-8 JSON.")
    try:
        return FrequencyModel.from_json(text)
    except InvalidSchemaError as fault:
        pointer, code, reason = fault.where, fault.code, fault.reason
    head, shares, _ = pointer.partition("/shares/")
    raise InvalidSchemaError(reason, pointer=head + shares.rstrip("/"), code=code)


def write_model(path: Path, model: FrequencyModel) -> None:
    """
    Write a model to a new file: partners may hold the old one, so a changed model gets a new version.

    Raises:
        SourceError: there is a file already, or the folder cannot be written.
    """
    code, advice = "", ""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(model.to_json() + "\n")
    except FileExistsError:
        code, advice = "file_exists", "Give the new model the next version, and a file of its own."
    except OSError:
        code, advice = "file_unwritable", "Check the folder and its rights."
    if code:
        raise SourceError("the model cannot be written", code=code, where="--out", advice=advice)
