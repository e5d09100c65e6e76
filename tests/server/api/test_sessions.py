"""Sessions over HTTP: fixed names and units, any id, pages, errors that name the parameter."""

from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

import pytest
from analytics.stored import (
    MINUTE_US,
    START_US,
    a_session,
    a_turn,
    put_sessions,
    put_turns,
    source,
)
from dirty_equals import IsPartialDict, IsStr

from turnloom.server.api.shapes import Session, SessionWithTurns, Turn
from turnloom.server.store.engine import Engine

from .served import Client, serve

SESSION_NAMES = [
    "id", "grouped", "title", "user_ids", "conversation_ids", "state", "end_reason", "started_at",
    "last_activity_at", "active_duration_ms", "span_duration_ms", "visits", "outcome", "dropoff",
    "reopened_count", "type", "locale", "client_version", "turns_count", "traces_count", "spans_count",
    "agent_runs", "llm_calls", "tool_calls", "errors", "input_tokens", "output_tokens",
    "cached_input_tokens", "cost_usd", "unpriced_calls", "wasted_cost_usd", "turn_latency_p50_ms",
    "turn_latency_p95_ms", "ttft_p50_ms", "peak_context_ratio", "satisfaction", "models", "strip",
    "journeys", "metadata", "tags", "environment", "release", "channel", "bookmarked", "flags",
]  # fmt: skip
TURN_NAMES = [
    "id", "number", "position", "visit_position", "reported_number", "conversation_id", "user_id",
    "trace_ids", "status", "input", "output", "started_at", "latency_ms", "ttft_ms", "input_tokens",
    "output_tokens", "cost_usd", "agent_runs", "tool_calls", "errors", "scores",
]  # fmt: skip

HARD_IDS = (
    "a/turns", "..", "a/../b", "%2F", "a?b#c", "?", "#", "😀 é", "x" * 200, "a b+c", "'\"\\", "/", "//",
    ".", "%",
    "{session_id}", "a;b,c", "-", "0", "null", "a%20b", "turns", "~`^|<>",
)  # fmt: skip


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    """The routes on an empty store."""
    with serve(source(engine)) as client:
        yield client


def test_a_session_has_the_fixed_names_and_units(engine: Engine, client: Client) -> None:
    """Milliseconds, ISO 8601 with microseconds, costs as decimal texts; missing is null."""
    put_sessions(
        engine,
        a_session(
            "s", START_US + 1, title="Hello", cost_usd=Decimal("0.012500000000000"), active_duration_us=1_500,
            turn_latency_p50_us=2_000_000, strip_outcomes=("ok", "error"), strip_latencies_us=(1_500_000, -1),
            metadata={"plan": "pro"}, models=("gpt-4.1",), input_tokens=0,
        ),
    )  # fmt: skip
    (session,) = client.get("/api/v1/sessions").json["data"]
    assert list(session) == SESSION_NAMES == list(Session.model_fields)
    assert session == IsPartialDict(
        id="s", title="Hello", cost_usd="0.0125", wasted_cost_usd=None, active_duration_ms=1.5,
        ttft_p50_ms=None,
        turn_latency_p50_ms=2000.0, started_at="2026-09-21T14:13:20.000001Z", metadata={"plan": "pro"},
        strip=[{"outcome": "ok", "latency_ms": 1500.0}, {"outcome": "error", "latency_ms": None}], visits=1,
        models=["gpt-4.1"], input_tokens=0, output_tokens=None, bookmarked=False, state="idle",
        outcome="open",
    )  # fmt: skip


def test_one_session_has_its_turns(engine: Engine, client: Client) -> None:
    """With the fixed names, in order, by path or by query."""
    put_sessions(engine, a_session("s"))
    score = ("helpful", "u", 1.0, None, START_US, "app", 1.0)
    put_turns(
        engine,
        a_turn("s", 2),
        a_turn("s", 1, turn_id="t-1", input="Hi", cost_usd=Decimal("0.10"), scores=(score,)),
    )
    found = client.get("/api/v1/sessions/s").json
    assert found.keys() == SessionWithTurns.model_fields.keys()
    first, second = found["turns"]
    assert set(TURN_NAMES) <= first.keys() == Turn.model_fields.keys()
    assert first == IsPartialDict(
        id="t-1", number=1, position=1, input="Hi", output=None, status="ok", latency_ms=1000.0, ttft_ms=None,
        cost_usd="0.1", trace_ids=["0" * 31 + "1"], started_at="2026-09-21T14:14:20.000000Z",
    )  # fmt: skip
    assert first["scores"] == [
        {
            "name": "helpful",
            "value": 1.0,
            "rating": 1.0,
            "user_id": "u",
            "source": "app",
            "time": IsStr(regex="2026.*Z"),
        }
    ]
    assert second["id"] == "0" * 15 + "2"
    assert client.get("/api/v1/sessions?id=s").json == found


def test_any_id_works(engine: Engine, client: Client) -> None:
    """In the raw path and as a parameter; what stands in the path is escaped once."""
    put_sessions(engine, *(a_session(session_id) for session_id in HARD_IDS))
    for session_id in HARD_IDS:
        for path in (f"/{quote(session_id, safe='')}", f"?id={quote(session_id, safe='')}"):
            answer = client.get(f"/api/v1/sessions{path}")
            assert (answer.status, answer.json.get("id")) == (200, session_id), path
    assert client.get("/api/v1/sessions/a/turns").json["id"] == "a/turns"
    assert client.get("/api/v1/sessions/a/../b").json["id"] == "a/../b"
    assert client.get("/api/v1/sessions/..").json["id"] == ".."
    found = client.get("/api/v1/sessions?limit=500").json["data"]
    assert {session["id"] for session in found} == set(HARD_IDS)


def test_an_id_that_is_no_text_is_refused(client: Client) -> None:
    """An empty one, and one that is not UTF-8."""
    assert client.get("/api/v1/sessions/%ff").status == 400
    assert "UTF-8" in client.get("/api/v1/sessions/%ff").json["message"]
    assert client.get("/api/v1/sessions/").status == 400


def test_an_unknown_id_is_404_with_the_nearest_one(engine: Engine, client: Client) -> None:
    """When there is one that begins alike."""
    put_sessions(engine, a_session("session-2026-09-21"))
    answer = client.get("/api/v1/sessions/session-2026-09-22")
    assert answer.status == 404
    assert answer.json == {
        "message": "no session 'session-2026-09-22'; did you mean 'session-2026-09-21'?",
        "error": "Not Found",
    }
    assert client.get("/api/v1/sessions/zzz").json["message"] == "no session 'zzz'"


def test_pages_follow_each_other(engine: Engine, client: Client) -> None:
    """A cursor is opaque and holds for its own list only."""
    put_sessions(engine, *(a_session(f"s{number}", START_US + number * MINUTE_US) for number in range(5)))
    first = client.get("/api/v1/sessions?limit=2&filter=turns+%3D+0").json
    assert ([each["id"] for each in first["data"]], first["total"]) == (["s4", "s3"], 5)
    cursor = first["next_cursor"]
    second = client.get(f"/api/v1/sessions?limit=2&filter=turns+%3D+0&cursor={cursor}").json
    assert [each["id"] for each in second["data"]] == ["s2", "s1"]
    changed = cursor[:-3] + ("A" if cursor[-3] != "A" else "B") + cursor[-2:]
    for query in (
        f"limit=2&cursor={cursor}",
        f"filter=turns+%3D+0&cursor={changed}",
        "cursor=x",
        "cursor=%F0%9F%98%80",
    ):
        answer = client.get(f"/api/v1/sessions?{query}")
        assert answer.status == 400, query
        assert answer.json["message"].startswith("cursor: ")


def test_turns_of_a_long_session_are_paged(engine: Engine, client: Client) -> None:
    """By the cursor of the session."""
    put_sessions(engine, a_session("s"), a_session("t"))
    put_turns(engine, *(a_turn("s", position) for position in range(1, 6)))
    first = client.get("/api/v1/sessions/s?limit=3").json
    second = client.get(f"/api/v1/sessions/s?limit=3&cursor={first['next_cursor']}").json
    assert [turn["position"] for turn in (*first["turns"], *second["turns"])] == [1, 2, 3, 4, 5]
    assert second["next_cursor"] is None
    assert client.get(f"/api/v1/sessions/t?cursor={first['next_cursor']}").status == 400


@pytest.mark.parametrize(
    ("query", "status", "message"),
    [
        ("filter=turn+%3E+1", 400, "filter: column 1: `turn` is no field"),
        ("filter=(live", 400, "filter: column 6: expected `)`"),
        ("sort=foo", 400, "sort: cannot sort by 'foo'"),
        ("sort=turnscount", 400, "did you mean `turns_count`?"),
        ("sort=title", 400, "sort: cannot sort by 'title'"),
        ("order=up", 422, "query.order"),
        ("limit=0", 422, "query.limit"),
        ("limit=501", 422, "query.limit"),
        ("limit=x", 422, "query.limit"),
        ("from=yesterday", 400, "from: 'yesterday' is no time"),
        ("to=2026-13-01", 400, "to: '2026-13-01' is no time"),
        ("from=2026-02-01&to=2026-01-01", 400, "from: '2026-02-01' is not before to"),
        ("from=9999-12-31T23:59:59-23:59", 200, ""),
        ("from=0001-01-01", 200, ""),
    ],
)
def test_a_wrong_parameter_is_named(client: Client, query: str, status: int, message: str) -> None:
    """With what would fit."""
    answer = client.get(f"/api/v1/sessions?{query}")
    assert answer.status == status
    if status != 200:
        assert answer.json.keys() == {"message", "error"}
        assert message in answer.json["message"]


def test_a_time_range_may_be_relative_or_have_an_offset(engine: Engine, client: Client) -> None:
    """`now-2h` is by the server's clock; a plus that became a space is still a plus."""
    put_sessions(engine, a_session("s"))
    for query in (
        "from=now-2h",
        "from=2026-09-21T16:13:20%2B02:00",
        "from=2026-09-21T16:13:20+02:00",
        "to=now",
    ):
        assert client.get(f"/api/v1/sessions?{query}").json["total"] == 1, query
    assert client.get("/api/v1/sessions?from=now-1h").json["total"] == 0
