"""How much ingest holds in memory: requests in progress, their bytes, and how many are inflated at once."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from turnloom.server.ingest.errors import ServerBusyError
from turnloom.server.settings import Settings


class Arrival:
    """One request in progress.

    Args:
        gate: The gate it is counted at.
    """

    def __init__(self, gate: "Gate") -> None:
        self._gate = gate
        self.size_bytes = 0
        """What has come of it so far."""

    def hold(self, size_bytes: int) -> None:
        """Count bytes that came.

        Raises:
            ServerBusyError: The requests in progress hold as much as they may.
        """
        self._gate.hold(size_bytes)
        self.size_bytes += size_bytes


class Gate:
    """Bounds what requests in progress cost; for use in the event loop.

    Args:
        settings: The server's settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(settings.requests_at_once_max)
        self._large_turns = asyncio.Semaphore(settings.requests_large_max)
        self.requests = 0
        """Requests in progress."""
        self.held_bytes = 0
        """Bytes of them, as received."""

    @contextmanager
    def arrival(self) -> Generator[Arrival]:
        """Count a request from its first byte to its answer.

        Raises:
            ServerBusyError: Too many are in progress.
        """
        if self.requests >= self._settings.requests_waiting_max:
            raise ServerBusyError(f"{self.requests} requests are in progress")
        self.requests += 1
        arrival = Arrival(self)
        try:
            yield arrival
        finally:
            self.requests -= 1
            self.held_bytes -= arrival.size_bytes

    def hold(self, size_bytes: int) -> None:
        """Count bytes of a request in progress; see `Arrival.hold`."""
        if self.held_bytes + size_bytes > self._settings.reading_bytes_max:
            raise ServerBusyError(f"requests in progress hold {self.held_bytes:,} bytes")
        self.held_bytes += size_bytes

    @asynccontextmanager
    async def turn(self, *, large: bool) -> AsyncGenerator[None]:
        """Wait for a turn to inflate and check a body.

        Args:
            large: Whether it may have more than a mebibyte.

        Raises:
            ServerBusyError: None came in time.
        """
        turns = self._large_turns if large else self._turns
        try:
            async with asyncio.timeout(self._settings.request_wait_s):
                await turns.acquire()
        except TimeoutError:
            raise ServerBusyError("other requests are being read") from None
        try:
            yield
        finally:
            turns.release()
