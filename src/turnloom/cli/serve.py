"""`turnloom serve`: the server, in one process, until it is told to stop."""

import logging
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from turnloom.cli.errors import CommandError
from turnloom.cli.logs import start_logs
from turnloom.server.api.protocol import BoundedProtocol
from turnloom.server.app import create_app
from turnloom.server.auth.errors import UnsafeStartError
from turnloom.server.settings import SettingError, Settings, read_settings
from turnloom.server.store.errors import StoreError
from turnloom.server.store.lock import hold_folder

DRAIN_S = 10
"""How long requests in progress may take once the server was told to stop."""

BACKLOG = 1_024
"""Connections that wait to be taken."""


def serve(
    data: Annotated[Path | None, typer.Option(help="Folder for all data")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 for any", min=0, max=65535)] = None,
) -> None:
    """Take traces, group them, store them, show them."""
    start_logs()
    try:
        settings = read_settings(data=data, host=host, port=port)
        with hold_folder(settings.data, "which is starting"):
            pass  # before the port is tried: who has the folder says more than who has the port
        listener = _listen(settings)
        settings = replace(settings, port=listener.getsockname()[1])
        _run(create_app(settings), settings, listener)
    except (SettingError, StoreError, UnsafeStartError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"the server cannot start: {error}") from error


def _listen(settings: Settings) -> socket.socket:
    """Take the port before anything else, so that a taken one is known at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CommandError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
            "give another with --port"
        ) from error
    return listener


def _run(app: FastAPI, settings: Settings, listener: socket.socket) -> None:
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
