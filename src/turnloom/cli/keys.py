"""`turnloom keys`: make, list and revoke keys, whether the server runs or not."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from turnloom.cli.options import AsJson, Data, Url
from turnloom.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from turnloom.cli.key_store import KeyStore

keys_app = typer.Typer(no_args_is_help=True, help="Keys with which applications send and read.")

COLUMNS = (
    ("public", False),
    ("project", False),
    ("kind", False),
    ("note", False),
    ("made", False),
    ("last used", False),
    ("revoked", False),
)


@keys_app.command()
def create(  # noqa: PLR0917 (options, all by name)
    project: Annotated[str, typer.Option(help="Project; made when it is new")] = "default",
    kind: Annotated[str, typer.Option(help="write, read, read-write or admin")] = "write",
    note_: Annotated[str, typer.Option("--note", help="What it is for")] = "",
    data: Data = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Make a key; its secret is shown now and never again."""
    with _open(data, url) as keys:
        made = keys.create(project, kind, note_)
    if as_json:
        print_json(made)
        return
    typer.echo(f"TURNLOOM_PUBLIC_KEY={made['public']}\nTURNLOOM_SECRET_KEY={made['secret']}")
    note(f"a {kind} key of project {project}; the secret is not stored and not shown again")


@keys_app.command("list")
def list_(data: Data = None, url: Url = None, as_json: AsJson = False) -> None:
    """List keys, without secrets."""
    with _open(data, url) as keys:
        found = keys.list()
    if as_json:
        print_json(found)
        return
    rows = (
        [each["public"], each["project"], each["kind"], each["note"] or None]
        + [_moment(each[name]) for name in ("created_us", "last_used_us", "revoked_us")]
        for each in found
    )
    print_table(COLUMNS, rows)


@keys_app.command()
def revoke(
    public: Annotated[str, typer.Argument(help="Public part of the key")],
    data: Data = None,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Revoke a key, at once."""
    with _open(data, url) as keys:
        keys.revoke(public)
    if as_json:
        print_json({"revoked": public})
    else:
        note(f"revoked {public}")


def _open(data: Path | None, url: str | None) -> AbstractContextManager["KeyStore"]:
    from turnloom.cli.key_store import open_keys  # it loads the control database: other commands need none

    return open_keys(data, url)


def _moment(time_us: int | None) -> str | None:
    if time_us is None:
        return None
    return datetime.fromtimestamp(time_us / 1_000_000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
