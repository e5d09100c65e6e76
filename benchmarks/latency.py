"""How long pages take, and how fresh they are, while something else goes on."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from benchmarks.errors import BenchmarkError
from benchmarks.load import percentile

PAUSE_S = 0.2
"""Between two requests of one reader."""

IDLE_S_MAX = 2.0
"""After so long without a request a connection is not used again: servers close idle ones."""

VISIBLE_S_MAX = 60.0

SEND_EVERY_S = 0.3
LOOK_EVERY_S = 0.05
"""How often a probe is sent, and how often the list is read."""

PATH = "/api/v1/sessions"
NEWEST = {"sort": "started_at", "order": "desc", "limit": "50"}


class Reader:
    """GETs over one connection, and how long they took.

    Args:
        url: The server.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=120)
        self._used_s = time.perf_counter()
        self.latencies_ms: list[float] = []

    def get(self, path: str, **query: str) -> bytes:
        """Read a path.

        Raises:
            BenchmarkError: The answer was not 200.
        """
        started_s = time.perf_counter()
        status, body = self.ask("GET", f"{path}?{urlencode(query)}" if query else path)
        self.latencies_ms.append(1_000 * (time.perf_counter() - started_s))
        if status != 200:
            raise BenchmarkError(f"GET {path} {query} was answered {status}: {body[:300]!r}")
        return body

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Send a request."""
        headers = {"Content-Type": "application/x-protobuf"} if body else {}
        if time.perf_counter() - self._used_s > IDLE_S_MAX:
            self._connection.close()  # it opens again by itself
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        answer = response.status, response.read()
        self._used_s = time.perf_counter()
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def measure(ask: Callable[[], object], times: int) -> list[float]:
    """Latencies in ms, sorted, of some calls after one that is not counted."""
    ask()
    latencies_ms: list[float] = []
    for _ in range(times):
        started_s = time.perf_counter()
        ask()
        latencies_ms.append(1_000 * (time.perf_counter() - started_s))
    return sorted(latencies_ms)


class Beside:
    """Does something again and again in a thread of its own while a `with` block runs.

    Args:
        step: What to do; an exception ends it and is raised at the end of the block.
        pause_s: Seconds between two steps.
    """

    def __init__(self, step: Callable[[], object], pause_s: float = PAUSE_S) -> None:
        self._step = step
        self._pause_s = pause_s
        self._ended = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._step()
            except Exception as error:  # noqa: BLE001 (border of a thread; raised where it is waited for)
                self._error = error
                return
            self._ended.wait(self._pause_s)


class Freshness:
    """How long after its acknowledgement a new session is in the list.

    Args:
        url: The server.
    """

    def __init__(self, url: str) -> None:
        self._sender, self._lists = Reader(url), Reader(url)
        self._open: dict[str, float] = {}
        self._lock = threading.Lock()
        self._delays_s: list[float] = []

    @property
    def sent(self) -> int:
        """Sessions that were sent and have appeared."""
        return len(self._delays_s)

    @property
    def list_latencies_ms(self) -> Sequence[float]:
        """How long the list took that was asked meanwhile."""
        return self._lists.latencies_ms

    @contextmanager
    def probing(self) -> Iterator[None]:
        """Send and look while a block runs; at its end wait until everything has appeared.

        Raises:
            BenchmarkError: Something did not appear.
        """
        with Beside(self._look, LOOK_EVERY_S):
            with Beside(self._send, SEND_EVERY_S):
                yield
            deadline_s = time.perf_counter() + VISIBLE_S_MAX
            while self._open:
                if time.perf_counter() > deadline_s:
                    raise BenchmarkError(
                        f"acknowledged and not listed {VISIBLE_S_MAX:.0f} s later: {[*self._open]}"
                    )
                time.sleep(LOOK_EVERY_S)

    def worst_s(self) -> float:
        """The longest delay."""
        return max(self._delays_s, default=0.0)

    def p95_s(self) -> float:
        """The delay that 95 % kept."""
        return percentile(sorted(self._delays_s), 95)

    def _send(self) -> None:
        session_id = f"probe-{secrets.token_hex(8)}"
        status, answer = self._sender.ask("POST", "/v1/traces", _one_turn(session_id))
        if status == 200:
            with self._lock:
                self._open[session_id] = time.perf_counter()
        elif status not in {429, 503}:
            raise BenchmarkError(f"a probe was answered {status}: {answer[:300]!r}")

    def _look(self) -> None:
        listed = self._lists.get(PATH, **NEWEST)
        seen_s = time.perf_counter()
        with self._lock:
            for session_id in [each for each in self._open if each.encode() in listed]:
                self._delays_s.append(seen_s - self._open.pop(session_id))


def _one_turn(session_id: str) -> bytes:
    request = ExportTraceServiceRequest()
    span = (
        request.resource_spans.add()
        .scope_spans.add()
        .spans.add(
            trace_id=secrets.token_bytes(16),
            span_id=secrets.token_bytes(8),
            name="chat turn",
            start_time_unix_nano=time.time_ns() - 1_000_000,
            end_time_unix_nano=time.time_ns(),
        )
    )
    for key, value in (
        ("session.id", session_id),
        ("input.value", "Are you there?"),
        ("output.value", "Yes."),
    ):
        span.attributes.add(key=key).value.string_value = value
    return request.SerializeToString()
