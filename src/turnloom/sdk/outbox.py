"""A queue of small things to one URL: log events or scores."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from turnloom.sdk.sender import Sender
from turnloom.sdk.worker import Worker

T = TypeVar("T")


class Outbox(Generic[T]):
    """Sends items of one sort to one target, in the background.

    Args:
        name: What it sends and where to, for messages.
        sender: Where to.
        encode: Writes a batch as the bodies of one or more requests.
        content_type: Their media type.
    """

    def __init__(
        self, name: str, sender: Sender, encode: Callable[[Sequence[T]], Iterable[bytes]], content_type: str
    ) -> None:
        self.name = name
        self._sender = sender
        self._encode = encode
        self._content_type = content_type
        self._worker: Worker[T] = Worker(name, self._send)

    @property
    def dropped(self) -> int:
        """Items that will not arrive."""
        return self._worker.dropped

    def reset(self) -> None:
        """As new: in a forked child, where the parent sends what was waiting."""
        self._sender.reset()
        self._worker.reset()

    def put(self, item: T) -> None:
        """Queue an item."""
        self._worker.put(item)

    def flush(self, timeout_s: float) -> bool:
        """Wait until what waits is sent, at most so many seconds; whether it was."""
        return self._worker.flush(timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Send what waits for the last time, without retries; whether all was sent."""
        self._sender.stop()
        done = self._worker.close(timeout_s)
        self._sender.abandon()
        return done

    def _send(self, items: list[T]) -> bool:
        sent = [self._sender.send(body, self._content_type) for body in self._encode(items)]
        return all(sent)
