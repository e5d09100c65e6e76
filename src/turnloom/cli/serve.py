"""`turnloom serve`: the server, in one process, until it is told to stop."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from turnloom.cli.errors import CommandError
from turnloom.cli.listening import listen
from turnloom.cli.logs import start_logs
from turnloom.server.auth.errors import UnsafeStartError
from turnloom.server.settings import SettingError, read_settings
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
        listener = listen(settings.host, settings.port)
        from turnloom.cli.running import run_server  # the engine and all: only once the port is ours

        run_server(replace(settings, port=listener.getsockname()[1]), listener)
    except (SettingError, StoreError, UnsafeStartError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"the server cannot start: {error}") from error
