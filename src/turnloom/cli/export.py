"""`turnloom export`: spans as OTLP, a request a line, to a file or a pipe."""

import gzip
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from turnloom.cli.connection import Connection
from turnloom.cli.options import AsJson, Url
from turnloom.cli.output import note, print_json
from turnloom.cli.progress import progress_bar


def export(  # noqa: PLR0917 (options, all by name)
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File to write, compressed when it ends in .gz; standard output"),
    ] = None,
    session: Annotated[str, typer.Option(help="Only this session")] = "",
    from_: Annotated[str, typer.Option("--from", help="Only traces from this time on (ISO 8601)")] = "",
    to: Annotated[str, typer.Option(help="Only traces before this time (ISO 8601)")] = "",
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Export spans as OTLP JSON lines; `turnloom import otlp` takes them back."""
    lines = spans = 0
    server = Connection(url)
    with (
        server.stream("/api/v1/export", {"session": session, "from": from_, "to": to}) as (headers, stream),
        _open(output) as file,
        progress_bar() as progress,
    ):
        task = progress.add_task("spans", total=int(headers.get("x-turnloom-spans", "0")))
        for line in stream:
            file.write(line)
            lines += 1
            count = line.count(b'"startTimeUnixNano"')
            spans += count
            progress.advance(task, count)
    if as_json and output:
        print_json({"file": str(output), "lines": lines, "spans": spans})
    else:
        note(f"exported {spans:,} spans in {lines:,} lines" + (f" to {output}" if output else ""))


@contextmanager
def _open(path: Path | None) -> Generator[gzip.GzipFile | IO[bytes]]:
    """The file to write; it has its name only once it is complete."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(path.name + ".part")
    try:
        with gzip.open(part, "wb", 6) if path.suffix == ".gz" else part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
