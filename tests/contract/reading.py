"""Reads back, over the native API, what a foreign client has sent."""

from typing import Any
from urllib.parse import quote

from serving import Serving, wait_for


def session(server: Serving, session_id: str, spans: int) -> dict[str, Any]:
    """A session with its turns, once it has that many spans."""
    path = f"/api/v1/sessions/{quote(session_id, safe='')}"

    def is_there() -> bool:
        reply = server.get(path)
        return reply.status == 200 and reply.json()["spans_count"] >= spans

    wait_for(is_there, f"{spans} spans of session {session_id!r}")
    return server.get(path).json()


def trace(server: Serving, trace_id: str) -> dict[str, Any]:
    """A trace with its spans; its row is the last that a digest writes."""
    path = f"/api/v1/traces/{trace_id}"
    wait_for(lambda: server.get(path).status == 200, f"trace {trace_id}")
    return server.get(path).json()


def spans_by_name(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The spans of a trace, by name."""
    return {span["name"]: span for span in found["spans"]}


def listed(server: Serving, **query: str) -> list[dict[str, Any]]:
    """The first page of the list of sessions."""
    text = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    reply = server.get(f"/api/v1/sessions?{text}")
    assert reply.status == 200, reply.body
    return reply.json()["data"]
