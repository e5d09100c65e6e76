"""Which turn of a trace a record is about."""

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
        exchanges: Its turns and activity, at least one.
        records: Its records.

    Returns:
        The records of each exchange.
    """
    joined: list[list[Record]] = [[] for _ in exchanges]
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
        start_us = record.time_us if record is not None else tree.spans[exchange.members[0]].start_us
        starts.append((exchange.source == ACTIVITY, start_us, exchange.identity.session_id, number))
    starts.sort()
    for record in records:
        number = by_span.get(record.span_id or "", by_turn.get(record.turn_id or ""))
        joined[_at(starts, record.time_us) if number is None else number].append(record)
    return joined


def _at(starts: list[tuple[bool, int, str, int]], time_us: int) -> int:
    found = starts[0][-1]
    for is_activity, start_us, _, number in starts:
        if start_us <= time_us and is_activity == starts[0][0]:
            found = number
    return found
