"""Errors as answers: `{"message": …, "error": …}` with the status that fits."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from google.rpc.status_pb2 import Status
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from turnloom.server.auth.errors import (
    AuthError,
    KeyRequestError,
    NotPermittedError,
    UnknownCredentialsError,
)
from turnloom.server.ingest.errors import (
    BacklogFullError,
    BodyTooLargeError,
    IngestError,
    MalformedBodyError,
    ServerBusyError,
    SlowSenderError,
    UnknownEncodingError,
)
from turnloom.server.store.errors import ControlUnavailableError, QueryRefusedError

log = logging.getLogger(__name__)


class ApiError(Exception):
    """An answer that is an error.

    Args:
        status: HTTP status.
        message: What was given, what was expected, what to do.
        headers: Further headers.
    """

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


INGEST_STATUS: dict[type[IngestError], int] = {
    MalformedBodyError: 400,
    SlowSenderError: 408,
    BodyTooLargeError: 413,
    UnknownEncodingError: 415,
    BacklogFullError: 429,
    ServerBusyError: 503,
}

AUTH_STATUS: dict[type[AuthError], int] = {
    KeyRequestError: 422,
    UnknownCredentialsError: 401,
    NotPermittedError: 403,
}

RPC_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 408: 4, 413: 3, 415: 3, 421: 7, 429: 8, 503: 14}
"""google.rpc codes of an answer to an OTLP client that speaks protobuf; 2 (unknown) for the rest."""

CUT_STATUS = frozenset({408})
"""After these the connection ends: the rest of the request will not come."""

CHALLENGE = {"WWW-Authenticate": 'Basic realm="turnloom"'}


def install(app: FastAPI) -> None:
    """Make every error of the application an answer of one shape."""

    @app.exception_handler(ApiError)
    def _api(request: Request, error: ApiError) -> Response:
        return answer_to(request, error.status, error.message, error.headers)

    @app.exception_handler(IngestError)
    def _ingest(request: Request, error: IngestError) -> Response:
        busy = isinstance(error, BacklogFullError | ServerBusyError)
        headers = {"Retry-After": str(error.retry_after_s)} if busy else None
        return answer_to(request, INGEST_STATUS.get(type(error), 400), str(error), headers)

    @app.exception_handler(AuthError)
    def _auth(request: Request, error: AuthError) -> Response:
        status = AUTH_STATUS.get(type(error), 401)
        return answer_to(
            request, status, str(error), CHALLENGE if status == HTTPStatus.UNAUTHORIZED else None
        )

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        message = _no_such_route(request, error)
        return answer_to(request, error.status_code, message, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return answer_to(request, 422, faults)

    @app.exception_handler(QueryRefusedError)
    def _query(request: Request, error: QueryRefusedError) -> Response:
        message = f"the query was stopped: {str(error)[:300]}"
        return answer_to(request, 503, message, {"Retry-After": "1"})

    @app.exception_handler(ControlUnavailableError)
    def _control(request: Request, error: ControlUnavailableError) -> Response:
        return answer_to(request, 503, str(error), {"Retry-After": "1"})

    @app.exception_handler(ClientDisconnect)
    def _gone(request: Request, _: ClientDisconnect) -> Response:
        return answer_to(request, 400, "the connection ended before the request did")

    @app.exception_handler(Exception)
    def _defect(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answer_to(request, 500, "a defect of the server; its log has the details")


def answer_to(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error answer in the form that the client reads; refused ingest is counted."""
    headers = dict(headers or {})
    if status in CUT_STATUS:
        headers["Connection"] = "close"
    if request.method == "POST":
        request.app.state.services.intake.counts.refused_requests[status] += 1
    if request.url.path.startswith("/v1/") and "protobuf" in request.headers.get("content-type", ""):
        body = Status(code=RPC_CODES.get(status, 2), message=message).SerializeToString()
        return Response(body, status, headers, media_type="application/x-protobuf")
    return answer(status, message, headers)


def answer(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error answer in JSON."""
    return JSONResponse({"message": message, "error": HTTPStatus(status).phrase}, status, headers)


def _no_such_route(request: Request, error: HTTPException) -> str:
    if error.detail != HTTPStatus(error.status_code).phrase:
        return str(error.detail)
    return f"{request.method} {request.url.path[:200]}: {error.detail}; /docs lists what there is"
