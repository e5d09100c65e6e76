"""Kind, model, provider, finish reason and tool."""

from typing import Any

import pytest

from .made import span


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        ({"turnloom.span.kind": "turn", "gen_ai.operation.name": "invoke_agent"}, "turn"),
        ({"openinference.span.kind": "turn"}, "span"),
        ({"langfuse.observation.type": "generation"}, "llm"),
        ({"langfuse.observation.type": "span", "openinference.span.kind": "CHAIN"}, "span"),
        ({"langfuse.observation.type": "event"}, "event"),
        ({"openinference.span.kind": "LLM"}, "llm"),
        ({"openinference.span.kind": "UNKNOWN", "gen_ai.operation.name": "chat"}, "llm"),
        ({"openinference.span.kind": "RERANKER"}, "reranker"),
        ({"openinference.span.kind": "GUARDRAIL"}, "guardrail"),
        ({"openinference.span.kind": "EVALUATOR"}, "evaluator"),
        ({"openinference.span.kind": "PROMPT"}, "chain"),
        ({"langsmith.span.kind": "retriever"}, "retriever"),
        ({"mlflow.spanType": '"CHAT_MODEL"'}, "llm"),
        ({"mlflow.spanType": '"EMBEDDING"'}, "embedding"),
        ({"gen_ai.operation.name": "text_completion"}, "llm"),
        ({"gen_ai.operation.name": "generate_content"}, "llm"),
        ({"gen_ai.operation.name": "embeddings"}, "embedding"),
        ({"gen_ai.operation.name": "create_agent"}, "agent"),
        ({"gen_ai.operation.name": "execute_tool", "gen_ai.request.model": "m"}, "tool"),
        ({"gen_ai.operation.name": "invoke_workflow"}, "workflow"),
        ({"traceloop.span.kind": "task"}, "chain"),
        ({"traceloop.span.kind": "workflow"}, "workflow"),
        ({"ai.operationId": "ai.generateText", "ai.model.id": "m"}, "chain"),
        ({"ai.operationId": "ai.generateText.doGenerate"}, "llm"),
        ({"ai.operationId": "ai.embedMany.doEmbed"}, "embedding"),
        ({"ai.operationId": "ai.toolCall"}, "tool"),
        ({"mcp.method.name": "tools/call"}, "tool"),
        ({"mcp.method.name": "tools/list"}, "span"),
        ({"gen_ai.request.model": "m"}, "llm"),
        ({"embedding.model_name": "m"}, "embedding"),
        ({"http.request.method": "GET"}, "http"),
        ({"messaging.system": "kafka"}, "http"),
        ({"db.system": "postgresql"}, "span"),
        ({}, "span"),
    ],
)
def test_kind(attributes: dict[str, Any], kind: str) -> None:
    """The first key with a kind that we know decides."""
    read = span(attributes)
    assert read.kind == kind
    assert read.is_turn is (kind == "turn")


MODEL_KEYS = [
    "langfuse.observation.model.name",
    "gen_ai.response.model",
    "llm.response.model_name",
    "ai.response.model",
    "mlflow.llm.model",
    "llm.model_name",
    "gen_ai.request.model",
    "llm.request.model_name",
    "ai.model.id",
    "embedding.model_name",
]


@pytest.mark.parametrize("rank", range(len(MODEL_KEYS)))
def test_model(rank: int) -> None:
    """The model that answered beats the one that was asked for."""
    assert span({key: key for key in MODEL_KEYS[rank:]}).model == MODEL_KEYS[rank]


@pytest.mark.parametrize(
    ("sent", "model", "provider"),
    [
        ("openai/gpt-4o-mini", "gpt-4o-mini", "openai"),
        ("openrouter/anthropic/claude-sonnet-4-5", "claude-sonnet-4-5", "anthropic"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash", None),
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B", None),
        ("gpt-4o", "gpt-4o", None),
        ("openai/", "openai/", None),
    ],
)
def test_a_gateways_prefix_is_taken_off(sent: str, model: str, provider: str | None) -> None:
    """So that prices are found; the model that was asked for stays as sent."""
    read = span({"gen_ai.request.model": sent})
    assert (read.model, read.provider, read.requested_model) == (model, provider, sent)


@pytest.mark.parametrize(
    ("attributes", "provider"),
    [
        ({"gen_ai.provider.name": "openai", "gen_ai.system": "az"}, "openai"),
        ({"gen_ai.system": "openai.chat", "llm.provider": "x"}, "openai"),
        ({"llm.provider": "azure", "llm.system": "openai"}, "azure"),
        ({"llm.system": "openai", "ai.model.provider": "x"}, "openai"),
        ({"ai.model.provider": "google.generative-ai", "mlflow.llm.provider": "x"}, "google"),
        ({"mlflow.llm.provider": '"openai"'}, "openai"),
        ({"gen_ai.provider.name": "azure", "gen_ai.request.model": "openai/m"}, "azure"),
    ],
)
def test_provider(attributes: dict[str, Any], provider: str) -> None:
    """As said, without the AI SDK's kind of endpoint."""
    assert span(attributes).provider == provider


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"gen_ai.response.finish_reasons": ["stop"]}, "stop"),
        ({"gen_ai.response.finish_reasons": '["stop"]'}, "stop"),
        ({"gen_ai.response.finish_reasons": "stop"}, "stop"),
        ({"gen_ai.response.finish_reasons": [], "llm.finish_reason": "length"}, "length"),
        ({"llm.finish_reason": "tool_calls"}, "tool_calls"),
        ({"ai.response.finishReason": "tool-calls"}, "tool_calls"),
        ({"ai.response.finishReason": "content-filter"}, "content_filter"),
        ({"gen_ai.response.finish_reasons": ["end_turn"]}, "stop"),
        ({"gen_ai.response.finish_reasons": ["MAX_TOKENS"]}, "length"),
        ({"langfuse.observation.metadata.finish_reason": '"stop"'}, "stop"),
        ({}, None),
    ],
)
def test_finish_reason(attributes: dict[str, Any], reason: str | None) -> None:
    """Arrays, JSON arrays, texts; one word for one reason."""
    assert span(attributes).finish_reason == reason


@pytest.mark.parametrize(
    ("attributes", "name", "tool"),
    [
        ({"gen_ai.tool.name": "a", "tool.name": "b"}, "x", "a"),
        ({"tool.name": "b", "ai.toolCall.name": "c"}, "x", "b"),
        ({"ai.toolCall.name": "c", "mlflow.spanFunctionName": '"d"'}, "x", "c"),
        ({"mlflow.spanFunctionName": '"d"'}, "x", "d"),
        ({"traceloop.entity.name": "e"}, "e.tool", "e"),
        ({}, "execute_tool f", "f"),
        ({}, "g", "g"),
    ],
)
def test_tool_name(attributes: dict[str, Any], name: str, tool: str) -> None:
    """As said, else the span's own name."""
    assert span({"langfuse.observation.type": "tool", **attributes}, name=name).tool_name == tool


def test_only_tools_have_a_tool_name() -> None:
    """A model call that lists a tool is no tool."""
    assert span({"gen_ai.tool.name": "a", "gen_ai.operation.name": "chat"}).tool_name is None


def test_agents() -> None:
    """Name, hand-off and attempt."""
    read = span(
        {"agent.name": "billing", "gen_ai.agent.name": "x", "handoff.to_agent": "refunds", "retry.attempt": 2}
    )
    assert (read.agent_name, read.handoff_to, read.retry_attempt) == ("billing", "refunds", 2)
