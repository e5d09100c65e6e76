"""`turnloom demo`: the server with sample conversations, and people who keep coming."""

from pathlib import Path
from typing import Annotated

import typer

from turnloom.cli.errors import CommandError
from turnloom.cli.listening import listen
from turnloom.cli.logs import start_logs
from turnloom.cli.options import AsJson
from turnloom.cli.output import note
from turnloom.demo.data_folder import DEFAULT_FOLDER, NotADemoFolderError, claim, clear
from turnloom.server.settings import Settings
from turnloom.server.store.errors import StoreError


def demo(
    data: Annotated[Path, typer.Option(help="Folder for the demo's data")] = DEFAULT_FOLDER,
    port: Annotated[int, typer.Option(help="Port to listen on; 0 for any", min=0, max=65535)] = 4318,
    once: Annotated[bool, typer.Option("--once", help="Stop after the list")] = False,
    remove: Annotated[bool, typer.Option("--clear", help="Remove the demo's data and stop")] = False,
    as_json: AsJson = False,
) -> None:
    """Start the server with sample conversations, print their list, and let people keep coming.

    It has a data folder of its own and heeds no setting of yours. Started again, it goes on with
    what is there.
    """
    start_logs()
    folder = data.expanduser().resolve()
    try:
        if remove:
            note(f"removed {folder}" if clear(folder) else f"there is nothing in {folder}")
            return
        _run(Settings(data=folder, port=port), once=once, as_json=as_json)
    except (NotADemoFolderError, StoreError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"the demo cannot start: {error}") from error


def _run(settings: Settings, *, once: bool, as_json: bool) -> None:
    listener = listen(settings.host, settings.port)
    is_new = claim(settings.data)
    from dataclasses import replace

    from turnloom.cli.demo_visit import DemoVisit
    from turnloom.cli.running import run_server

    settings = replace(settings, port=listener.getsockname()[1])
    visit = DemoVisit(settings, is_new=is_new, once=once, as_json=as_json)
    visit.announce()
    run_server(settings, listener, visit)
    if visit.failure is not None:
        raise visit.failure
