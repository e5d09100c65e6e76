"""A server that is killed at chosen moments and started again, on one folder and one port."""

import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from serving import COMMAND, STOP_S, Serving, clean_environment, wait_for

MOMENT_S = 1.5
"""How long to wait for a moment before killing anyway."""


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Victim:
    """A server that is started, killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def serving(self) -> Serving:
        """To send requests to it."""
        return Serving(f"http://127.0.0.1:{self.port}", self.folder, self.process)  # type: ignore[arg-type]

    @property
    def log(self) -> str:
        """What all of its runs have logged."""
        return self._log.read_text()

    @property
    def _log(self) -> Path:
        return self.folder.with_suffix(".log")

    def start(self, **variables: str) -> None:
        """Start it and do not wait."""
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, "serve", "--data", str(self.folder), "--port", str(self.port)],
                stdout=log,
                stderr=log,
                env=clean_environment(**variables),
            )

    def wait_ready(self, timeout_s: float = 40) -> None:
        """Wait until it can take spans."""
        wait_for(self._is_ready, f"ready; {self.log[-3000:]}", timeout_s)

    def workers(self) -> list[psutil.Process]:
        """Its digest process, if it has one."""
        assert self.process is not None
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self, *, group: bool) -> None:
        """SIGKILL the server, and its digest process with it or let that one find out."""
        assert self.process is not None
        workers = self.workers()
        self.process.send_signal(signal.SIGKILL)
        if group:
            for worker in workers:
                _kill(worker)
        self.process.wait()
        _, alive = psutil.wait_procs(workers, timeout=10)
        assert not alive, "the digest process outlives its server"

    def kill_worker(self) -> None:
        """SIGKILL the digest process."""
        for worker in self.workers():
            _kill(worker)

    def stop(self) -> int:
        """Stop it as an operator does; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)

    def end(self) -> None:
        """Leave nothing running."""
        if self.process is not None and self.process.poll() is None:
            self.kill(group=True)

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log[-3000:]
        try:
            return self.serving.get("/health").status == 200
        except OSError:
            return False


def _kill(process: psutil.Process) -> None:
    with suppress(psutil.NoSuchProcess):  # it ended by itself
        process.kill()


def moments(folder: Path, rng: random.Random) -> Iterator[tuple[str, Callable[[], None]]]:
    """Moments to kill at, without end: each waits until the server is in the middle of something."""
    segments, inserts, store = folder / "segments", folder / "inserts", folder / "events" / "store"
    while True:
        yield "appending", lambda: _wait_until(lambda: _newest_is_open(segments), rng, 0.002)
        yield "any", lambda: time.sleep(rng.uniform(0.05, 0.6))
        yield "inserting", lambda: _wait_until(lambda: any(inserts.iterdir()), rng, 0.004)
        yield "mapping", lambda: _wait_until(lambda: len(list(segments.iterdir())) > 1, rng, 0.02)
        yield "between inserts", lambda: _wait_between(inserts, rng)
        yield "merging", lambda: _wait_until(lambda: any(store.glob("*/*/tmp_merge_*")), rng, 0.002)


def _wait_until(condition: Callable[[], bool], rng: random.Random, later_s: float) -> None:
    time.sleep(rng.uniform(0.05, 0.3))
    deadline_s = time.monotonic() + MOMENT_S
    while time.monotonic() < deadline_s and not _holds(condition):
        time.sleep(0.0005)
    time.sleep(rng.uniform(0, later_s))


def _wait_between(inserts: Path, rng: random.Random) -> None:
    _wait_until(lambda: any(inserts.iterdir()), rng, 0)
    _wait_until(lambda: not any(inserts.iterdir()), rng, 0.003)


def _newest_is_open(segments: Path) -> bool:
    newest = max(segments.iterdir(), default=None)
    return newest is not None and newest.stat().st_size > 0


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except FileNotFoundError:  # it was there a moment ago
        return False
