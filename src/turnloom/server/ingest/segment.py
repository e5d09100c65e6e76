"""The segment: requests as they came, appended to a file; acknowledged means fsynced here.

A record is `length, checksum, header, body`. One thread writes for all requests that wait
(group commit), so that a fsync is shared. A segment is closed when it is full or old enough and
removed once its digest is stored; what a crash leaves is digested again at start, and a torn
tail, which nobody was told of, is cut.
"""

import logging
import os
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

import orjson

log = logging.getLogger(__name__)

FRAME = struct.Struct("<III")
"""Length of the header, length of the body, CRC-32 of both."""

SUFFIX = ".segment"


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted request."""

    project: str
    kind: str
    """`traces`, `logs` or `scores`."""
    content: str
    """`protobuf` or `json`."""
    encoding: str
    """Content coding of the body: `identity`, `gzip` or `deflate`."""
    received_us: int
    sender: str
    """User agent, for the quarantine's report."""
    items: int
    """Spans, log records or scores in it."""
    body: bytes

    def frame(self) -> bytes:
        """The entry as bytes of a segment."""
        values = {key: value for key, value in asdict(self).items() if key != "body"}
        header = orjson.dumps(values)
        checksum = zlib.crc32(self.body, zlib.crc32(header))
        return FRAME.pack(len(header), len(self.body), checksum) + header + self.body


def read_segment(path: Path) -> Iterator[Entry]:
    """The entries of a segment, up to its end or a torn tail."""
    data = path.read_bytes()
    offset = 0
    while offset + FRAME.size <= len(data):
        header_length, body_length, checksum = FRAME.unpack_from(data, offset)
        start = offset + FRAME.size
        end = start + header_length + body_length
        if end > len(data):
            break
        header, body = data[start : start + header_length], data[start + header_length : end]
        if zlib.crc32(body, zlib.crc32(header)) != checksum:
            break
        yield Entry(**orjson.loads(header), body=body)
        offset = end
    if offset < len(data):
        log.warning("cut a torn tail of %d bytes from %s: it was never acknowledged", len(data) - offset, path.name)


class SegmentWriter:
    """Appends entries to the open segment and hands closed ones on.

    Args:
        folder: Where segments lie.
        spans_max: Items after which a segment is closed.
        age_s: Age at which a segment that is not full is closed.
        closed: Called with each closed segment and its number of items, from the writer's thread.
    """

    def __init__(self, folder: Path, spans_max: int, age_s: float, closed: Callable[[Path, int], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._spans_max = spans_max
        self._age_s = age_s
        self._closed = closed
        self._queue: SimpleQueue[tuple[Entry, Future[None]] | None] = SimpleQueue()
        self._number = max((int(path.stem) for path in folder.glob(f"*{SUFFIX}")), default=0)
        self._file: int | None = None
        self._items = 0
        self._opened_s = 0.0
        self._thread = threading.Thread(target=self._run, name="turnloom-segment", daemon=True)

    def left_over(self) -> list[Path]:
        """Segments of an earlier process, oldest first; call it before `start`."""
        return sorted(self._folder.glob(f"*{SUFFIX}"))

    def start(self) -> None:
        """Start taking entries."""
        self._thread.start()

    def append(self, entry: Entry) -> Future[None]:
        """Append an entry; the future is done when it is on disk, or holds the disk's error."""
        future: Future[None] = Future()
        self._queue.put((entry, future))
        return future

    def stop(self) -> None:
        """Write what was appended, close the open segment and end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        running = True
        while running:
            running = self._write(self._gather())
            if self._file is not None and self._is_due():
                self._close()
        if self._file is not None:
            self._close()

    def _gather(self) -> list[tuple[Entry, Future[None]] | None]:
        """All that waits; blocks for the first, at most until the open segment is due."""
        timeout = None
        if self._file is not None:
            timeout = max(0.0, self._opened_s + self._age_s - time.monotonic())
        batch: list[tuple[Entry, Future[None]] | None] = []
        try:
            batch.append(self._queue.get(timeout=timeout))
            while len(batch) < 256:  # noqa: PLR2004 (bounds the memory of one write)
                batch.append(self._queue.get_nowait())
        except Empty:
            pass  # nothing more waits: write what there is
        return batch

    def _write(self, batch: list[tuple[Entry, Future[None]] | None]) -> bool:
        entries = [each for each in batch if each is not None]
        if entries:
            try:
                self._append_all([entry for entry, _ in entries])
            except OSError as error:
                log.error("could not write to a segment: %s", error)
                self._abandon()
                for _, future in entries:
                    future.set_exception(error)
            else:
                for _, future in entries:
                    future.set_result(None)
        return len(entries) == len(batch)

    def _append_all(self, entries: list[Entry]) -> None:
        if self._file is None:
            self._open()
        assert self._file is not None  # noqa: S101 (opened above)
        data = b"".join([entry.frame() for entry in entries])
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        os.fsync(self._file)
        self._items += sum(entry.items for entry in entries)

    def _open(self) -> None:
        self._number += 1
        self._file = os.open(self._path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        _sync_folder(self._folder)
        self._items = 0
        self._opened_s = time.monotonic()

    def _is_due(self) -> bool:
        return self._items >= self._spans_max or time.monotonic() - self._opened_s >= self._age_s

    def _close(self) -> None:
        assert self._file is not None  # noqa: S101 (the caller looked)
        os.close(self._file)
        self._file = None
        self._closed(self._path(), self._items)

    def _abandon(self) -> None:
        """After a failed write: what was acknowledged before stays, the torn tail is behind it."""
        if self._file is not None:
            self._close()

    def _path(self) -> Path:
        return self._folder / f"{self._number:012d}{SUFFIX}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
