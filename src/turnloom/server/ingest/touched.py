"""The traces that a digest touches: what is stored of each, and what came."""

from collections.abc import Iterable

from turnloom.model.record import Record, supersedes
from turnloom.model.span import Span
from turnloom.server.ingest.incoming import Arrival, Incoming
from turnloom.server.ingest.memory import Memory, TraceState
from turnloom.server.ingest.rows import record_row
from turnloom.server.ingest.writing import Row, Writing
from turnloom.server.store.event_store import EventStore
from turnloom.server.store.span_rows import HOUR_US, tombstone


class TouchedTraces:
    """Loads touched traces and lets what came win or lose.

    Args:
        store: Where they are stored.
        memory: What the last digests wrote.
        project: Project id.
    """

    def __init__(self, store: EventStore, memory: Memory, project: str) -> None:
        self._store = store
        self._memory = memory
        self._project = project
        self.states: dict[str, TraceState] = {}

    def load(self, trace_ids: Iterable[str]) -> None:
        """Load traces that are not loaded yet; one that was never seen is an empty state."""
        unknown: list[str] = []
        for trace_id in set(trace_ids) - self.states.keys():
            state = self._memory.traces.get(trace_id)
            if state is None:
                unknown.append(trace_id)
            else:
                self.states[trace_id] = state
        known = self._store.traces(self._project, unknown)
        for trace_id in unknown:
            hours, session_ids, links = known.get(trace_id, ([], [], []))
            self.states[trace_id] = TraceState(set(hours), session_ids, links=frozenset(links))
        keys = [(hour, trace_id) for trace_id, (hours, _, _) in known.items() for hour in hours]
        for span, hour in self._store.spans(self._project, keys):
            state = self.states[span.trace_id]
            state.placed.setdefault(span.span_id, {})[hour] = span.version
            _offer(state, span)
        for target, records in self._store.records(
            self._project, [f"t:{trace_id}" for trace_id in known]
        ).items():
            self.states[target[2:]].records = {record.record_id: record for record in records}

    def take(self, incoming: Incoming, writing: Writing) -> None:
        """Take what came into the loaded traces, and write what is new."""
        for trace_id, arrivals in incoming.spans.items():
            self._take_spans(self.states[trace_id], arrivals, writing)
        for trace_id, records in incoming.trace_records.items():
            take_records(self.states[trace_id].records, records, self._project, f"t:{trace_id}", writing)

    def _take_spans(self, state: TraceState, arrivals: list[Arrival], writing: Writing) -> None:
        """Let the better version of each span win, and bury what lies in another hour."""
        rows: dict[str, Row] = {}
        for arrival in arrivals:
            if _offer(state, arrival.span):
                rows[arrival.span.span_id] = arrival.row
        for span_id in {arrival.span.span_id for arrival in arrivals}:
            span = state.spans[span_id]
            hour = span.start_us // HOUR_US
            placed = state.placed.setdefault(span_id, {})
            if placed.get(hour) != span.version:
                writing.add_span(hour, rows[span_id])
            for other, version in placed.items():
                if other != hour and version < span.version:
                    writing.add_span(other, tombstone(span, self._project, other))
            state.placed[span_id] = {hour: span.version}
            state.hours.add(hour)


def take_records(
    held: dict[str, Record], records: Iterable[Record], project: str, target: str, writing: Writing
) -> None:
    """Take records that came into those that are held; of two with one id the later event wins."""
    for record in records:
        before = held.get(record.record_id)
        if before is None or supersedes(record, before):
            held[record.record_id] = record
            writing.records.append(record_row(record, project, target))


def _offer(state: TraceState, span: Span) -> bool:
    """Hold the better of two versions of a span; whether that is the one offered."""
    held = state.spans.get(span.span_id)
    if held is not None and span.version <= held.version:
        return False
    state.spans[span.span_id] = span
    return True
