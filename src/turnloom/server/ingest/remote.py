"""The main process's database, seen from the worker process through a pipe.

Questions carry a number, so that an insert of one digest runs while the next is being mapped.
"""

import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from turnloom.server.ingest.job import Job

log = logging.getLogger(__name__)


class RemoteDatabase:
    """Queries and inserts that the main process carries out.

    Args:
        pipe: The worker's end.
        gone: Called when the main process is gone or has closed the pipe; it does not return.
    """

    def __init__(self, pipe: Connection, gone: Callable[[], None]) -> None:
        self._pipe = pipe
        self._gone = gone
        self._sending = threading.Lock()
        self._numbers = itertools.count()
        self._open: dict[int, Future[Any]] = {}
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        """Jobs that came."""
        threading.Thread(target=self._listen, name="turnloom-pipe", daemon=True).start()

    def query_raw(self, sql: str, parameters: dict[str, Any] | None = None) -> bytes:
        """Run a query in the main process."""
        return self._ask("query", sql, parameters)

    def insert_native(self, table: str, block: bytes) -> None:
        """Insert a block in the main process and wait until it is on disk."""
        self._ask("insert", table, block)

    def report(self, kind: str, number: int, *message: Any) -> None:
        """Tell the main process something."""
        try:
            with self._sending:
                self._pipe.send((kind, number, *message))
        except OSError:
            self._gone()

    def _ask(self, kind: str, what: str, argument: Any) -> Any:
        number = next(self._numbers)
        future = self._open[number] = Future()
        self.report(kind, number, what, argument)
        return future.result()

    def _listen(self) -> None:
        try:
            while True:
                kind, number, value = self._pipe.recv()
                if kind == "job":
                    self.jobs.put(value)
                elif isinstance(value, Exception):
                    self._open.pop(number).set_exception(value)
                else:
                    self._open.pop(number).set_result(value)
        except (EOFError, OSError):
            pass  # the main process is gone
        except Exception:
            log.exception("what the server says cannot be understood; the digest process ends")
        self._gone()
