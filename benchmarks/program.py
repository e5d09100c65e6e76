"""A server that is measured: started on a folder of its own, watched, and stopped."""

import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.errors import BenchmarkError
from benchmarks.processes import Usage, usage

READY_S_MAX = 180.0
STOP_S_MAX = 120.0
BLOCK_BYTES = 512
"""Unit of `st_blocks`."""


class Program:
    """A server's process.

    Args:
        command: Its command line.
        folder: Where its data and its log lie.
        url: Where it will listen.
        ready_path: What answers 200 once it is ready.
        environment: Variables on top of this process's own.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        url: str,
        ready_path: str,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = list(command)
        self._folder = folder
        self._ready_path = ready_path
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = url
        self.log = folder / "log"

    def start(self) -> float:
        """Start it; seconds until it was ready."""
        started_s = time.perf_counter()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, cwd=self._folder, env=self._environment
            )
        while time.perf_counter() - started_s < READY_S_MAX:
            if self._process.poll() is not None:
                break
            try:
                if fetch(self.url, self._ready_path)[0] == 200:
                    return time.perf_counter() - started_s
            except (OSError, HTTPException):
                time.sleep(0.02)
        raise BenchmarkError(f"{self._command[0]} did not become ready:\n{self.log.read_text()[-2_000:]}")

    def stop(self) -> None:
        """Stop it and wait until it has ended."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def usage(self) -> Usage:
        """What it has used since it was started."""
        if self._process is None:
            raise BenchmarkError("the server does not run")
        return usage(self._process.pid)

    def disk_bytes(self) -> int:
        """What its folder takes on disk."""
        return sum(_blocks(path) for path in self._folder.rglob("*")) * BLOCK_BYTES


def fetch(url: str, path: str, **query: str) -> tuple[int, bytes]:
    """GET once, on a connection of its own."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=120)
    try:
        connection.request("GET", f"{path}?{urlencode(query)}" if query else path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _blocks(path: Path) -> int:
    try:
        return path.lstat().st_blocks
    except FileNotFoundError:  # merged away in between
        return 0
