"""Errors as answers: `{"message": …, "error": …}` with the status that fits."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from turnloom.server.ingest.errors import BodyTooLargeError, IngestError, MalformedBodyError, BacklogFullError, UnknownEncodingError
from turnloom.server.store.errors import QueryRefusedError


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


STATUS: dict[type[IngestError], int] = {MalformedBodyError: 400, BodyTooLargeError: 413, UnknownEncodingError: 415, BacklogFullError: 429}


def install(app: FastAPI) -> None:
    """Make every error of the application an answer of one shape."""

    @app.exception_handler(ApiError)
    def _api(_: Request, error: ApiError) -> JSONResponse:
        return answer(error.status, error.message, error.headers)

    @app.exception_handler(IngestError)
    def _ingest(_: Request, error: IngestError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, BacklogFullError) else None
        return answer(STATUS.get(type(error), 400), str(error), headers)

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        return answer(error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _validation(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return answer(422, faults)

    @app.exception_handler(QueryRefusedError)
    def _query(_: Request, error: QueryRefusedError) -> JSONResponse:
        return answer(503, f"the query was stopped: {str(error)[:300]}", {"Retry-After": "1"})


def answer(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error answer."""
    return JSONResponse({"message": message, "error": HTTPStatus(status).phrase}, status, headers)
