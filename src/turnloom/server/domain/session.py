"""Read a session: the place of its turns, its visits, and all that is stored about it.

What depends on the clock alone is computed at read (see `state`). The stored result changes with
the clock only where an announced turn becomes incomplete, and `changes_us` says when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from turnloom.model.record import Record
from turnloom.model.session import Session
from turnloom.model.turn import ACTIVITY, INCOMPLETE, Turn
from turnloom.server.domain.closing import fill_closing
from turnloom.server.domain.context import fill_suspected_pruning
from turnloom.server.domain.ends import find_ends
from turnloom.server.domain.ordinals import fill_ordinals, in_order
from turnloom.server.domain.parts import find_parts, merge
from turnloom.server.domain.placing import facts, take_place
from turnloom.server.domain.profile import fill_profile
from turnloom.server.domain.repeats import fill_repeats
from turnloom.server.domain.rules import SessionRules, inactivity_timeout_us
from turnloom.server.domain.satisfaction import fill_satisfaction
from turnloom.server.domain.scores import Score, latest_scores
from turnloom.server.domain.totals import fill_spread, fill_totals
from turnloom.server.domain.visits import Visit, find_visits, running_until_us
from turnloom.server.domain.waiting import Waiting

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
    *,
    conversation_offsets: Mapping[str, int] = NO_OFFSETS,
) -> SessionReading:
    """Read one session of one project.

    Args:
        session_id: The session.
        turns: All turns and activity of its traces, in any order; a place they have is not used.
        records: Records about the session itself, in any order; also a `session.start` of another
            one that names this one as `session.previous_id`.
        rules: The project's rules.
        now_us: The clock, microseconds since 1970. The result changes with it only at `changes_us`.
        conversation_offsets: Turns of a conversation in earlier sessions, by conversation id.

    Returns:
        The session and new turns with their place; the arguments are not changed.
    """
    rows = sorted((facts(turn) for turn in turns), key=in_order)
    exchanges, whole = _exchanges(rows, rules)
    session = _begin(session_id, rows, records)
    fill_profile(session, rows, records)
    _expire(session, exchanges, rules, now_us)
    fill_repeats(exchanges)
    fill_ordinals(exchanges, conversation_offsets)
    fill_suspected_pruning(exchanges)
    scores = latest_scores(records)
    timeout_us = inactivity_timeout_us(rules, session.type, _own_timeout(rows, records))
    waiting = Waiting(records, [turn for turn in rows if turn.source == ACTIVITY])
    of_turns = [score for turn in rows if turn.scores for score in turn.scores]
    others = _other_activity(rows, [*scores, *of_turns])
    visits = find_visits(exchanges, others, waiting, timeout_us, rules.turn_incomplete_us)
    session.inactivity_timeout_us, session.human_open = timeout_us, bool(waiting)
    for row, placed in whole:
        take_place(row, placed)
    session.turns_count = sum(1 for turn in exchanges if turn.number is not None)
    fill_totals(session, rows)
    fill_spread(session, exchanges)
    fill_satisfaction(session, scores, of_turns)
    fill_closing(session, visits or _without_turns(session), scores, find_ends(session_id, rows, records))
    session.flags = _flags(session, rows)
    return SessionReading(session, rows)


def _exchanges(rows: Sequence[Turn], rules: SessionRules) -> tuple[list[Turn], list[tuple[Turn, Turn]]]:
    """Turns in order with their parts merged, and of each row with parts its merged form."""
    turns = [turn for turn in rows if turn.source != ACTIVITY]
    parts = find_parts(turns, rules.merge_calls)
    if not parts:
        return turns, []
    exchanges: list[Turn] = []
    whole: list[tuple[Turn, Turn]] = []
    for turn in turns:
        if turn.part_of is not None:
            continue
        if id(turn) in parts:
            merged = merge(turn, parts[id(turn)])
            whole.append((turn, merged))
            turn = merged  # noqa: PLW2901 - the merged form stands for it
        exchanges.append(turn)
    return sorted(exchanges, key=in_order), whole


def _begin(session_id: str, rows: Sequence[Turn], records: Sequence[Record]) -> Session:
    """Ids, and the times of everything that happened in it."""
    times = [record.time_us for record in records]
    started_us = min((*(turn.start_us for turn in rows), *(times if not rows else ())), default=0)
    ended_us = max((turn.last_end_us for turn in rows), default=started_us)
    active = [turn.active_end_us for turn in rows if turn.active_end_us is not None]
    active += [_known_us(record) for record in records if _is_active(session_id, record)]
    active += [score[4] for turn in rows if turn.scores for score in turn.scores if score[6] is not None]
    grouped = [turn for turn in rows if turn.grouped]
    return Session(
        session_id=session_id,
        grouped=bool(grouped) or not rows,
        session_key=next((turn.session_key for turn in grouped if turn.session_key is not None), None),
        started_us=started_us,
        last_activity_us=max(active, default=started_us),
        ended_us=ended_us,
        derived=bool(rows) and all(turn.derived for turn in rows),
        span_duration_us=max(ended_us - started_us, 0),
        traces_count=len({turn.trace_id for turn in rows}),
    )


def _known_us(record: Record) -> int:
    """min(event time, reception)."""
    return min(record.time_us, record.received_us) if record.received_us else record.time_us


def _is_active(session_id: str, record: Record) -> bool:
    """A user's score, a human's answer and the start of the session extend activity."""
    if record.kind == "score":
        return latest_scores([record])[0][6] is not None
    return record.kind in {"session.start", "human.request", "human.response"} and (
        record.session_id in {session_id, None}
    )


def _expire(session: Session, turns: Sequence[Turn], rules: SessionRules, now_us: int) -> None:
    """Turns whose span did not come in time are incomplete; say when the next one will be."""
    for turn in turns:
        until_us = running_until_us(turn, rules.turn_incomplete_us)
        if until_us is None:
            continue
        session.running_until_us = max(session.running_until_us or 0, until_us)
        if until_us <= now_us:
            turn.status = INCOMPLETE
        elif session.changes_us is None or until_us < session.changes_us:
            session.changes_us = until_us


def _own_timeout(rows: Sequence[Turn], records: Sequence[Record]) -> str | None:
    """`session.inactive_timeout` as last sent."""
    told = [
        (turn.session_attribute_times_us.get("inactive_timeout", turn.start_us), value)
        for turn in rows
        if (value := turn.session_attributes.get("inactive_timeout")) is not None
    ]
    told += [
        (record.time_us, str(record.body["session.inactive_timeout"]))
        for record in records
        if record.kind == "session.start" and "session.inactive_timeout" in record.body
    ]
    return max(told)[1] if told else None


def _other_activity(rows: Sequence[Turn], scores: Sequence[Score]) -> list[tuple[int, int]]:
    """What extends activity beside turns, in event time: activity rows and the ratings of users."""
    found = [
        (turn.start_us, turn.extends_us)
        for turn in rows
        if turn.source == ACTIVITY and turn.extends_us is not None
    ]
    found += [(score[4], score[4]) for score in scores if score[6] is not None]
    return sorted(found)


def _without_turns(session: Session) -> list[Visit]:
    """A session of activity only is one visit, so that time ranges find it."""
    return [Visit(session.started_us, max(session.ended_us, session.started_us))]


def _flags(session: Session, rows: Sequence[Turn]) -> tuple[str, ...]:
    flags: set[str] = set()
    for turn in rows:
        if turn.flags or turn.session_flags:
            flags.update(turn.flags, turn.session_flags)
    flags.discard("derived")
    if session.derived:
        flags.add("derived")
    if len(session.user_ids) > 1:
        flags.add("several_users")
    return tuple(sorted(flags))
