"""Runs digests: takes closed segments, has the worker process store them, removes them."""

import logging
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass
from pathlib import Path

from turnloom.server.ingest.process import WorkerProcess
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.ingest.worker import Job, Report
from turnloom.server.settings import Settings
from turnloom.server.store.engine import Engine

log = logging.getLogger(__name__)

JOBS_AT_ONCE = 2
"""One that is stored and one that is mapped."""

RETRY_S = 1.0
"""Pause after a digest failed as a whole."""

DEATHS_MAX = 3
"""Times that the worker process may end over a segment; then the segment goes into quarantine."""

MEASURED_SPANS_MIN = 500
"""Smaller digests measure their fixed cost."""


@dataclass(frozen=True, slots=True)
class Work:
    """What one job is about."""

    segments: tuple[tuple[Path, int], ...]
    """Closed segments and how many items each holds."""
    sessions: tuple[tuple[str, str], ...]

    @property
    def items(self) -> int:
        """Spans, records and scores in it."""
        return sum(items for _, items in self.segments)


class Digester:
    """Digests the segments that wait.

    Args:
        engine: The event store.
        settings: The server's settings.
        quarantine: Where goes what cannot be stored.
    """

    def __init__(self, engine: Engine, settings: Settings, quarantine: Quarantine) -> None:
        self._engine = engine
        self._settings = settings
        self._quarantine = quarantine
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Path, int]] = deque()
        self._sessions: dict[tuple[str, str], None] = {}
        self._running: dict[int, Work] = {}
        self._deaths: Counter[Path] = Counter()
        self._pause_until_s = 0.0
        self._stopping = False
        self._version = 0
        self._number = 0
        self._worker: WorkerProcess | None = None
        self._thread = threading.Thread(target=self._run, name="turnloom-digest", daemon=True)
        self.spans_per_s = 8_000.0
        """How fast digests have been lately: the measure for back-pressure."""
        self.digested_spans = 0

    def start(self, version: int) -> None:
        """Start digesting.

        Args:
            version: Largest version in the store; every row from now on has a larger one.
        """
        self._version = version
        self._thread.start()

    def add(self, segment: Path, items: int) -> None:
        """Queue a closed segment."""
        with self._changed:
            self._waiting.append((segment, items))
            self._changed.notify_all()

    def touch(self, sessions: list[tuple[str, str]]) -> None:
        """Queue sessions, (project, session id), that the clock has changed."""
        with self._changed:
            self._sessions |= dict.fromkeys(sessions)
            self._changed.notify_all()

    def backlog(self) -> int:
        """Items that are acknowledged and not yet visible, without those of the open segment."""
        with self._changed:
            running = sum(work.items for work in self._running.values())
            return running + sum(items for _, items in self._waiting)

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing waits; whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._sessions or self._running), timeout_s)

    def stop(self) -> None:
        """Digest what waits, then end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        if self._worker is not None:
            self._worker.close()

    def _run(self) -> None:
        while (work := self._take()) is not None:
            job = self._job(work)
            with self._changed:
                self._running[job.number] = work
                worker = self._worker or WorkerProcess(self._engine, self._reported, self._ended)
                self._worker = worker
            worker.send(job)

    def _take(self) -> Work | None:
        with self._changed:
            while True:
                pause_s = self._pause_until_s - time.monotonic()
                has_work = bool(self._waiting or self._sessions)
                if has_work and len(self._running) < JOBS_AT_ONCE and pause_s <= 0:
                    return self._next()
                if self._stopping and not has_work and not self._running:
                    return None
                self._changed.wait(pause_s if has_work and pause_s > 0 else None)

    def _next(self) -> Work:
        """The oldest segments that fit into one digest; one that ended a worker goes alone."""
        segments: list[tuple[Path, int]] = []
        items = 0
        while self._waiting and (not segments or items + self._waiting[0][1] <= self._settings.segment_spans_max):
            if segments and (self._deaths[self._waiting[0][0]] or self._deaths[segments[0][0]]):
                break
            segments.append(self._waiting.popleft())
            items += segments[-1][1]
        sessions, self._sessions = tuple(self._sessions), {}
        return Work(tuple(segments), sessions)

    def _job(self, work: Work) -> Job:
        self._version = max(self._version + 1, time.time_ns())
        self._number += 1
        return Job(
            number=self._number,
            segments=tuple(path for path, _ in work.segments),
            sessions=work.sessions,
            version=self._version,
            now_us=time.time_ns() // 1000,
            request_bytes_max=self._settings.request_bytes_max,
            turn_incomplete_us=int(self._settings.turn_incomplete_s * 1_000_000),
        )

    def _reported(self, number: int, report: Report | str) -> None:
        with self._changed:
            work = self._running.get(number)
        if work is None:
            return
        if isinstance(report, Report):
            self._quarantine.keep(report)
            for path, _ in work.segments:
                path.unlink(missing_ok=True)
            self._measure(report)
        else:
            log.error("a digest failed and is tried again in %.0f s: %s", RETRY_S, report)
        with self._changed:
            del self._running[number]
            if not isinstance(report, Report):
                self._put_back([work])
            self._changed.notify_all()

    def _ended(self, worker: WorkerProcess) -> None:
        """The worker process is gone: what it had is digested again by the next one."""
        with self._changed:
            if worker is not self._worker or self._stopping and not self._running:
                return
            log.error("the digest process ended; starting another in %.0f s", RETRY_S)
            self._worker = None
            lost, self._running = list(self._running.values()), {}
            self._deaths.update(path for work in lost for path, _ in work.segments)
            self._put_back(lost)
            self._changed.notify_all()

    def _put_back(self, works: list[Work]) -> None:
        for work in reversed(works):
            for path, items in reversed(work.segments):
                if self._deaths[path] >= DEATHS_MAX:
                    self._quarantine.keep_segment(path)
                else:
                    self._waiting.appendleft((path, items))
            self._sessions |= dict.fromkeys(work.sessions)
        self._pause_until_s = time.monotonic() + RETRY_S

    def _measure(self, report: Report) -> None:
        self.digested_spans += report.spans
        if report.spans >= MEASURED_SPANS_MIN:
            self.spans_per_s += 0.3 * (report.spans / max(report.duration_s, 0.001) - self.spans_per_s)
