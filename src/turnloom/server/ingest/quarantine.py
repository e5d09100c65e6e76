"""What was accepted and cannot be stored: kept with its error, counted, and shown."""

import base64
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

import orjson

from turnloom.server.ingest.worker import Report

log = logging.getLogger(__name__)

FILE = "quarantine.jsonl"


class Quarantine:
    """A file of JSON lines, one for each thing that could not be stored.

    Args:
        folder: Where the file lies.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._count = sum(1 for _ in self._path.open("rb")) if self._path.exists() else 0

    @property
    def count(self) -> int:
        """Things in quarantine."""
        return self._count

    def keep(self, report: Report) -> None:
        """Keep what a digest could not map or store."""
        lines = [
            {"reason": reason, **header, "body": base64.b64encode(body).decode()}
            for reason, header, body in report.misfits
        ]
        lines += [{"reason": each.reason, "table": each.table, "row": each.row} for each in report.refused]
        if lines:
            log.error("%d things could not be stored and are in quarantine; the first: %s", len(lines), lines[0]["reason"])
            self._append(lines)

    def keep_segment(self, path: Path) -> None:
        """Keep a segment that ends the digest process whenever it is digested."""
        log.error("the digest process ended over %s again and again: it is in quarantine", path.name)
        path.rename(self._path.parent / path.name)
        self._append([{"reason": "the digest process ended whenever it was digested", "segment": path.name}])

    def entries(self, limit: int) -> list[dict[str, Any]]:
        """The newest entries, without their bodies."""
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().splitlines()[-limit:]
        return [{key: value for key, value in orjson.loads(line).items() if key not in {"body", "row"}} for line in lines]

    def _append(self, lines: list[dict[str, Any]]) -> None:
        data = b"".join(orjson.dumps({"time_s": int(time.time()), **line}, default=str) + b"\n" for line in lines)
        with self._lock:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, data)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._count += len(lines)
