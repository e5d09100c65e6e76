"""The digest in a process of its own, so that pages stay quick; its database is behind a pipe.

Mapping the next job and storing the one before overlap: the first takes this process's time, the
second waits for the engine, which works in the main process.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Queue
from typing import Any

from turnloom.server.domain.rules import SessionRules
from turnloom.server.ingest.convert import Converted, Misfit, convert
from turnloom.server.ingest.digest import ProjectDigest
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.memory import Memory
from turnloom.server.ingest.remote import RemoteDatabase
from turnloom.server.ingest.segment import read_segment
from turnloom.server.ingest.writing import Insert, RefusedRow, Writing, insert_isolating
from turnloom.server.store.errors import StoreError
from turnloom.server.store.event_store import Database, EventStore

log = logging.getLogger(__name__)


class InsertingDatabase(Database):
    """A database that also takes rows."""

    def insert(self, table: str, rows: bytes) -> None:
        """Insert JSON lines and return when they are on disk."""
        ...


@dataclass(slots=True)
class Report:
    """What a digest did."""

    spans: int = 0
    records: int = 0
    duration_s: float = 0.0
    """From the end of the job before, or this one's start, to its own end."""
    misfits: list[tuple[str, dict[str, Any], bytes]] = field(default_factory=list[tuple[str, dict[str, Any], bytes]])
    """(reason, header, body) of requests that could not be mapped, wholly or in part."""
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])


@dataclass(frozen=True, slots=True)
class Job:
    """Work for one digest."""

    number: int
    segments: tuple[Path, ...]
    sessions: tuple[tuple[str, str], ...]
    """(project, session id) of sessions that the clock has changed."""
    version: int
    now_us: int
    request_bytes_max: int
    turn_incomplete_us: int


class Digests:
    """Digests jobs one after the other.

    Args:
        database: Where to look up and insert.
    """

    def __init__(self, database: InsertingDatabase) -> None:
        self._database = database
        self._store = EventStore(database)
        self._memories: dict[str, Memory] = {}

    def map(self, job: Job) -> Converted:
        """Decode and map what a job names; needs no database."""
        entries = (entry for path in job.segments for entry in read_segment(path))
        converted = convert(entries, job.request_bytes_max)
        for project, session_id in job.sessions:
            converted.projects.setdefault(project, Incoming()).sessions.add(session_id)
        return converted

    def store(self, job: Job, converted: Converted) -> Report:
        """Store what was mapped and what follows from it."""
        report = Report(converted.spans, converted.records, misfits=_misfits(converted))
        rules = SessionRules(turn_incomplete_us=job.turn_incomplete_us)
        try:
            for project, incoming in converted.projects.items():
                memory = self._memories.setdefault(project, Memory())
                digest = ProjectDigest(self._store, memory, project, job.version, job.now_us, rules)
                report.refused += self._write(digest, memory, incoming)
        except BaseException:
            self.forget()
            raise
        return report

    def store_singly(self, job: Job) -> Report:
        """Digest a job request by request; one that fails on its own is a misfit."""
        whole = Report()
        for entry in (entry for path in job.segments for entry in read_segment(path)):
            try:
                report = self.store(job, convert([entry], job.request_bytes_max))
            except (StoreError, EOFError, OSError):
                raise
            except Exception as error:  # noqa: BLE001 (a defect of ours must cost one request, not those behind it)
                log.exception("a request of %s could not be digested", entry.sender)
                report = Report(misfits=_misfits(Converted(misfits=[Misfit(entry, f"{type(error).__name__}: {error}")])))
            whole.spans += report.spans
            whole.records += report.records
            whole.misfits += report.misfits
            whole.refused += report.refused
        return whole

    def forget(self) -> None:
        """Forget what was written: it may be only partly stored."""
        for memory in self._memories.values():
            memory.clear()

    def _write(self, digest: ProjectDigest, memory: Memory, incoming: Incoming) -> list[RefusedRow]:
        """Store spans first; what the engine refuses of them takes no part in what is derived."""
        writing: Writing = digest.run(incoming)
        refused = [
            each
            for _, rows in sorted(writing.spans.items())
            for each in insert_isolating("spans", rows, self._database.insert)
        ]
        if refused:
            memory.clear()
            writing = digest.run(incoming.without({each.span_key() for each in refused}))
        for rows in writing.derived():
            refused += _insert(rows, self._database.insert)
        return refused


def _insert(rows: tuple[str, list[bytes]], insert: Insert) -> list[RefusedRow]:
    return insert_isolating(rows[0], rows[1], insert)


def _misfits(converted: Converted) -> list[tuple[str, dict[str, Any], bytes]]:
    return [
        (each.reason, {"project": each.entry.project, "kind": each.entry.kind, "sender": each.entry.sender,
                       "received_us": each.entry.received_us, "content": each.entry.content,
                       "encoding": each.entry.encoding}, each.entry.body)
        for each in converted.misfits
    ]  # fmt: skip


def serve_worker(pipe: Connection) -> None:
    """Main function of the worker process: jobs in, reports out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=os.environ.get("TURNLOOM_LOG", "WARNING"))
    database = RemoteDatabase(pipe)
    digests = Digests(database)
    mapped: Queue[tuple[Job, Converted | Exception] | None] = Queue(maxsize=1)
    threading.Thread(target=_store_all, args=(mapped, digests, database), name="turnloom-store", daemon=True).start()
    while (job := database.jobs.get()) is not None:
        try:
            mapped.put((job, digests.map(job)))
        except Exception as error:  # noqa: BLE001 (the main process decides what to do about it)
            log.exception("a digest could not be mapped")
            mapped.put((job, error))
    mapped.put(None)


def _store_all(
    mapped: "Queue[tuple[Job, Converted | Exception] | None]", digests: Digests, database: RemoteDatabase
) -> None:
    while (item := mapped.get()) is not None:
        job, converted = item
        started_s = time.monotonic()
        try:
            report = _store_one(job, converted, digests)
        except (EOFError, BrokenPipeError):
            return
        except Exception as error:  # noqa: BLE001 (the main process tries it again)
            log.exception("a digest could not be stored")
            database.report("failed", job.number, f"{type(error).__name__}: {error}")
        else:
            report.duration_s = time.monotonic() - started_s
            database.report("done", job.number, report)


def _store_one(job: Job, converted: Converted | Exception, digests: Digests) -> Report:
    try:
        if isinstance(converted, Exception):
            raise converted
        return digests.store(job, converted)
    except (StoreError, EOFError, OSError):
        raise  # the engine's trouble, not the data's
    except Exception:
        log.exception("a digest failed; its requests are tried one by one")
        return digests.store_singly(job)
