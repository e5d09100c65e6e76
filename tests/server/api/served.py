"""The read part of the API on a real server on loopback, asked with raw paths."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import uvicorn
from fastapi import FastAPI

from turnloom.server.analytics.source import Source
from turnloom.server.api import conversations, docs, errors, sessions, traces
from turnloom.server.api.asking import asking


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    content_type: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True)
class Client:
    """Sends paths as they are: nothing is normalised or escaped."""

    port: int

    def get(self, path: str) -> Answer:
        """GET a raw path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return Answer(response.status, response.read(), response.getheader("content-type") or "")
        finally:
            connection.close()


@contextmanager
def serve(source: Source) -> Iterator[Client]:
    """Serve the routes that read, on a port of its own; every request asks this source."""
    app = FastAPI(docs_url=None, redoc_url=None)
    errors.install(app)
    for module in (sessions, conversations, traces, docs):
        app.include_router(module.router)
    app.dependency_overrides[asking] = lambda: source
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
