"""Every failure as a problem answer (RFC 9457) that never holds a value from the request; hub."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from api.hub.errors import RequestError, UnavailableError, WrongMediaTypeError
from api.hub.metrics import count_problem
from api.wire.model import WireModel
from api.wire.problems import PROBLEM_MEDIA_TYPE, Fault, Problem

FAULTS_SHOWN = 100
_CODES = {400: "malformed_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def add_problem_handlers(app: FastAPI) -> None:
    """Answer all that FastAPI would answer in its own way."""
    app.add_exception_handler(RequestError, _on_request_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    for passing in (OperationalError, IntegrityError, PoolTimeoutError):
        app.add_exception_handler(passing, _on_passing_error)


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Write a problem."""
    count_problem(problem.code)
    return Response(problem.model_dump_json(), problem.status, headers, PROBLEM_MEDIA_TYPE)


def problem_of(error: RequestError) -> Response:
    """Return the answer to a request that is not done."""
    problem = Problem(
        type=f"/problems/{error.code}",
        title=error.reason,
        status=error.status,
        code=error.code,
        retryable=error.retryable,
        faults=list(error.faults),
    )
    return problem_response(problem, error.headers)


def plain_problem(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem of a bare status."""
    phrase = HTTPStatus(status).phrase.lower()
    code = _CODES.get(status, phrase.replace(" ", "_").replace("-", "_"))
    return problem_response(Problem(type=f"/problems/{code}", title=phrase, status=status, code=code), headers)


def _on_request_error(_request: Request, error: Exception) -> Response:
    """Answer one of the hub's own errors."""
    if not isinstance(error, RequestError):
        raise error
    return problem_of(error)


def _on_validation_error(request: Request, error: Exception) -> Response:
    """Say where a body or parameter is wrong, and what kind of fault; FastAPI would echo the input."""
    if not isinstance(error, RequestValidationError):
        raise error
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in {"POST", "PUT"} and media_type != "application/json":
        return problem_of(WrongMediaTypeError("header/content-type"))
    faults = [
        Fault(where="/".join(_known(step) for step in fault["loc"]), code=str(fault["type"]))
        for fault in error.errors()[:FAULTS_SHOWN]
    ]
    title = "the request is not of the form it must have"
    return problem_response(
        Problem(type="/problems/invalid_request", title=title, status=422, code="invalid_request", faults=faults)
    )


def _known(step: object) -> str:
    """Write a step of a location; names that are not ours could be a sender's words."""
    return str(step) if isinstance(step, int) or step in _own_names() else "?"


@cache
def _own_names() -> frozenset[str]:
    """Return every name that a message of ours can have in it."""
    messages = (name for model in WireModel.__subclasses__() for name in model.model_fields)
    return frozenset({"body", "query", "path", "header"}).union(messages)


def _on_http_exception(request: Request, error: Exception) -> Response:
    """Answer what the router or the body's parser refuses; 405 names every method of the path."""
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_allowed(request))
    return plain_problem(error.status_code, headers)


def _on_passing_error(_request: Request, _error: Exception) -> Response:
    """Ask for another try when the database is busy or away, or two requests of one content crossed."""
    return problem_of(UnavailableError("the database cannot be used now", code="unavailable"))


def _allowed(request: Request) -> list[str]:
    """Return the methods that some route has for this path."""
    app = request.app
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in app.routes)
    ]
