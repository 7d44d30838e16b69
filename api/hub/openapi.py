"""The interface as an OpenAPI 3.1 document, for docs/openapi.json; hub."""

from typing import Any

from fastapi import FastAPI

from api.wire.problems import PROBLEM_MEDIA_TYPE, Problem

_REFERENCE = "#/components/schemas/{model}"


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """
    Return the document that describes an application.

    Every operation answers failures with a problem; FastAPI would promise its own form, which the hub never sends.
    """
    document = app.openapi()
    problem = Problem.model_json_schema(ref_template=_REFERENCE)
    schemas = document["components"]["schemas"]
    schemas.update(problem.pop("$defs"))
    schemas["Problem"] = problem
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "A problem (RFC 9457).", "content": content}
    return document
