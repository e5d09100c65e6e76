"""Human requests of a session that have no response yet: the inactivity timeout stands still."""

from collections.abc import Iterable

from turnloom.model.record import Record
from turnloom.model.turn import Turn
from turnloom.server.domain.human import REQUEST, RESPONSE, request_id


class Waiting:
    """Open requests in the course of a session.

    A request is open until it is answered, in whatever trace or in none, or until the user goes on
    with the conversation after its turn has ended.

    Args:
        records: Records of the session; only human events count.
        activity: Activity rows: what they asked is open from their start.
    """

    def __init__(self, records: Iterable[Record], activity: Iterable[Turn] = ()) -> None:
        events = [record for record in records if record.kind in {REQUEST, RESPONSE}]
        events.sort(key=lambda record: (record.time_us, record.kind != REQUEST, record.record_id))
        self._events = events
        self._next = 0
        self._open: dict[str, Turn | None] = {}
        self._activity = [turn for turn in activity if turn.human_requests or turn.human_responses]
        self._next_activity = 0

    def __bool__(self) -> bool:
        return bool(self._open)

    def advance(self, time_us: int | None) -> None:
        """Take in the session's own events and activity up to a time; all that remain if None."""
        while self._next_activity < len(self._activity):
            turn = self._activity[self._next_activity]
            if time_us is not None and turn.start_us > time_us:
                break
            self._next_activity += 1
            for request in turn.human_responses:
                self._open.pop(request, None)
            self._open.update(dict.fromkeys(turn.human_requests))
        while self._next < len(self._events):
            record = self._events[self._next]
            if time_us is not None and record.time_us > time_us:
                return
            self._next += 1
            if record.kind == REQUEST:
                self._open.setdefault(request_id(record), None)
            else:
                self._open.pop(request_id(record), None)

    def take(self, turn: Turn) -> None:
        """Close what a turn answers or leaves behind, and open its own requests."""
        if self._open:
            for request, asker in list(self._open.items()):
                if request in turn.human_responses or _left_behind(asker, turn):
                    del self._open[request]
        for request in turn.human_requests:
            self._open[request] = turn


def _left_behind(asker: Turn | None, turn: Turn) -> bool:
    if asker is None:
        return True
    ended = asker.end_us is not None and asker.end_us <= turn.start_us
    return ended and asker.conversation_id == turn.conversation_id
