"""Export: stored spans as OTLP, one ExportTraceServiceRequest in JSON a line, at any size."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import orjson

from turnloom.model.span import Span
from turnloom.server.exchange.otlp_json import trace_request
from turnloom.server.exchange.selection import Selection, TracePlace, find_traces
from turnloom.server.store.engine import Engine
from turnloom.server.store.span_rows import READ_ALL_LIST, read_whole_span

LINE_SPANS_MAX = 500
"""Spans in one line, so that whoever reads it back sends requests of a usual size."""


def export_lines(engine: Engine, selection: Selection) -> Iterator[bytes]:
    """Lines of JSON with the spans of a selection; a trace takes one line, a long one several."""
    for places in find_traces(engine, selection):
        spans = _read_spans(engine, selection.project, places)
        for _, group in groupby(spans, key=lambda span: span.trace_id):
            trace = list(group)
            for start in range(0, len(trace), LINE_SPANS_MAX):
                yield orjson.dumps(trace_request(trace[start : start + LINE_SPANS_MAX])) + b"\n"


def _read_spans(engine: Engine, project: str, places: Sequence[TracePlace]) -> list[Span]:
    keys = [[hour, place.trace_id] for place in places for hour in place.hours]
    rows = engine.query(
        f"SELECT {READ_ALL_LIST} FROM spans FINAL WHERE project = {{project:String}}"  # noqa: S608 (a constant)
        " AND (hour, trace_id) IN"
        " (SELECT arrayJoin(JSONExtract({keys:String}, 'Array(Tuple(UInt32, String))')))"
        " ORDER BY trace_id, start_us, span_id",
        {"project": project, "keys": orjson.dumps(keys).decode()},
    )
    return [read_whole_span(row) for row in rows]
