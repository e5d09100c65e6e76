"""Runs digests: has the worker process store what waits, and removes segments that are stored."""

import logging
import threading
import time

from turnloom.server.ingest.agenda import Agenda, Work
from turnloom.server.ingest.process import WorkerProcess
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.ingest.segment import Segment
from turnloom.server.ingest.suspects import Suspects
from turnloom.server.ingest.worker import Defect, Job, Outcome, Report, Trouble
from turnloom.server.settings import Settings
from turnloom.server.store.engine import Engine

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""Pause after the engine, the disk or the start of a worker was in trouble."""

WATCH_S = 5.0
"""How often a worker process is looked after."""

JOB_MAX_S = 120.0
"""How long a worker may report nothing before it is ended: it would block all that waits."""

STOP_MAX_S = 20.0
"""How long the last digests may take; what is not done then stays on disk for the next start."""

MEASURED_SPANS_MIN = 500
"""Smaller digests measure their fixed cost."""


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
        self._agenda = Agenda(Suspects(quarantine), settings.segment_spans_max)
        self._changed = threading.Condition()
        self._news = False
        self._pause_until_s = 0.0
        self._heard_s = 0.0
        self._stopping = False
        self._is_expecting = True
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

    def add(self, segment: Segment) -> None:
        """Queue a closed segment."""
        with self._changed:
            self._agenda.add(segment)
            self._tell()

    def expect(self) -> None:
        """Have a worker ready: something is about to be added."""
        if self._worker is None:
            with self._changed:
                self._is_expecting = True
                self._tell()

    def touch(self, sessions: list[tuple[str, str]]) -> None:
        """Queue sessions, (project, session id), that the clock has changed."""
        with self._changed:
            self._agenda.touch(sessions)
            self._tell()

    def backlog(self) -> int:
        """Items that are acknowledged and not yet visible, without those of the open segment."""
        with self._changed:
            return self._agenda.items

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing waits; whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._agenda, timeout_s)

    def stop(self) -> None:
        """Digest what waits, then end; what fails now is left on disk for the next start."""
        with self._changed:
            self._stopping = True
            self._pause_until_s = 0.0
            self._tell()
        self._thread.join(STOP_MAX_S)
        self._end_worker()

    def _tell(self) -> None:
        self._news = True
        self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._news = False
                if self._stopping and not self._agenda:
                    return
                paused = time.monotonic() < self._pause_until_s
                work = None if paused else self._agenda.next(self._number + 1)
            try:
                if work is not None:
                    self._send(work)
                    continue
                self._look_after_worker()
            except Exception:  # the thread must live: what it could not do now it does later
                log.exception("the digest is held up; it goes on in %.0f s", RETRY_S)
                self._put_back()
            with self._changed:
                if not self._news:
                    self._changed.wait(self._wait_s())

    def _wait_s(self) -> float | None:
        """How long to wait unless something comes; None when nothing else is to be done."""
        if (pause_s := self._pause_until_s - time.monotonic()) > 0:
            return pause_s
        return None if self._worker is None else min(WATCH_S, self._settings.digest_idle_s)

    def _send(self, work: Work) -> None:
        self._number += 1
        self._version = max(self._version + 1, time.time_ns())
        job = Job(
            number=self._number,
            segments=tuple(segment.path for segment in work.segments),
            sessions=work.sessions,
            version=self._version,
            now_us=time.time_ns() // 1000,
            request_bytes_max=self._settings.request_bytes_max,
            turn_incomplete_us=int(self._settings.turn_incomplete_s * 1_000_000),
        )
        self._ready_worker().send(job)

    def _ready_worker(self) -> WorkerProcess:
        with self._changed:
            self._is_expecting = False
            self._heard_s = time.monotonic()
            self._worker = self._worker or WorkerProcess(self._engine, self._reported, self._ended)
            return self._worker

    def _look_after_worker(self) -> None:
        """Start a worker that will be needed; end one that is stuck, or had nothing to do for a while."""
        with self._changed:
            silent_s = time.monotonic() - self._heard_s
            worker, running, idle = self._worker, self._agenda.is_running, not self._agenda
        if worker is None:
            if self._is_expecting and not self._stopping:
                self._ready_worker()
            return
        if running and silent_s > JOB_MAX_S:
            log.error("the digest process has been silent for %.0f s and is ended", silent_s)
            worker.kill()
        elif idle and silent_s >= self._settings.digest_idle_s:
            self._end_worker()
            self._engine.release_memory()

    def _end_worker(self) -> None:
        with self._changed:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _reported(self, number: int, outcome: Outcome) -> None:
        """A job is over; called from the worker's listening thread."""
        with self._changed:
            self._heard_s = time.monotonic()
            work = self._agenda.running(number)
        if work is None:
            return
        if isinstance(outcome, Report):
            outcome = self._settle(work, outcome)
        with self._changed:
            if isinstance(outcome, Report):
                self._agenda.done(number)
            elif self._stopping:
                log.error("a digest failed and is left for the next start: %s", outcome.reason)
                self._agenda.drop(number)
            elif isinstance(outcome, Defect):
                log.error("a digest failed; its segments are tried alone: %s", outcome.reason)
                self._agenda.accuse(number, outcome.reason)
            else:
                log.error("a digest failed and is tried again in %.0f s: %s", RETRY_S, outcome.reason)
                self._agenda.put_back(number)
                self._pause_until_s = time.monotonic() + RETRY_S
            self._tell()

    def _settle(self, work: Work, report: Report) -> Report | Trouble:
        """Keep what could not be stored, then let go of the segments."""
        try:
            self._quarantine.keep(report)
            for segment in work.segments:
                segment.path.unlink(missing_ok=True)
        except OSError as error:
            return Trouble(str(error))
        self.digested_spans += report.spans
        if report.spans >= MEASURED_SPANS_MIN:
            self.spans_per_s += 0.3 * (report.spans / max(report.duration_s, 0.001) - self.spans_per_s)
        return report

    def _ended(self, worker: WorkerProcess) -> None:
        """The worker process is gone: what it had is digested again by the next one."""
        with self._changed:
            if worker is not self._worker:
                return
            self._worker = None
            log.error("the digest process ended; the next one takes over")
            for number in reversed(self._agenda.running_numbers()):
                if self._stopping:
                    self._agenda.drop(number)
                elif worker.is_ready:
                    self._agenda.accuse(number, "the digest process ended whenever it was digested")
                else:
                    self._agenda.put_back(number)
            if not worker.is_ready:
                self._pause_until_s = time.monotonic() + RETRY_S
            self._tell()

    def _put_back(self) -> None:
        """Nothing could be given to a worker: try again in a while."""
        with self._changed:
            if self._worker is None:
                for number in reversed(self._agenda.running_numbers()):
                    self._agenda.put_back(number)
            self._pause_until_s = time.monotonic() + RETRY_S
