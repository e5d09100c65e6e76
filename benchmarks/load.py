"""A load client: some connections send the requests of a workload as fast as they are taken.

`python -m benchmarks.load URL FILE` reads frames from a file or, for `-`, from standard input, and
prints what happened as JSON. It retries as an OpenTelemetry exporter does.
"""

import argparse
import json
import queue
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.processes import pin
from benchmarks.workload import Payload, read_frames

RETRIED = frozenset({429, 502, 503, 504})
RETRIES_MAX = 50
RETRY_S_MAX = 5.0
TIMEOUT_S = 120.0


@dataclass(slots=True)
class Load:
    """What became of a workload."""

    spans: int = 0
    """Acknowledged, each counted once."""
    sessions: int = 0
    requests: int = 0
    lost_spans: int = 0
    """Refused for good, or given up."""
    started_s: float = 0.0
    """Unix time of the first request."""
    ended_s: float = 0.0
    """Unix time of the last acknowledgement."""
    answers: dict[str, int] = field(default_factory=dict[str, int])
    """Answers by status, or by the name of the error."""
    latency_p50_ms: float = 0.0
    latency_p99_ms: float = 0.0

    @property
    def duration_s(self) -> float:
        """From the first request to the last acknowledgement."""
        return self.ended_s - self.started_s


class LoadClient:
    """Sends requests over several connections.

    Args:
        url: Where to.
        headers: Further headers.
        connections: How many requests are under way at a time.
    """

    def __init__(self, url: str, headers: Mapping[str, str], connections: int = 4) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "127.0.0.1", parts.port or 80, parts.path
        self._headers = {
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "gzip",
            **headers,
        }
        self._connections = connections
        self._waiting: queue.Queue[Payload | None] = queue.Queue(maxsize=2 * connections)
        self._lock = threading.Lock()
        self._latencies_s: list[float] = []
        self._answers: Counter[str] = Counter()
        self._load = Load()

    def run(self, payloads: Iterator[Payload]) -> Load:
        """Send everything."""
        threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(self._connections)]
        for thread in threads:
            thread.start()
        for payload in payloads:
            if not self._load.started_s:
                self._load.started_s = time.time()
            self._load.sessions = max(self._load.sessions, payload.sessions)
            self._waiting.put(payload)
        for _ in threads:
            self._waiting.put(None)
        for thread in threads:
            thread.join()
        latencies_ms = sorted(1_000 * each for each in self._latencies_s)
        self._load.latency_p50_ms = percentile(latencies_ms, 50)
        self._load.latency_p99_ms = percentile(latencies_ms, 99)
        self._load.ended_s = time.time()
        self._load.answers = dict(self._answers)
        return self._load

    def _send_all(self) -> None:
        connection = HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
        while (payload := self._waiting.get()) is not None:
            is_taken = self._send(connection, payload.body)
            with self._lock:
                self._load.requests += 1
                if is_taken:
                    self._load.spans += payload.spans
                else:
                    self._load.lost_spans += payload.spans
        connection.close()

    def _send(self, connection: HTTPConnection, body: bytes) -> bool:
        """Send one request; whether it was acknowledged in the end."""
        for attempt in range(RETRIES_MAX):
            started_s = time.perf_counter()
            status, retry_s = self._ask(connection, body, attempt)
            with self._lock:
                self._answers[str(status)] += 1
                if status == 200:
                    self._latencies_s.append(time.perf_counter() - started_s)
            if status == 200:
                return True
            if isinstance(status, int) and status not in RETRIED:
                return False
            time.sleep(retry_s)
        return False

    def _ask(self, connection: HTTPConnection, body: bytes, attempt: int) -> tuple[int | str, float]:
        retry_s = min(RETRY_S_MAX, 0.05 * 2**attempt)
        try:
            connection.request("POST", self._path, body, self._headers)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            return type(error).__name__, retry_s
        told = response.getheader("Retry-After") or ""
        return response.status, min(RETRY_S_MAX, float(told)) if told.isdigit() else retry_s


def percentile(values: list[float], share: float) -> float:
    """The value below which a share (percent) of sorted values lies; 0 of none."""
    return values[min(len(values) - 1, int(share / 100 * len(values)))] if values else 0.0


def main() -> None:
    """Send a workload and print what became of it."""
    parser = argparse.ArgumentParser(description="Send the frames of a workload to an OTLP/HTTP end point.")
    parser.add_argument("url")
    parser.add_argument("file", help="frames of benchmarks.workload, - for standard input")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--header", action="append", default=[], metavar="NAME:VALUE")
    parser.add_argument("--core", type=int, help="the core to stay on")
    given = parser.parse_args()
    if given.core is not None:
        pin(given.core)
    headers = dict(each.split(":", 1) for each in given.header)
    client = LoadClient(given.url, headers, given.connections)
    with sys.stdin.buffer if given.file == "-" else Path(given.file).open("rb") as stream:
        print(json.dumps(asdict(client.run(read_frames(stream)))))


if __name__ == "__main__":
    main()
