"""What is one trace? Its spans, and whom each belongs to."""

from dataclasses import dataclass

from turnloom.model.span import Span
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.trace_records import read_records
from turnloom.server.analytics.where import Where
from turnloom.server.domain.inherit import Identity
from turnloom.server.domain.trace import TraceReading, read_trace
from turnloom.server.domain.winners import winners
from turnloom.server.store.span_rows import READ_ALL_LIST, READ_LIST, read_span, read_whole_span


@dataclass(frozen=True, slots=True)
class Params:
    """What is asked for."""

    trace_id: str
    limit: int
    """Spans of a page."""
    offset: int = 0
    """Spans on the pages before."""


@dataclass(frozen=True, slots=True)
class TraceWithSpans:
    """A trace and one page of its spans."""

    trace_id: str
    identity: Identity
    """Of the trace: what a span without an own or inherited id has."""
    other_traffic: bool
    spans: list[tuple[Span, Identity]]
    """By start, each after its parent, with its effective ids."""
    total: int
    """Spans on all pages."""


def read_one_trace(source: Source, params: Params) -> TraceWithSpans | None:
    """Read one trace.

    Args:
        source: Where to ask.
        params: What is asked for.

    Returns:
        The trace, or None when there is none with this id.
    """
    where = Where(source.bindings()).equals("trace_id", params.trace_id)
    rows = source.ask("trace_row", where.bindings, {"where": where})
    if not rows:
        return None
    hours, spans_count = rows[0]
    whole = spans_count <= params.limit
    spans = _spans(source, params.trace_id, hours, whole=whole)
    records = read_records(source, [params.trace_id])
    if not spans and not records:
        return None
    reading = read_trace(winners(spans), records)
    page = slice(params.offset, params.offset + params.limit)
    shown = list(zip(reading.spans, reading.identities, strict=True))[page]
    if not whole:
        heavy = _spans(source, params.trace_id, hours, whole=True, only=[span.span_id for span, _ in shown])
        by_id = {span.span_id: span for span in heavy}
        shown = [(by_id.get(span.span_id, span), identity) for span, identity in shown]
    return _trace(params.trace_id, reading, shown)


def _trace(trace_id: str, reading: TraceReading, shown: list[tuple[Span, Identity]]) -> TraceWithSpans:
    return TraceWithSpans(trace_id, reading.identity, reading.other_traffic, shown, len(reading.spans))


def _spans(
    source: Source, trace_id: str, hours: list[int], *, whole: bool, only: list[str] | None = None
) -> list[Span]:
    where = Where(source.bindings()).equals("trace_id", trace_id)
    if only is not None:
        where.one_of("span_id", only)
    where.bindings.values["hours"] = hours
    fillings = {"columns": READ_ALL_LIST if whole else READ_LIST, "where": where}
    rows = source.ask("trace_spans", where.bindings, fillings)
    return [read_whole_span(row) if whole else read_span(row)[0] for row in rows]
