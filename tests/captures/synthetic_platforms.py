"""Platforms' own SDKs and gateways, as they write what an application tells them."""

from .made import ERROR, Made, log
from .synthetic import UNGROUPED, Row, SetUp, answer, chat, family, js, oi_llm, oi_usage, parts, usage

HELLO, HI = "Hello there", "Hi."
CALL = {"gen_ai.operation.name": "chat"}
TEA, DRINK = "Tell me about tea", "A drink."


def _agenta(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """Agenta: store_session on the span at hand, inputs and outputs as JSON."""
    root = {
        "ag.type.node": "workflow", "ag.session.id": "s1", "ag.data.inputs": js({"question": text}),
        "ag.data.outputs": js(reply),
    }  # fmt: skip
    call = {"ag.type.node": "chat", "gen_ai.request.model": "gpt-4o-mini", **usage(5, 2)}
    call |= family("gen_ai.prompt", chat(text))
    call |= family("gen_ai.completion", [{"role": "assistant", "content": reply}])
    return [Made(trace, "chat", root, at=at), Made(trace, "openai.chat", call, "chat", at)]


def _posthog(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """PostHog: one generation a trace."""
    call = {
        "$ai_session_id": "s1", "$ai_model": "gpt-4o-mini", "$ai_input": js(chat(text)), "user.id": "u1",
        "$ai_output_choices": js([{"role": "assistant", "content": reply}]),
        "$ai_input_tokens": 5, "$ai_output_tokens": 2,
    }  # fmt: skip
    return [Made(trace, "generation", call, at=at)]


def _litellm(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """LiteLLM's proxy: an HTTP root, the call, and the raw request and services beside it."""
    root = {"http.method": "POST", "http.route": "/chat/completions", "http.status_code": 200}
    call = {
        "gen_ai.request.model": "openai/gpt-4o-mini", "gen_ai.system": "openai", "metadata.session_id": "s1",
        "metadata.user_id": "u1", "metadata.user_api_key_user_id": "key-owner", "llm.request.type": "chat",
        "gen_ai.usage.prompt_tokens": 5, "gen_ai.usage.completion_tokens": 2,
        **family("gen_ai.prompt", chat(text)), **family("gen_ai.completion", chat("", reply)[1:]),
    }  # fmt: skip
    name = "Received Proxy Server Request"
    return [
        Made(trace, name, root, at=at, otel_kind=2, scope="litellm"),
        Made(trace, "auth /chat/completions", {"call_type": "/chat/completions"}, name, at, scope="litellm"),
        Made(trace, "litellm_request", call, name, at, scope="litellm"),
        Made(trace, "raw_gen_ai_request", {"llm.openai.messages": str(chat(text))}, "litellm_request", at),
        Made(trace, "redis", {"db.system": "redis"}, name, at),
    ]


def _langfuse_js(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """Langfuse JS 5: propagateAttributes, metadata without JSON's quotes, disjoint usage."""
    ids = {"session.id": "s1", "user.id": "u1", "langfuse.trace.metadata.threadId": "c1"}
    root = {
        **ids, "langfuse.observation.type": "span", "langfuse.observation.input": js({"question": text}),
        "langfuse.observation.output": js({"answer": reply}),
    }  # fmt: skip
    call = {
        **ids, "langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o-mini",
        "langfuse.observation.input": js(chat(text)), "langfuse.observation.output": reply,
        "langfuse.observation.usage_details": js({"input": 5, "output": 2, "input_cached_tokens": 3}),
    }  # fmt: skip
    return [
        Made(trace, "chat", root, at=at, scope="langfuse-sdk"),
        Made(trace, "generation", call, "chat", at, scope="langfuse-sdk"),
    ]


def _langfuse_python_3(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """Langfuse Python 3: update_current_trace leaves the ids on the span at hand, deep in the trace."""
    call = {
        "langfuse.observation.type": "generation", "langfuse.observation.model.name": "gpt-4o-mini",
        "langfuse.observation.input": js(chat(text)), "langfuse.observation.output": js(reply),
        "langfuse.observation.usage_details": js({"prompt_tokens": 5, "completion_tokens": 2}),
    }  # fmt: skip
    told = {"session.id": "s1", "user.id": "u1", "langfuse.trace.metadata.conversation_id": '"c1"'}
    root = {
        "langfuse.observation.input": js({"args": [text], "kwargs": {}}),
        "langfuse.observation.output": js(reply),
    }
    return [
        Made(trace, "handle", root, at=at, lasts=2, scope="langfuse-sdk"),
        Made(trace, "remember", told, "handle", at + 0.1, scope="langfuse-sdk"),
        Made(trace, "generation", call, "handle", at + 0.5, scope="langfuse-sdk"),
    ]


def _vercel(trace: str, at: float, text: str, reply: str, extra: dict[str, str] | None = None) -> list[Made]:
    """AI SDK 5 below Next.js: no id on the root, usage on the outer span and on the inner one."""
    prefix = "ai.telemetry.metadata"
    ids = {f"{prefix}.sessionId": "s1", f"{prefix}.userId": "u1", f"{prefix}.chatId": "c1", **(extra or {})}
    http = {"http.method": "POST", "http.route": "/api/chat", "http.status_code": 200}
    counts = {"ai.usage.inputTokens": 5, "ai.usage.outputTokens": 2}
    outer = {
        **ids, **counts, "ai.operationId": "ai.streamText", "ai.model.id": "gpt-4o-mini",
        "ai.prompt": js({"system": "Be brief.", "messages": chat(text)}), "ai.response.text": reply,
    }  # fmt: skip
    inner = {
        **ids, **counts, **usage(5, 2), "ai.operationId": "ai.streamText.doStream",
        "ai.model.id": "gpt-4o-mini",
        "ai.prompt.messages": js([{"role": "user", "content": [{"type": "text", "text": text}]}]),
        "ai.response.text": reply, "gen_ai.system": "openai.responses", "gen_ai.response.id": f"resp_{trace}",
    }  # fmt: skip
    return [
        Made(trace, "POST /api/chat", http, at=at, otel_kind=2, scope="next.js"),
        Made(trace, "ai.streamText", outer, "POST /api/chat", at, scope="ai"),
        Made(trace, "ai.streamText.doStream", inner, "ai.streamText", at, scope="ai"),
    ]


def _responses(trace: str, at: float, needs: str | None, text: str, reply: str) -> list[Made]:
    """OpenAI's Responses API with previous_response_id and no other id (C3)."""
    call = {
        "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.id": f"resp_{trace}", "gen_ai.conversation.id": needs,
        "gen_ai.input.messages": parts(text), **usage(5, 2),
        "gen_ai.output.messages": answer(reply),
    }  # fmt: skip
    return [Made(trace, "chat gpt-4o-mini", {key: value for key, value in call.items() if value}, at=at)]


def _langgraph_oi(
    trace: str, at: float, session: str, metadata: dict[str, str], said: tuple[str, str]
) -> list[Made]:
    """LangGraph over OpenInference: metadata beats the context in `session.id` (C1)."""
    ids = {"session.id": session, "metadata": js(metadata)}
    scope = "openinference.instrumentation.langchain"
    root = {**ids, "openinference.span.kind": "CHAIN", "input.value": js({"messages": chat(said[0])})}
    return [
        Made(trace, "LangGraph", root, at=at, scope=scope),
        Made(
            trace,
            "ChatOpenAI",
            {**ids, **oi_llm(*said), **oi_usage(5, 2)},
            "LangGraph",
            at,
            scope=scope,
        ),
    ]


def _dual(trace: str, at: float, text: str, reply: str) -> list[Made]:
    """OpenInference in both dialects: the session twice, usage twice (C2, C8)."""
    call = {
        **oi_llm(text, reply), **oi_usage(5, 2), **usage(5, 2), "session.id": "s1",
        "gen_ai.conversation.id": "s1", "gen_ai.operation.name": "chat", "metadata": js({"thread_id": "c1"}),
    }  # fmt: skip
    return [Made(trace, "ChatCompletion", call, at=at, scope="openinference.instrumentation.openai")]


SET_UPS = {
    "agenta": SetUp(
        _agenta("a", 0, HELLO, HI) + _agenta("b", 9, TEA, DRINK),
        [Row("a", "s1", None, None, 1, HELLO, HI, (5, 2)), Row("b", "s1", None, None, 2, TEA, DRINK, (5, 2))],
    ),
    "posthog": SetUp(
        _posthog("a", 0, HELLO, HI) + _posthog("b", 9, TEA, DRINK),
        [Row("a", "s1", None, "u1", 1, HELLO, HI, (5, 2)), Row("b", "s1", None, "u1", 2, TEA, DRINK, (5, 2))],
    ),
    "litellm's proxy": SetUp(
        _litellm("a", 0, HELLO, HI) + _litellm("b", 9, TEA, DRINK)
        + [Made("c", "GET /health", {"http.method": "GET", "http.route": "/health"}, at=12)],
        [Row("a", "s1", None, "u1", 1, HELLO, HI, (5, 2)), Row("b", "s1", None, "u1", 2, TEA, DRINK, (5, 2))],
        other=["c"],
    ),
    "langfuse for javascript": SetUp(
        _langfuse_js("a", 0, HELLO, HI) + _langfuse_js("b", 9, TEA, DRINK),
        [Row("a", "s1", "c1", "u1", 1, HELLO, HI, (8, 2)), Row("b", "s1", "c1", "u1", 2, TEA, DRINK, (8, 2))],
    ),
    "langfuse for python 3": SetUp(
        _langfuse_python_3("a", 0, HELLO, HI) + _langfuse_python_3("b", 9, TEA, DRINK),
        [Row("a", "s1", "c1", "u1", 1, HELLO, HI, (5, 2)), Row("b", "s1", "c1", "u1", 2, TEA, DRINK, (5, 2))],
    ),
    "ai sdk below next.js": SetUp(
        _vercel("a", 0, HELLO, HI) + _vercel("b", 9, TEA, DRINK),
        [Row("a", "s1", "c1", "u1", 1, HELLO, HI, (5, 2)), Row("b", "s1", "c1", "u1", 2, TEA, DRINK, (5, 2))],
    ),
    "ai sdk through langfuse": SetUp(
        _vercel("a", 0, HELLO, HI, {"session.id": "s1", "user.id": "u1", "langfuse.environment": "prod"}),
        [Row("a", "s1", "c1", "u1", 1, HELLO, HI, (5, 2))],
    ),
    "responses api": SetUp(
        _responses("a", 0, None, HELLO, HI) + _responses("b", 9, "resp_a", TEA, DRINK)
        + _responses("c", 18, "resp_b", "More", "No.") + _responses("d", 20, None, HELLO, HI),
        [
            Row("a", "~<a>", "<a>", None, 1, HELLO, HI, (5, 2)),
            Row("b", "~<a>", "<a>", None, 2, TEA, DRINK, (5, 2)),
            Row("c", "~<a>", "<a>", None, 3, "More", "No.", (5, 2)),
            Row("d", UNGROUPED, None, None, 1, HELLO, HI, (5, 2)),
        ],
    ),
    "langgraph over openinference": SetUp(
        _langgraph_oi("a", 0, "c1", {"thread_id": "c1"}, (HELLO, HI))
        + _langgraph_oi("b", 9, "s2", {"thread_id": "c2", "session_id": "s2", "user_id": "u2"}, (TEA, DRINK))
        + _langgraph_oi("c", 18, "c1", {"conversation_id": "c1"}, (TEA, DRINK)),
        [
            Row("a", "~c1", "c1", None, 1, HELLO, HI, (5, 2)),
            Row("b", "s2", "c2", "u2", 1, TEA, DRINK, (5, 2)),
            Row("c", "~c1", "c1", None, 2, TEA, DRINK, (5, 2)),
        ],
    ),
    "openinference in two dialects": SetUp(
        _dual("a", 0, HELLO, HI),
        [Row("a", "s1", "c1", None, 1, HELLO, HI, (5, 2))],
    ),
    "messages in logs": SetUp(
        [
            Made("a", "chat", {**CALL, "session.id": "s1", **usage(5, 2)}),
            log("a", "chat", "gen_ai.user.message", {"content": HELLO}),
            log("a", "chat", "gen_ai.choice", {"message": {"role": "assistant", "content": HI}}, 1),
            Made("b", "chat", {**CALL, "session.id": "s1", "error.type": "Timeout"}, at=9, status=ERROR),
            log("b", "chat", "gen_ai.user.message", {"content": TEA}, 9),
        ],
        [
            Row("a", "s1", None, None, 1, HELLO, HI, (5, 2)),
            Row("b", "s1", None, None, 2, TEA, None, error="Timeout"),
        ],
    ),
}  # fmt: skip
