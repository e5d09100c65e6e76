"""Runs the server on a socket, from the first request it can take to the last it has taken."""

import logging
import signal
import socket
import sys

import uvicorn

from turnloom.server.api.protocol import BoundedProtocol
from turnloom.server.app import create_app
from turnloom.server.settings import Settings

DRAIN_S = 10
"""How long requests in progress may take once the server was told to stop."""

BACKLOG = 1_024
"""Connections that wait to be taken."""


def run_server(settings: Settings, listener: socket.socket) -> None:
    """Run until SIGTERM or SIGINT, then drain.

    Args:
        settings: The server's settings.
        listener: A bound socket.

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
        _Server(config).run([listener])
    except SystemExit:
        failure: BaseException | None = getattr(app.state, "failure", None)
        if failure is None:
            raise
        raise failure from None


def _stopped(*_: object) -> None:
    """The server has drained: all went well."""


class _Server(uvicorn.Server):
    """Says where it is once spans can be taken."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        uvicorn_log = logging.getLogger("uvicorn.error")
        uvicorn_log.disabled = True  # a failed start is told in one line, see `_run`
        await super().startup(sockets)
        uvicorn_log.disabled = False
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        sys.stdout.write(f"Turnloom is ready: http://{host}:{self.config.port}\n")
        sys.stdout.flush()
