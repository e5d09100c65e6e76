"""The worker process as the main process sees it: jobs go in, its questions are answered, reports come out."""

import logging
import multiprocessing
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from turnloom.server.ingest.worker import Job, Report, serve_worker
from turnloom.server.store.engine import Engine
from turnloom.server.store.errors import StoreError

log = logging.getLogger(__name__)

QUESTIONS_AT_ONCE = 2
"""An insert of spans and the lookups of the job behind it."""

END_S = 5.0
"""How long the process has to end once its pipe is closed."""


class WorkerProcess:
    """A running worker process.

    Args:
        engine: Answers its queries and takes its rows.
        reported: Called with (job number, report, or the reason of the failure) from a thread.
        ended: Called once when the process is gone, from a thread.
    """

    def __init__(
        self, engine: Engine, reported: Callable[[int, Report | str], None], ended: Callable[["WorkerProcess"], None]
    ) -> None:
        self._engine = engine
        self._reported = reported
        self._ended = ended
        self._sending = threading.Lock()
        self._pool = ThreadPoolExecutor(QUESTIONS_AT_ONCE, thread_name_prefix="turnloom-store")
        context = multiprocessing.get_context("spawn")
        self._pipe, far = context.Pipe()
        self._process = context.Process(target=serve_worker, args=(far,), name="turnloom-digest", daemon=True)
        self._process.start()
        far.close()
        threading.Thread(target=self._listen, args=(self._pipe,), name="turnloom-digest-pipe", daemon=True).start()

    def send(self, job: Job) -> None:
        """Give it a job; that it cannot be reached is told by `ended`."""
        self._answer("job", 0, job)

    def close(self) -> None:
        """End the process; closing alone would not, while a thread of ours still reads."""
        with suppress(OSError), socket.socket(fileno=os.dup(self._pipe.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)
        self._pipe.close()
        self._process.join(END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(END_S)
        self._pool.shutdown()

    def _listen(self, pipe: Connection) -> None:
        while True:
            try:
                message = pipe.recv()
            except (EOFError, OSError):
                break
            if message[0] in {"done", "failed"}:
                self._reported(message[1], message[2])
            else:
                self._pool.submit(self._serve, *message)
        self._ended(self)

    def _serve(self, kind: str, number: int, what: str, argument: Any) -> None:
        answer: Any = None
        try:
            if kind == "query":
                answer = self._engine.query_raw(what, argument)
            else:
                self._engine.insert(what, argument, "Native")
        except StoreError as error:
            answer = error
        except Exception as error:  # noqa: BLE001 (the worker waits for an answer, whatever it is)
            log.exception("a question of the digest failed")
            answer = error
        self._answer("answer", number, answer)

    def _answer(self, kind: str, number: int, value: Any) -> None:
        try:
            with self._sending:
                self._pipe.send((kind, number, value))
        except OSError:
            log.warning("the digest process is gone")
