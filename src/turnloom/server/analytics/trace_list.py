"""Which traces are there? One page of them, other traffic included, and how many in all."""

from dataclasses import dataclass

from turnloom.server.analytics.filter.fields import duration, number, table, time
from turnloom.server.analytics.order import Order, Position
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where

FIELDS = table(
    (
        time("started_at", "start_us", "When its first span started."),
        duration("duration_ms", "end_us - start_us", "From its first start to its last end."),
        number("spans_count", "spans_count", "Spans in it."),
        number("errors", "errors", "Failed spans with no failed span below them."),
    )
)
"""What traces can be sorted by."""


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked for."""

    order: Order
    limit: int
    other_traffic: bool | None = None
    """Only other traffic (True), none of it (False), or everything (None)."""
    session_id: str | None = None
    from_us: int | None = None
    """Traces that overlap the range; microseconds since 1970."""
    to_us: int | None = None
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What lists show of a trace."""

    trace_id: str
    session_ids: tuple[str, ...]
    name: str
    service: str | None
    start_us: int
    end_us: int | None
    spans_count: int
    errors: int
    other_traffic: bool
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    traces: list[Trace]
    end: Position | None
    total: int


def list_traces(source: Source, params: Params) -> Page:
    """List traces.

    Args:
        source: Where to ask.
        params: What is asked for.

    Returns:
        One page.
    """
    where = _where(source, params)
    bindings = where.bindings
    bindings.values["limit"] = params.limit + 1
    fillings = {
        "sort": params.order.field.sql,
        "where": where,
        "after": params.order.after(params.after, bindings),
        "order": params.order.by(),
    }
    rows = source.ask("trace_page", bindings, fillings)
    more, rows = len(rows) > params.limit, rows[: params.limit]
    total = _count(source, params) if more or params.after is not None else len(rows)
    end = Position(rows[-1][1], rows[-1][0]) if more else None
    traces = [
        Trace(
            trace_id,
            tuple(sessions),
            name,
            service,
            start_us,
            end_us,
            spans,
            errors,
            bool(other),
            tuple(flags),
        )
        for trace_id, _, sessions, name, service, start_us, end_us, spans, errors, other, flags in rows
    ]
    return Page(traces, end, total)


def _count(source: Source, params: Params) -> int:
    where = _where(source, params)
    return source.ask("trace_count", where.bindings, {"where": where})[0][0]


def _where(source: Source, params: Params) -> Where:
    where = Where(source.bindings()).overlapping(
        "start_us", "ifNull(end_us, start_us)", params.from_us, params.to_us
    )
    if params.other_traffic is not None:
        where.equals("other_traffic", int(params.other_traffic), "UInt8")
    if params.session_id is not None:
        where.contains("session_ids", params.session_id)
    return where
