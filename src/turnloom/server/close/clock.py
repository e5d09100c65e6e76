"""The close stage: finds sessions in which the clock has changed something, and has them read again.

What depends on the clock alone (live, idle, ended; the verdict of a visit whose timeout passed) is
computed at read from stored times. What is stored and changes with the clock, an announced turn
whose span does not come, has its moment in `sessions.changes_us`.
"""

import logging
import threading
import time
from collections.abc import Callable

from turnloom.server.store.engine import Engine
from turnloom.server.store.errors import StoreError

log = logging.getLogger(__name__)

SESSIONS_MAX = 5_000
"""Sessions of one round; the others come in the next."""

DUE_SQL = """\
SELECT project, session_id FROM sessions FINAL
WHERE changes_us <= {now_us:Int64}
ORDER BY changes_us LIMIT {limit:UInt32}
"""


class CloseStage:
    """Looks for due sessions on a clock.

    Args:
        engine: The event store.
        touch: Has sessions, (project, session id), read again.
        every_s: Seconds between two looks.
    """

    def __init__(
        self, engine: Engine, touch: Callable[[list[tuple[str, str]]], None], every_s: float
    ) -> None:
        self._engine = engine
        self._touch = touch
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="turnloom-close", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, after the look that is under way."""
        self._stopping.set()
        self._thread.join()

    def look(self, now_us: int) -> int:
        """Have every session read again whose moment has come.

        Args:
            now_us: The clock, microseconds since 1970.

        Returns:
            How many there were.
        """
        rows = self._engine.query(DUE_SQL, {"now_us": now_us, "limit": SESSIONS_MAX})
        if rows:
            self._touch([(project, session_id) for project, session_id in rows])
        return len(rows)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self.look(time.time_ns() // 1000)
            except StoreError:
                log.exception("the close stage could not look for due sessions")
