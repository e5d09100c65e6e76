"""`turnloom show`: a session as a transcript."""

import textwrap
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, cast
from urllib.parse import quote

import typer
from rich.console import Console
from rich.text import Text

from turnloom.cli.connection import Connection
from turnloom.cli.options import AsJson, Url
from turnloom.cli.output import print_json
from turnloom.cli.safe_text import safe_line, safe_text

INDENT = "    "


def show(
    session_id: Annotated[str, typer.Argument(metavar="ID", help="Session id")],
    url: Url = None,
    as_json: AsJson = False,
) -> None:
    """Show a session: its turns with what was said, used and spent."""
    session = _read(Connection(url), session_id)
    if as_json:
        print_json(session)
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in transcript(session):
        console.print(line)


def _read(server: Connection, session_id: str) -> dict[str, Any]:
    """The session with all of its turns; very long ones come in pages."""
    path = f"/api/v1/sessions/{quote(session_id, safe='')}"
    session: dict[str, Any] = server.get(path)
    cursor = session.get("next_cursor")
    while cursor:
        page = server.get(path, {"cursor": cursor})
        session["turns"] += page["turns"]
        cursor = page.get("next_cursor")
    return session


def transcript(session: dict[str, Any]) -> Iterator[Text]:
    """The lines of a session."""
    title = safe_line(session.get("title") or "", 200)
    yield Text(f"{safe_text(session['id'])}  {title}".rstrip(), style="bold")
    facts = [
        f"user {', '.join(map(str, session.get('user_ids') or ())) or '-'}",
        f"state {session.get('state') or '-'}",
        f"{session.get('turns_count') or 0} turns",
        f"cost {_cost(session)}",
    ]
    yield Text(safe_line(" · ".join(facts), 300), style="dim")
    for turn in session.get("turns", ()):
        yield Text()
        yield from _turn(turn)


def _turn(turn: dict[str, Any]) -> Iterator[Text]:
    started = turn.get("started_at")
    facts = [
        datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M:%S") if started else "",
        safe_line(turn.get("status") or ""),
        f"{turn['latency_ms'] / 1000:.1f} s" if turn.get("latency_ms") is not None else "",
        _tools(turn.get("tool_calls")),
        f"cost {_cost(turn)}",
    ]
    yield Text(f"#{turn.get('number') or '-'}  " + " · ".join(filter(None, facts)), style="bold cyan")
    yield from _speech("user", turn.get("input"), "green")
    yield from _speech("agent", turn.get("output"), "default")
    errors = turn.get("errors")
    if errors:
        yield Text(f"  errors: {_listed(errors)}", style="red")


def _speech(speaker: str, text: object, style: str) -> Iterator[Text]:
    if text is not None and (lines := safe_text(text).strip("\n")):
        yield Text(f"  {speaker}:", style="dim")
        yield Text(textwrap.indent(lines, INDENT), style=style)


def _tools(tools: object) -> str:
    if isinstance(tools, int):
        return f"{tools} tool call{'s' if tools != 1 else ''}" if tools else ""
    return f"tools {_listed(tools)}" if tools else ""


def _listed(value: object) -> str:
    if not isinstance(value, list):
        return safe_line(value, 300)
    return ", ".join(safe_line(each) for each in cast("list[object]", value))


def _cost(values: dict[str, Any]) -> str:
    cost = values.get("cost_usd")
    return "unknown" if cost is None else f"{float(cost):.4f} USD"
