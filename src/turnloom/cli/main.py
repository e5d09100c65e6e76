"""The command line; it starts on the standard library and loads what a command needs."""

import sys


def main() -> None:
    """Run `turnloom`."""
    from turnloom.cli.server import app

    app(sys.argv[1:])
