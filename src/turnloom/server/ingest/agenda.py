"""What the digest has to do, what it is doing, and what comes next."""

from collections import deque
from dataclasses import dataclass

from turnloom.server.ingest.segment import Segment
from turnloom.server.ingest.suspects import Suspects

JOBS_AT_ONCE = 2
"""One that is stored and one that is mapped."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one job is about."""

    segments: tuple[Segment, ...]
    sessions: tuple[tuple[str, str], ...] = ()
    """(project, session id) of sessions that the clock has changed."""
    alone: bool = False
    """Nothing may run beside it, so that it is known what ends the worker."""

    @property
    def items(self) -> int:
        """Spans, records and scores in it."""
        return sum(segment.items for segment in self.segments)


class Agenda:
    """Segments and sessions that wait or are being digested; not for several threads at once.

    Args:
        suspects: Segments that may only be digested alone.
        items_max: Items of one job.
    """

    def __init__(self, suspects: Suspects, items_max: int) -> None:
        self._suspects = suspects
        self._items_max = items_max
        self._segments: deque[Segment] = deque()
        self._sessions: dict[tuple[str, str], None] = {}
        self._running: dict[int, Work] = {}
        self._was_alone = False

    def __bool__(self) -> bool:
        return bool(self._segments or self._sessions or self._suspects or self._running)

    @property
    def is_running(self) -> bool:
        """Whether a job is with the worker."""
        return bool(self._running)

    @property
    def items(self) -> int:
        """Items that wait or are being digested."""
        waiting = sum(segment.items for segment in self._segments) + self._suspects.items
        return waiting + sum(work.items for work in self._running.values())

    def add(self, segment: Segment) -> None:
        """Take a closed segment in."""
        self._segments.append(segment)

    def touch(self, sessions: list[tuple[str, str]]) -> None:
        """Take in sessions, (project, session id), that the clock has changed."""
        self._sessions |= dict.fromkeys(sessions)

    def next(self, number: int) -> Work | None:
        """Begin a job, or None when none may begin now.

        Suspects and others take turns, so that neither waits for the other for ever.

        Args:
            number: The job's number.
        """
        if self._suspects and not (self._was_alone and self._segments):
            work = None if self._running else Work((self._suspects.next(),), alone=True)
        else:
            work = self._next_together()
        if work is not None:
            self._running[number] = work
            self._was_alone = work.alone
        return work

    def running(self, number: int) -> Work | None:
        """What a job is about; None when it is no longer with the worker."""
        return self._running.get(number)

    def done(self, number: int) -> None:
        """End a job that is stored."""
        self._suspects.acquit(self._running.pop(number).segments)

    def put_back(self, number: int) -> None:
        """End a job that could not be stored though nothing is held against it."""
        work = self._running.pop(number)
        if work.alone:
            self._suspects.put_back(work.segments)
        else:
            self._segments.extendleft(reversed(work.segments))
        self._sessions |= dict.fromkeys(work.sessions)

    def accuse(self, number: int, reason: str) -> None:
        """End a job over which the digest ended: one of its segments may be the cause."""
        work = self._running.pop(number)
        self._suspects.accuse(work.segments, reason)
        self._sessions |= dict.fromkeys(work.sessions)

    def drop(self, number: int) -> None:
        """End a job that could not be stored and is left on disk for the next start."""
        del self._running[number]

    def running_numbers(self) -> list[int]:
        """Jobs that are with the worker, oldest first."""
        return list(self._running)

    def _next_together(self) -> Work | None:
        """The oldest segments that fit into one job, and the sessions."""
        alone = any(work.alone for work in self._running.values())
        if alone or len(self._running) >= JOBS_AT_ONCE or not (self._segments or self._sessions):
            return None
        segments: list[Segment] = []
        items = 0
        while self._segments and (not segments or items + self._segments[0].items <= self._items_max):
            segments.append(self._segments.popleft())
            items += segments[-1].items
        sessions, self._sessions = tuple(self._sessions), {}
        return Work(tuple(segments), sessions)
