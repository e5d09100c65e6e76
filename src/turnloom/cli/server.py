"""Commands that run the server or read from it."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False)


@app.callback()
def _turnloom() -> None:
    """Session, conversation and turn tracking for LLM applications."""


@app.command()
def serve(
    data: Annotated[Path | None, typer.Option(help="Folder for all data")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on")] = None,
) -> None:
    """Take traces, group them, store them, show them."""
    import uvicorn

    from turnloom.server.app import create_app
    from turnloom.server.settings import read_settings

    settings = read_settings(data=data, host=host, port=port)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning", access_log=False)
