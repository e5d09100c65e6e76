"""`turnloom serve`: the server, in one process, until it is told to stop."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from turnloom.cli.errors import CommandError
from turnloom.cli.logs import start_logs
from turnloom.server.auth.errors import UnsafeStartError
from turnloom.server.settings import SettingError, Settings, read_settings
from turnloom.server.store.errors import StoreError
from turnloom.server.store.lock import hold_folder


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
        from turnloom.cli.running import run_server  # the engine and all: only once the port is ours

        run_server(replace(settings, port=listener.getsockname()[1]), listener)
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
