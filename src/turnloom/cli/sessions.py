"""`turnloom sessions`: the list, as a table."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import typer

from turnloom.cli.connection import Connection
from turnloom.cli.options import AsJson, Url
from turnloom.cli.output import print_json, print_table

PAGE_MAX = 200
"""Sessions that are asked for at once."""

COLUMNS = (
    ("session", False),
    ("title", False),
    ("user", False),
    ("state", False),
    ("turns", True),
    ("errors", True),
    ("USD", True),
    ("active", False),
)

ELASTIC = ("user", "title")
"""What is cut in a narrow terminal."""


def sessions(  # noqa: PLR0917 (options, all by name)
    filter_: Annotated[str, typer.Option("--filter", help="Filter, such as 'cost>0.5 state=ended'")] = "",
    sort: Annotated[str, typer.Option(help="Field to sort by, such as cost_usd")] = "",
    order: Annotated[Literal["asc", "desc"] | None, typer.Option(help="asc or desc")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most")] = 50,
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """List sessions."""
    found: list[dict[str, Any]] = []
    for session in _walk(Connection(url), {"filter": filter_, "sort": sort, "order": order}, limit):
        found.append(session)
        if len(found) == limit:
            break
    if as_json:
        print_json(found)
    else:
        print_sessions(found)


def print_sessions(found: Iterable[dict[str, Any]]) -> None:
    """Print sessions of the API as a table."""
    print_table(COLUMNS, map(_row, found), elastic=ELASTIC)


def _walk(server: Connection, parameters: dict[str, Any], limit: int) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = server.get("/api/v1/sessions", {**parameters, "limit": min(limit, PAGE_MAX), "cursor": cursor})
        yield from page["data"]
        cursor = page.get("next_cursor")
        if not cursor:
            return


def _row(session: dict[str, Any]) -> tuple[object, ...]:
    cost = session.get("cost_usd")
    return (
        session["id"],
        session.get("title"),
        ", ".join(map(str, session.get("user_ids") or ())) or None,
        session.get("state"),
        session.get("turns_count"),
        session.get("errors"),
        None if cost is None else f"{float(cost):.4f}",
        _moment(session.get("last_activity_at")),
    )


def _moment(text: str | None) -> str | None:
    """A time of the API in this machine's zone: the hour when it was today, else the day too."""
    if not text:
        return None
    moment = datetime.fromisoformat(text).astimezone()
    today = datetime.now().astimezone().date()
    return f"{moment:%H:%M:%S}" if moment.date() == today else f"{moment:%Y-%m-%d %H:%M}"
