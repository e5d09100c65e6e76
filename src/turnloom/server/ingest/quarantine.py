"""What was accepted and cannot be stored: kept with its error, counted, and shown.

Kept in files of JSON lines, each with a number. Together they may have `SIZE_MAX_BYTES`: then the
oldest file goes, and that is logged. What was removed stays counted until the server ends.
"""

import base64
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

import orjson

from turnloom.server.ingest.job import Reject, Report
from turnloom.server.ingest.segment import sync_folder
from turnloom.server.ingest.writing import RefusedRow

log = logging.getLogger(__name__)

SUFFIX = ".jsonl"

FILE_MAX_BYTES = 16 * 1024 * 1024
"""Size after which the next file begins: what is removed at a time."""

SIZE_MAX_BYTES = 512 * 1024 * 1024
"""Size of all files: some days of what one faulty sender does, and no more of the disk."""

Line = dict[str, Any]


class Quarantine:
    """Files of JSON lines, one line for each request or row that could not be stored.

    Args:
        folder: Where the files lie.
        size_max_bytes: What all files may have together.
        file_max_bytes: What one may have before the next begins.
    """

    def __init__(
        self, folder: Path, size_max_bytes: int = SIZE_MAX_BYTES, file_max_bytes: int = FILE_MAX_BYTES
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._size_max_bytes = size_max_bytes
        self._file_max_bytes = file_max_bytes
        self._lock = threading.Lock()
        self._count = sum(map(_count_lines, self._files()))

    @property
    def count(self) -> int:
        """Requests and rows that could not be stored, as far back as the files go or this process has run."""
        return self._count

    def keep(self, report: Report) -> None:
        """Keep what a digest could not map or store.

        Raises:
            OSError: It could not be written.
        """
        lines = [*map(_reject_line, report.rejects), *map(_row_line, report.refused)]
        if lines:
            first = (*report.rejects, *report.refused)[0].reason
            log.error("%d requests or rows are in quarantine; the first: %s", len(lines), first)
            self._append(lines)

    def keep_request(self, reject: Reject) -> None:
        """Keep a request, or what is left of it.

        Raises:
            OSError: It could not be written.
        """
        self.keep(Report(rejects=[reject]))

    def entries(self, limit: int) -> list[Line]:
        """The newest entries, newest first, without what was sent."""
        found: list[Line] = []
        for path in reversed(self._files()):
            for line in reversed(path.read_bytes().splitlines()):
                if len(found) >= limit:
                    return found
                if (values := _read_line(line)) is not None:
                    found.append({key: value for key, value in values.items() if key not in {"body", "row"}})
        return found

    def _append(self, lines: list[bytes]) -> None:
        with self._lock:
            path = self._current()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            size_bytes = os.fstat(descriptor).st_size
            try:
                for line in lines:
                    _write_all(descriptor, line + b"\n")
                os.fsync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size_bytes)
                raise
            finally:
                os.close(descriptor)
            sync_folder(self._folder)
            self._count += len(lines)
            self._remove_oldest()

    def _current(self) -> Path:
        """The file to append to: the newest, or the next one when that is full or ends in a torn line."""
        files = self._files()
        if files and files[-1].stat().st_size < self._file_max_bytes and _ends_whole(files[-1]):
            return files[-1]
        number = int(files[-1].stem) + 1 if files else 1
        return self._folder / f"{number:08d}{SUFFIX}"

    def _remove_oldest(self) -> None:
        sizes = [(path, path.stat().st_size) for path in self._files()]
        total_bytes = sum(size_bytes for _, size_bytes in sizes)
        for path, size_bytes in sizes[:-1]:
            if total_bytes <= self._size_max_bytes:
                return
            log.error("the quarantine is full: its oldest file %s is removed", path.name)
            path.unlink()
            total_bytes -= size_bytes

    def _files(self) -> list[Path]:
        return sorted(path for path in self._folder.glob(f"*{SUFFIX}") if path.stem.isdecimal())


def _reject_line(reject: Reject) -> bytes:
    body = base64.b64encode(reject.body).decode()
    return _dump({"time_s": int(time.time()), "reason": reject.reason, **reject.header, "body": body})


def _row_line(refused: RefusedRow) -> bytes:
    return _dump(
        {
            "time_s": int(time.time()),
            "reason": refused.reason,
            "project": refused.row.get("project"),
            "table": refused.table,
            "row": {name: _plain(value) for name, value in refused.row.items()},
        }
    )


def _dump(values: Line) -> bytes:
    try:
        return orjson.dumps(values, default=str)
    except TypeError:  # text that is no UTF-8, or a number of more than 64 bits somewhere below
        text = repr(values).encode("ascii", "backslashreplace").decode()
        return orjson.dumps({"reason": str(values["reason"]), "row": text})


def _plain(value: Any) -> Any:
    """What JSON can hold: large numbers as text, half of a surrogate pair escaped."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _read_line(line: bytes) -> Line | None:
    """A line, or None when it is torn: the process ended while it wrote it."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return True
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
