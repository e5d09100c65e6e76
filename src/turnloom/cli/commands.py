"""All commands of the server's side, each in a file of its own."""

from importlib.metadata import version
from typing import Annotated

import typer

from turnloom.cli.config import config
from turnloom.cli.demo import demo
from turnloom.cli.export import export
from turnloom.cli.import_otlp import import_app
from turnloom.cli.keys import keys_app
from turnloom.cli.serve import serve
from turnloom.cli.sessions import sessions
from turnloom.cli.show import show

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"turnloom {version('turnloom')}")
        raise typer.Exit


@app.callback()
def turnloom(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version")
    ] = False,
) -> None:
    """Session, conversation and turn tracking for LLM applications."""


for command in (serve, demo, sessions, show, export, config):
    app.command()(command)
app.add_typer(import_app, name="import")
app.add_typer(keys_app, name="keys")
