"""The digest is exact: after every batch every table equals a recomputation from scratch."""

import itertools
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zlib import crc32

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.span import RawSpan, Span
from turnloom.model.turn import Turn
from turnloom.server.domain.ordinals import number_conversation
from turnloom.server.domain.session import SessionRules, read_session
from turnloom.server.domain.signs import distil
from turnloom.server.domain.trace import read_trace
from turnloom.server.ingest.digest import ProjectDigest
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.memory import Memory
from turnloom.server.ingest.writing import insert_isolating
from turnloom.server.store.columns import SESSION_COLUMNS
from turnloom.server.store.engine import Engine
from turnloom.server.store.event_store import EventStore, Writer
from turnloom.server.store.span_rows import HOUR_US, lighten, span_row
from turnloom.vocabulary import canonical

MIDNIGHT_US = 1_790_035_200_000_000
"""2026-09-22T00:00:00Z: half of what is generated lies before it."""

NOW_US = MIDNIGHT_US + 30 * 24 * HOUR_US

BODIES = {"score": {"value": 1.0}, "session.start": {"session.previous_id": "s-1"}}
"""What a record says besides its ids."""

_projects = (f"p{number}" for number in itertools.count())


@dataclass(frozen=True)
class Sent:
    """One version of a span, or a record, as a sender sends it."""

    trace: int
    span: int
    parent: int | None
    start_us: int
    duration_us: int | None
    attributes: tuple[tuple[str, Any], ...]
    event: str | None = None

    def span_of(self) -> Span:
        """The canonical span."""
        raw = RawSpan(
            trace_id=f"{self.trace + 1:032x}",
            span_id=f"{self.span + 1:016x}",
            parent_id=None if self.parent is None else f"{self.parent + 1:016x}",
            name="step",
            otel_kind=1,
            start_us=self.start_us,
            end_us=None if self.duration_us is None else self.start_us + self.duration_us,
            attributes=dict(self.attributes),
            events=[],
            links=[],
            status_code=0,
            status_message="",
            scope="test",
            scope_version="",
            resource={"service.name": "test"},
            content_hash=crc32(repr(self).encode()),
            received_us=NOW_US,
        )
        return canonical(raw)

    def record_of(self) -> Record:
        """The record."""
        attributes = dict(self.attributes)
        return Record(
            record_id=f"{crc32(repr(self).encode()):x}",
            kind=self.event or "",
            time_us=self.start_us,
            trace_id=f"{self.trace + 1:032x}",
            span_id=f"{self.span + 1:016x}",
            session_id=attributes.get("session.id"),
            conversation_id=attributes.get("conversation.id"),
            name="helpful",
            body=BODIES.get(self.event or "", {}),
            received_us=NOW_US,
        )


def _attributes() -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    value = {
        "session.id": st.sampled_from(["s-1", "s-2", "s-3"]),
        "conversation.id": st.sampled_from(["c-1", "c-2"]),
        "user.id": st.sampled_from(["u-1", "u-2"]),
        "turnloom.span.kind": st.sampled_from(["turn", "agent", "tool"]),
        "gen_ai.operation.name": st.sampled_from(["chat", "invoke_agent", "execute_tool"]),
        "gen_ai.request.model": st.just("gpt-4o-mini"),
        "gen_ai.usage.input_tokens": st.integers(0, 5000),
        "gen_ai.usage.output_tokens": st.integers(0, 5000),
        "input.value": st.sampled_from(["Hello", "Where is my invoice?", "Tell me more"]),
        "output.value": st.sampled_from(["Here it is.", "Which one?"]),
        "error.type": st.just("TimeoutError"),
        "turn.id": st.sampled_from(["t-1", "t-2"]),
        "turn.number": st.integers(1, 4),
        "session.type": st.sampled_from(["chat", "voice"]),
        "session.metadata.plan": st.sampled_from(["free", "pro"]),
    }
    return st.fixed_dictionaries({}, optional=value).map(lambda chosen: tuple(sorted(chosen.items())))


def _sent() -> st.SearchStrategy[Sent]:
    spread_us = st.one_of(
        st.integers(-3 * HOUR_US, 3 * HOUR_US), st.integers(-40, 40).map(lambda n: n * 24 * HOUR_US // 10)
    )
    return st.builds(
        Sent,
        trace=st.integers(0, 4),
        span=st.integers(0, 5),
        parent=st.one_of(st.none(), st.integers(0, 6)),
        start_us=spread_us.map(lambda offset: MIDNIGHT_US + offset),
        duration_us=st.one_of(st.none(), st.integers(0, 2 * HOUR_US)),
        attributes=_attributes(),
        event=st.sampled_from([None] * 8 + ["turn.start", "session.start", "session.end", "score"]),
    )


@st.composite
def _batches(draw: st.DrawFn) -> list[list[Sent]]:
    """Things sent in random order, some twice, cut into batches."""
    sent = draw(st.lists(_sent(), min_size=1, max_size=24))
    again = draw(st.lists(st.sampled_from(sent), max_size=6))
    order = draw(st.permutations(sent + again))
    cuts = sorted(draw(st.lists(st.integers(1, len(order)), max_size=4)))
    return [batch for start, end in itertools.pairwise([0, *cuts, len(order)]) if (batch := order[start:end])]


@dataclass
class Everything:
    """All that was ever sent, and what it must come to."""

    spans: dict[tuple[str, str], Span] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)

    def take(self, batch: list[Sent], project: str) -> Incoming:
        """Remember a batch and give it to the digest."""
        incoming = Incoming()
        for sent in batch:
            if sent.event:
                record = sent.record_of()
                self.records[record.record_id] = record
                incoming.add_record(record)
            else:
                span = sent.span_of()
                key = (span.trace_id, span.span_id)
                if key not in self.spans or span.version > self.spans[key].version:
                    self.spans[key] = span
                span = distil(span)
                row = span_row(span, project)
                span = lighten(span)
                incoming.add_span(span, row)
        return incoming

    def expected(self) -> tuple[dict[str, Session], dict[tuple[str, str, str], Turn]]:
        """Sessions and turns, recomputed from all spans and records."""
        sorted_out = Incoming()
        for record in self.records.values():
            sorted_out.add_record(record)
        turns: dict[str, list[Turn]] = {}
        for trace_id in {key[0] for key in self.spans} | sorted_out.trace_records.keys():
            spans = [span for (trace, _), span in self.spans.items() if trace == trace_id]
            for turn in read_trace(spans, sorted_out.trace_records.get(trace_id, [])).turns:
                turns.setdefault(turn.session_id, []).append(turn)
        readings = [
            read_session(
                session_id, group, sorted_out.session_records.get(session_id, []), SessionRules(), NOW_US
            )
            for session_id, group in turns.items()
        ]
        sessions = {reading.session.session_id: reading.session for reading in readings}
        placed = {(t.session_id, t.trace_id, t.span_id): t for reading in readings for t in reading.turns}
        for conversation_id in {turn.conversation_id for turn in placed.values()} - {None}:
            group = [turn for turn in placed.values() if turn.conversation_id == conversation_id]
            for key, number in number_conversation(group).items():
                placed[key] = replace(placed[key], number=number)
        return sessions, placed


def _differences(found: dict[Any, Any], expected: dict[Any, Any]) -> list[tuple[Any, ...]]:
    """What differs, field by field."""
    missing = [("missing", key) for key in expected.keys() - found.keys()]
    extra = [("extra", key) for key in found.keys() - expected.keys()]
    return (
        missing
        + extra
        + [
            (key, each.name, getattr(found[key], each.name), getattr(expected[key], each.name))
            for key in found.keys() & expected.keys()
            for each in fields(expected[key])
            if getattr(found[key], each.name) != getattr(expected[key], each.name)
        ]
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(batches=_batches(), forget_every=st.sampled_from([1, 2, 100]))
def test_tables_equal_a_recomputation_after_every_batch(
    engine: Engine, batches: list[list[Sent]], forget_every: int
) -> None:
    """Order, batches, repetition, moves between hours and sessions: the tables are what the spans say."""
    everything, project, store, memory = Everything(), next(_projects), EventStore(engine), Memory()
    writer = Writer(engine)
    for number, batch in enumerate(batches, 1):
        digest = ProjectDigest(store, memory, project, number, NOW_US, rules=SessionRules())
        writing = digest.run(everything.take(batch, project))
        for table, rows in [
            *(("spans", rows) for rows in writing.spans.values()),
            *itertools.chain.from_iterable(writing.derived()),
        ]:
            assert insert_isolating(table, rows, writer.insert) == []
        if number % forget_every == 0:
            memory.clear()
        _compare(engine, store, project, everything)


def _compare(engine: Engine, store: EventStore, project: str, everything: Everything) -> None:
    rows = engine.query(
        "SELECT trace_id, span_id, hour, toString(version) FROM spans FINAL WHERE project = {p:String}",
        {"p": project},
    )
    assert sorted(map(tuple, rows)) == sorted(
        (span.trace_id, span.span_id, span.start_us // HOUR_US, str(span.version))
        for span in everything.spans.values()
    )
    sessions, turns = everything.expected()
    names = ", ".join(SESSION_COLUMNS.names)
    rows = engine.query(f"SELECT {names} FROM sessions FINAL WHERE project = {{p:String}}", {"p": project})  # noqa: S608
    assert _differences({row[0]: SESSION_COLUMNS.value(row) for row in rows}, sessions) == []
    known = engine.query(
        "SELECT DISTINCT session_id FROM turns FINAL WHERE project = {p:String}", {"p": project}
    )
    stored = store.turns(project, [row[0] for row in known])
    found = {(t.session_id, t.trace_id, t.span_id): t for group in stored.values() for t in group}
    assert _differences(found, turns) == []
