"""Spans, records and turns in a few words; times in seconds."""

from typing import Any

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.domain.rules import SessionRules
from turnloom.server.domain.session import SessionReading, read_session
from turnloom.server.domain.trace import TraceReading, read_trace

RULES = SessionRules()
TRACE = "a" * 32
LATER_S = 1_000_000
"""A clock long after everything."""


def us(seconds: float) -> int:
    """Seconds as microseconds."""
    return round(seconds * 1_000_000)


def span(
    span_id: str,
    parent_id: str | None = None,
    kind: str = "span",
    start: float = 0,
    end: float | None = 10,
    **fields: Any,
) -> Span:
    """A span; of 10 s unless an end is given."""
    end_us = None if end is None else us(end)
    base = {"name": span_id, "scope": "test", "service": None, "version": 1, "trace_id": TRACE} | fields
    if fields.get("is_turn"):
        kind = "turn"
    if "input_text" in fields:
        base.setdefault("input", fields["input_text"])
        base.setdefault("has_user_message", kind == "llm")
    if "output_text" in fields:
        base.setdefault("output", fields["output_text"])
    return Span(span_id=span_id, parent_id=parent_id, kind=kind, start_us=us(start), end_us=end_us, **base)


def llm(
    span_id: str, parent_id: str | None = None, start: float = 0, end: float | None = 10, **fields: Any
) -> Span:
    """An LLM call."""
    return span(span_id, parent_id, "llm", start, end, **fields)


def record(kind: str, time: float = 0, **fields: Any) -> Record:
    """A record of the trace."""
    base = {"record_id": f"{kind}@{time}", "trace_id": TRACE, "name": None} | fields
    return Record(kind=kind, time_us=us(time), **base)


def score(name: str, value: object, time: float = 0, **fields: Any) -> Record:
    """A score, of a user unless a source is given."""
    body = {"value": value, "source": fields.pop("source", "user"), "user_id": fields.pop("user", None)}
    return record(
        "score", time, **{"record_id": f"{name}={value}@{time}", "name": name, "body": body} | fields
    )


def read(*items: Span | Record) -> TraceReading:
    """Read a trace."""
    spans = [item for item in items if isinstance(item, Span)]
    return read_trace(spans, [item for item in items if isinstance(item, Record)])


def one(*items: Span | Record) -> Turn:
    """The only turn of a trace."""
    (turn,) = [turn for turn in read(*items).turns if turn.source != "activity"]
    return turn


def turn(start: float = 0, end: float | None = None, **fields: Any) -> Turn:
    """A turn of 1 s unless an end is given, answered and ok."""
    end_us = us(start + 1 if end is None else end)
    base: dict[str, Any] = {
        "session_id": "s", "trace_id": f"t{us(start):012d}", "span_id": f"p{us(start):012d}",
        "source": "client",
        "end_us": end_us, "status": "ok", "answered": True, "extends_us": end_us, "active_end_us": end_us,
        "last_end_us": end_us, "spans_count": 1,
    }  # fmt: skip
    return Turn(start_us=us(start), **base | fields)


def announced(start: float, **fields: Any) -> Turn:
    """A turn whose span is not here."""
    reach = {"extends_us": us(start), "active_end_us": us(start), "last_end_us": us(start), "answered": False}
    return turn(start, **reach | {"source": "event", "status": "running", "end_us": None} | fields)


def activity(start: float, end: float, **fields: Any) -> Turn:
    """An activity row."""
    return turn(
        start, end, **{"source": "activity", "span_id": "", "status": None, "answered": False} | fields
    )


def session(
    *items: Turn | Record, now: float = LATER_S, rules: SessionRules = RULES, **options: Any
) -> SessionReading:
    """Read a session."""
    turns = [item for item in items if isinstance(item, Turn)]
    records = [item for item in items if isinstance(item, Record)]
    return read_session("s", turns, records, rules, us(now), **options)


def stored(*items: Turn | Record, now: float = LATER_S, rules: SessionRules = RULES) -> Session:
    """What is stored of a session."""
    return session(*items, now=now, rules=rules).session


def ended(reason: str | None, time: float, **fields: Any) -> Record:
    """An explicit end."""
    body = {} if reason is None else {"session.end_reason": reason}
    return record("session.end", time, **{"session_id": "s", "trace_id": None, "body": body} | fields)
