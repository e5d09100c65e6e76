"""The segment: requests as they came, appended to a file; acknowledged means fsynced here.

A record is `magic, lengths, checksum, header, body`. One thread writes for all requests that wait
(group commit), so that a fsync is shared. A segment is closed when it is full or old enough and
removed once its digest is stored; what a crash leaves is digested again at start. A torn tail,
which nobody was told of, is cut; a record that was damaged later costs only itself: what is behind
it is found by its magic.
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
from typing import Literal

import orjson

log = logging.getLogger(__name__)

MAGIC = b"\xf4TLr"
"""First bytes of every record; the first of them is in no UTF-8 text."""

FRAME = struct.Struct("<4sIII")
"""Magic, length of the header, length of the body, CRC-32 of both."""

SUFFIX = ".segment"

BATCH_MAX = 256
"""Requests of one write: bounds its memory."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted request."""

    project: str
    kind: str
    """`traces`, `logs` or `scores`."""
    content: Literal["protobuf", "json"]
    """`protobuf` or `json`."""
    encoding: str
    """Content coding of the body: `identity`, `gzip` or `deflate`."""
    received_us: int
    sender: str
    """User agent, for the quarantine's report."""
    items: int
    """Spans, log records or scores in it, or as many as its size weighs."""
    body: bytes

    def frame(self) -> bytes:
        """The entry as bytes of a segment."""
        values = {key: value for key, value in asdict(self).items() if key != "body"}
        header = orjson.dumps(values)
        checksum = zlib.crc32(self.body, zlib.crc32(header))
        return FRAME.pack(MAGIC, len(header), len(self.body), checksum) + header + self.body


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes of a segment that were written and cannot be read."""

    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed segment."""

    path: Path
    items: int


def read_segment(path: Path) -> Iterator[Entry | Damage]:
    """The entries of a segment, and what of it is damaged; a torn tail is left out."""
    data = path.read_bytes()
    offset = 0
    while offset < len(data):
        entry, end = _entry_at(data, offset)
        if entry is not None:
            yield entry
        elif end > len(data):
            log.warning(
                "cut a torn tail of %d bytes from %s: it was never acknowledged",
                len(data) - offset,
                path.name,
            )
            return
        else:
            log.error("%d bytes of %s are damaged, from byte %d on", end - offset, path.name, offset)
            yield Damage(offset, data[offset:end])
        offset = end


def split_segment(segment: Segment) -> list[Segment]:
    """Replace a segment by one for each of its entries; cut short at any moment, nothing is lost."""
    parts: list[Segment] = []
    for number, each in enumerate(read_segment(segment.path)):
        path = segment.path.with_name(f"{segment.path.stem}-{number:04d}{SUFFIX}")
        with path.open("wb") as file:
            file.write(each.frame() if isinstance(each, Entry) else each.data)
            file.flush()
            os.fsync(file.fileno())
        parts.append(Segment(path, each.items if isinstance(each, Entry) else 0))
    sync_folder(segment.path.parent)
    segment.path.unlink()
    return parts


def left_over(folder: Path) -> list[Segment]:
    """Segments of an earlier process, oldest first."""
    return [
        Segment(path, sum(each.items for each in read_segment(path) if isinstance(each, Entry)))
        for path in sorted(_segments(folder))
    ]


def sync_folder(folder: Path) -> None:
    """Have on disk which files a folder holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


Waiting = tuple[Entry, "Future[None]"]


class SegmentWriter:
    """Appends entries to the open segment and hands closed ones on.

    Args:
        folder: Where segments lie.
        items_max: Items after which a segment is closed.
        age_s: Age at which a segment that is not full is closed.
        closed: Called with each closed segment, from the writer's thread.
    """

    def __init__(self, folder: Path, items_max: int, age_s: float, closed: Callable[[Segment], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        self._folder = folder
        self._items_max = items_max
        self._age_s = age_s
        self._closed = closed
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._number = max((int(path.stem.partition("-")[0]) for path in _segments(folder)), default=0)
        self._file: int | None = None
        self._size_bytes = 0
        self._items = 0
        self._opened_s = 0.0
        self._thread = threading.Thread(target=self._run, name="turnloom-segment", daemon=True)

    def start(self) -> None:
        """Start taking entries."""
        self._thread.start()

    def append(self, entry: Entry) -> "Future[None]":
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
            batch = self._gather()
            running = None not in batch
            self._write([each for each in batch if each is not None])
            if self._file is not None and (not running or self._is_due()):
                self._close()
        while not self._queue.empty():
            if (late := self._queue.get()) is not None:
                late[1].set_exception(OSError("the server is stopping"))

    def _gather(self) -> list[Waiting | None]:
        """All that waits; blocks for the first, at most until the open segment is due."""
        timeout_s = None
        if self._file is not None:
            timeout_s = max(0.0, self._opened_s + self._age_s - time.monotonic())
        batch: list[Waiting | None] = []
        try:
            batch.append(self._queue.get(timeout=timeout_s))
            while len(batch) < BATCH_MAX:
                batch.append(self._queue.get_nowait())
        except Empty:
            pass  # nothing more waits: write what there is
        return batch

    def _write(self, batch: list[Waiting]) -> None:
        held = [each for each in batch if each[1].set_running_or_notify_cancel()]
        if not held:
            return
        try:
            self._append_all([entry for entry, _ in held])
        except Exception as error:  # noqa: BLE001 (the thread must live, and each sender be told)
            log.warning("could not write to a segment, the senders are told: %s", error)
            self._give_up()
            failure = error if isinstance(error, OSError) else OSError(str(error))
            for _, future in held:
                future.set_exception(failure)
        else:
            for _, future in held:
                future.set_result(None)

    def _append_all(self, entries: list[Entry]) -> None:
        data = b"".join([entry.frame() for entry in entries])
        if self._file is None:
            self._file = self._open()
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        os.fsync(self._file)
        self._size_bytes += len(data)
        self._items += sum(entry.items for entry in entries)

    def _open(self) -> int:
        self._number += 1
        self._size_bytes = self._items = 0
        self._opened_s = time.monotonic()
        file = os.open(self._path(), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            sync_folder(self._folder)
        except OSError:
            os.close(file)
            self._path().unlink()
            raise
        return file

    def _is_due(self) -> bool:
        return self._items >= self._items_max or time.monotonic() - self._opened_s >= self._age_s

    def _close(self) -> None:
        assert self._file is not None  # noqa: S101 (the caller looked)
        os.close(self._file)
        self._file = None
        self._closed(Segment(self._path(), self._items))

    def _give_up(self) -> None:
        """After a failed write: keep what was acknowledged before, and cut what was not."""
        if self._file is None:
            return
        try:
            os.ftruncate(self._file, self._size_bytes)
        except OSError as error:
            log.warning("could not cut a segment: %s; its torn tail is cut when it is read", error)
        self._close()

    def _path(self) -> Path:
        return self._folder / f"{self._number:012d}{SUFFIX}"


def _segments(folder: Path) -> list[Path]:
    return [path for path in folder.glob(f"*{SUFFIX}") if path.stem.partition("-")[0].isdecimal()]


def _entry_at(data: bytes, offset: int) -> tuple[Entry | None, int]:
    """The entry at an offset, or None, and where the next one is; behind the end of a torn tail."""
    start = offset + FRAME.size
    if start <= len(data):
        magic, header_length, body_length, checksum = FRAME.unpack_from(data, offset)
        middle, end = start + header_length, start + header_length + body_length
        if magic == MAGIC and end <= len(data) and zlib.crc32(memoryview(data)[start:end]) == checksum:
            return Entry(**orjson.loads(data[start:middle]), body=data[middle:end]), end
    following = _next_entry(data, offset + 1)
    if following is not None:
        return None, following
    return None, len(data) if _is_whole(data, offset) else len(data) + 1


def _next_entry(data: bytes, offset: int) -> int | None:
    """Where the next entry is that can be read."""
    while (offset := data.find(MAGIC, offset)) >= 0:
        if offset + FRAME.size <= len(data):
            _, header_length, body_length, checksum = FRAME.unpack_from(data, offset)
            start = offset + FRAME.size
            end = start + header_length + body_length
            if end <= len(data) and zlib.crc32(memoryview(data)[start:end]) == checksum:
                return offset
        offset += 1
    return None


def _is_whole(data: bytes, offset: int) -> bool:
    """Whether a record that cannot be read was written to its end, and so may have been acknowledged."""
    if offset + FRAME.size > len(data):
        return False
    magic, header_length, body_length, _ = FRAME.unpack_from(data, offset)
    return magic != MAGIC or offset + FRAME.size + header_length + body_length == len(data)
