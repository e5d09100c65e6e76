"""The digest in a process of its own, so that pages stay quick; its database is behind a pipe."""

import logging
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from turnloom.server.domain.session import SessionRules
from turnloom.server.ingest.convert import Converted, convert
from turnloom.server.ingest.digest import ProjectDigest
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.segment import read_segment
from turnloom.server.ingest.writing import RefusedRow, Writing
from turnloom.server.store.event_store import Database, EventStore

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Report:
    """What a digest did."""

    spans: int = 0
    records: int = 0
    misfits: list[tuple[str, dict[str, Any], bytes]] = field(default_factory=list[tuple[str, dict[str, Any], bytes]])
    """(reason, header, body) of requests that could not be mapped, wholly or in part."""
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])


@dataclass(frozen=True, slots=True)
class Job:
    """Work for one digest."""

    segments: tuple[Path, ...]
    sessions: tuple[tuple[str, str], ...]
    """(project, session id) of sessions that the clock has changed."""
    version: int
    now_us: int
    request_bytes_max: int
    turn_incomplete_us: int


def run_job(job: Job, database: Database) -> Report:
    """Digest segments and what the clock has changed, and store the result.

    Args:
        job: What to digest.
        database: Where to look up and insert.
    """
    converted = convert((entry for path in job.segments for entry in read_segment(path)), job.request_bytes_max)
    for project, session_id in job.sessions:
        converted.projects.setdefault(project, Incoming()).sessions.add(session_id)
    report = Report(converted.spans, converted.records, _misfits(converted))
    store = EventStore(database)
    rules = SessionRules(turn_incomplete_us=job.turn_incomplete_us)
    for project, incoming in converted.projects.items():
        digest = ProjectDigest(store, project, job.version, job.now_us, rules)
        report.refused += _write(digest, incoming, database)
    return report


def _write(digest: ProjectDigest, incoming: Incoming, database: Database) -> list[RefusedRow]:
    """Store spans first; what the engine refuses of them takes no part in what is derived."""
    writing: Writing = digest.run(incoming)
    refused = writing.write_spans(database.insert)
    if refused:
        keys = {(each.row["trace_id"], each.row["span_id"]) for each in refused}
        writing = digest.run(incoming.without(keys))
    return refused + writing.write_rest(database.insert)


def _misfits(converted: Converted) -> list[tuple[str, dict[str, Any], bytes]]:
    return [
        (each.reason, {"project": each.entry.project, "kind": each.entry.kind, "sender": each.entry.sender,
                       "received_us": each.entry.received_us, "content": each.entry.content,
                       "encoding": each.entry.encoding}, each.entry.body)
        for each in converted.misfits
    ]  # fmt: skip


class PipeDatabase:
    """The database of the main process, seen from the worker.

    Args:
        pipe: The worker's end.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def query_raw(self, sql: str, parameters: dict[str, Any] | None = None) -> bytes:
        """Run a query in the main process."""
        return self._ask("query", sql, parameters)

    def insert(self, table: str, rows: bytes) -> None:
        """Insert in the main process."""
        self._ask("insert", table, rows)

    def _ask(self, *message: Any) -> Any:
        self._pipe.send(message)
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def serve_worker(pipe: Connection, run: Callable[[Job, Database], Report] = run_job) -> None:
    """Main function of the worker process: a job in, a report out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=os.environ.get("TURNLOOM_LOG", "WARNING"))
    database = PipeDatabase(pipe)
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(("done", run(job, database)))
        except (EOFError, BrokenPipeError):
            return
        except Exception as error:  # the main process decides what to do about it
            log.exception("a digest failed")
            pipe.send(("failed", f"{type(error).__name__}: {error}", traceback.format_exc()))
