"""Explicit ends of a session, and what reopened it (definitions, *Session state*)."""

from collections.abc import Sequence
from dataclasses import dataclass

from turnloom.model.record import Record
from turnloom.model.turn import Turn
from turnloom.server.domain.lifecycle import as_text

REASONS_WITHOUT_DROPOFF = frozenset({"completed", "replaced"})
"""A visit that ends like this is never asked why it was left."""


@dataclass(frozen=True, slots=True, order=True)
class End:
    """One explicit end."""

    time_us: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Ends:
    """The explicit ends of a session."""

    ends: tuple[End, ...]
    """By time."""
    in_force: End | None
    """The last one, if nothing came after it."""
    reopened_count: int

    def between(self, after_us: int, before_us: int | None) -> End | None:
        """The last end at or after one time and before another one."""
        found = [
            end
            for end in self.ends
            if end.time_us >= after_us and (before_us is None or end.time_us < before_us)
        ]
        return found[-1] if found else None


def find_ends(session_id: str, turns: Sequence[Turn], records: Sequence[Record]) -> Ends:
    """Find the explicit ends of a session.

    An end is a `session.end`; a `session.start` of another session that names this one as
    `session.previous_id` (`replaced`); or the latest `session.end_reason` on a span, at the end of
    its turn. A turn, other activity or a `session.start` after it reopens the session.

    Args:
        session_id: The session.
        turns: Turns and activity, in any order.
        records: Lifecycle records about the session.

    Returns:
        The ends, the one in force and how often the session was reopened.
    """
    ends = {end for record in records if (end := _of_record(session_id, record)) is not None}
    reported = _reported(turns)
    if reported is not None and not any(end.reason == reported.reason for end in ends):
        ends.add(reported)
    if not ends:
        return Ends((), None, 0)
    ordered = tuple(sorted(ends, key=lambda end: (end.time_us, end.reason or "")))
    starts = [turn.start_us for turn in turns if turn.extends_us is not None]
    starts += [r.time_us for r in records if r.kind == "session.start" and r.session_id == session_id]
    starts.sort()
    reopened, following = 0, [*(end.time_us for end in ordered[1:]), None]
    for end, next_us in zip(ordered, following, strict=True):
        if any(start > end.time_us and (next_us is None or start <= next_us) for start in starts):
            reopened += 1
    last = ordered[-1]
    return Ends(ordered, None if starts and starts[-1] > last.time_us else last, reopened)


def _of_record(session_id: str, record: Record) -> End | None:
    time_us = min(record.time_us, record.received_us) if record.received_us else record.time_us
    if record.kind == "session.end" and record.session_id in {session_id, None}:
        return End(time_us, as_text(record.body.get("session.end_reason")))
    if record.kind == "session.start" and record.session_id != session_id:
        if as_text(record.body.get("session.previous_id")) == session_id:
            return End(time_us, "replaced")
    return None


def _reported(turns: Sequence[Turn]) -> End | None:
    """The latest end reason on a span: it may be stamped on every span of its turn."""
    told = [
        (turn.session_attribute_times_us.get("end_reason", turn.start_us), turn.trace_id, turn.span_id, turn)
        for turn in turns
        if "end_reason" in turn.session_attributes and turn.source != "event"
    ]
    if not told:
        return None
    turn = max(told, key=lambda each: each[:3])[-1]
    return End(max(turn.end_us or turn.last_end_us, turn.start_us), turn.session_attributes["end_reason"])
