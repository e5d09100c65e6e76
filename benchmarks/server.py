"""Turnloom as it is measured."""

import json
import sys
import time
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.load import Load
from benchmarks.program import Program, fetch, free_port

STORED_S_MAX = 900.0


class Turnloom(Program):
    """`turnloom serve` on a folder.

    Args:
        folder: Where its data lies.
    """

    name = "Turnloom"

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.data = folder / "data"
        command = [str(Path(sys.executable).parent / "turnloom"), "serve", "--port", str(port)]
        super().__init__([*command, "--data", str(self.data)], folder, f"http://127.0.0.1:{port}", "/health")
        self.traces_url = f"{self.url}/v1/traces"
        self.headers: dict[str, str] = {}

    def wait_stored(self, load: Load) -> float:
        """Wait until everything that was sent can be queried; when (Unix time) that was.

        Raises:
            BenchmarkError: It cannot, in good time.
        """
        while time.time() - load.ended_s < STORED_S_MAX:
            health = json.loads(fetch(self.url, "/health")[1])
            if health["quarantined"]:
                raise BenchmarkError(f"{health['quarantined']} things are in quarantine; see {self.log}")
            if health["backlog"] == 0 and health["digested_spans"] >= load.spans:
                return time.time()
            time.sleep(0.05)
        raise BenchmarkError(f"not everything is stored {STORED_S_MAX:.0f} s after the last acknowledgement")

    def check_sessions(self, expected: int) -> None:
        """Make sure that as many sessions are listed as were sent.

        Raises:
            BenchmarkError: They are not.
        """
        total = json.loads(fetch(self.url, "/api/v1/sessions", limit="1")[1])["total"]
        if total != expected:
            raise BenchmarkError(f"{expected:,} sessions were sent, {total:,} are listed")
