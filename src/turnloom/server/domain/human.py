"""Waiting for a human inside a turn: requests, responses, and the time between."""

from collections.abc import Sequence

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.domain.cast import Cast

REQUEST = "human.request"
RESPONSE = "human.response"


def request_id(record: Record) -> str:
    """Which request a record opens or answers; "" when it does not say."""
    value = record.body.get("human.request_id")
    return "" if value is None else str(value)


def is_escalated(records: Sequence[Record]) -> bool:
    """Whether any of them hands the turn to a human."""
    return any(record.body.get("human.type") == "escalation" for record in records)


def fill_human(turn: Turn, anchor: Span | None, cast: Cast, records: Sequence[Record]) -> None:
    """Fill in waiting time, open requests and answers to requests of elsewhere.

    The turn's own figure is taken first, then that of its spans, then the time between events.

    Args:
        turn: The turn to fill in.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
        records: The human events of the turn.
    """
    waited_us = _pair(turn, records) if records else 0
    if anchor is not None and anchor.human_wait_us is not None:
        waited_us = anchor.human_wait_us
    else:
        waits = [span.human_wait_us for span in cast.spans if span.human_wait_us is not None]
        if waits:
            waited_us = sum(waits)
    turn.human_wait_us = waited_us


def _pair(turn: Turn, records: Sequence[Record]) -> int:
    """Match requests and responses by id; returns microseconds in which any was open."""
    opened: dict[str, int] = {}
    answered: list[str] = []
    spans: list[tuple[int, int]] = []
    for record in sorted(
        records, key=lambda record: (record.time_us, record.kind != REQUEST, record.record_id)
    ):
        key = request_id(record)
        if record.kind == REQUEST:
            opened.setdefault(key, record.time_us)
            continue
        key = key if key in opened or not opened or key else next(iter(opened))
        asked_us = opened.pop(key, None)
        if asked_us is None:
            answered.append(key)
        else:
            spans.append((asked_us, record.time_us))
    turn.human_requests = tuple(sorted(opened))
    turn.human_responses = tuple(sorted(answered))
    turn.human_open = bool(opened)
    end_us = turn.end_us
    if end_us is not None:
        spans = [(start, min(end, end_us)) for start, end in spans if start < end_us]
    return _covered(spans)


def _covered(spans: list[tuple[int, int]]) -> int:
    """Length of the union of intervals."""
    total, reach = 0, None
    for start, end in sorted(spans):
        if reach is None or start > reach:
            total, reach = total + end - start, end
        elif end > reach:
            total, reach = total + end - reach, end
    return total
