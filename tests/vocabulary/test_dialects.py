"""Conventions that are not among the recordings, as their makers document them."""

import json
from typing import Any

import pytest

from .made import span

DIALECTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "langsmith": (
        {
            "langsmith.span.kind": "llm",
            "langsmith.metadata.session_id": "s",
            "langsmith.metadata.thread_id": "c",
            "langsmith.metadata.user_id": "u",
            "langsmith.trace.session_name": "default",
            "langsmith.span.tags": "prod, beta",
            "gen_ai.prompt": json.dumps({"messages": [{"role": "user", "content": "Hi"}]}),
            "gen_ai.completion": json.dumps({"messages": [{"role": "assistant", "content": "Hi."}]}),
            "gen_ai.usage.input_tokens": 3,
        },
        {
            "session_id": "s",
            "conversation_id": "c",
            "user_id": "u",
            "kind": "llm",
            "tags": ("prod", "beta"),
            "input_text": "Hi",
            "output_text": "Hi.",
            "input_tokens": 3,
        },
    ),
    "agenta": (
        {
            "ag.session.id": "s",
            "ag.type.node": "chat",
            "ag.data.inputs": '{"question": "Hi"}',
            "ag.data.outputs": '"Hi."',
        },
        {
            "session_id": "s",
            "session_key": "ag.session.id",
            "kind": "llm",
            "input_text": "Hi",
            "output_text": "Hi.",
        },
    ),
    "posthog": (
        {
            "$ai_session_id": "s",
            "$ai_model": "gpt-4o",
            "$ai_provider": "openai",
            "$ai_input": json.dumps([{"role": "user", "content": "Hi"}]),
            "$ai_output_choices": json.dumps([{"role": "assistant", "content": "Hi."}]),
            "$ai_input_tokens": 3,
            "$ai_output_tokens": 4,
            "$ai_total_cost_usd": 0.1,
        },
        {
            "session_id": "s",
            "kind": "llm",
            "model": "gpt-4o",
            "input_text": "Hi",
            "output_text": "Hi.",
            "input_tokens": 3,
            "output_tokens": 4,
            "cost_source": "reported",
        },
    ),
    "mlflow": (
        {
            "mlflow.trace.session": '"s"',
            "mlflow.trace.user": '"u"',
            "mlflow.traceTag.thread_id": '"c"',
            "mlflow.spanType": '"CHAIN"',
            "mlflow.spanInputs": '{"question": "Hi"}',
            "mlflow.spanOutputs": '"Hi."',
        },
        {
            "session_id": "s",
            "user_id": "u",
            "conversation_id": "c",
            "kind": "chain",
            "input_text": "Hi",
            "output_text": "Hi.",
            "session_key": "mlflow.trace.session",
        },
    ),
    "vercel": (
        {
            "ai.operationId": "ai.toolCall",
            "ai.toolCall.name": "weather",
            "ai.toolCall.args": '{"city": "Oslo"}',
            "ai.toolCall.result": '"7 degrees"',
            "ai.telemetry.metadata.sessionId": "s",
            "ai.telemetry.metadata.userId": "u",
            "ai.telemetry.metadata.chatId": "c",
        },
        {
            "session_id": "s",
            "user_id": "u",
            "conversation_id": "c",
            "kind": "tool",
            "tool_name": "weather",
            "input_key": "ai.toolCall.args",
            "output_text": "7 degrees",
        },
    ),
    "traceloop before gen_ai messages": (
        {
            "traceloop.association.properties.session_id": "s",
            "llm.request.type": "chat",
            "gen_ai.prompt.0.role": "user",
            "gen_ai.prompt.0.content": "Hi",
            "gen_ai.completion.0.role": "assistant",
            "gen_ai.completion.0.content": "Hi.",
            "gen_ai.usage.prompt_tokens": 3,
        },
        {"session_id": "s", "kind": "llm", "input_text": "Hi", "output_text": "Hi.", "input_tokens": 3},
    ),
    "pydantic-ai agent": (
        {
            "gen_ai.operation.name": "invoke_agent",
            "agent_name": "support",
            "gen_ai.conversation.id": "c",
            "pydantic_ai.all_messages": json.dumps(
                [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}]
            ),
            "final_result": "Hi.",
            "gen_ai.usage.details.reasoning_tokens": 2,
        },
        {
            "conversation_id": "c",
            "kind": "agent",
            "agent_name": "support",
            "input_text": "Hi",
            "output_text": "Hi.",
            "has_user_message": True,
            "reasoning_tokens": 2,
        },
    ),
    "pydantic-ai events": (
        {
            "gen_ai.operation.name": "chat",
            "events": json.dumps(
                [
                    {"event.name": "gen_ai.user.message", "content": "Hi", "role": "user"},
                    {
                        "event.name": "gen_ai.choice",
                        "index": 0,
                        "message": {"role": "assistant", "content": "Hi."},
                    },
                ]
            ),
        },
        {"input_text": "Hi", "output_text": "Hi.", "has_user_message": True},
    ),
    "logfire's openai": (
        {
            "request_data": json.dumps({"messages": [{"role": "user", "content": "Hi"}], "model": "gpt-4o"}),
            "response_data": json.dumps({"message": {"role": "assistant", "content": "Hi."}, "usage": None}),
            "gen_ai.request.model": "gpt-4o",
            "operation.cost": 0.1,
        },
        {"kind": "llm", "input_text": "Hi", "output_text": "Hi.", "cost_source": "reported"},
    ),
    "strands": (
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "support",
            "session.id": "s",
            "event_loop.cycle_id": "3",
            "gen_ai.usage.prompt_tokens": 5,
            "gen_ai.usage.cache_write_input_tokens": 1,
        },
        {
            "session_id": "s",
            "kind": "agent",
            "agent_name": "support",
            "turn_number": None,
            "input_tokens": 5,
            "cache_write_tokens": 1,
        },
    ),
    "strands tool": (
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "f", "gen_ai.tool.status": "error"},
        {"kind": "tool", "tool_name": "f", "error": True},
    ),
    "adk before gen_ai messages": (
        {
            "gcp.vertex.agent.session_id": "c",
            "gen_ai.request.model": "gemini-2.5-flash",
            "gcp.vertex.agent.llm_request": json.dumps(
                {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}
            ),
            "gcp.vertex.agent.llm_response": json.dumps(
                {"content": {"role": "model", "parts": [{"text": "Hi."}]}}
            ),
        },
        {
            "conversation_id": "c",
            "kind": "llm",
            "input_text": "Hi",
            "output_text": "Hi.",
            "conversation_key": "gcp.vertex.agent.session_id",
        },
    ),
    "litellm": (
        {
            "gen_ai.request.model": "openai/gpt-4o",
            "metadata.session_id": "s",
            "gen_ai.prompt.0.role": "user",
            "gen_ai.prompt.0.content": "Hi",
            "gen_ai.usage.completion_tokens": 4,
            "gen_ai.cost.total_cost": 0.1,
        },
        {
            "session_id": "s",
            "session_key": "metadata.session_id",
            "model": "gpt-4o",
            "provider": "openai",
            "input_text": "Hi",
            "output_tokens": 4,
            "cost_source": "reported",
        },
    ),
    "beeai": (
        {
            "openinference.span.kind": "AGENT",
            "session.id": "s",
            "metadata": '{"class_name": "RequirementAgent"}',
            "input.value": '{"prompt": "Hi"}',
            "output.value": '{"result": "Hi."}',
        },
        {
            "session_id": "s",
            "kind": "agent",
            "input_text": "Hi",
            "output_text": "Hi.",
            "has_user_message": True,
        },
    ),
    "mcp": (
        {
            "mcp.method.name": "tools/call",
            "gen_ai.tool.name": "f",
            "mcp.session.id": "x",
            "rpc.system": "jsonrpc",
        },
        {"kind": "tool", "tool_name": "f", "session_id": None},
    ),
    "openai agents over openinference": (
        {
            "openinference.span.kind": "LLM",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "Hi",
            "llm.output_messages.0.message.role": "assistant",
            "llm.output_messages.0.message.contents.0.message_content.type": "text",
            "llm.output_messages.0.message.contents.0.message_content.text": "Hi.",
            "llm.cost.total": 0.1,
        },
        {"kind": "llm", "input_text": "Hi", "output_text": "Hi.", "cost_source": "reported"},
    ),
    "langfuse 5": (
        {
            "langfuse.observation.type": "generation",
            "langfuse.trace.metadata.session_id": '"s"',
            "langfuse.observation.metadata": '{"userId": "u"}',
            "langfuse.observation.input": '"Hi"',
            "langfuse.observation.output": '"Hi."',
        },
        {
            "session_id": "s",
            "user_id": "u",
            "user_key": "langfuse.observation.metadata.userId",
            "input_text": "Hi",
            "output_text": "Hi.",
            "has_user_message": True,
        },
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialect(dialect: str) -> None:
    """Its ids, kind, texts and figures."""
    sent, expected = DIALECTS[dialect]
    read = span(sent)
    assert {field: getattr(read, field) for field in expected} == expected
