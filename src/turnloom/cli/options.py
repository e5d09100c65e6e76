"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[
    str | None,
    typer.Option(
        help="Address of the server; http://127.0.0.1:4318 when not given", envvar="TURNLOOM_ENDPOINT"
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON")]

Data = Annotated[Path | None, typer.Option(help="Folder of all data", envvar="TURNLOOM_DATA")]
