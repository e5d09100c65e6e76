"""Rows in the real tables, made from the model."""

from collections.abc import Iterable
from typing import Any

import orjson

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.span import Span, span_version
from turnloom.model.turn import Turn
from turnloom.server.analytics.source import Source
from turnloom.server.store.columns import SESSION_COLUMNS, TURN_COLUMNS, dump
from turnloom.server.store.engine import Engine
from turnloom.server.store.span_rows import HOUR_US, span_row

START_US = 1_790_000_000_000_000
"""2026-09-21T14:13:20Z."""
NOW_US = START_US + 2 * HOUR_US
MINUTE_US = 60_000_000
PROJECT = "default"


def source(engine: Engine, project: str = PROJECT, now_us: int = NOW_US) -> Source:
    """Where to ask."""
    return Source(engine, project, now_us)


def a_session(session_id: str, start_us: int = START_US, **values: Any) -> Session:
    """A session of one minute in one visit."""
    end_us = start_us + MINUTE_US
    known: dict[str, Any] = {"visit_starts_us": (start_us,), "visit_ends_us": (end_us,)}
    return Session(session_id, True, "session.id", start_us, end_us, end_us, **(known | values))


def a_turn(session_id: str, position: int | None = 1, **values: Any) -> Turn:
    """A turn of one second, a minute after the one before."""
    start_us = values.pop("start_us", START_US + (position or 1) * MINUTE_US)
    trace_id = values.pop("trace_id", f"{position or 0:032x}")
    span_id = values.pop("span_id", f"{position or 0:016x}")
    known: dict[str, Any] = {
        "status": "ok",
        "number": position,
        "position": position,
        "latency_us": 1_000_000,
    }
    return Turn(session_id, trace_id, span_id, "client", start_us, start_us + 1_000_000, **(known | values))


def a_span(trace_id: str, span_id: str, start_us: int = START_US, **values: Any) -> Span:
    """A span of one second."""
    end_us = start_us + 1_000_000
    version = span_version(end_us, 1, 1)
    known: dict[str, Any] = {"name": "call", "kind": "llm", "parent_id": None}
    known |= values
    known |= {"trace_id": trace_id, "span_id": span_id, "start_us": start_us, "end_us": end_us}
    return Span(scope="test", service="app", version=version, **known)


def put_sessions(engine: Engine, *sessions: Session, project: str = PROJECT, version: int = 1) -> None:
    """Store sessions."""
    engine.insert("sessions", dump([SESSION_COLUMNS.row(each, project, version) for each in sessions]))


def put_turns(engine: Engine, *turns: Turn, project: str = PROJECT, version: int = 1) -> None:
    """Store turns, and which conversations they are of."""
    engine.insert("turns", dump([TURN_COLUMNS.row(each, project, version) for each in turns]))
    groups: dict[tuple[str, str], list[Turn]] = {}
    for turn in turns:
        if turn.conversation_id is not None and turn.position is not None:
            groups.setdefault((turn.conversation_id, turn.session_id), []).append(turn)
    rows = [
        {
            "project": project, "version": version,
            "conversation_id": conversation_id, "session_id": session_id,
            "start_us": min(turn.start_us for turn in group),
            "end_us": max(turn.end_us or turn.start_us for turn in group),
            "turns_count": len(group),
        }
        for (conversation_id, session_id), group in groups.items()
    ]  # fmt: skip
    if rows:
        engine.insert("conversations", dump(rows))


def put_trace(
    engine: Engine,
    spans: Iterable[Span],
    session_ids: Iterable[str],
    *,
    project: str = PROJECT,
    **values: Any,
) -> None:
    """Store the spans of one trace and its row."""
    spans = list(spans)
    engine.insert("spans", dump([span_row(span, project) for span in spans]))
    row: dict[str, Any] = {
        "project": project, "trace_id": spans[0].trace_id, "version": 1, "session_ids": sorted(session_ids),
        "hours": sorted({span.start_us // HOUR_US for span in spans}),
        "start_us": min(span.start_us for span in spans), "end_us": max(span.end_us or 0 for span in spans),
        "name": spans[0].name, "service": "app", "spans_count": len(spans), "errors": 0, "other_traffic": 0,
        "flags": [],
    }  # fmt: skip
    engine.insert("traces", dump([row | values]))


def put_record(engine: Engine, record: Record, target: str, project: str = PROJECT) -> None:
    """Store a log record or a score."""
    row = {"project": project, "target": target, "record_id": record.record_id, "version": 1}
    text = orjson.dumps(record, default=str).decode()
    engine.insert("records", dump([row | {"record": text}]))
