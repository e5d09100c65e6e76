"""Visits: runs of turns in which every idle gap is shorter than the inactivity timeout."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from turnloom.model.turn import INCOMPLETE, RUNNING, Turn
from turnloom.server.domain.waiting import Waiting


@dataclass(slots=True)
class Visit:
    """A stretch of activity inside a session, in event time."""

    start_us: int
    end_us: int
    turns: list[Turn] = field(default_factory=list[Turn])


def find_visits(
    turns: Sequence[Turn],
    others: Sequence[tuple[int, int]],
    waiting: Waiting,
    timeout_us: int | None,
    turn_incomplete_us: int,
) -> list[Visit]:
    """Split a session's turns into visits (definitions, *Visit*, *Time*).

    An idle gap runs from the latest activity to the start of the next turn, at least 0; one equal
    to the timeout starts a new visit. It stands still while a turn runs, which an announced turn
    does until it would be incomplete, and while a human request is open.

    Args:
        turns: Turns in order, parts of others merged; `visit` and `visit_position` are filled in.
        others: Further activity as (start, end) in us, sorted: activity rows, ratings of users.
        waiting: Human requests; left as they stand after the last turn and event.
        timeout_us: Inactivity timeout; None for none.
        turn_incomplete_us: How long an announced turn counts as running.

    Returns:
        The visits in order.
    """
    visits: list[Visit] = []
    reach_us, next_other = 0, 0
    for turn in turns:
        while next_other < len(others) and others[next_other][0] <= turn.start_us:
            reach_us = max(reach_us, others[next_other][1])
            next_other += 1
        waiting.advance(turn.start_us)
        if not visits or (timeout_us is not None and turn.start_us - reach_us >= timeout_us and not waiting):
            visits.append(Visit(turn.start_us, turn.start_us))
        _join(visits[-1], len(visits), turn)
        if turn.extends_us is not None:
            running_us = running_until_us(turn, turn_incomplete_us)
            reach_us = max(reach_us, turn.extends_us, running_us or 0)
        waiting.take(turn)
    waiting.advance(None)
    return visits


def running_until_us(turn: Turn, turn_incomplete_us: int) -> int | None:
    """Until when a turn without an end counts as running, by the earlier of its clock and ours.

    Args:
        turn: A turn.
        turn_incomplete_us: How long an announced turn counts as running.

    Returns:
        Microseconds since 1970; None for a turn that has ended.
    """
    if turn.end_us is not None or turn.status not in {RUNNING, INCOMPLETE}:
        return None
    start_us = min(turn.start_us, turn.received_us) if turn.received_us else turn.start_us
    return start_us + turn_incomplete_us


def _join(visit: Visit, number: int, turn: Turn) -> None:
    """A variant stands where the turn stands that it regenerates."""
    before = (visit.turns[-1].visit_position or 0) if visit.turns else 0
    visit.turns.append(turn)
    visit.end_us = max(visit.end_us, turn.end_us or turn.extends_us or turn.start_us)
    turn.visit = number
    turn.visit_position = max(before, 1) if turn.variant_of is not None else before + 1
