"""The digest in a process of its own, so that pages stay quick; its database is behind a pipe.

Mapping the next job and storing the one before overlap: the first takes this process's time, the
second waits for the engine, which works in the main process.
"""

import gc
import logging
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from queue import Queue

from turnloom.server.ingest.convert import Converted
from turnloom.server.ingest.digests import Digests
from turnloom.server.ingest.job import Defect, Job, Outcome, Reject, Report, Trouble
from turnloom.server.ingest.remote import RemoteDatabase
from turnloom.server.store.errors import StoreError

log = logging.getLogger(__name__)

COLLECT_EVERY_JOBS = 500
"""How often cycles are looked for. A digest makes none but those of a traceback, and looking for
them at each allocation took a fifth of its time, with ten thousand live spans to walk."""

Mapped = tuple[Converted, list[Reject]] | Exception


def serve_worker(pipe: Connection) -> None:
    """Main function of the worker process: jobs in, reports out, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    logging.basicConfig(level=os.environ.get("TURNLOOM_LOG", "WARNING"))
    gc.disable()
    database = RemoteDatabase(pipe, _leave)
    digests = Digests(database)
    mapped: Queue[tuple[Job, float, Mapped]] = Queue(maxsize=1)
    args = (mapped, digests, database)
    threading.Thread(target=_store_all, args=args, name="turnloom-store", daemon=True).start()
    database.report("ready", 0, None)
    while True:
        job = database.jobs.get()
        started_s = time.monotonic()
        mapped.put((job, started_s, _map(job, digests)))


def _leave() -> None:
    """The main process is gone, or done with this one: nothing here is worth a further moment."""
    os._exit(0)


def _map(job: Job, digests: Digests) -> Mapped:
    try:
        return digests.map(job)
    except Exception as error:
        log.exception("a digest could not be mapped")
        return error


def _store_all(
    mapped: "Queue[tuple[Job, float, Mapped]]", digests: Digests, database: RemoteDatabase
) -> None:
    ended_s = 0.0
    while True:
        job, started_s, converted = mapped.get()
        started_s = max(started_s, ended_s)
        outcome = _store(job, converted, digests)
        ended_s = time.monotonic()
        if isinstance(outcome, Report):
            outcome.duration_s = ended_s - started_s
        database.report("over", job.number, outcome)
        if job.number % COLLECT_EVERY_JOBS == 0:
            gc.collect()


def _store(job: Job, mapped: Mapped, digests: Digests) -> Outcome:
    try:
        return _store_or_raise(job, mapped, digests)
    except StoreError as error:
        return Trouble(f"{type(error).__name__}: {error}")
    except Exception as error:
        log.exception("a digest could not be stored")
        return Defect(f"{type(error).__name__}: {error}")


def _store_or_raise(job: Job, mapped: Mapped, digests: Digests) -> Report:
    if not isinstance(mapped, Exception):
        try:
            return digests.store(job, *mapped)
        except StoreError:
            raise  # the engine's trouble: with each request alone it would be the same
        except Exception:
            log.exception("a digest failed; its requests are tried one by one")
    return digests.store_singly(job)


if __name__ == "__main__":
    serve_worker(Connection(int(sys.argv[1])))
