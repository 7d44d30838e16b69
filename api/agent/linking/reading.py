"""
An evaluator's files as people to link; on the partner's premises.

The schema follows from what was asked: one made for the columns, a shipped one, or a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.agent.errors import SourceError
from api.agent.linking.counts import own_frequencies
from api.agent.linking.inputs import Records, attribute_names, parse_kinds, read_known, read_mapped
from api.agent.linking.run import Progress
from matcher.encode.frequency import FrequencyModel
from matcher.normalise.record import normalise
from matcher.person import Person
from matcher.schema import LinkageSchema
from matcher.template import general_schema

PROGRESS_STEP = 500


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of records as read; `frequencies` is None where the lists' own values are to be counted."""

    schema: LinkageSchema
    frequencies: FrequencyModel | None
    lists: list[Records]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Lists of records, and the same normalised; the schema and frequency model they are linked with."""

    schema: LinkageSchema
    frequencies: FrequencyModel
    lists: list[Records]
    persons: list[list[Person]] = field(repr=False)


def read_inputs(
    paths: Sequence[Path],
    schema_name: str,
    columns: str | None,
    id_column: str | None,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Inputs:
    """
    Read one or two lists and normalise them.

    Args:
        paths: one list, or two to link with each other.
        schema_name: `general`, a shipped schema, or a schema file.
        columns: for `general`: COLUMN=KIND, commas between.
        id_column: header of the id column; None takes the schema's own, or numbers the rows.
        progress: told the stage, what is done and how much there is.

    Returns:
        The lists, with the frequency model that the schema names, or one of their own counts for `general`.

    Raises:
        SourceError: a file cannot be read, or lacks a column.
        InvalidSchemaError: the schema is unknown or broken.
    """
    return normalised(read_lists(paths, schema_name, columns, id_column), progress)


def normalised(found: Lists, progress: Progress) -> Inputs:
    """Normalise lists, and count their own values where they are to be counted."""
    persons = [_normalised(each, found.schema, progress) for each in found.lists]
    model = found.frequencies or own_frequencies((each for people in persons for each in people), found.schema)
    return Inputs(found.schema, model, found.lists, persons)


def read_lists(paths: Sequence[Path], schema_name: str, columns: str | None, id_column: str | None) -> Lists:
    """Read one or two lists and leave their records as they are written; arguments and errors as above."""
    _require_files(paths)
    if schema_name == "general":
        return _read_mapped(paths, columns, id_column)
    schema = (
        LinkageSchema.from_json(Path(schema_name).read_text(encoding="utf-8"))
        if _is_file(schema_name)
        else LinkageSchema.shipped(schema_name)
    )
    lists = [read_known(each, schema, id_column) for each in paths]
    return Lists(schema, FrequencyModel.shipped(schema.gate.frequency_model), lists)


def fit_gate(found: Lists, schema_name: str, gate_population: int | None) -> Lists:
    """
    Return lists whose schema counts with as many people as they hold.

    A gate for fewer people than a list has lets keys through that strangers share: pairs of strangers grow with the
    square of the list, and nothing is found with them. A schema file is taken at its word, and no gate is made for
    fewer people unasked.

    Args:
        found: as read.
        schema_name: what they were read with.
        gate_population: people to count with, whatever the schema says; None takes the longer list.
    """
    if gate_population is None:
        longest = max(len(each.ids) for each in found.lists)
        population = found.schema.gate.population
        gate_population = population if _is_file(schema_name) else max(longest, population)
    gate = {**found.schema.document["gate"], "population": gate_population}
    return replace(found, schema=LinkageSchema.from_document({**found.schema.document, "gate": gate}))


def _is_file(schema_name: str) -> bool:
    """Tell whether a schema is named by its file."""
    path = Path(schema_name)
    return path.suffix == ".json" and path.is_file()


def _require_files(paths: Sequence[Path]) -> None:
    """Refuse a file that is not there, before anything is said of options."""
    for number, path in enumerate(paths, start=1):
        if not path.exists():
            where = f"file {number}"
            raise SourceError("is not there", code="file_absent", where=where, advice="Check its path and rights.")


def _read_mapped(paths: Sequence[Path], columns: str | None, id_column: str | None) -> Lists:
    """Read lists whose columns the evaluator named, and make a schema for them."""
    if columns is None:
        advice = "Say which columns to link: --map COLUMN=KIND,COLUMN=KIND,… (see --help for the kinds)."
        raise SourceError("a general schema needs it", code="no_map", where="--map", advice=advice)
    kinds = parse_kinds(columns)
    names = attribute_names(list(kinds))
    lists = [read_mapped(each, names, id_column) for each in paths]
    by_name = {names[header]: kind for header, kind in kinds.items()}
    return Lists(general_schema(by_name, population=max(1, *(len(each.ids) for each in lists))), None, lists)


def _normalised(records: Records, schema: LinkageSchema, progress: Progress) -> list[Person]:
    """Normalise all records of a list."""
    persons = []
    for done, record in enumerate(records.records, start=1):
        persons.append(normalise(record, schema))
        if done % PROGRESS_STEP == 0 or done == len(records.records):
            progress("normalise", done, len(records.records))
    return persons
