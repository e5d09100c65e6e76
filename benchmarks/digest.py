"""Where the digest's CPU time goes, stage by stage: `python -m benchmarks.digest`.

The same functions that the server's worker runs, on the real engine, in this process and one after
the other: no socket, no pipe, nothing at the same time.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any

from benchmarks.report import columns, machine
from benchmarks.turns import SHAPES
from benchmarks.workload import Payload, Workload
from turnloom.server.domain.rules import SessionRules
from turnloom.server.domain.signs import distil
from turnloom.server.domain.trace import TraceReading
from turnloom.server.ingest.digest import ProjectDigest
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.inflate import inflate
from turnloom.server.ingest.memory import Memory
from turnloom.server.ingest.otlp import decode_traces
from turnloom.server.ingest.pricing import priced
from turnloom.server.ingest.touched import TouchedTraces
from turnloom.server.ingest.writing import Writing
from turnloom.server.store.engine import Engine
from turnloom.server.store.event_store import EventStore, Writer
from turnloom.server.store.schema import migrate
from turnloom.server.store.span_rows import lighten, span_row
from turnloom.vocabulary import canonical

PROJECT = "default"
BODY_BYTES_MAX = 64 * 1024 * 1024
REQUESTS_PER_DIGEST = 16
"""Of 512 spans: about as many as a full segment has."""

TEXTS = {
    "inflate": "inflate",
    "decode": "decode",
    "canonical": "canonical span (vocabulary)",
    "price": "price",
    "row": "row",
    "traces": "traces: take, chain, read turns",
    "sessions": "sessions: read, number, rows",
    "query": "lookups in the engine",
    "encode": "rows to blocks",
    "insert spans": "insert of spans, with fsync",
    "insert others": "insert of turns, sessions, traces",
    "beside": "beside: merges",
}


class Stages:
    """CPU seconds by stage; a stage inside another is not counted twice."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._inner_s = [0.0]
        self.reset()

    def reset(self) -> None:
        """Begin again."""
        self.seconds.clear()
        self._start_s = time.process_time()

    @contextmanager
    def stage(self, name: str, *, engine: bool = False) -> Iterator[None]:
        """Count what runs in the block.

        Args:
            name: Where to count it.
            engine: Whether the engine works, in threads of its own, while this one waits.
        """
        thread_s, process_s = time.thread_time(), time.process_time()
        self._inner_s.append(0.0)
        try:
            yield
        finally:
            used_s = time.thread_time() - thread_s
            self.seconds[name] += time.process_time() - process_s if engine else used_s - self._inner_s[-1]
            self._inner_s.pop()
            self._inner_s[-1] += used_s

    def finish(self) -> None:
        """Count what the engine has done beside: merges."""
        used_s = time.process_time() - self._start_s
        self.seconds["beside"] = used_s - sum(self.seconds.values())


class TimedDatabase:
    """The engine, with the time that it takes.

    Args:
        engine: The engine.
        stages: Takes the times.
    """

    def __init__(self, engine: Engine, stages: Stages) -> None:
        self._engine = engine
        self._stages = stages

    def query_raw(self, sql: str, parameters: dict[str, Any] | None = None) -> bytes:
        """Run a query."""
        with self._stages.stage("query", engine=True):
            return self._engine.query_raw(sql, parameters)

    def insert_native(self, table: str, block: bytes) -> None:
        """Insert a block."""
        with self._stages.stage("insert spans" if table == "spans" else "insert others", engine=True):
            self._engine.insert(table, block, "Native")


class TimedDigest(ProjectDigest):
    """A digest that tells the time of sessions from that of traces."""

    stages: Stages

    def _derive(
        self,
        traces: TouchedTraces,
        readings: Mapping[str, TraceReading],
        incoming: Incoming,
        writing: Writing,
    ) -> Any:
        with self.stages.stage("sessions"):
            return super()._derive(traces, readings, incoming, writing)


class Profile:
    """Digests a workload and keeps the times.

    Args:
        engine: A migrated engine.
    """

    def __init__(self, engine: Engine) -> None:
        self.stages = Stages()
        self.spans = 0
        self._database = TimedDatabase(engine, self.stages)
        self._store = EventStore(self._database)
        self._writer = Writer(self._database)
        self._memory = Memory()

    def reset(self) -> None:
        """Forget what was counted."""
        self.stages.reset()
        self.spans = 0

    def make(self, payloads: Iterator[Payload]) -> list[Payload]:
        """What one digest gets; it is made in this process too, which is no cost of the digest."""
        with self.stages.stage("make"):
            return list(islice(payloads, REQUESTS_PER_DIGEST))

    def digest(self, payloads: list[Payload]) -> None:
        """Do one digest."""
        incoming = Incoming()
        for payload in payloads:
            self._convert(payload, incoming)
        now_ns = time.time_ns()
        digest = TimedDigest(
            self._store,
            self._memory,
            PROJECT,
            now_ns,
            now_ns // 1_000,
            rules=SessionRules(turn_incomplete_us=900_000_000),
        )
        digest.stages = self.stages
        with self.stages.stage("traces"):
            writing = digest.run(incoming)
        with self.stages.stage("encode"):
            for _, rows in sorted(writing.spans.items()):
                self._writer.insert("spans", rows)
            for table, rows in chain.from_iterable(writing.derived()):
                self._writer.insert(table, rows)

    def _convert(self, payload: Payload, incoming: Incoming) -> None:
        stage = self.stages.stage
        with stage("inflate"):
            body = inflate(payload.body, "gzip", BODY_BYTES_MAX)
        with stage("decode"):
            raws = list(decode_traces(body, "protobuf", time.time_ns() // 1_000).spans)
        with stage("canonical"):
            spans = [canonical(raw) for raw in raws]
        with stage("price"):
            spans = [distil(priced(span)) for span in spans]
        with stage("row"):
            for span in spans:
                row = span_row(span, PROJECT)
                incoming.add_span(lighten(span), row)
        self.spans += len(spans)


def main() -> None:
    """Print µs of CPU a span by stage."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.digest", description=__doc__)
    parser.add_argument("--spans", type=int, default=50_000)
    parser.add_argument("--shape", choices=SHAPES, default="chat")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="turnloom-bench-") as folder:
        engine = Engine.open_embedded(Path(folder) / "events")
        migrate(engine)
        profile = Profile(engine)
        payloads = iter(Workload(given.spans, given.shape).payloads())
        profile.digest(profile.make(payloads))
        profile.reset()  # the first one loads modules and plans
        while batch := profile.make(payloads):
            profile.digest(batch)
        profile.stages.finish()
        engine.close()
    print(f"{profile.spans:,} spans of shape {given.shape}; {machine()}\n")
    rows = [
        [text, f"{1e6 * profile.stages.seconds[name] / profile.spans:.1f} µs"] for name, text in TEXTS.items()
    ]
    total_us = 1e6 * sum(profile.stages.seconds[name] for name in TEXTS) / profile.spans
    print(columns([["", "CPU a span"], *rows, ["in all", f"{total_us:.1f} µs"]]))


if __name__ == "__main__":
    main()
