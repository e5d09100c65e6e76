"""Which turn of a trace a record is about."""

from bisect import bisect_right
from collections.abc import Sequence

from turnloom.model.record import Record
from turnloom.model.turn import ACTIVITY
from turnloom.server.domain.exchanges import Exchange
from turnloom.server.domain.tree import Tree


def join(tree: Tree, exchanges: Sequence[Exchange], records: Sequence[Record]) -> list[list[Record]]:
    """Give each record of a trace to one of its turns.

    By span id, else by turn id, else to the last turn that had started at its time, the first if
    none had; to activity only where there is no turn.

    Args:
        tree: Spans of the trace.
        exchanges: Its turns and activity.
        records: Its records.

    Returns:
        The records of each exchange.
    """
    joined: list[list[Record]] = [[] for _ in exchanges]
    if not exchanges:
        return joined
    by_span: dict[str, int] = {}
    by_turn: dict[str, int] = {}
    starts: list[tuple[bool, int, str, int]] = []
    for number, exchange in enumerate(exchanges):
        for index in exchange.members:
            by_span[tree.spans[index].span_id] = number
        record, anchor = exchange.announcement, exchange.anchor
        if record is not None and record.span_id is not None:
            by_span[record.span_id] = number
        turn_id = record.turn_id if record is not None else anchor.turn_id if anchor is not None else None
        if turn_id is not None:
            by_turn[turn_id] = number
        start_us = record.time_us if record is not None else _start_us(tree, exchange)
        starts.append((exchange.source == ACTIVITY, start_us, exchange.identity.session_id, number))
    starts.sort()
    timeline = [each for each in starts if each[0] == starts[0][0]]
    for record in records:
        number = by_span.get(record.span_id or "", by_turn.get(record.turn_id or ""))
        if number is None:
            place = bisect_right(timeline, record.time_us, key=lambda each: each[1])
            number = timeline[max(place - 1, 0)][-1]
        joined[number].append(record)
    return joined


def _start_us(tree: Tree, exchange: Exchange) -> int:
    return min(tree.spans[index].start_us for index in exchange.members)
