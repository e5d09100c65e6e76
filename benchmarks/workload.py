"""A deterministic workload: OTLP requests of sessions that run beside each other.

`python -m benchmarks.workload --spans N` writes the requests as frames to standard output, as fast
as they are taken from there and in bounded memory.
"""

import argparse
import gzip
import hashlib
import random
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from benchmarks.processes import pin
from benchmarks.turns import CHANNELS, MODELS, SHAPES, Place, TurnMaker

SECOND = 1_000_000_000
"""Nanoseconds."""

START_NS = 1_790_000_000 * SECOND
"""When the first session starts, unless told otherwise."""

SPANS_PER_REQUEST = 512
"""Spans after which a request is sent, as exporters do."""

TURNS = 8
"""Turns of a session on average."""

TURNS_AT_ONCE = 64
"""Turns that a request may mix."""

SESSION_EVERY_S = 3
"""Seconds between the starts of two sessions."""

FRAME = struct.Struct("<III")
"""Spans that were not sent before, sessions begun so far, length of the body."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One request."""

    spans: int
    """Spans in it that were in none before."""
    sessions: int
    """Sessions begun so far."""
    body: bytes
    """An `ExportTraceServiceRequest`, compressed with gzip."""


@dataclass(frozen=True, slots=True)
class Workload:
    """What to send."""

    spans: int
    """Spans after which no further session begins."""
    shape: str = "chat"
    seed: int = 1
    """Names and contents of the sessions: another seed, other sessions."""
    start_ns: int = START_NS

    def payloads(self) -> Iterator[Payload]:
        """The requests, in order."""
        for count, payload in enumerate(self._requests(_Requests()), 1):
            yield payload
            if SHAPES[self.shape].repeats and count % 10 == 0:
                yield Payload(0, payload.sessions, payload.body)

    def session_id(self, index: int) -> str:
        """The id of a session by its index."""
        return f"sess-{hashlib.sha256(f'{self.seed}/{index}'.encode()).hexdigest()[:20]}"

    def _requests(self, requests: "_Requests") -> Iterator[Payload]:
        rng = random.Random(self.seed)
        late: list[Span] = []
        waiting: list[list[Span]] = []
        for requests.sessions, spans in self._turns(rng):
            waiting.append(spans)
            if len(waiting) < TURNS_AT_ONCE:
                continue
            rng.shuffle(waiting)
            for turn in waiting:
                requests.add(self._punctual(turn, late))
                if requests.is_full():
                    yield requests.flush()
                    requests.add(late)
                    late.clear()
            waiting.clear()
        for turn in waiting:
            requests.add(turn)
        requests.add(late)
        if requests.spans:
            yield requests.flush()

    def _punctual(self, turn: list[Span], late: list[Span]) -> list[Span]:
        """The spans to send now; a root that is late goes to the others that are."""
        if not SHAPES[self.shape].roots_late:
            return turn
        late.extend(span for span in turn if not span.parent_span_id)
        return [span for span in turn if span.parent_span_id]

    def _turns(self, rng: random.Random) -> Iterator[tuple[int, list[Span]]]:
        """(sessions begun, spans of a turn), session after session."""
        maker = TurnMaker(SHAPES[self.shape], rng)
        made, index = 0, 0
        while made < self.spans:
            place = Place(
                self.session_id(index),
                f"user-{rng.randrange(max(1, self.spans // 180)):06d}",
                rng.choice(CHANNELS),
                *rng.choice(MODELS),
            )
            time_ns = self.start_ns + index * SESSION_EVERY_S * SECOND + rng.randrange(SECOND)
            turns = max(1, min(3 * TURNS, round(rng.gauss(TURNS, TURNS / 4))))
            index += 1
            for number in range(1, turns + 1):
                spans, time_ns = maker.make(place, number, time_ns)
                made += len(spans)
                yield index, spans
                time_ns += rng.randint(3, 60) * SECOND


class _Requests:
    """The request in the making."""

    def __init__(self) -> None:
        self.sessions = 0
        self.spans: list[Span] = []

    def add(self, spans: list[Span]) -> None:
        """Add spans."""
        self.spans.extend(spans)

    def is_full(self) -> bool:
        """Whether it has to be sent."""
        return len(self.spans) >= SPANS_PER_REQUEST

    def flush(self) -> Payload:
        """End it and begin the next."""
        request = ExportTraceServiceRequest()
        group = request.resource_spans.add()
        for key, value in (
            ("service.name", "bench"),
            ("telemetry.sdk.language", "python"),
            ("openinference.project.name", "bench"),
        ):
            group.resource.attributes.add(key=key).value.string_value = value
        scope = group.scope_spans.add()
        scope.scope.name, scope.scope.version = "benchmarks", "1"
        scope.spans.extend(self.spans)
        payload = Payload(
            len(self.spans), self.sessions, gzip.compress(request.SerializeToString(), 1, mtime=0)
        )
        self.spans.clear()
        return payload


def write_frames(payloads: Iterator[Payload], stream: BinaryIO) -> None:
    """Write requests to a stream."""
    for payload in payloads:
        stream.write(FRAME.pack(payload.spans, payload.sessions, len(payload.body)))
        stream.write(payload.body)


def read_frames(stream: BinaryIO) -> Iterator[Payload]:
    """Read requests from a stream."""
    while head := stream.read(FRAME.size):
        spans, sessions, length = FRAME.unpack(head)
        yield Payload(spans, sessions, stream.read(length))


def main() -> None:
    """Write a workload to standard output."""
    parser = argparse.ArgumentParser(description="Write a workload as frames to standard output.")
    parser.add_argument("--spans", type=int, default=100_000)
    parser.add_argument("--shape", choices=SHAPES, default="chat")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start-ns", type=int, default=START_NS)
    parser.add_argument("--core", type=int, help="the core to stay on")
    given = parser.parse_args()
    if given.core is not None:
        pin(given.core)
    workload = Workload(given.spans, given.shape, given.seed, given.start_ns)
    write_frames(workload.payloads(), sys.stdout.buffer)


if __name__ == "__main__":
    main()
