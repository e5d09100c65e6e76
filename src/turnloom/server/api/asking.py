"""Parameters that lists share: where to ask, time ranges, sorting, filters, cursors."""

import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Response

from turnloom.server.analytics.filter import Field, FilterError, parse
from turnloom.server.analytics.filter.errors import nearest
from turnloom.server.analytics.filter.literals import read_time
from turnloom.server.analytics.filter.syntax import Term
from turnloom.server.analytics.order import Direction, Order, Position
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.turn_page import TurnPosition
from turnloom.server.api.access import Reading
from turnloom.server.api.cursor import read_cursor, write_cursor
from turnloom.server.api.errors import ApiError
from turnloom.server.api.state import Given


async def asking(given: Given, project: Reading) -> Source:
    """Where a request may ask: its project, now, within the limits of a query."""
    settings = given.settings
    now_us = time.time_ns() // 1_000
    return Source(given.engine, project, now_us, settings.query_time_max_s, settings.query_bytes_max)


Asking = Annotated[Source, Depends(asking)]
Limit = Annotated[int, Query(ge=1, le=500, description="Rows of a page.")]
From = Annotated[
    str | None, Query(alias="from", description="Start of a time range, included: ISO 8601 or `now-2h`.")
]
To = Annotated[str | None, Query(description="End of a time range, excluded: ISO 8601 or `now-2h`.")]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the page before.")]
Ordering = Annotated[Direction, Query(description="Missing values come last either way.")]

POSITION_KINDS = ((int, float, str, type(None)), (str,))
TURN_POSITION_KINDS = ((int,), (str,), (str,))


def json_answer(value: object) -> Response:
    """An answer in JSON."""
    return Response(orjson.dumps(value), media_type="application/json")


def time_range(source: Source, from_: str | None, to: str | None) -> tuple[int | None, int | None]:
    """Read `from` and `to`.

    Raises:
        ApiError: One is no time, or the range is empty (400).
    """
    from_us, to_us = _time("from", from_, source.now_us), _time("to", to, source.now_us)
    if from_us is not None and to_us is not None and from_us >= to_us:
        raise ApiError(400, f"from: {from_!r} is not before to, {to!r}")
    return from_us, to_us


def read_filter(text: str) -> Term | None:
    """Read `filter`.

    Raises:
        ApiError: It cannot be read (400).
    """
    try:
        return parse(text)
    except FilterError as error:
        raise refused_filter(error) from None


def refused_filter(error: FilterError) -> ApiError:
    """A wrong filter as an answer."""
    return ApiError(400, f"filter: {error}")


def read_order(fields: Mapping[str, Field], sort: str, direction: Direction, key: str) -> Order:
    """Read `sort`.

    Args:
        fields: By which lists can be sorted, and others.
        sort: The parameter.
        direction: `asc` or `desc`.
        key: Column of the id, for equal values.

    Raises:
        ApiError: There is no such field, or it has no order (400).
    """
    sortable = [name for name, field in fields.items() if field.sortable]
    field = fields.get(sort)
    if field is None or not field.sortable:
        names = ", ".join(sortable)
        near = nearest(sort[:60], sortable) or ";"
        raise ApiError(400, f"sort: cannot sort by {sort[:60]!r}{near} it can be one of {names}")
    return Order(field, direction, key)


def read_position(place: Sequence[str | None], cursor: str | None) -> Position | None:
    """Read the cursor of a list; None for its first page."""
    return None if cursor is None else Position(*read_cursor(place, cursor, POSITION_KINDS))


def read_turn_position(place: Sequence[str | None], cursor: str | None) -> TurnPosition | None:
    """Read the cursor of turns; None for their first page."""
    return None if cursor is None else TurnPosition(*read_cursor(place, cursor, TURN_POSITION_KINDS))


def next_cursor(place: Sequence[str | None], end: Position | None) -> str | None:
    """The cursor of the page after; None when there is none."""
    return None if end is None else write_cursor(place, (end.value, end.key))


def next_turn_cursor(place: Sequence[str | None], end: TurnPosition | None) -> str | None:
    """The cursor of the turns after; None when there are none."""
    return None if end is None else write_cursor(place, (end.start_us, end.trace_id, end.span_id))


def page_answer(data: list[dict[str, Any]], cursor: str | None, total: int) -> Response:
    """One page of a list."""
    return json_answer({"data": data, "next_cursor": cursor, "total": total})


def _time(name: str, text: str | None, now_us: int) -> int | None:
    if text is None:
        return None
    time_us = read_time(text.replace(" ", "+") if "T" in text else text, now_us)
    if time_us is None or abs(time_us) >= 2**62:
        raise ApiError(
            400, f"{name}: {text[:60]!r} is no time; write 2026-01-31, 2026-01-31T10:00:00Z or now-2h"
        )
    return time_us
