"""Explicit ends of a session, and what reopened it (definitions, *Session state*)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from turnloom.model.record import Record
from turnloom.model.turn import Turn
from turnloom.server.domain.lifecycle import as_text

REASONS_WITHOUT_DROPOFF = frozenset({"completed", "replaced"})
"""A visit that ends like this is never asked why it was left."""


@dataclass(frozen=True, slots=True)
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
        place = len(self.ends)
        if before_us is not None:
            place = bisect_left(self.ends, before_us, key=lambda end: end.time_us)
        if place == 0 or self.ends[place - 1].time_us < after_us:
            return None
        return self.ends[place - 1]


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
    later = [bisect_right(starts, end.time_us) for end in ordered]
    reopened = sum(1 for one, other in pairwise((*later, len(starts))) if other > one)
    return Ends(ordered, ordered[-1] if later[-1] == len(starts) else None, reopened)


def _of_record(session_id: str, record: Record) -> End | None:
    time_us = min(record.time_us, record.received_us) if record.received_us else record.time_us
    if record.kind == "session.end" and record.session_id in {session_id, None}:
        return End(time_us, as_text(record.body.get("session.end_reason")))
    replaces = record.kind == "session.start" and record.session_id != session_id
    if replaces and as_text(record.body.get("session.previous_id")) == session_id:
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
