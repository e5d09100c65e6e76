"""The worker process as the main process sees it: it gets jobs and answers, and reports."""

import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from turnloom.server.ingest.job import Job, Outcome
from turnloom.server.store.engine import Engine
from turnloom.server.store.errors import EngineTroubleError, StoreError

log = logging.getLogger(__name__)

QUESTIONS_AT_ONCE = 4
"""An insert of spans and the lookups of the job behind it."""

WORKER = "turnloom.server.ingest.worker"
"""A plain child, no `multiprocessing.Process`: that one imports the program again and needs a tracker."""

END_S = 5.0
"""How long the process has to end once its pipe is closed."""


class WorkerProcess:
    """A running worker process.

    Args:
        engine: Answers its queries and takes its rows.
        reported: Called with (job number, outcome) from a thread.
        ended: Called once from a thread, when the process is gone and nothing of what it asked for
            is under way any more: another may take over.
    """

    def __init__(
        self,
        engine: Engine,
        reported: Callable[[int, Outcome], None],
        ended: Callable[["WorkerProcess"], None],
    ) -> None:
        self._engine = engine
        self._reported = reported
        self._ended = ended
        self._sending = threading.Lock()
        self.is_ready = False
        """Whether it got as far as taking jobs."""
        self._pool = ThreadPoolExecutor(QUESTIONS_AT_ONCE, thread_name_prefix="turnloom-store")
        near, far = socket.socketpair()
        with near, far:
            self._process = subprocess.Popen(  # noqa: S603 (this very interpreter)
                [sys.executable, "-m", WORKER, str(far.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[far.fileno()],
            )
            self._pipe = Connection(near.detach())
        self._listener = threading.Thread(target=self._listen, name="turnloom-digest-pipe", daemon=True)
        self._listener.start()

    def send(self, job: Job) -> None:
        """Give it a job; that it cannot be reached is told by `ended`."""
        self._send("job", 0, job)

    def kill(self) -> None:
        """End the process at once; `ended` follows."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait until it and what it asked for are over."""
        with suppress(OSError), socket.socket(fileno=os.dup(self._pipe.fileno())) as end:
            end.shutdown(socket.SHUT_RDWR)  # closing alone would not wake our thread that reads
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)
        self._process.kill()
        self._listener.join()

    def _listen(self) -> None:
        try:
            while True:
                kind, number, *message = self._pipe.recv()
                if kind == "ready":
                    self.is_ready = True
                elif kind == "over":
                    self._reported(number, message[0])
                else:
                    self._pool.submit(self._serve, kind, number, *message)
        except (EOFError, OSError):
            pass  # it is gone, or closed
        except Exception:
            log.exception("what the digest process says cannot be understood; it is ended")
        self._process.kill()
        self._process.wait()
        self._pool.shutdown(cancel_futures=True)
        self._pipe.close()
        self._ended(self)

    def _serve(self, kind: str, number: int, what: str, argument: Any) -> None:
        answer: Any = None
        try:
            if kind == "query":
                answer = self._engine.query_raw(what, argument)
            else:
                self._engine.insert_native(what, argument)
        except StoreError as error:
            answer = error
        except Exception as error:
            log.exception("a question of the digest failed")
            answer = EngineTroubleError(f"{type(error).__name__}: {error}")
        self._send("answer", number, answer)

    def _send(self, kind: str, number: int, value: Any) -> None:
        try:
            with self._sending:
                self._pipe.send((kind, number, value))
        except OSError:
            log.warning("the digest process is gone")
