"""Segments over which the digest ended: each is tried alone, then taken apart, at last kept apart.

A request that ends the digest process (a crash in native code, memory) costs only itself: what
was accepted with it is found out by trying its segment alone, and then each of its requests.
"""

import logging
from collections import Counter, deque
from collections.abc import Iterable
from pathlib import Path

from turnloom.server.ingest.job import reject
from turnloom.server.ingest.quarantine import Quarantine
from turnloom.server.ingest.segment import Entry, Segment, read_segment, split_segment

log = logging.getLogger(__name__)

FAILURES_MAX = 3
"""Digests that may end over a segment: the first may have been another segment's, the second bad luck."""


class Suspects:
    """Segments to be tried alone.

    Args:
        quarantine: Where a request goes that ends the digest whenever it is tried.
    """

    def __init__(self, quarantine: Quarantine) -> None:
        self._quarantine = quarantine
        self._failures: Counter[Path] = Counter()
        self._waiting: deque[Segment] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    @property
    def items(self) -> int:
        """Items in the segments that wait."""
        return sum(segment.items for segment in self._waiting)

    def accuse(self, segments: Iterable[Segment], reason: str) -> None:
        """Note that a digest of segments ended, and what is to be done about each."""
        for segment in segments:
            self._failures[segment.path] += 1
            if self._failures[segment.path] < FAILURES_MAX:
                self._waiting.append(segment)
            else:
                del self._failures[segment.path]
                self._take_apart(segment, reason)

    def put_back(self, segments: Iterable[Segment]) -> None:
        """Take segments back that could not be tried."""
        self._waiting.extend(segments)

    def next(self) -> Segment:
        """The next one to try."""
        return self._waiting.popleft()

    def acquit(self, segments: Iterable[Segment]) -> None:
        """Forget what was held against segments that are digested."""
        for segment in segments:
            self._failures.pop(segment.path, None)

    def _take_apart(self, segment: Segment, reason: str) -> None:
        try:
            if _is_part(segment.path):
                self._give_up(segment.path, reason)
                return
            parts = split_segment(segment)
        except OSError as error:
            log.warning("could not take %s apart, it is tried again: %s", segment.path.name, error)
            self._waiting.append(segment)
            return
        for part in parts:  # one more failure, and it is the one
            self._failures[part.path] = FAILURES_MAX - 1
        self._waiting.extend(parts)

    def _give_up(self, path: Path, reason: str) -> None:
        for entry in read_segment(path):
            if isinstance(entry, Entry):
                self._quarantine.keep_request(reject(entry, [reason]))
        path.unlink(missing_ok=True)


def _is_part(path: Path) -> bool:
    return "-" in path.stem
