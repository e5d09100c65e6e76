"""Which sessions are there? One page of them, sorted, and how many in all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from turnloom.model.session import Session
from turnloom.server.analytics.filter.syntax import Term
from turnloom.server.analytics.order import Order, Position
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where
from turnloom.server.store.columns import SESSION_COLUMNS


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked for."""

    order: Order
    limit: int
    filter: Term | None = None
    from_us: int | None = None
    """Sessions with a visit that overlaps the range; microseconds since 1970."""
    to_us: int | None = None
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    sessions: list[Session]
    end: Position | None
    """Where the next page begins; None when there is none."""
    total: int
    """Sessions on all pages."""


def list_sessions(source: Source, params: Params) -> Page:
    """List sessions.

    Args:
        source: Where to ask.
        params: What is asked for.

    Returns:
        One page.

    Raises:
        FilterError: The filter names what does not exist, or compares across types.
    """
    found = _page(source, params)
    total = found[0][2] if found else _total(source, params)
    more, found = len(found) > params.limit, found[: params.limit]
    sessions = sessions_by_id(source, [row[0] for row in found])
    end = Position(found[-1][1], found[-1][0]) if more else None
    return Page([sessions[row[0]] for row in found if row[0] in sessions], end, total)


def sessions_by_id(source: Source, session_ids: Sequence[str]) -> dict[str, Session]:
    """Read sessions by id; unknown ones are left out."""
    if not session_ids:
        return {}
    where = Where(source.bindings()).one_of("session_id", list(session_ids))
    columns = ", ".join(SESSION_COLUMNS.names)
    rows = source.ask("session_rows", where.bindings, {"columns": columns, "where": where})
    sessions: list[Session] = [SESSION_COLUMNS.value(row) for row in rows]
    return {session.session_id: session for session in sessions}


def _page(source: Source, params: Params) -> list[list[Any]]:
    where = _where(source, params)
    where.bindings.values["limit"] = params.limit + 1
    return source.ask(
        "session_page",
        where.bindings,
        {
            "sort": where.bindings.fill(params.order.field.sql),
            "where": where,
            "after": params.order.after(params.after, where.bindings),
            "order": params.order.by(),
        },
    )


def _total(source: Source, params: Params) -> int:
    """Sessions in all when a page has none: none, or those before its cursor."""
    if params.after is None:
        return 0
    first = _page(source, replace(params, after=None, limit=0))
    return first[0][2] if first else 0


def _where(source: Source, params: Params) -> Where:
    where = Where(source.bindings())
    return where.filtered(params.filter, params.from_us, params.to_us).visited(params.from_us, params.to_us)
