"""`turnloom config`: the settings in force, and where each is from."""

from pathlib import Path

from turnloom.cli.errors import CommandError
from turnloom.cli.options import AsJson
from turnloom.cli.output import print_json, print_table
from turnloom.server.settings import SECRET_NAMES, Given, SettingError, explain_settings


def config(as_json: AsJson = False) -> None:
    """Print the server's settings: defaults < turnloom.toml < TURNLOOM_* < flags of `serve`."""
    try:
        given = explain_settings()
    except SettingError as error:
        raise CommandError(str(error)) from error
    if as_json:
        print_json({each.name: {"value": _shown(each), "source": each.source} for each in given})
    else:
        print_table(
            (("setting", False), ("value", False), ("from", False)),
            [(each.name, _shown(each), each.source) for each in given],
        )


def _shown(each: Given) -> object:
    if each.name in SECRET_NAMES and each.value:
        return "(set, not shown)"
    return str(each.value) if isinstance(each.value, Path) else each.value
