"""Acceptance: a request is checked, appended to the segment, and acknowledged once on disk."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.errors import BacklogFullError
from turnloom.server.ingest.inflate import inflate
from turnloom.server.ingest.otlp import check_traces, parse_traces
from turnloom.server.ingest.scores import DecodedScores, decode_scores
from turnloom.server.ingest.segment import Entry, SegmentWriter
from turnloom.server.settings import Settings

Content = Literal["protobuf", "json"]
Checked = TypeVar("Checked")

LARGE_BODY_BYTES = 256 * 1024
"""Compressed size from which a body is inflated and checked in a thread, so that pages stay quick."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request as it came."""

    project: str
    content: Content
    encoding: str
    sender: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a request."""

    accepted: int
    refused: int
    reasons: tuple[str, ...] = ()
    """A few of the reasons, each naming its span."""


class Intake:
    """Takes requests in; what it has acknowledged is on disk.

    Args:
        settings: The server's settings.
        digester: Where closed segments go.
    """

    def __init__(self, settings: Settings, digester: Digester) -> None:
        self._settings = settings
        self._digester = digester
        self._segments = SegmentWriter(
            settings.data / "segments", settings.segment_spans_max, settings.segment_age_s, self._closed
        )
        self._open_items = 0
        self._open_lock = threading.Lock()
        self._reading = asyncio.Semaphore(settings.requests_at_once_max)
        self.accepted_spans = 0
        self.refused_spans = 0

    def start(self) -> None:
        """Queue what an earlier process left, then take requests."""
        for path in self._segments.left_over():
            self._digester.add(path, self._settings.segment_spans_max)
        self._segments.start()

    def stop(self) -> None:
        """Write out what was appended and hand it to the digest."""
        self._segments.stop()

    async def traces(self, delivery: Delivery) -> Receipt:
        """Take a trace export request; raises `IngestError` and acknowledges nothing, or returns a receipt."""
        received_us = time.time_ns() // 1000
        spans, reasons = await self._check(delivery, lambda body: _check_traces(body, delivery.content, received_us))
        refused = len(reasons)
        self.refused_spans += refused
        if spans > refused:
            await self._append(delivery, "traces", received_us, spans - refused)
            self.accepted_spans += spans - refused
        return Receipt(spans - refused, refused, tuple(reasons[:5]))

    async def scores(self, delivery: Delivery) -> DecodedScores:
        """Take scores; those that are refused are named in the result."""
        received_us = time.time_ns() // 1000
        decoded = await self._check(delivery, lambda body: decode_scores(body, received_us))
        if decoded.records:
            await self._append(delivery, "scores", received_us, len(decoded.records))
        return decoded

    async def _check(self, delivery: Delivery, check: Callable[[bytes], Checked]) -> Checked:
        def run() -> Checked:
            return check(inflate(delivery.body, delivery.encoding, self._settings.request_bytes_max))

        async with self._reading:
            if len(delivery.body) < LARGE_BODY_BYTES:
                return run()
            return await asyncio.to_thread(run)

    async def _append(self, delivery: Delivery, kind: str, received_us: int, items: int) -> None:
        await self._wait_for_room()
        entry = Entry(
            delivery.project, kind, delivery.content, delivery.encoding, received_us, delivery.sender[:200], items, delivery.body
        )
        self._count_open(items)
        await asyncio.wrap_future(self._segments.append(entry))

    async def _wait_for_room(self) -> None:
        """Hold a request back while the digest is behind; after a while, send it away."""
        deadline_s = time.monotonic() + self._settings.backlog_wait_s
        while self.backlog() > max(self._digester.spans_per_s * self._settings.backlog_lag_s, 2 * self._settings.segment_spans_max):
            if time.monotonic() > deadline_s:
                raise BacklogFullError(f"{self.backlog():,} spans wait for the digest")
            await asyncio.sleep(0.02)

    def backlog(self) -> int:
        """Items acknowledged and not yet visible."""
        return self._open_items + self._digester.backlog()

    def _closed(self, path: Path, items: int) -> None:
        self._digester.add(path, items)
        self._count_open(-items)

    def _count_open(self, items: int) -> None:
        with self._open_lock:
            self._open_items += items


def _check_traces(body: bytes, content: Content, received_us: int) -> tuple[int, Sequence[str]]:
    request = parse_traces(body, content)
    refusals = check_traces(request, received_us)
    spans = sum(len(scope.spans) for resource in request.resource_spans for scope in resource.scope_spans)
    return spans, [f"span {each.index}: {each.reason}" for each in refusals]
