"""The main process's database, seen from the worker process through a pipe.

Questions carry a number, so that an insert of one digest runs while the next is being mapped.
"""

import itertools
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any


class RemoteDatabase:
    """Queries and inserts that the main process carries out.

    Args:
        pipe: The worker's end.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self._numbers = itertools.count()
        self._open: dict[int, Future[Any]] = {}
        self.jobs: SimpleQueue[Any] = SimpleQueue()
        """Jobs that came; None when the main process is gone."""
        threading.Thread(target=self._listen, name="turnloom-pipe", daemon=True).start()

    def query_raw(self, sql: str, parameters: dict[str, Any] | None = None) -> bytes:
        """Run a query in the main process."""
        return self._ask("query", sql, parameters).result()

    def insert_native(self, table: str, block: bytes) -> None:
        """Insert a block in the main process and wait until it is on disk."""
        self._ask("insert", table, block).result()

    def report(self, *message: Any) -> None:
        """Tell the main process how a job went."""
        with self._sending:
            self._pipe.send(message)

    def _ask(self, kind: str, what: str, argument: Any) -> Future[Any]:
        number = next(self._numbers)
        future = self._open[number] = Future()
        self.report(kind, number, what, argument)
        return future

    def _listen(self) -> None:
        while True:
            try:
                kind, number, value = self._pipe.recv()
            except (EOFError, OSError):
                break
            if kind == "job":
                self.jobs.put(value)
            elif isinstance(value, Exception):
                self._open.pop(number).set_exception(value)
            else:
                self._open.pop(number).set_result(value)
        self.jobs.put(None)
        for future in list(self._open.values()):
            future.set_exception(EOFError("the main process is gone"))
