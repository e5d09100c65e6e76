"""The digest: accepted requests become spans, turns and sessions, exactly.

Rows are versions and everything above a span is recomputed from rows, never incremented, so that
repetition, disorder, lateness and a crash at any moment give the same result. A trace's row is
written last: until it is there, its older version tells the next digest which sessions the trace
was part of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.domain.session import SessionRules, read_session
from turnloom.server.domain.trace import TraceReading, read_trace
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.rows import record_row, session_row, session_tombstone, trace_row, turn_row, turn_tombstone
from turnloom.server.ingest.writing import Writing
from turnloom.server.store.event_store import EventStore
from turnloom.server.store.span_rows import HOUR_US, span_row, tombstone


@dataclass(slots=True)
class TraceState:
    """A touched trace: what is stored of it and what came."""

    hours: set[int] = field(default_factory=set[int])
    session_ids: list[str] = field(default_factory=list[str])
    spans: dict[str, Span] = field(default_factory=dict[str, Span])
    """The winning version of each span."""
    records: dict[str, Record] = field(default_factory=dict[str, Record])
    known: bool = False


class ProjectDigest:
    """Digests what came for one project.

    Args:
        store: Lookups and inserts.
        project: Project id.
        version: Version of every row this digest derives: larger than any before.
        now_us: The clock, microseconds since 1970.
        rules: How sessions are read in this project.
    """

    def __init__(self, store: EventStore, project: str, version: int, now_us: int, rules: SessionRules) -> None:
        self._store = store
        self._project = project
        self._version = version
        self._now_us = now_us
        self._rules = rules

    def run(self, incoming: Incoming) -> Writing:
        """Everything that has to be written for what came, in the order in which to write it."""
        writing = Writing()
        traces = self._load_traces(incoming)
        self._take_spans(traces, incoming, writing)
        self._take_records(traces, incoming, writing)
        readings = {trace_id: read_trace(list(state.spans.values()), list(state.records.values())) for trace_id, state in traces.items()}
        self._derive(traces, readings, incoming, writing)
        return writing

    def _load_traces(self, incoming: Incoming) -> dict[str, TraceState]:
        touched = incoming.spans.keys() | incoming.trace_records.keys()
        known = self._store.traces(self._project, touched)
        traces = {trace_id: TraceState() for trace_id in touched}
        keys: set[tuple[int, str]] = set()
        for trace_id, (hours, session_ids) in known.items():
            traces[trace_id] = TraceState(set(hours), session_ids, known=True)
            keys.update((hour, trace_id) for hour in hours)
        for record in _flatten(self._store.records(self._project, [f"t:{trace_id}" for trace_id in known])):
            traces[record.trace_id or ""].records[record.record_id] = record
        self._stored = self._store.spans(self._project, keys)
        return traces

    def _take_spans(self, traces: dict[str, TraceState], incoming: Incoming, writing: Writing) -> None:
        """Let the better version of each span win, and bury what lies in another hour."""
        stored: dict[tuple[str, str], dict[int, int]] = {}
        for span, hour in self._stored:
            stored.setdefault((span.trace_id, span.span_id), {})[hour] = span.version
            _offer(traces[span.trace_id].spans, span)
        for spans in incoming.spans.values():
            for span in spans:
                _offer(traces[span.trace_id].spans, span)
        for trace_id in incoming.spans:
            state = traces[trace_id]
            for span in state.spans.values():
                hour = span.start_us // HOUR_US
                placed = stored.get((trace_id, span.span_id), {})
                if placed.get(hour) != span.version:
                    writing.add_span(hour, span, span_row(span, self._project))
                for other in placed.keys() - {hour}:
                    writing.add_span(other, span, tombstone(span, self._project, other))
                state.hours.add(hour)

    def _take_records(self, traces: dict[str, TraceState], incoming: Incoming, writing: Writing) -> None:
        for trace_id, records in incoming.trace_records.items():
            for record in records:
                traces[trace_id].records[record.record_id] = record
                writing.records.append(record_row(record, self._project, f"t:{trace_id}"))
        for session_id, records in incoming.session_records.items():
            writing.records.extend(record_row(record, self._project, f"s:{session_id}") for record in records)

    def _derive(
        self,
        traces: Mapping[str, TraceState],
        readings: Mapping[str, TraceReading],
        incoming: Incoming,
        writing: Writing,
    ) -> None:
        fresh: dict[str, list[Turn]] = {}
        affected = set(incoming.session_records) | set(incoming.sessions)
        for trace_id, reading in readings.items():
            affected.update(traces[trace_id].session_ids)
            for turn in reading.turns:
                fresh.setdefault(turn.session_id, []).append(turn)
        affected |= fresh.keys()
        stored = self._store.turns(self._project, affected)
        records = self._store.records(self._project, [f"s:{session_id}" for session_id in affected])
        for session_id in sorted(affected):
            before = stored.get(session_id, [])
            turns = [turn for turn in before if turn.trace_id not in traces] + fresh.get(session_id, [])
            known = {record.record_id: record for record in records.get(f"s:{session_id}", ())}
            known |= {record.record_id: record for record in incoming.session_records.get(session_id, ())}
            self._write_session(session_id, before, turns, list(known.values()), writing)
        for trace_id, reading in readings.items():
            state = traces[trace_id]
            writing.traces.append(trace_row(trace_id, reading, sorted(state.hours), self._project, self._version))

    def _write_session(
        self, session_id: str, before: Sequence[Turn], turns: Sequence[Turn], records: Sequence[Record], writing: Writing
    ) -> None:
        if not turns:
            writing.sessions.append(session_tombstone(session_id, self._project, self._version))
            placed: Sequence[Turn] = ()
        else:
            reading = read_session(session_id, turns, records, self._rules, self._now_us)
            session: Session = reading.session
            writing.sessions.append(session_row(session, self._project, self._version))
            placed = reading.turns
        stored = {(turn.trace_id, turn.span_id): turn for turn in before}
        for turn in placed:
            if stored.pop((turn.trace_id, turn.span_id), None) != turn:
                writing.turns.append(turn_row(turn, self._project, self._version))
        writing.turns.extend(turn_tombstone(turn, self._project, self._version) for turn in stored.values())


def _offer(spans: dict[str, Span], span: Span) -> None:
    held = spans.get(span.span_id)
    if held is None or span.version > held.version:
        spans[span.span_id] = span


def _flatten(records: Mapping[str, list[Record]]) -> Iterable[Record]:
    for group in records.values():
        yield from group
