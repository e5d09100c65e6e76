"""Brings a workload to a server: made beforehand, or while it is sent when it is large."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.load import Load
from benchmarks.workload import Workload

SPANS_ON_DISK_MAX = 1_000_000
"""Up to here a workload is made beforehand (0.6 KB a span): making it takes no time from the server."""


def load_core() -> int:
    """The core on which load is made: the last, so that the first ones are left to the server."""
    return (os.cpu_count() or 1) - 1


class Feed:
    """A workload that can be sent any number of times.

    Args:
        workload: What to send.
        folder: Where to keep it.
    """

    def __init__(self, workload: Workload, folder: Path) -> None:
        self._workload = workload
        self._file = folder / f"workload-{workload.seed}.frames"

    def prepare(self) -> None:
        """Make it, unless it is too large to keep."""
        if self._workload.spans <= SPANS_ON_DISK_MAX and not self._file.exists():
            with self._file.open("wb") as file:
                subprocess.run(self._maker(), stdout=file, check=True)

    def send(self, url: str, headers: Mapping[str, str]) -> Load:
        """Send it to an OTLP/HTTP end point.

        Raises:
            BenchmarkError: Not everything was taken.
        """
        named = [part for name, value in headers.items() for part in ("--header", f"{name}:{value}")]
        command = [sys.executable, "-m", "benchmarks.load", url, "-", "--core", str(load_core()), *named]
        with ExitStack() as stack:
            if self._file.exists():
                source = stack.enter_context(self._file.open("rb"))
            else:
                maker = stack.enter_context(subprocess.Popen(self._maker(), stdout=subprocess.PIPE))
                source = maker.stdout
            answer = subprocess.run(command, stdin=source, stdout=subprocess.PIPE, check=True)
        load = Load(**json.loads(answer.stdout))
        if load.lost_spans:
            raise BenchmarkError(f"{load.lost_spans:,} spans were not taken: {load.answers}")
        return load

    def _maker(self) -> list[str]:
        workload = self._workload
        options = {
            "--spans": workload.spans,
            "--shape": workload.shape,
            "--seed": workload.seed,
            "--start-ns": workload.start_ns,
            "--core": load_core(),
        }
        named = [str(part) for option in options.items() for part in option]
        return [sys.executable, "-m", "benchmarks.workload", *named]
