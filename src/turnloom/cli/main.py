"""The command line; it starts on the standard library and loads what a command needs."""

import sys

from turnloom.cli.errors import CommandError

INSTALL = "pip install 'turnloom[server]'"

HELP = f"""\
Session, conversation and turn tracking for LLM applications.

The client is installed: `import turnloom` in your application. The commands (serve, demo, sessions,
show, export, import, keys, config) come with the server:

  {INSTALL}
"""
"""What a client without the server's packages says of itself."""


def main() -> None:
    """Run `turnloom`: exit code 0 when all went well, 1 for a failure, 2 for a call it does not know."""
    try:
        _run()
    except CommandError as error:
        sys.stderr.write(f"turnloom: {error}\n")
        sys.exit(1)
    except BrokenPipeError:  # whoever read the output has gone, as `| head` does
        sys.stderr.close()
        sys.exit(1)


def _run() -> None:
    try:
        from turnloom.cli.commands import app
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "turnloom":
            raise
        if sys.argv[1:] in ([], ["-h"], ["--help"]):
            sys.stdout.write(HELP)
            return
        raise CommandError(f"this command needs {error.name}, which is not installed: {INSTALL}") from error
    app()
