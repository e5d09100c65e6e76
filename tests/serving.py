"""A real server for tests: `turnloom serve` as a process on a free loopback port."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

COMMAND = str(Path(sys.executable).parent / "turnloom")

START_S = 40
STOP_S = 30
VISIBLE_S = 15
"""Machines that test are shared and slow: what the server promises within 2 s is measured elsewhere."""

JSON = {"Content-Type": "application/json"}
PROTOBUF = {"Content-Type": "application/x-protobuf"}


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Serving:
    """A running server."""

    url: str
    folder: Path
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return urlsplit(self.url).port or 0

    def request(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = 30,
    ) -> Reply:
        """Send a request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        try:
            chunked = "Transfer-Encoding" in (headers or {})
            connection.request(method, path, body, dict(headers or {}), encode_chunked=chunked)
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Get something."""
        return self.request("GET", path, None, headers)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] = JSON) -> Reply:
        """Post a body."""
        return self.request("POST", path, body, headers)

    def exported(self, session_id: str, headers: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """The visible spans of a session, as OTLP."""
        reply = self.get(f"/api/v1/export?session={quote(session_id, safe='')}", headers)
        requests = [json.loads(line) for line in reply.body.splitlines()] if reply.status == 200 else []
        return [
            span
            for request in requests
            for resource in request["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]

    def wait_exported(self, session_id: str, count: int = 1) -> list[dict[str, Any]]:
        """The spans of a session, once there are `count`."""
        wait_for(lambda: len(self.exported(session_id)) >= count, f"{count} spans of session {session_id!r}")
        return self.exported(session_id)

    def stop(self) -> int:
        """Stop it as an operator does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)


def wait_for(
    condition: Callable[[], object], what: str, timeout_s: float = VISIBLE_S, every_s: float = 0.05
) -> None:
    """Wait until something is true."""
    deadline_s = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        time.sleep(every_s)


def clean_environment(**variables: str) -> dict[str, str]:
    """This process's variables without those of Turnloom, and the given ones."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TURNLOOM_")}
    return kept | {"NO_COLOR": "1", "COLUMNS": "200"} | variables


@contextmanager
def serving(folder: Path, *arguments: str, **variables: str) -> Iterator[Serving]:
    """Run a server on a data folder, on a free port."""
    with (folder.parent / f"{folder.name}.log").open("w") as log:
        process = subprocess.Popen(
            [COMMAND, "serve", "--data", str(folder), "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=log,
            env=clean_environment(**variables),
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert "http://" in line, Path(log.name).read_text()
        yield Serving(line[line.index("http://") :].strip(), folder, process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        process.stdout.close()


def turnloom(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=clean_environment(**variables),
        timeout=START_S,
        check=False,
    )
