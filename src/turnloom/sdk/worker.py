"""A bounded queue with a thread behind it: what is put in is sent soon, and never blocks who puts."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

# Not public, but there is no other way to keep the host's HTTP instrumentation out of our requests;
# OpenTelemetry's own batch processor does the same.
from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY as SUPPRESS_KEY  # pyright: ignore[reportPrivateUsage]
from opentelemetry.context import attach, set_value

from turnloom.sdk.border import shielded, warn_once

T = TypeVar("T")

ITEMS_MAX = 2_048
"""Items waiting at most; the oldest goes first."""

BATCH_MAX = 256
"""Items sent together."""


class Worker(Generic[T]):
    """Sends items in the background.

    Args:
        name: Name of the thread and of what it sends, for messages.
        send: Sends a batch and says whether it arrived.
        items_max: Items waiting at most.
    """

    def __init__(self, name: str, send: Callable[[list[T]], bool], items_max: int = ITEMS_MAX) -> None:
        self._name = name
        self._send = send
        self._items_max = items_max
        self.reset()

    def reset(self) -> None:
        """As new: at the start, and in a forked child, where the parent sends what was waiting."""
        self.dropped = 0
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._busy = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def put(self, item: T) -> None:
        """Queue an item; when the queue is full the oldest is dropped and counted."""
        with self._changed:
            if self._closed:
                self.dropped += 1
                return
            if len(self._items) >= self._items_max:
                self._items.popleft()
                self._drop(1, "the queue is full")
            self._items.append(item)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"turnloom-{self._name}", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything that waits is sent.

        Args:
            timeout_s: Seconds to wait at most.

        Returns:
            Whether nothing waits any more.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._items and not self._busy, timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Send what waits, then stop; a second call does nothing.

        Args:
            timeout_s: Seconds to wait at most.

        Returns:
            Whether everything was sent.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        done = self.flush(max(0.0, deadline - time.monotonic()))
        with self._changed:
            self._drop(len(self._items), "the process ends")
            self._items.clear()
        return done

    def _run(self) -> None:
        attach(set_value(SUPPRESS_KEY, True))
        while (batch := self._take()) is not None:
            sent = shielded(f"sending {self._name}", lambda batch=batch: self._send(batch))
            with self._changed:
                self._busy = False
                if not sent:
                    self._drop(len(batch), "the server did not take them")
                self._changed.notify_all()

    def _take(self) -> list[T] | None:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._items) or self._closed)
            if not self._items:
                return None
            count = min(len(self._items), BATCH_MAX)
            self._busy = True
            return [self._items.popleft() for _ in range(count)]

    def _drop(self, count: int, why: str) -> None:
        if count:
            self.dropped += count
            warn_once(f"dropped {self._name}", "turnloom: %d %s dropped: %s", count, self._name, why)
