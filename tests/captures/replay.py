"""Requests through the whole digest: segment, mapping, engine, tables."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from turnloom.model.session import Session
from turnloom.model.turn import Turn
from turnloom.server.ingest.digests import Digests
from turnloom.server.ingest.job import Job
from turnloom.server.ingest.segment import SUFFIX, Entry
from turnloom.server.store.columns import SESSION_COLUMNS
from turnloom.server.store.engine import Engine
from turnloom.server.store.event_store import EventStore

RECEIVED_US = 1_796_000_000_000_000
"""After every recording."""

CONTENT_TABLES = ("spans", "records")
"""The version of their rows is that of the content, not that of the digest which wrote them."""

PLAIN_TABLES = (*CONTENT_TABLES, "conversations", "links", "traces")
"""Compared as they are stored; turns and sessions are compared as what they hold."""


@dataclass(frozen=True)
class Request:
    """The body of one request."""

    kind: str
    """`traces`, `logs` or `scores`."""
    body: bytes

    def entry(self, project: str) -> Entry:
        """The request as it is accepted."""
        content = "json" if self.kind == "scores" else "protobuf"
        return Entry(project, self.kind, content, "identity", RECEIVED_US, "replay", 1, self.body)


Batch = Sequence[Request]
"""Requests that one digest takes."""


class Replay:
    """Digests requests into the tables of an engine.

    Args:
        engine: An empty, migrated database.
        folder: For segments.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self._folder = folder
        self._digests = Digests(engine)
        self._numbers = itertools.count(1)

    def send(self, project: str, batches: Iterable[Batch], *, forget: bool = False) -> None:
        """Digest batches one after the other.

        Args:
            project: Where to.
            batches: Of requests, in the order in which they come.
            forget: Start anew after each, from what the tables hold.
        """
        for batch in batches:
            number = next(self._numbers)
            segment = self._folder / f"{number:012d}{SUFFIX}"
            segment.write_bytes(b"".join(request.entry(project).frame() for request in batch))
            job = Job(
                number=number, segments=(segment,), sessions=(), version=number, now_us=RECEIVED_US,
                request_bytes_max=1 << 24, turn_incomplete_us=900_000_000,
            )  # fmt: skip
            report = self._digests.store(job, *self._digests.map(job))
            assert (report.rejects, report.refused) == ([], [])
            if forget:
                self._digests = Digests(self.engine)

    def turns(self, project: str) -> list[Turn]:
        """Turns and activity as they are stored, by start."""
        rows = self.engine.query(
            "SELECT DISTINCT session_id FROM turns FINAL WHERE project = {p:String}", {"p": project}
        )
        stored = EventStore(self.engine).turns(project, [row[0] for row in rows])
        turns = (turn for group in stored.values() for turn in group)
        return sorted(turns, key=lambda turn: (turn.start_us, turn.trace_id, turn.span_id))

    def sessions(self, project: str) -> dict[str, Session]:
        """Sessions as they are stored, by id."""
        rows = self.engine.query(
            f"SELECT {', '.join(SESSION_COLUMNS.names)} FROM sessions FINAL"  # noqa: S608 (names of the model)
            " WHERE project = {p:String}",
            {"p": project},
        )
        return {row[0]: SESSION_COLUMNS.value(row) for row in rows}

    def other_traffic(self, project: str) -> set[str]:
        """Traces that are about AI in no way."""
        rows = self.engine.query(
            "SELECT trace_id FROM traces FINAL WHERE project = {p:String} AND other_traffic", {"p": project}
        )
        return {row[0] for row in rows}

    def tables(self, project: str) -> dict[str, list[Any]]:
        """Every row of every table, without what a replay chooses: project, and version of a digest."""
        rows: dict[str, list[Any]] = {table: self._rows(table, project) for table in PLAIN_TABLES}
        sessions = self.sessions(project)
        return rows | {"turns": self.turns(project), "sessions": [sessions[key] for key in sorted(sessions)]}

    def _rows(self, table: str, project: str) -> list[str]:
        left_out = "project" if table in CONTENT_TABLES else "project, version"
        rows = self.engine.query(
            f"SELECT * EXCEPT ({left_out}) FROM {table} FINAL"  # noqa: S608 (constants)
            " WHERE project = {p:String}",
            {"p": project},
        )
        return sorted(map(repr, rows))


def whole(requests: Sequence[Request]) -> list[Request]:
    """One request of each kind; the bodies of two protobuf requests, joined, are one request."""
    kinds = {request.kind for request in requests} - {"scores"}
    joined = [
        Request(kind, b"".join(request.body for request in requests if request.kind == kind))
        for kind in sorted(kinds)
    ]
    return joined + [request for request in requests if request.kind == "scores"]


def apart(requests: Iterable[Request]) -> list[Request]:
    """Each span and each log record in a request of its own."""
    return [piece for request in requests for piece in _pieces(request)]


def _pieces(request: Request) -> list[Request]:
    if request.kind == "traces":
        return [Request("traces", body) for body in _spans_apart(request.body)]
    return (
        [Request("logs", body) for body in _logs_apart(request.body)] if request.kind == "logs" else [request]
    )


def _spans_apart(body: bytes) -> list[bytes]:
    bodies: list[bytes] = []
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                alone = ExportTraceServiceRequest()
                resource_alone = alone.resource_spans.add(resource=resource.resource)
                resource_alone.scope_spans.add(scope=scope.scope, spans=[span])
                bodies.append(alone.SerializeToString())
    return bodies


def _logs_apart(body: bytes) -> list[bytes]:
    bodies: list[bytes] = []
    for resource in ExportLogsServiceRequest.FromString(body).resource_logs:
        for scope in resource.scope_logs:
            for record in scope.log_records:
                alone = ExportLogsServiceRequest()
                resource_alone = alone.resource_logs.add(resource=resource.resource)
                resource_alone.scope_logs.add(scope=scope.scope, log_records=[record])
                bodies.append(alone.SerializeToString())
    return bodies
