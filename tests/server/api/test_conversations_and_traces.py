"""Conversations and traces over HTTP."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from analytics.stored import START_US, a_span, a_turn, put_trace, put_turns, source
from dirty_equals import IsPartialDict

from turnloom.server.api.shapes import Conversation, ConversationWithTurns, Span, Trace, TraceWithSpans
from turnloom.server.store.engine import Engine

from .served import Client, serve

SPAN_NAMES = [
    "id", "parent_id", "trace_id", "name", "kind", "started_at", "ended_at", "session_id",
    "session_id_source", "conversation_id", "user_id", "model", "input_tokens", "output_tokens",
    "cost_usd", "error", "input", "output", "attributes",
]  # fmt: skip


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    """The routes on an empty store."""
    with serve(source(engine)) as client:
        yield client


def test_conversations(engine: Engine, client: Client) -> None:
    """The list, one by any id, and an unknown one."""
    put_turns(
        engine,
        a_turn("a", 1, conversation_id="c/1"),
        a_turn("b", 1, conversation_id="c/1", trace_id="b" * 32),
    )
    (shown,) = client.get("/api/v1/conversations").json["data"]
    assert shown.keys() == Conversation.model_fields.keys()
    assert shown == IsPartialDict(id="c/1", session_ids=["a", "b"], turns_count=2, cost_usd=None)
    found = client.get("/api/v1/conversations/c/1").json
    assert found.keys() == ConversationWithTurns.model_fields.keys()
    assert [turn["session_id"] for turn in found["turns"]] == ["a", "b"]
    assert client.get(f"/api/v1/conversations?id={quote('c/1')}").json == found
    first = client.get("/api/v1/conversations/c%2F1?limit=1").json
    second = client.get(f"/api/v1/conversations/c%2F1?limit=1&cursor={first['next_cursor']}").json
    assert [turn["session_id"] for turn in (*first["turns"], *second["turns"])] == ["a", "b"]
    assert client.get("/api/v1/conversations/none").status == 404
    assert "sort" in client.get("/api/v1/conversations?sort=cost").json["message"]


def test_traces(engine: Engine, client: Client) -> None:
    """The list, and one with its spans and where their ids were read."""
    trace_id = "d" * 32
    root = a_span(
        trace_id, "1" * 16, session_id="s", session_key="session.id", session_rank=1, input="question",
        attributes={"k": [1, "a"], "copy": {"turnloom.ref": "input"}}, events=[(START_US, "retry", {"n": 1})],
    )  # fmt: skip
    child = a_span(
        trace_id, "2" * 16, START_US + 1, parent_id="1" * 16, kind="tool", error=True, error_type="ValueError"
    )
    put_trace(engine, [root, child], ["s"])
    (shown,) = client.get("/api/v1/traces").json["data"]
    assert shown.keys() == Trace.model_fields.keys()
    assert shown == IsPartialDict(id=trace_id, session_ids=["s"], spans_count=2, duration_ms=1000.001)
    found = client.get(f"/api/v1/traces/{trace_id.upper()}").json
    assert found.keys() == TraceWithSpans.model_fields.keys()
    assert found == IsPartialDict(id=trace_id, session_id="s", conversation_id=None, user_id=None)
    first, second = found["spans"]
    assert set(SPAN_NAMES) <= first.keys() == Span.model_fields.keys()
    assert first == IsPartialDict(
        id="1" * 16, parent_id=None, kind="llm", session_id="s", session_id_source="session.id",
        input="question",
        started_at="2026-09-21T14:13:20.000000Z", ended_at="2026-09-21T14:13:21.000000Z", error=False,
        attributes={"k": [1, "a"], "copy": "question"},
        events=[{"time": "2026-09-21T14:13:20.000000Z", "name": "retry", "attributes": {"n": 1}}],
    )  # fmt: skip
    assert second == IsPartialDict(parent_id="1" * 16, session_id="s", error=True, error_type="ValueError")
    page = client.get(f"/api/v1/traces/{trace_id}?limit=1").json
    rest = client.get(f"/api/v1/traces/{trace_id}?limit=1&cursor={page['next_cursor']}").json
    assert [span["id"] for span in (*page["spans"], *rest["spans"])] == ["1" * 16, "2" * 16]
    assert client.get("/api/v1/traces/abc").json["message"] == "no trace 'abc'; a trace id has 32 hex digits"


def test_other_traffic_has_no_session(engine: Engine, client: Client) -> None:
    """It is reached under traces."""
    span = a_span("e" * 32, "1" * 16, kind="http", name="GET /")
    put_trace(engine, [span], [], other_traffic=1)
    found = client.get("/api/v1/traces/" + "e" * 32).json
    assert found == IsPartialDict(session_id=None, other_traffic=True)
    assert found["spans"][0]["session_id"] is None
    assert client.get("/api/v1/traces?other_traffic=true").json["total"] == 1
    assert client.get("/api/v1/traces?other_traffic=false").json["total"] == 0
    assert client.get("/api/v1/traces?other_traffic=maybe").status == 422
