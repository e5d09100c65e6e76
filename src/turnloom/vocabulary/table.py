"""The dialect table: which key of which convention fills which field, in order of precedence.

Foreign keys stand here and nowhere else. Adding a dialect means adding rows: a plain key, the
metadata key `M(k)` of an application, or a family of keys (`llm.input_messages.*`). The first
row that holds a value wins. The rank of a row is its position, but what is stored is the key, so
new rows never renumber old data (vocabulary, *Precedence*).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class M:
    """A key in the span's metadata, looked for in every one of `METADATA_PLACES`.

    Args:
        key: The key, without the prefix of a place.
    """

    key: str

    def __str__(self) -> str:
        return f"M({self.key})"


Row = str | M
Table = Mapping[str, tuple[Row, ...]]

METADATA_PLACES = (
    "langfuse.observation.metadata",
    "langfuse.trace.metadata",
    "metadata",
    "traceloop.association.properties",
    "langsmith.metadata",
    "ai.telemetry.metadata",
    "mlflow.traceTag",
)
"""Where SDKs put an application's metadata, in order: one key per entry, or one JSON object."""

EVENT = "event:"
"""Prefix of a row that stands for span events that carry messages, not for an attribute."""

SPAN_KIND = "turnloom.span.kind"
"""Our client's own mark: the only key that makes a span a turn."""

IDENTITY: Table = {
    "session": (
        "langfuse.session.id",
        "session.id",  # unless C1
        M("langfuse_session_id"),
        M("langfuseSessionId"),
        M("session_id"),
        M("sessionId"),
        "mlflow.trace.session",
        "ag.session.id",
        "$ai_session_id",
    ),
    "conversation": (
        "conversation.id",
        "thread.id",
        M("conversation_id"),
        M("conversationId"),
        M("thread_id"),
        M("threadId"),
        M("chat_id"),
        M("chatId"),
        "group_id",
        "gen_ai.conversation.id",  # C2, C3
        "gcp.vertex.agent.session_id",
        "session.id",  # only as demoted by C1
    ),
    "user": (
        "langfuse.user.id",
        "user.id",
        M("langfuse_user_id"),
        M("user_id"),
        M("userId"),
        "mlflow.trace.user",
        "enduser.id",
        "enduser.pseudo.id",
        "user.hash",
        "gen_ai.user",
        M("customer_id"),
    ),
    "turn_number": ("turn.number", "conversation.turn_number", M("turn_number"), M("turn")),
}

TURN: Table = {
    "turn_id": ("turn.id",),
    "turn_status": ("turn.status",),
    "regenerates": ("turn.regenerates",),
    "input_hash": ("turn.input_hash",),
    "intent": ("turn.intent",),
    "input_type": ("turn.input_type",),
    "output_type": ("turn.output_type",),
    "background": ("turnloom.background",),
    "human_wait": ("human.wait_time_ms",),
    "journey": ("journey.*",),
    "session_attributes": (
        "session.type",
        "session.channel",
        "session.client_version",
        "session.locale",
        "session.browser",
        "session.country",
        "session.start_time",
        "session.end_time",
        "session.end_reason",
        "session.previous_id",
        "session.inactive_timeout",
        "session.metadata.*",
        "user.tier",
        "user.org_id",
        "user.previous_id",
    ),
    "reported": (
        "session.duration_ms",
        "session.total_turns",
        "session.total_tokens",
        "session.total_cost_usd",
        "session.avg_turn_latency_ms",
        "session.avg_turn_tokens",
        "session.user_satisfaction",
        "session.idle_time_ms",
        "conversation.total_turns",
        "user.sessions_total",
        "user.avg_session_length",
        "user.retention_days",
    ),
}

CALL: Table = {
    "kind": (
        SPAN_KIND,
        "langfuse.observation.type",
        "openinference.span.kind",
        "langsmith.span.kind",
        "mlflow.spanType",
        "gen_ai.operation.name",
        "traceloop.span.kind",
        "ai.operationId",
        "mcp.method.name",
        "llm.request.type",
        "logfire.msg_template",
        "ag.type.node",
    ),
    "http": (
        "http.request.method",
        "http.method",
        "http.route",
        "http.url",
        "url.full",
        "http.status_code",
        "http.response.status_code",
        "asgi.event.type",
        "messaging.system",
        "messaging.operation",
    ),
    "model": (
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
        "$ai_model",
    ),
    "requested_model": ("gen_ai.request.model", "llm.request.model_name", "ai.model.id"),
    "embedding_model": ("embedding.model_name",),
    "provider": (
        "gen_ai.provider.name",
        "gen_ai.system",
        "llm.provider",
        "llm.system",
        "ai.model.provider",
        "mlflow.llm.provider",
        "$ai_provider",
    ),
    "finish_reason": (
        "gen_ai.response.finish_reasons",
        "llm.finish_reason",
        "ai.response.finishReason",
        M("finish_reason"),
    ),
    "response_id": ("gen_ai.response.id", "ai.response.id", "response_id"),
    "tool_name": (
        "gen_ai.tool.name",
        "tool.name",
        "ai.toolCall.name",
        "mlflow.spanFunctionName",
        "mcp.tool.name",
        "traceloop.entity.name",
    ),
    "own_name": ("name",),  # of a tool or an agent whose span has a template for a name
    "agent_name": ("agent.name", "gen_ai.agent.name", "agent_name"),
    "handoff_to": ("handoff.to_agent", "to_agent"),
    "retry_attempt": ("retry.attempt",),
    "ttft": (
        "langfuse.observation.completion_start_time",
        "gen_ai.response.time_to_first_chunk",
        "ai.response.msToFirstChunk",
        "event:First Token Stream Event",
    ),
    "tags": (
        "langfuse.trace.tags",
        "langfuse.tags",
        M("langfuse_tags"),
        "tag.tags",
        "langsmith.span.tags",
        M("tags"),
    ),
    "environment": ("langfuse.environment", "deployment.environment.name"),
    "release": ("langfuse.release",),
}

USAGE: Table = {  # a row whose value is an object holds the field inside it
    "input_tokens": (
        "langfuse.observation.usage_details",
        "mlflow.chat.tokenUsage",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.prompt_tokens",
        "gen_ai.usage.raw",
        "llm.token_count.prompt",
        "llm.usage.prompt_tokens",
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "ai.usage.tokens",
        "$ai_input_tokens",
    ),
    "output_tokens": (
        "langfuse.observation.usage_details",
        "mlflow.chat.tokenUsage",
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
        "gen_ai.usage.raw",
        "llm.token_count.completion",
        "llm.usage.completion_tokens",
        "ai.usage.outputTokens",
        "ai.usage.completionTokens",
        "$ai_output_tokens",
    ),
    "cached_input_tokens": (
        "langfuse.observation.usage_details",
        "mlflow.chat.tokenUsage",
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.details.cache_read_tokens",
        "gen_ai.usage.details.cached_tokens",
        "gen_ai.usage.raw",
        "llm.token_count.prompt_details.cache_read",
        "ai.usage.cachedInputTokens",
        "ai.usage.inputTokenDetails.cacheReadTokens",
        "$ai_cache_read_input_tokens",
    ),
    "cache_write_tokens": (
        "langfuse.observation.usage_details",
        "mlflow.chat.tokenUsage",
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.cache_write_input_tokens",
        "gen_ai.usage.details.cache_write_tokens",
        "gen_ai.usage.raw",
        "llm.token_count.prompt_details.cache_write",
        "ai.usage.inputTokenDetails.cacheWriteTokens",
        "$ai_cache_creation_input_tokens",
    ),
    "reasoning_tokens": (
        "langfuse.observation.usage_details",
        "mlflow.chat.tokenUsage",
        "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.usage.reasoning_tokens",
        "gen_ai.usage.details.reasoning_tokens",
        "gen_ai.usage.raw",
        "llm.token_count.completion_details.reasoning",
        "ai.usage.reasoningTokens",
        "ai.usage.outputTokenDetails.reasoningTokens",
        "$ai_reasoning_tokens",
    ),
    "cost": (
        "langfuse.observation.cost_details",
        "llm.cost.total",
        "operation.cost",
        "gen_ai.usage.cost",
        "mlflow.llm.cost",
        "gen_ai.cost.total_cost",
        "$ai_total_cost_usd",
    ),
}

CONTEXT: Table = {
    "context_tokens": (
        "context.current_tokens",
        "context.tokens",
        "context.tokens_used",
        "context.total_tokens",
        "conversation.context_tokens",
    ),
    "context_limit": ("context.limit", "context.max_tokens"),
    "context_pruned": ("context.pruned",),
    "messages_pruned": ("context.messages_pruned",),
    "messages_count": ("conversation.messages_in_context",),
}

TEXT: Table = {
    "input": (
        "gen_ai.tool.call.arguments",
        "ai.toolCall.args",
        "langfuse.observation.input",
        "gen_ai.input.messages",
        "event:gen_ai.input.messages",
        "llm.input_messages.*",
        "input.value",
        "traceloop.entity.input",
        "ai.prompt.messages",
        "ai.prompt",
        "mlflow.spanInputs",
        "gen_ai.prompt.*",
        "gen_ai.prompt",
        "raw_input",
        "pydantic_ai.all_messages",
        "all_messages_events",
        "events",
        "request_data",
        "$ai_input",
        "ag.data.inputs",
        "llm.prompts.*",
        "gcp.vertex.agent.tool_call_args",
        "gcp.vertex.agent.llm_request",
        "input",
    ),
    "output": (
        "gen_ai.tool.call.result",
        "ai.toolCall.result",
        "langfuse.observation.output",
        "gen_ai.output.messages",
        "event:gen_ai.output.messages",
        "llm.output_messages.*",
        "output.value",
        "traceloop.entity.output",
        "ai.response.text",
        "ai.response.object",
        "ai.response.toolCalls",
        "mlflow.spanOutputs",
        "gen_ai.completion.*",
        "gen_ai.completion",
        "response",
        "final_result",
        "response_data",
        "$ai_output_choices",
        "ag.data.outputs",
        "llm.completions.*",
        "gcp.vertex.agent.tool_response",
        "gcp.vertex.agent.llm_response",
        "output",
    ),
}

FAILURE: Table = {
    "level": ("langfuse.observation.level",),
    "tool_status": ("gen_ai.tool.status",),
    "error_type": ("error.type",),
    "error_message": ("error.message", "langfuse.observation.status_message"),
    "error_category": ("error.category",),
    "http_status": ("http.response.status_code", "http.status_code", "rpc.http.status_code"),
}

TABLE: Table = {**IDENTITY, **TURN, **CALL, **USAGE, **CONTEXT, **TEXT, **FAILURE}
"""Every field of a span that comes from attributes: its keys in order of precedence."""

RESOURCE: Table = {
    "service": ("service.name",),
    "environment": ("langfuse.environment", "deployment.environment.name", "deployment.environment"),
    "release": ("langfuse.release", "service.version"),
}
"""Fields that a resource fills where the span does not."""
