"""`turnloom import otlp`: OTLP files into a running server."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from turnloom.cli.connection import Answer, Connection
from turnloom.cli.errors import CommandError
from turnloom.cli.options import AsJson, Url
from turnloom.cli.otlp_files import Parcel, read_parcels
from turnloom.cli.output import note, print_json
from turnloom.cli.progress import progress_bar

ATTEMPTS_MAX = 60
"""How often one request is sent to a server that is busy."""

BUSY = frozenset({429, 503})

import_app = typer.Typer(no_args_is_help=True, help="Import traces from elsewhere.")


@import_app.callback()
def _import() -> None:
    """Import traces from elsewhere."""


@import_app.command()
def otlp(
    files: Annotated[list[Path], typer.Argument(help="JSON lines, JSON or protobuf, also gzip'd")],
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Import OTLP files, as `turnloom export` or a collector's file exporter writes them."""
    server = Connection(url)
    requests = refused = 0
    with progress_bar() as progress:
        for path in files:
            if not path.is_file():
                raise CommandError(f"there is no file {path}")
            task = progress.add_task(path.name, total=None)
            for parcel in read_parcels(path):
                refused += _send(server, parcel)
                requests += 1
                progress.advance(task, parcel.size_bytes)
    if as_json:
        print_json({"files": len(files), "requests": requests, "refused": refused})
    else:
        note(f"imported {len(files):,} files in {requests:,} requests, {refused:,} items refused")
    if refused:
        raise typer.Exit(1)


def _send(server: Connection, parcel: Parcel) -> int:
    """Send a request, again while the server is busy; how many of its items were refused."""
    for _ in range(ATTEMPTS_MAX):
        answer = server.send("POST", parcel.path, None, parcel.body, parcel.content_type)
        if answer.status not in BUSY:
            return _refused(answer, parcel)
        time.sleep(float(answer.headers.get("retry-after", "1")))
    raise CommandError(f"{parcel.place}: the server was busy {ATTEMPTS_MAX} times; try again later")


def _refused(answer: Answer, parcel: Parcel) -> int:
    if answer.status >= 400:
        message = answer.json().get("message") or answer.body[:300].decode(errors="replace")
        raise CommandError(f"{parcel.place}: the server answered {answer.status}: {message}")
    if "json" not in parcel.content_type:
        return 0
    partial: dict[str, Any] = answer.json().get("partialSuccess") or {}
    if message := partial.get("errorMessage"):
        note(f"{parcel.place}: {message}")
    return int(partial.get("rejectedSpans") or partial.get("rejectedLogRecords") or 0)
