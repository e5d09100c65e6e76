"""`turnloom keys`: make, list and revoke keys, whether the server runs or not."""

from typing import Annotated

import typer

from turnloom.cli.key_store import open_keys
from turnloom.cli.options import AsJson, Data, Url
from turnloom.cli.output import note, print_json, print_table

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
    with open_keys(data, url) as keys:
        made = keys.create(project, kind, note_)
    if as_json:
        print_json(made)
        return
    typer.echo(f"TURNLOOM_PUBLIC_KEY={made['public']}\nTURNLOOM_SECRET_KEY={made['secret']}")
    note(f"a {kind} key of project {project}; the secret is not stored and not shown again")


@keys_app.command("list")
def list_(data: Data = None, url: Url = None, as_json: AsJson = False) -> None:
    """List keys, without secrets."""
    with open_keys(data, url) as keys:
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
    with open_keys(data, url) as keys:
        keys.revoke(public)
    if as_json:
        print_json({"revoked": public})
    else:
        note(f"revoked {public}")


def _moment(time_us: int | None) -> str | None:
    from datetime import UTC, datetime

    if time_us is None:
        return None
    return datetime.fromtimestamp(time_us / 1_000_000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
