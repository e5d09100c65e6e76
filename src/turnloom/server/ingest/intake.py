"""Acceptance: a request is checked, appended to the segment, and acknowledged once on disk."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from turnloom.server.ingest.counts import Counts
from turnloom.server.ingest.digester import Digester
from turnloom.server.ingest.errors import BacklogFullError, BodyTooLargeError, ServerBusyError
from turnloom.server.ingest.gate import Gate
from turnloom.server.ingest.inflate import inflate
from turnloom.server.ingest.otlp import check_traces, parse_traces
from turnloom.server.ingest.otlp_logs import parse_logs
from turnloom.server.ingest.scores import DecodedScores, decode_scores
from turnloom.server.ingest.segment import SUFFIX, Entry, Segment, SegmentWriter, left_over
from turnloom.server.settings import Settings

Content = Literal["protobuf", "json"]
Checked = TypeVar("Checked")

SMALL_BYTES: dict[Content, int] = {"protobuf": 1024 * 1024, "json": 64 * 1024}
"""Inflated size up to which a body is checked in the event loop (about 5 ms); larger ones go to a
thread, a few at a time, so that pages stay quick and memory stays bounded."""

ROOM_MIN = 4_000
"""Items that may wait however slow the digest has been."""

DISK_RETRY_S = 10
"""When to come again after the disk refused a write."""

ITEM_BYTES = 8 * 1024
"""A body counts as an item for each so many bytes at least, so that items bound memory, too."""

REASONS_MAX = 5
"""Refusals that an answer names; the rest is counted."""


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
        self._folder = settings.data / "segments"
        self._segments = SegmentWriter(
            self._folder, settings.segment_spans_max, settings.segment_age_s, self._closed
        )
        self._open_items = 0
        self._open_lock = threading.Lock()
        self.gate = Gate(settings)
        self.counts = Counts()

    def start(self) -> None:
        """Queue what an earlier process left, then take requests."""
        for segment in left_over(self._folder):
            self._digester.add(segment)
        self._segments.start()

    def stop(self) -> None:
        """Write out what was appended and hand it to the digest."""
        self._segments.stop()

    async def traces(self, delivery: Delivery) -> Receipt:
        """Take a trace export request.

        Raises:
            IngestError: Nothing of it is acknowledged.
        """
        received_us = time.time_ns() // 1000
        receipt, size_bytes = await self._check(
            delivery, lambda body: _check_traces(body, delivery.content, received_us)
        )
        self.counts.refused_spans += receipt.refused
        if receipt.accepted:
            await self._append(delivery, "traces", received_us, receipt.accepted, size_bytes)
            self.counts.accepted_spans += receipt.accepted
        return receipt

    async def logs(self, delivery: Delivery) -> Receipt:
        """Take a log export request; see `traces`."""
        received_us = time.time_ns() // 1000
        receipt, size_bytes = await self._check(delivery, lambda body: _check_logs(body, delivery.content))
        if receipt.accepted:
            await self._append(delivery, "logs", received_us, receipt.accepted, size_bytes)
            self.counts.accepted_logs += receipt.accepted
        return receipt

    async def scores(self, delivery: Delivery) -> DecodedScores:
        """Take scores; those that are refused are named in the result."""
        received_us = time.time_ns() // 1000
        decoded, size_bytes = await self._check(delivery, lambda body: decode_scores(body, received_us))
        self.counts.refused_scores += len(decoded.errors)
        if decoded.records:
            await self._append(delivery, "scores", received_us, len(decoded.records), size_bytes)
            self.counts.accepted_scores += len(decoded.records)
        return decoded

    def backlog(self) -> int:
        """Items acknowledged and not yet visible."""
        return self._open_items + self._digester.backlog()

    def lag_s(self) -> float:
        """Age of the oldest segment that is not yet visible, in seconds; 0 when none waits."""
        oldest = min(self._folder.glob(f"*{SUFFIX}"), default=None)
        try:
            return max(0.0, time.time() - oldest.stat().st_mtime) if oldest else 0.0
        except FileNotFoundError:  # it has become visible in between
            return 0.0

    async def _check(self, delivery: Delivery, check: Callable[[bytes], Checked]) -> tuple[Checked, int]:
        """What a check says of a body, and the size of that."""

        def checked(body: bytes) -> tuple[Checked, int]:
            return check(body), len(body)

        size_max = self._settings.request_bytes_max
        small = min(SMALL_BYTES[delivery.content], size_max)
        if len(delivery.body) <= small:
            async with self.gate.turn(large=False):
                try:
                    return checked(inflate(delivery.body, delivery.encoding, small))
                except BodyTooLargeError:
                    if small == size_max:
                        raise
        async with self.gate.turn(large=True):
            return await asyncio.to_thread(
                lambda: checked(inflate(delivery.body, delivery.encoding, size_max))
            )

    async def _append(
        self, delivery: Delivery, kind: str, received_us: int, count: int, size_bytes: int
    ) -> None:
        await self._wait_for_room()
        items = max(count, size_bytes // ITEM_BYTES)
        entry = Entry(
            delivery.project,
            kind,
            delivery.content,
            delivery.encoding,
            received_us,
            delivery.sender[:200],
            items,
            delivery.body,
        )
        self._count_open(items)
        self._digester.expect()
        written = self._segments.append(entry)
        written.add_done_callback(lambda future: self._count_open(-items if future.exception() else 0))
        try:  # shielded: a request that is given up must not disturb the writer
            await asyncio.shield(asyncio.wrap_future(written))
        except OSError as error:
            raise ServerBusyError(
                f"the request could not be written to disk: {error}", DISK_RETRY_S
            ) from error
        self.counts.body_bytes += len(delivery.body)

    async def _wait_for_room(self) -> None:
        """Hold a request back while the digest is behind; after a while, send it away."""
        deadline_s = time.monotonic() + self._settings.backlog_wait_s
        while self.backlog() > self._room():
            if time.monotonic() > deadline_s:
                raise BacklogFullError(f"{self.backlog():,} spans wait for the digest")
            await asyncio.sleep(0.02)

    def _room(self) -> float:
        """Items that may wait: what the digest does within the lag, but a few requests at least."""
        return max(self._digester.spans_per_s * self._settings.backlog_lag_s, ROOM_MIN)

    def _closed(self, segment: Segment) -> None:
        self._digester.add(segment)
        self._count_open(-segment.items)

    def _count_open(self, items: int) -> None:
        with self._open_lock:
            self._open_items += items


def _check_traces(body: bytes, content: Content, received_us: int) -> Receipt:
    request = parse_traces(body, content)
    refusals = check_traces(request, received_us)
    spans = sum(len(scope.spans) for resource in request.resource_spans for scope in resource.scope_spans)
    reasons = [f"span {each.index}: {each.reason}" for each in refusals[:REASONS_MAX]]
    if len(refusals) > REASONS_MAX:
        reasons.append(f"and {len(refusals) - REASONS_MAX:,} more")
    return Receipt(spans - len(refusals), len(refusals), tuple(reasons))


def _check_logs(body: bytes, content: Content) -> Receipt:
    request = parse_logs(body, content)
    records = sum(
        len(scope.log_records) for resource in request.resource_logs for scope in resource.scope_logs
    )
    return Receipt(records, 0)
