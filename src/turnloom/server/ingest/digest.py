"""The digest: accepted requests become spans, turns and sessions, exactly.

Rows are versions and everything above a span is recomputed from rows, never incremented, so that
repetition, disorder, lateness and a crash at any moment give the same result. A trace's row is
written last: until it is there, its older version tells the next digest which sessions the trace
was part of.
"""

from collections.abc import Callable, Iterable, Mapping

from turnloom.model.turn import Turn
from turnloom.server.domain.session import SessionRules, read_session
from turnloom.server.domain.trace import TraceReading, read_trace
from turnloom.server.ingest.chains import Chains
from turnloom.server.ingest.conversations import number_across_sessions
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.memory import Memory, SessionState
from turnloom.server.ingest.rows import session_row, session_tombstone, trace_row, turn_row, turn_tombstone
from turnloom.server.ingest.touched import TouchedTraces, take_records
from turnloom.server.ingest.writing import Writing
from turnloom.server.store.event_store import EventStore


class ProjectDigest:
    """Digests what came for one project.

    Args:
        store: Lookups.
        memory: What the last digests wrote; cleared by the caller when one fails.
        project: Project id.
        version: Version of every row this digest derives: larger than any before.
        now_us: The clock, microseconds since 1970.
        rules: How sessions are read in this project.
    """

    def __init__(
        self,
        store: EventStore,
        memory: Memory,
        project: str,
        version: int,
        now_us: int,
        *,
        rules: SessionRules,
    ) -> None:
        self._store = store
        self._memory = memory
        self._project = project
        self._version = version
        self._now_us = now_us
        self._rules = rules

    def run(self, incoming: Incoming, taken: Callable[[Writing], None] | None = None) -> Writing:
        """Everything that has to be written for what came.

        Args:
            incoming: What came.
            taken: Called as soon as the rows of spans are known: the rest takes as long again.

        Returns:
            The rows of every table.
        """
        writing = Writing()
        traces = TouchedTraces(self._store, self._memory, self._project)
        traces.load([*incoming.spans, *incoming.trace_records])
        traces.take(incoming, writing)
        if taken is not None:
            taken(writing)
        chains = Chains(self._store, traces, self._project, self._version)
        chains.follow(writing)
        readings = {
            trace_id: read_trace(chains.spans(trace_id), list(state.records.values()))
            for trace_id, state in traces.states.items()
            if state.spans or state.records
        }
        self._derive(traces, readings, incoming, writing)
        self._write_traces(traces, readings, writing)
        return writing

    def _derive(
        self,
        traces: TouchedTraces,
        readings: Mapping[str, TraceReading],
        incoming: Incoming,
        writing: Writing,
    ) -> None:
        fresh: dict[str, list[Turn]] = {}
        for reading in readings.values():
            for turn in reading.turns:
                fresh.setdefault(turn.session_id, []).append(turn)
        affected = incoming.session_records.keys() | incoming.sessions | fresh.keys()
        for state in traces.states.values():
            affected |= set(state.session_ids)
        before = self._load_sessions(affected)
        placed: dict[str, list[Turn]] = {}
        for session_id in sorted(affected):
            state = before[session_id]
            arrived = incoming.session_records.get(session_id, ())
            take_records(state.records, arrived, self._project, f"s:{session_id}", writing)
            kept = [turn for turn in state.turns if turn.trace_id not in traces.states]
            placed[session_id] = self._read(session_id, kept + fresh.get(session_id, []), state, writing)
        stored = {session_id: state.turns for session_id, state in before.items()}
        number_across_sessions(self._store, self._project, stored, placed, writing, version=self._version)
        for session_id, turns in placed.items():
            self._write_turns(stored.get(session_id, []), turns, writing)
            self._remember(session_id, turns, before.get(session_id))

    def _load_sessions(self, session_ids: Iterable[str]) -> dict[str, SessionState]:
        states: dict[str, SessionState] = {}
        unknown: list[str] = []
        for session_id in session_ids:
            if (state := self._memory.sessions.get(session_id)) is not None:
                states[session_id] = state
            else:
                unknown.append(session_id)
        turns = self._store.turns(self._project, unknown)
        records = self._store.records(self._project, [f"s:{session_id}" for session_id in unknown])
        for session_id in unknown:
            held = {record.record_id: record for record in records.get(f"s:{session_id}", ())}
            states[session_id] = SessionState(turns.get(session_id, []), held)
        return states

    def _read(self, session_id: str, turns: list[Turn], state: SessionState, writing: Writing) -> list[Turn]:
        if turns:
            reading = read_session(session_id, turns, list(state.records.values()), self._rules, self._now_us)
            writing.sessions.append(session_row(reading.session, self._project, self._version))
            return reading.turns
        if state.turns:
            writing.sessions.append(session_tombstone(session_id, self._project, self._version))
        return []

    def _write_turns(self, stored: Iterable[Turn], placed: Iterable[Turn], writing: Writing) -> None:
        """Write turns that are new or changed, and bury those that are gone."""
        gone = {(turn.trace_id, turn.span_id): turn for turn in stored}
        for turn in placed:
            if gone.pop((turn.trace_id, turn.span_id), None) != turn:
                writing.turns.append(turn_row(turn, self._project, self._version))
        writing.turns.extend(turn_tombstone(turn, self._project, self._version) for turn in gone.values())

    def _remember(self, session_id: str, turns: list[Turn], before: SessionState | None) -> None:
        if before is None:  # renumbered from outside: its records were not read
            self._memory.sessions.drop(session_id)
        else:
            self._memory.sessions.put(session_id, SessionState(turns, before.records))

    def _write_traces(
        self, traces: TouchedTraces, readings: Mapping[str, TraceReading], writing: Writing
    ) -> None:
        for trace_id, reading in readings.items():
            state = traces.states[trace_id]
            state.session_ids = sorted({turn.session_id for turn in reading.turns})
            writing.traces.append(trace_row(trace_id, reading, state, self._project, self._version))
            self._memory.traces.put(trace_id, state)
