"""What came for one project since the last digest, by what it belongs to."""

from dataclasses import dataclass, field
from typing import Any

from turnloom.model.ids import shorten_id
from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.semconv import SESSION_PREVIOUS_ID

SESSION_EVENTS = frozenset({"session.start", "session.end"})
"""Lifecycle events that belong to the session, not to the trace they were sent in."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A span that came."""

    span: Span
    """Without what only its row needs."""
    row: dict[str, Any]
    """Its row."""


@dataclass(slots=True)
class Incoming:
    """Canonical spans and records of one project."""

    spans: dict[str, list[Arrival]] = field(default_factory=dict[str, list[Arrival]])
    """By trace id."""
    trace_records: dict[str, list[Record]] = field(default_factory=dict[str, list[Record]])
    session_records: dict[str, list[Record]] = field(default_factory=dict[str, list[Record]])
    sessions: set[str] = field(default_factory=set[str])
    """Sessions to read again though nothing came: the clock changed them."""
    homeless: list[Record] = field(default_factory=list[Record])
    """Records that name neither a trace nor a session."""

    def add_span(self, span: Span, row: dict[str, Any]) -> None:
        """Take a span and its row."""
        self.spans.setdefault(span.trace_id, []).append(Arrival(span, row))

    def add_record(self, record: Record) -> None:
        """Take a record; a trace comes before a session, but for the session's own events."""
        if record.trace_id and not (record.kind in SESSION_EVENTS and record.session_id):
            self.trace_records.setdefault(record.trace_id, []).append(record)
        elif record.session_id:
            self.session_records.setdefault(record.session_id, []).append(record)
        else:
            self.homeless.append(record)
        if (replaced := _replaced(record)) is not None:
            self.session_records.setdefault(replaced, []).append(record)

    def without(self, refused: set[tuple[str, str]]) -> "Incoming":
        """The same without the spans (trace id, span id) that the engine refused."""
        spans = {
            trace_id: [each for each in group if (trace_id, each.span.span_id) not in refused]
            for trace_id, group in self.spans.items()
        }
        kept = {trace_id: group for trace_id, group in spans.items() if group}
        return Incoming(kept, self.trace_records, self.session_records, self.sessions, self.homeless)


def _replaced(record: Record) -> str | None:
    """The session that a `session.start` names as the one before it: it ends there (`replaced`)."""
    if record.kind != "session.start":
        return None
    previous = record.body.get(SESSION_PREVIOUS_ID)
    if not isinstance(previous, str) or previous in {"", record.session_id}:
        return None
    return shorten_id(previous)
