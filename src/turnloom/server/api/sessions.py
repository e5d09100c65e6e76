"""Sessions: the list, and one with its turns."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from turnloom.server.analytics import one_session, session_list
from turnloom.server.analytics.filter import SESSION_FIELDS, FilterError
from turnloom.server.analytics.near_ids import nearest_session_id
from turnloom.server.analytics.source import Source
from turnloom.server.api import asking
from turnloom.server.api.asking import Asking, Cursor, From, Limit, Ordering, To
from turnloom.server.api.errors import ApiError
from turnloom.server.api.ids import id_of, id_parameter
from turnloom.server.api.shapes import SessionPage, SessionWithTurns
from turnloom.server.api.shown_session import shown_session, visit_details
from turnloom.server.api.shown_turn import shown_turn
from turnloom.server.api.values import iso

PREFIX = "/api/v1/sessions"
router = APIRouter(tags=["Sessions"])

Filter = Annotated[
    str, Query(description="A line of the filter language, such as `turns >= 5 and errors > 0`.")
]
Sort = Annotated[str, Query(description="A number, duration, cost or time of a session.")]
Id = Annotated[str | None, Query(description="Answer with this one, as the path with an id does.")]


@router.get(PREFIX, summary="List sessions", response_model=SessionPage)
def list_sessions(
    source: Asking,
    *,
    filter: Filter = "",  # noqa: A002 (the parameter's name)
    sort: Sort = "started_at",
    order: Ordering = "desc",
    from_: From = None,
    to: To = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    id: Id = None,  # noqa: A002 (the parameter's name)
) -> Response:
    """One page of the sessions that a filter selects; a time range selects by visits that overlap it."""
    if id is not None:
        return _one(source, id, limit, cursor)
    from_us, to_us = asking.time_range(source, from_, to)
    place = ("sessions", source.project, filter, sort, order, from_, to)
    params = session_list.Params(
        order=asking.read_order(SESSION_FIELDS, sort, order, "session_id"),
        limit=limit,
        filter=asking.read_filter(filter),
        from_us=from_us,
        to_us=to_us,
        after=asking.read_position(place, cursor),
    )
    try:
        page = session_list.list_sessions(source, params)
    except FilterError as error:
        raise asking.refused_filter(error) from None
    data = [shown_session(session, source.now_us) for session in page.sessions]
    return asking.page_answer(data, asking.next_cursor(place, page.end), page.total)


@router.get(
    PREFIX + "/{session_id:path}",
    summary="One session with its turns",
    response_model=SessionWithTurns,
    openapi_extra=id_parameter("session_id", "Id of the session."),
)
def get_session(request: Request, source: Asking, limit: Limit = 200, cursor: Cursor = None) -> Response:
    """A session and its turns in order; long sessions page them.

    The id takes the whole rest of the path and may hold anything, escaped as in any URL.
    """
    return _one(source, id_of(request, PREFIX + "/"), limit, cursor)


def _one(source: Source, session_id: str, limit: int, cursor: str | None) -> Response:
    place = ("session", source.project, session_id)
    after = asking.read_turn_position(place, cursor)
    found = one_session.read_session(source, one_session.Params(session_id, limit, after))
    if found is None:
        hint = nearest_session_id(source, session_id)
        raise ApiError(
            404, f"no session {session_id[:200]!r}" + (f"; did you mean {hint!r}?" if hint else "")
        )
    session, page = found.session, found.page
    answer: dict[str, Any] = shown_session(session, source.now_us)
    answer |= {
        "session_id_source": session.session_key,
        "ended_at": iso(session.ended_us),
        "scores": session.scores,
        "last_turn": session.last_turn,
        "last_intent": session.last_intent,
        "last_action": session.last_action,
        "visit_details": visit_details(session),
        "turns": [shown_turn(turn) for turn in page.turns],
        "activity": [shown_turn(turn) for turn in page.activity],
        "next_cursor": asking.next_turn_cursor(place, page.end),
    }
    return asking.json_answer(answer)
