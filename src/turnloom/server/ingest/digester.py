"""Runs digests one after the other: takes closed segments, stores them, removes them."""

import logging
import multiprocessing
import threading
import time
from collections import deque
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.ingest.worker import Job, Report, serve_worker
from turnloom.server.settings import Settings
from turnloom.server.store.engine import Engine
from turnloom.server.store.errors import StoreError

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""Pause after a digest failed as a whole."""


class DigestFailedError(Exception):
    """A digest failed as a whole: nothing is lost, the segments are still there."""


class Digester:
    """One digest at a time, on the segments that wait.

    Args:
        engine: The event store.
        settings: The server's settings.
        quarantine: Where goes what cannot be stored.
    """

    def __init__(self, engine: Engine, settings: Settings, quarantine: Quarantine) -> None:
        self._engine = engine
        self._settings = settings
        self._quarantine = quarantine
        self._waiting: deque[tuple[Path, int]] = deque()
        self._sessions: dict[tuple[str, str], None] = {}
        self._changed = threading.Condition()
        self._busy_items = 0
        self._stopping = False
        self._version = 0
        self._worker: Any = None
        self._pipe: Connection | None = None
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
            return self._busy_items + sum(items for _, items in self._waiting)

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing waits; whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._waiting and not self._sessions and not self._busy_items, timeout_s
            )

    def stop(self) -> None:
        """Digest what waits, then end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()
        self._drop_worker()

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            segments, sessions = taken
            try:
                self._digest(tuple(path for path, _ in segments), tuple(sessions))
            except (DigestFailedError, StoreError, OSError) as error:
                log.error("a digest failed and is tried again: %s", error)
                self._put_back(segments, sessions)
                if self._stopping:
                    return  # what waits lies in segments: the next start digests it
            finally:
                with self._changed:
                    self._busy_items = 0
                    self._changed.notify_all()

    def _take(self) -> tuple[list[tuple[Path, int]], list[tuple[str, str]]] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._sessions or self._stopping)
            if not self._waiting and not self._sessions:
                return None
            segments = [self._waiting.popleft()] if self._waiting else []
            items = segments[0][1] if segments else 0
            while self._waiting and items + self._waiting[0][1] <= self._settings.segment_spans_max:
                segments.append(self._waiting.popleft())
                items += segments[-1][1]
            sessions, self._sessions = list(self._sessions), {}
            self._busy_items = max(items, 1)
            return segments, sessions

    def _put_back(self, segments: list[tuple[Path, int]], sessions: list[tuple[str, str]]) -> None:
        with self._changed:
            self._waiting.extendleft(reversed(segments))
            self._sessions |= dict.fromkeys(sessions)
            self._changed.wait_for(lambda: self._stopping, RETRY_S)

    def _digest(self, segments: tuple[Path, ...], sessions: tuple[tuple[str, str], ...]) -> None:
        self._version = max(self._version + 1, time.time_ns())
        job = Job(
            segments,
            sessions,
            self._version,
            time.time_ns() // 1000,
            self._settings.request_bytes_max,
            int(self._settings.turn_incomplete_s * 1_000_000),
        )
        started_s = time.monotonic()
        report = self._ask(job)
        self._quarantine.keep(report)
        for path in segments:
            path.unlink(missing_ok=True)
        self._measure(report, time.monotonic() - started_s)

    def _measure(self, report: Report, duration_s: float) -> None:
        self.digested_spans += report.spans
        if report.spans >= 500:  # noqa: PLR2004 (smaller ones measure the fixed cost)
            self.spans_per_s += 0.3 * (report.spans / max(duration_s, 0.001) - self.spans_per_s)

    def _ask(self, job: Job) -> Report:
        """Have the worker do a job, and serve its queries meanwhile."""
        pipe = self._live_pipe()
        try:
            pipe.send(job)
            while True:
                message = pipe.recv()
                if message[0] == "done":
                    return message[1]
                if message[0] == "failed":
                    raise DigestFailedError(message[1])
                pipe.send(self._serve(message))
        except (EOFError, OSError) as error:
            self._drop_worker()
            raise DigestFailedError(f"the digest process ended: {error!r}") from error

    def _serve(self, message: tuple[Any, ...]) -> Any:
        try:
            if message[0] == "query":
                return self._engine.query_raw(message[1], message[2])
            self._engine.insert(message[1], message[2])
        except StoreError as error:
            return error
        return None

    def _live_pipe(self) -> Connection:
        if self._pipe is None or not self._worker.is_alive():
            context = multiprocessing.get_context("spawn")
            self._pipe, far = context.Pipe()
            self._worker = context.Process(target=serve_worker, args=(far,), name="turnloom-digest", daemon=True)
            self._worker.start()
            far.close()
        return self._pipe

    def _drop_worker(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
            self._worker.join(5)
            if self._worker.is_alive():
                self._worker.kill()
