"""Read a trace: whose it is, which turns it holds, and their facts."""

from collections.abc import Sequence
from dataclasses import dataclass

from turnloom.model.record import Record
from turnloom.model.span import AI_KINDS, Span
from turnloom.model.turn import Turn
from turnloom.server.domain.exchanges import split
from turnloom.server.domain.inherit import Identity, inherit
from turnloom.server.domain.joining import join
from turnloom.server.domain.reading import TurnReader
from turnloom.server.domain.roles import FAILURE, read_roles
from turnloom.server.domain.signs import distil
from turnloom.server.domain.spoken import SILENCE, Spoken, listen
from turnloom.server.domain.tree import grow


@dataclass(frozen=True, slots=True)
class TraceReading:
    """What the spans and records of one trace say together."""

    trace_id: str
    spans: list[Span]
    """By (start, span id)."""
    identities: list[Identity]
    """Effective ids of each span, in the order of `spans`."""
    identity: Identity
    """Of the trace."""
    spoken: Spoken
    """Texts that came as log records."""
    turns: list[Turn]
    """Turns and activity, by session, without their place in it; empty for other traffic."""
    other_traffic: bool
    """About AI in no way: counted, kept for a short time, no session."""
    name: str
    """Of the span that stands for it: a root first, then the earliest."""
    service: str | None
    spans_count: int
    errors: int
    """Failed spans with no failed span below them; above 0 when any span failed."""
    flags: tuple[str, ...]
    """`mixed_sessions`, `clock_skew` and what its turns carry; sorted."""
    start_us: int
    end_us: int
    """Latest end, in microseconds since 1970."""


def read_trace(spans: Sequence[Span], records: Sequence[Record] = ()) -> TraceReading:
    """Read one trace of one project.

    Args:
        spans: Its winning spans, one per span id, in any order; may be empty when records are not.
        records: Its records, in any order.

    Returns:
        The reading; the same for any order of the arguments' items.

    Raises:
        ValueError: If both are empty.
    """
    if not spans and not records:
        raise ValueError("a trace needs at least one span or record: got none")
    trace_id = spans[0].trace_id if spans else records[0].trace_id or ""
    tree = grow([distil(span) for span in spans])
    spoken = listen(records) if records else SILENCE
    inheritance = inherit(tree, records, trace_id)
    other = _is_other_traffic(tree.spans, records, inheritance.trace)
    turns: list[Turn] = []
    roles = read_roles(tree)
    if not other:
        exchanges = split(tree, inheritance, records, spoken)
        joined = join(tree, exchanges, records) if records else [()] * len(exchanges)
        reader = TurnReader(tree, roles, inheritance, spoken)
        turns = [
            reader.read(exchange, trace_id, mine) for exchange, mine in zip(exchanges, joined, strict=True)
        ]
    top = min(tree.spans, key=lambda span: span.parent_id is not None, default=None)
    return TraceReading(
        trace_id=trace_id,
        spans=tree.spans,
        identities=inheritance.identities,
        identity=inheritance.trace,
        spoken=spoken,
        turns=turns,
        other_traffic=other,
        name=top.name if top is not None else "",
        service=top.service if top is not None else None,
        spans_count=len(tree.spans),
        errors=sum(1 for bits in roles.bits if bits & FAILURE),
        flags=tuple(sorted({flag for turn in turns for flag in turn.flags})),
        start_us=tree.spans[0].start_us if tree.spans else min(record.time_us for record in records),
        end_us=_end_us(tree.spans, records),
    )


def _end_us(spans: Sequence[Span], records: Sequence[Record]) -> int:
    if spans:
        return max([span.start_us if span.end_us is None else span.end_us for span in spans])
    return max(record.time_us for record in records)


def _is_other_traffic(spans: Sequence[Span], records: Sequence[Record], trace: Identity) -> bool:
    """No id of ours, no AI span, no message text (definitions, *Other traffic*)."""
    if trace.grouped or trace.user_id is not None or records:
        return False
    for span in spans:
        if span.kind in AI_KINDS or span.is_turn or span.turn_id is not None:
            return False
        if span.input_text is not None or span.output_text is not None:
            return False
    return True
