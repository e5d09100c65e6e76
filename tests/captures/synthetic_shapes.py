"""Shapes of traces: what is a turn, what is beside one, and what is about AI in no way."""

from dataclasses import replace

from .made import ERROR, Made
from .synthetic import UNGROUPED, Row, SetUp, answer, oi_llm, oi_usage, parts, usage

S1 = {"session.id": "s1"}
C1 = {"conversation.id": "c1"}
CALL = {"gen_ai.operation.name": "chat"}
TOOL_CALL = '[{"role": "assistant", "parts": [{"type": "tool_call", "id": "1", "name": "get_weather"}]}]'
RATE_LIMIT = (("exception", {"exception.type": "openai.RateLimitError"}),)


def _call(*texts: str, model: str = "gpt-4o-mini", tokens: tuple[int, int] = (5, 2)) -> dict[str, object]:
    """A call of the model: all texts but the last are the input."""
    return {
        "gen_ai.operation.name": "chat", "gen_ai.request.model": model, **usage(*tokens),
        "gen_ai.input.messages": parts(*texts[:-1]), "gen_ai.output.messages": answer(texts[-1]),
    }  # fmt: skip


def _agent(name: str) -> dict[str, object]:
    return {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name}


WEB_SOCKET = {"http.request.method": "GET", "http.response.status_code": 101, "url.scheme": "ws", **S1}
ASGI_SOCKET = {"http.scheme": "ws", "http.url": "ws://app/chat", "http.route": "/chat"}

SOCKET = [
    Made("w", "GET /chat", WEB_SOCKET, lasts=60, otel_kind=2),
    Made("w", "one", _call("Hello", "Hi."), "GET /chat", 1),
    Made(
        "w",
        "two",
        {**_call("Hello", "Hi.", "Weather?", ""), "gen_ai.output.messages": TOOL_CALL},
        "GET /chat",
        20,
    ),
    Made(
        "w",
        "tool",
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "weather"},
        "GET /chat",
        21.5,
    ),
    Made("w", "three", _call("Hello", "Hi.", "Weather?", "7 degrees."), "GET /chat", 23),
    Made("w", "four", _call("Hello", "Hi.", "Weather?", "7 degrees.", "Bye", "Bye!"), "GET /chat", 40),
]

PROXIED = [
    replace(each, trace="p", attributes=ASGI_SOCKET if each.parent is None else {**S1, **each.attributes})
    for each in SOCKET
]

LOOP = [
    Made("l", "agent", {**_agent("planner"), **S1, **usage(18, 7)}, lasts=9),
    Made("l", "plan", _call("Book a trip", "First, flights.", tokens=(5, 2)), "agent", 0.1),
    Made("l", "book", {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "book"}, "agent", 2),
    Made("l", "worker", {**_agent("worker"), **usage(6, 2)}, "book", 2.1),
    Made("l", "find", _call("Find a flight to Oslo", "Found one.", tokens=(6, 2)), "worker", 2.2, lasts=0.5),
    Made(
        "l",
        "write",
        _call("Book a trip", "First, flights.", "Found one.", "Booked.", tokens=(7, 3)),
        "agent",
        5,
    ),
]

RETRIED = [
    Made("r", "agent", {**_agent("support"), **S1}, lasts=9),
    Made("r", "first", {**CALL, "gen_ai.input.messages": parts("Hello")}, "agent", 0.1, status=ERROR,
         events=RATE_LIMIT),
    Made("r", "second", _call("Hello", "Hi."), "agent", 3),
]  # fmt: skip


def _judge(trace: str, at: float, parent: str | None = None) -> list[Made]:
    """An evaluator and its own call of a model."""
    return [
        Made(trace, "judge", {"openinference.span.kind": "EVALUATOR", **S1}, parent, at),
        Made(trace, "judge's call", {**oi_llm("Is it polite?", "Yes."), **oi_usage(50, 1)}, "judge", at),
    ]


PEOPLE = [
    Made(f"{person}{turn}", "chat", {**_call(f"{person} says {turn}", "Yes."), "session.id": f"s-{person}",
         "enduser.id": person}, at=turn * 10 + (person == "bob") * 0.5)
    for turn in (1, 2)
    for person in ("ann", "bob")
]  # fmt: skip

BATCH = [
    Made("b", "worker", {}, lasts=30),
    *[
        Made(
            "b", f"job {n}", {**_call(f"Question {n}", f"Answer {n}"), "session.id": f"s{n}"}, "worker", n * 5
        )
        for n in (1, 2)
    ],
]

SET_UPS = {
    "one trace per websocket": SetUp(
        SOCKET,
        [
            Row("w", "s1", None, None, 1, "Hello", "Hi.", (5, 2)),
            Row("w", "s1", None, None, 2, "Weather?", "7 degrees.", (10, 4)),
            Row("w", "s1", None, None, 3, "Bye", "Bye!", (5, 2)),
        ],
        activity=[("w", "s1")],
    ),
    "one trace per websocket, ids on the calls": SetUp(
        PROXIED,
        [
            Row("p", "s1", None, None, 1, "Hello", "Hi.", (5, 2)),
            Row("p", "s1", None, None, 2, "Weather?", "7 degrees.", (10, 4)),
            Row("p", "s1", None, None, 3, "Bye", "Bye!", (5, 2)),
        ],
        activity=[("p", "s1")],
    ),
    "one trace per call": SetUp(
        [
            Made("a", "chat", {**_call("Hello", "Hi."), **S1, "thread.id": "c1"}),
            Made("b", "chat", {**_call("Hello", "Hi.", "Tea?", "Yes."), **S1, "thread.id": "c1"}, at=9),
            Made("c", "chat", {**_call("New topic", "Fine."), **S1, "thread.id": "c2"}, at=20),
        ],
        [
            Row("a", "s1", "c1", None, 1, "Hello", "Hi.", (5, 2)),
            Row("b", "s1", "c1", None, 2, "Tea?", "Yes.", (5, 2)),
            Row("c", "s1", "c2", None, 1, "New topic", "Fine.", (5, 2)),
        ],
    ),
    "an agent with an agent": SetUp(
        LOOP, [Row("l", "s1", None, None, 1, "Book a trip", "Booked.", (18, 7))]
    ),
    "a call that is tried again": SetUp(RETRIED, [Row("r", "s1", None, None, 1, "Hello", "Hi.", (5, 2))]),
    "evaluators": SetUp(
        [
            Made("a", "agent", {**_agent("support"), **S1}, lasts=3),
            Made("a", "chat", _call("Hello", "Hi."), "agent"),
            *_judge("a", 2, "agent"),
            *_judge("e", 60),
            Made("t", "agent", {**_agent("support"), **S1}, at=90),
            Made("t", "chat", _call("Tea?", "Yes."), "agent", 90),
        ],
        [
            Row("a", "s1", None, None, 1, "Hello", "Hi.", (5, 2)),
            Row("t", "s1", None, None, 2, "Tea?", "Yes.", (5, 2)),
        ],
        activity=[("e", "s1")],
    ),
    "two people at once": SetUp(
        PEOPLE,
        [
            Row(f"{person}{turn}", f"s-{person}", None, person, turn, f"{person} says {turn}", "Yes.", (5, 2))
            for turn in (1, 2)
            for person in ("ann", "bob")
        ],
    ),
    "a worker with many sessions in one trace": SetUp(
        BATCH,
        [
            Row("b", "s1", None, None, 1, "Question 1", "Answer 1", (5, 2)),
            Row("b", "s2", None, None, 1, "Question 2", "Answer 2", (5, 2)),
        ],
    ),
    "other traffic": SetUp(
        [
            Made("h", "GET /health", {"http.request.method": "GET", "url.path": "/health"}, otel_kind=2),
            Made("h", "SELECT", {"db.system": "postgresql", "db.statement": "SELECT 1"}, "GET /health"),
            Made("m", "process", {"messaging.system": "kafka"}, at=1, resource={"session.id": "browser"}),
            Made("x", "tools/list", {"mcp.method.name": "tools/list", "mcp.session.id": "transport"}, at=2),
            Made("u", "chat", _call("Hello", "Hi."), at=3, resource={"session.id": "browser"}),
        ],
        [Row("u", UNGROUPED, None, None, 1, "Hello", "Hi.", (5, 2))],
        other=["h", "m", "x"],
    ),
    "threads of a process": SetUp(
        [
            Made(trace, "chat", {**_call("Hello", "Hi."), "thread.id": 43, "thread.name": "exec-1"}, at=at)
            for trace, at in (("a", 0), ("b", 90))
        ],
        [
            Row("a", UNGROUPED, None, None, 1, "Hello", "Hi.", (5, 2)),
            Row("b", UNGROUPED, None, None, 1, "Hello", "Hi.", (5, 2)),
        ],
    ),
    "ids on the HTTP request only": SetUp(
        [
            Made("a", "POST /chat", {"http.request.method": "POST", **S1, "enduser.id": "u1"}, otel_kind=2),
            Made("a", "chat", _call("Hello", "Hi."), "POST /chat"),
        ],
        [Row("a", "s1", None, "u1", 1, "Hello", "Hi.", (5, 2))],
    ),
    "work beside turns": SetUp(
        [
            Made("a", "chat", {**_call("Hello", "Hi."), **S1}),
            Made("i", "embed", {"openinference.span.kind": "EMBEDDING", **S1}, at=5),
            Made("g", "summary", {**_call("Sum up", "Hello, hi."), **S1, "turnloom.background": True}, at=6),
            Made("f", "GET /files", {"http.request.method": "GET", **S1}, at=7),
        ],
        [Row("a", "s1", None, None, 1, "Hello", "Hi.", (5, 2))],
        activity=[("f", "s1"), ("g", "s1"), ("i", "s1")],
    ),
    "a conversation in two sessions": SetUp(
        [
            Made("a", "chat", {**_call("Hello", "Hi."), **S1, **C1}),
            Made("b", "chat", {**_call("Tea?", "Yes."), **C1, "session.id": "s2"}, at=4000),
        ],
        [
            Row("a", "s1", "c1", None, 1, "Hello", "Hi.", (5, 2)),
            Row("b", "s2", "c1", None, 2, "Tea?", "Yes.", (5, 2)),
        ],
    ),
    "conversations below a conversation": SetUp(
        [
            Made("a", "agent", {**_agent("main"), **S1, "gen_ai.conversation.id": "c1"}, lasts=4),
            Made("a", "chat", _call("Hello", "Hi."), "agent"),
            Made("a", "helper", {**_agent("helper"), "gen_ai.conversation.id": "c2"}, "agent", 2),
            Made("a", "its chat", _call("Look it up", "Found."), "helper", 2),
            Made("a", "last", _call("Hello", "Hi.", "Found.", "Here it is."), "agent", 3),
        ],
        [Row("a", "s1", "c1", None, 1, "Hello", "Here it is.", (15, 6))],
    ),
}  # fmt: skip
