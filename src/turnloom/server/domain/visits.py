"""Visits: runs of turns in which every idle gap is shorter than the inactivity timeout."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from turnloom.model.turn import EVENT, Turn


@dataclass(slots=True)
class Visit:
    """A stretch of activity inside a session, in event time."""

    start_us: int
    end_us: int
    turns: list[Turn] = field(default_factory=list[Turn])


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of a session and how the last one stands."""

    visits: list[Visit]
    human_open: bool
    """A human request has no response: the timeout stands still."""


def find_visits(
    turns: Sequence[Turn], others: Sequence[tuple[int, int]], timeout_us: int | None, turn_incomplete_us: int
) -> Visits:
    """Split a session's turns into visits.

    An idle gap runs from the latest activity to the start of the next turn, at least 0; one equal
    to the timeout starts a new visit. It stands still while a turn runs, which an announced turn
    does until it would be incomplete, and while a human request is open. A request is open until it
    is answered, or the user goes on with the conversation after its turn has ended.

    Args:
        turns: Turns in order, without parts of others; `visit` and `visit_position` are filled in.
        others: Further activity as (start, end) in us, sorted: activity rows, ratings of users.
        timeout_us: Inactivity timeout; None for none.
        turn_incomplete_us: How long an announced turn counts as running.

    Returns:
        The visits in order.
    """
    visits: list[Visit] = []
    waiting: dict[str, Turn] = {}
    reach_us, next_other = 0, 0
    for turn in turns:
        while next_other < len(others) and others[next_other][0] <= turn.start_us:
            reach_us = max(reach_us, others[next_other][1])
            next_other += 1
        idle = timeout_us is not None and turn.start_us - reach_us >= timeout_us and not waiting
        if not visits or idle:
            visits.append(Visit(turn.start_us, turn.start_us))
        _join(visits[-1], len(visits), turn)
        if turn.extends_us is not None:
            reach_us = max(
                reach_us, running_until_us(turn, turn_incomplete_us) or turn.extends_us, turn.extends_us
            )
        if waiting or turn.human_requests:
            _wait(waiting, turn)
    return Visits(visits, bool(waiting))


def running_until_us(turn: Turn, turn_incomplete_us: int) -> int | None:
    """Until when an announced turn counts as running, by the earlier of its clock and ours."""
    if turn.source != EVENT and turn.end_us is not None:
        return None
    if turn.source != EVENT and turn.status != "running" and turn.status != "incomplete":
        return None
    start_us = min(turn.start_us, turn.received_us) if turn.received_us else turn.start_us
    return start_us + turn_incomplete_us


def _join(visit: Visit, number: int, turn: Turn) -> None:
    visit.turns.append(turn)
    visit.end_us = max(visit.end_us, turn.end_us or turn.extends_us or turn.start_us)
    turn.visit = number
    before = visit.turns[-2].visit_position if len(visit.turns) > 1 else None
    turn.visit_position = (before or 0) + 1 if turn.variant_of is None or before is None else before


def _wait(waiting: dict[str, Turn], turn: Turn) -> None:
    """Close the requests that this turn answers or leaves behind, and open its own."""
    for request, asker in list(waiting.items()):
        ended = asker.end_us is not None and asker.end_us <= turn.start_us
        if request in turn.human_responses or (ended and asker.conversation_id == turn.conversation_id):
            del waiting[request]
    for request in turn.human_requests:
        waiting[request] = turn
