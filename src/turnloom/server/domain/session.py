"""Read a session: the place of its turns, its visits, and all that is stored about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.turn import ACTIVITY, Turn
from turnloom.server.domain.ordinals import fill_ordinals, in_order
from turnloom.server.domain.placing import unplaced
from turnloom.server.domain.rules import SessionRules, inactivity_timeout_us
from turnloom.server.domain.totals import fill_totals
from turnloom.server.domain.visits import find_visits, running_until_us

NO_OFFSETS: Mapping[str, int] = {}
"""No conversation of the session began in an earlier one."""


@dataclass(frozen=True, slots=True)
class SessionReading:
    """What the turns and records of one session say together."""

    session: Session
    turns: list[Turn]
    """Turns by (start, trace id, span id) with their place, and activity among them."""


def read_session(
    session_id: str,
    turns: Sequence[Turn],
    records: Sequence[Record],
    rules: SessionRules,
    now_us: int,
    conversation_offsets: Mapping[str, int] = NO_OFFSETS,
) -> SessionReading:
    """Read one session of one project.

    Args:
        session_id: The session.
        turns: All turns and activity of its traces, in any order; a place they have is not used.
        records: Records about the session itself, in any order.
        rules: The project's rules.
        now_us: The clock, microseconds since 1970. The result changes with it only at `changes_us`.
        conversation_offsets: Turns of a conversation in earlier sessions, by conversation id.

    Returns:
        The session and new turns with their place; the arguments are not changed.
    """
    rows = sorted((unplaced(turn) for turn in turns), key=in_order)
    exchanges = [turn for turn in rows if turn.source != ACTIVITY]
    fill_ordinals(exchanges, conversation_offsets)
    session = _begin(session_id, rows)
    fill_totals(session, rows)
    timeout_us = inactivity_timeout_us(rules, session.type, None)
    visits = find_visits(exchanges, [], timeout_us, rules.turn_incomplete_us)
    session.inactivity_timeout_us = timeout_us
    session.visit_starts_us = tuple(visit.start_us for visit in visits.visits)
    session.visit_ends_us = tuple(visit.end_us for visit in visits.visits)
    session.visit_turns = tuple(len(visit.turns) for visit in visits.visits)
    session.active_duration_us = sum(visit.end_us - visit.start_us for visit in visits.visits)
    running = [running_until_us(turn, rules.turn_incomplete_us) or 0 for turn in exchanges]
    session.running_until_us = max(running, default=0) or None
    session.human_open = visits.human_open
    if timeout_us is not None and not visits.human_open:
        session.closes_us = max(session.last_activity_us, session.running_until_us or 0) + timeout_us
    return SessionReading(session, rows)


def _begin(session_id: str, rows: Sequence[Turn]) -> Session:
    starts = [turn.start_us for turn in rows]
    active = [turn.active_end_us for turn in rows if turn.active_end_us is not None]
    ends = [turn.last_end_us for turn in rows]
    started_us = min(starts, default=0)
    ended_us = max(ends, default=started_us)
    return Session(
        session_id=session_id,
        grouped=any(turn.grouped for turn in rows),
        session_key=next((turn.session_key for turn in rows if turn.session_key is not None), None),
        started_us=started_us,
        last_activity_us=max(active, default=started_us),
        ended_us=ended_us,
        span_duration_us=max(ended_us - started_us, 0),
        turns_count=sum(1 for turn in rows if turn.number is not None),
        traces_count=len({turn.trace_id for turn in rows}),
    )
