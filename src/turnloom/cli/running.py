"""Runs the server on a socket, from the first request it can take to the last it has taken."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from typing import Protocol

import uvicorn

from turnloom.server.api.protocol import BoundedProtocol
from turnloom.server.app import create_app
from turnloom.server.settings import Settings

DRAIN_S = 10
"""How long requests in progress may take once the server was told to stop."""

BACKLOG = 1_024
"""Connections that wait to be taken."""


class Guest(Protocol):
    """Something that runs while the server does."""

    def started(self, url: str, stop: Callable[[], None]) -> None:
        """Spans can be taken at `url` now; `stop` ends the server, from any thread."""
        ...

    def leave(self) -> None:
        """The server is about to drain; it still answers until this returns."""
        ...


class Announcement:
    """Says where the server is once spans can be taken."""

    def started(self, url: str, stop: Callable[[], None]) -> None:  # noqa: ARG002 (nothing to stop for)
        """Say it."""
        sys.stdout.write(f"Turnloom is ready: {url}\n")
        sys.stdout.flush()

    def leave(self) -> None:
        """Nothing to do."""


def run_server(settings: Settings, listener: socket.socket, guest: Guest | None = None) -> None:
    """Run until SIGTERM or SIGINT, then drain.

    Args:
        settings: The server's settings.
        listener: A bound socket.
        guest: Who is told; without one, the address is printed.

    Raises:
        Exception: Whatever kept the server from starting.
    """
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=BoundedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=DRAIN_S,
    )
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, _stopped)  # uvicorn raises the signal again once it has stopped
    try:
        _Server(config, guest or Announcement()).run([listener])
    except SystemExit:
        failure: BaseException | None = getattr(app.state, "failure", None)
        if failure is None:
            raise
        raise failure from None


def _stopped(*_: object) -> None:
    """The server has drained: all went well."""


class _Server(uvicorn.Server):
    """A server that has a guest."""

    def __init__(self, config: uvicorn.Config, guest: Guest) -> None:
        super().__init__(config)
        self._guest = guest

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        uvicorn_log = logging.getLogger("uvicorn.error")
        uvicorn_log.disabled = True  # a failed start is told in one line, see `_run`
        await super().startup(sockets)
        uvicorn_log.disabled = False
        self._guest.started(_url(self.config.host, self.config.port), self._end)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._guest.leave)
        await super().shutdown(sockets)

    def _end(self) -> None:
        self.should_exit = True


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
