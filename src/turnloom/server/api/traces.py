"""Traces: the list, other traffic included, and one with its spans."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from turnloom.server.analytics import one_trace, trace_list
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.trace_list import Trace
from turnloom.server.api import asking
from turnloom.server.api.asking import Asking, Cursor, From, Limit, Ordering, To
from turnloom.server.api.cursor import read_cursor, write_cursor
from turnloom.server.api.errors import ApiError
from turnloom.server.api.ids import id_of, id_parameter
from turnloom.server.api.shapes import TracePage, TraceWithSpans
from turnloom.server.api.shown_span import shown_span
from turnloom.server.api.values import iso, ms

PREFIX = "/api/v1/traces"
router = APIRouter(tags=["Traces"])

OfSession = Annotated[str | None, Query(description="Traces of this session only.")]
Other = Annotated[
    bool | None,
    Query(description="Only other traffic (true), none of it (false); everything when it is left out."),
]
Sort = Annotated[str, Query(description=f"One of {', '.join(trace_list.FIELDS)}.")]
Id = Annotated[str | None, Query(description="Answer with this one, as the path with an id does.")]
Spans = Annotated[int, Query(ge=1, le=10_000, description="Spans of a page.")]


@router.get(PREFIX, summary="List traces", response_model=TracePage)
def list_traces(
    source: Asking,
    *,
    session_id: OfSession = None,
    other_traffic: Other = None,
    sort: Sort = "started_at",
    order: Ordering = "desc",
    from_: From = None,
    to: To = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    id: Id = None,  # noqa: A002 (the parameter's name)
) -> Response:
    """One page of traces; other traffic has nothing to do with AI and belongs to no session."""
    if id is not None:
        return _one(source, id, 10_000, cursor)
    from_us, to_us = asking.time_range(source, from_, to)
    place = ("traces", source.project, session_id, str(other_traffic), sort, order, from_, to)
    params = trace_list.Params(
        order=asking.read_order(trace_list.FIELDS, sort, order, "trace_id"),
        limit=limit,
        other_traffic=other_traffic,
        session_id=session_id,
        from_us=from_us,
        to_us=to_us,
        after=asking.read_position(place, cursor),
    )
    page = trace_list.list_traces(source, params)
    return asking.page_answer(
        [_shown(trace) for trace in page.traces], asking.next_cursor(place, page.end), page.total
    )


@router.get(
    PREFIX + "/{trace_id:path}",
    summary="One trace with its spans",
    response_model=TraceWithSpans,
    openapi_extra=id_parameter("trace_id", "Id of the trace: 32 hex digits."),
)
def get_trace(request: Request, source: Asking, limit: Spans = 10_000, cursor: Cursor = None) -> Response:
    """A trace and its spans in order, each with the ids that it has or inherits, and where they were read."""
    return _one(source, id_of(request, PREFIX + "/"), limit, cursor)


def _one(source: Source, trace_id: str, limit: int, cursor: str | None) -> Response:
    place = ("trace", source.project, trace_id)
    offset: int = read_cursor(place, cursor, ((int,),))[0] if cursor is not None else 0
    found = one_trace.read_one_trace(source, one_trace.Params(trace_id.lower(), limit, offset))
    if found is None:
        raise ApiError(404, f"no trace {trace_id[:200]!r}; a trace id has 32 hex digits")
    end = offset + len(found.spans)
    identity, other = found.identity, found.other_traffic
    return asking.json_answer(
        {
            "id": found.trace_id,
            "session_id": None if other else identity.session_id,
            "session_id_source": identity.session_key,
            "conversation_id": identity.conversation_id,
            "user_id": identity.user_id,
            "other_traffic": other,
            "spans_count": found.total,
            "spans": [shown_span(span, own, other_traffic=other) for span, own in found.spans],
            "next_cursor": write_cursor(place, (end,)) if end < found.total else None,
        }
    )


def _shown(trace: Trace) -> dict[str, Any]:
    return {
        "id": trace.trace_id,
        "session_ids": trace.session_ids,
        "name": trace.name or None,
        "service": trace.service,
        "started_at": iso(trace.start_us),
        "ended_at": iso(trace.end_us),
        "duration_ms": ms(None if trace.end_us is None else trace.end_us - trace.start_us),
        "spans_count": trace.spans_count,
        "errors": trace.errors,
        "other_traffic": trace.other_traffic,
        "flags": trace.flags,
    }
