"""Which conversations are there? One page of them, sorted, and how many in all."""

from dataclasses import dataclass

from turnloom.server.analytics.conversation import Conversation, read_conversations
from turnloom.server.analytics.filter.fields import number, table, time
from turnloom.server.analytics.order import Order, Position
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where

FIELDS = table(
    (
        time("started_at", "started_us", "When its first turn started."),
        time("last_activity_at", "ended_us", "When its last turn ended."),
        number("turns_count", "turns", "Turns in it, over all sessions."),
        number("sessions_count", "length(session_ids)", "Sessions in which it was carried on."),
    )
)
"""What conversations can be sorted by."""


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked for."""

    order: Order
    limit: int
    session_id: str | None = None
    """Conversations of this session only."""
    from_us: int | None = None
    """Conversations that overlap the range; microseconds since 1970."""
    to_us: int | None = None
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    conversations: list[Conversation]
    end: Position | None
    total: int


def list_conversations(source: Source, params: Params) -> Page:
    """List conversations; those of a session without a conversation id are the session itself.

    Args:
        source: Where to ask.
        params: What is asked for.

    Returns:
        One page.
    """
    where, having = _where(source, params)
    bindings = where.bindings
    bindings.values["limit"] = params.limit + 1
    fillings = {
        "sort": params.order.field.sql,
        "where": where,
        "having": having,
        "after": params.order.after(params.after, bindings),
        "order": params.order.by(),
    }
    rows = source.ask("conversation_page", bindings, fillings)
    more, rows = len(rows) > params.limit, rows[: params.limit]
    total = _count(source, params) if more or params.after is not None else len(rows)
    end = Position(rows[-1][1], rows[-1][0]) if more else None
    return Page(read_conversations(source, [(row[0], *row[2:]) for row in rows]), end, total)


def _count(source: Source, params: Params) -> int:
    where, having = _where(source, params)
    return source.ask("conversation_count", where.bindings, {"where": where, "having": having})[0][0]


def _where(source: Source, params: Params) -> tuple[Where, str]:
    where = Where(source.bindings())
    if params.session_id is not None:
        conversations = Where(where.bindings).equals("session_id", params.session_id)
        where.among("conversation_id", "conversations", str(conversations))
    having = where.range("min(start_us)", "max(end_us)", params.from_us, params.to_us)
    return where, having
