"""Digests of whole jobs: segments to rows of every project."""

import logging
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

from turnloom.server.domain.rules import SessionRules
from turnloom.server.ingest.convert import Converted, Misfit, convert
from turnloom.server.ingest.digest import ProjectDigest
from turnloom.server.ingest.incoming import Incoming
from turnloom.server.ingest.job import Job, Reject, Report, reject
from turnloom.server.ingest.memory import Memory
from turnloom.server.ingest.segment import Damage, Entry, read_segment
from turnloom.server.ingest.writing import RefusedRow, Row, Writing, insert_isolating
from turnloom.server.store.errors import StoreError
from turnloom.server.store.event_store import EventStore, WritableDatabase, Writer

log = logging.getLogger(__name__)

INSERTS_AT_ONCE = 3
"""Inserts that wait for the engine at the same time."""


class Digests:
    """Digests jobs one after the other.

    Args:
        database: Where to look up and insert.
    """

    def __init__(self, database: WritableDatabase) -> None:
        self._store = EventStore(database)
        self._writer = Writer(database)
        self._pool = ThreadPoolExecutor(INSERTS_AT_ONCE, thread_name_prefix="turnloom-insert")
        self._memories: dict[str, Memory] = {}

    def map(self, job: Job) -> tuple[Converted, list[Reject]]:
        """Decode and map what a job names; needs no database."""
        damaged: list[Reject] = []
        converted = convert(_entries(job, damaged), job.request_bytes_max)
        for project, session_id in job.sessions:
            converted.projects.setdefault(project, Incoming()).sessions.add(session_id)
        return converted, damaged + _rejects(converted.misfits)

    def store(self, job: Job, converted: Converted, rejects: list[Reject]) -> Report:
        """Store what was mapped and what follows from it."""
        report = Report(converted.spans, converted.records, rejects=rejects)
        rules = SessionRules(turn_incomplete_us=job.turn_incomplete_us)
        try:
            for project, incoming in converted.projects.items():
                memory = self._memories.setdefault(project, Memory())
                digest = ProjectDigest(self._store, memory, project, job.version, job.now_us, rules=rules)
                report.refused += self._write(digest, memory, incoming)
        except BaseException:
            self._forget()
            raise
        return report

    def store_singly(self, job: Job) -> Report:
        """Digest a job request by request; one that fails on its own is rejected."""
        whole = Report()
        for entry in _entries(job, whole.rejects):
            try:
                converted = convert([entry], job.request_bytes_max)
                whole.add(self.store(job, converted, _rejects(converted.misfits)))
            except (StoreError, OSError):
                raise
            except Exception as error:  # a defect of ours must cost one request, not those behind it
                log.exception("a request of %s could not be digested", entry.sender)
                whole.rejects += _rejects([Misfit(entry, f"{type(error).__name__}: {error}")])
        return whole

    def _forget(self) -> None:
        """Forget what was written: it may be only partly stored."""
        for memory in self._memories.values():
            memory.clear()

    def _write(self, digest: ProjectDigest, memory: Memory, incoming: Incoming) -> list[RefusedRow]:
        """Store spans first; what the engine refuses of them takes no part in what is derived."""
        inserts: list[Future[list[RefusedRow]]] = []
        try:
            writing = digest.run(incoming, lambda taken: inserts.extend(self._start_spans(taken)))
        finally:
            wait(inserts)
        refused = [row for insert in inserts for row in insert.result()]
        if refused:
            memory.clear()
            writing = digest.run(incoming.without({each.span_key() for each in refused}))
        for group in writing.derived():
            inserts = [self._pool.submit(self._insert, table, rows) for table, rows in group]
            wait(inserts)  # all of them: what is retried must not meet an insert that is still on its way
            if faults := [row for insert in inserts for row in insert.result()]:
                memory.clear()
                refused += faults
        return refused

    def _start_spans(self, writing: Writing) -> Iterator[Future[list[RefusedRow]]]:
        for _, rows in sorted(writing.spans.items()):
            yield self._pool.submit(self._insert, "spans", rows)

    def _insert(self, table: str, rows: list[Row]) -> list[RefusedRow]:
        return insert_isolating(table, rows, self._writer.insert, self._writer.check)


def _entries(job: Job, damaged: list[Reject]) -> Iterator[Entry]:
    """The entries of a job's segments; what cannot be read of them is added to `damaged`."""
    for path in job.segments:
        try:
            for each in read_segment(path):
                if isinstance(each, Damage):
                    header = {"segment": path.name, "offset": each.offset}
                    damaged.append(Reject("damaged on disk: its checksum does not fit", header, each.data))
                else:
                    yield each
        except FileNotFoundError:
            log.warning("%s is gone: what it held is lost unless it is digested already", path.name)


def _rejects(misfits: Iterable[Misfit]) -> list[Reject]:
    """Misfits by request: each body once, with the first reasons."""
    by_entry: dict[int, tuple[Entry, list[str]]] = {}
    for misfit in misfits:
        by_entry.setdefault(id(misfit.entry), (misfit.entry, []))[1].append(misfit.reason)
    return [reject(entry, reasons) for entry, reasons in by_entry.values()]
