"""Data out of the server; it comes back in through `POST /v1/traces`."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from turnloom.server.api.access import Reading
from turnloom.server.api.errors import ApiError
from turnloom.server.api.state import Given
from turnloom.server.exchange.export import export_lines
from turnloom.server.exchange.selection import TIME_MAX_US, Selection, count_spans

router = APIRouter(prefix="/api/v1", tags=["Export"])

Time = Annotated[str | None, Query(description="ISO 8601; UTC when it names no zone")]


@router.get("/export", summary="Spans as OTLP, a JSON request a line", response_class=StreamingResponse)
def get_export(
    given: Given,
    project: Reading,
    session: str = "",
    from_: Annotated[
        str | None, Query(alias="from", description="ISO 8601; UTC when it names no zone")
    ] = None,
    to: Time = None,
) -> StreamingResponse:
    """Stream the spans of a session, of traces that start in a time range, or of the project."""
    selection = Selection(project, session, _time_us("from", from_, 0), _time_us("to", to, TIME_MAX_US))
    spans = count_spans(given.engine, selection)
    if session and not spans:
        raise ApiError(404, f"no session is named {session[:200]!r}; GET /api/v1/sessions lists them")
    return StreamingResponse(
        export_lines(given.engine, selection),
        media_type="application/x-ndjson",
        headers={"X-Turnloom-Spans": str(spans)},
    )


def _time_us(name: str, text: str | None, default: int) -> int:
    if text is None:
        return default
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError(
            422, f"{name} is {text[:80]!r}; expected ISO 8601 such as 2026-01-31T12:00:00Z"
        ) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1_000_000)
