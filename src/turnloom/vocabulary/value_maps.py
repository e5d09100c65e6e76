"""What foreign values mean: the value maps beside the dialect table, and its units."""

KINDS = {
    "turn": "turn",
    "generation": "llm",
    "llm": "llm",
    "chat_model": "llm",
    "chat": "llm",
    "text_completion": "llm",
    "completion": "llm",
    "generate_content": "llm",
    "generate": "llm",
    "agent": "agent",
    "invoke_agent": "agent",
    "create_agent": "agent",
    "agent run: {name!r}": "agent",
    "tool": "tool",
    "execute_tool": "tool",
    "tools/call": "tool",
    "ai.toolcall": "tool",
    "function: {name}": "tool",
    "retriever": "retriever",
    "retrieval": "retriever",
    "embedding": "embedding",
    "embeddings": "embedding",
    "reranker": "reranker",
    "rerank": "reranker",
    "guardrail": "guardrail",
    "evaluator": "evaluator",
    "workflow": "workflow",
    "invoke_workflow": "workflow",
    "chain": "chain",
    "task": "chain",
    "prompt": "chain",
    "plan": "chain",
    "parser": "chain",
    "event": "event",
    "http": "http",
    "span": "span",
}
"""A reported kind in lower case to ours; another value is passed over (vocabulary, *Kinds*)."""

FINISH_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "finish_reason_stop": "stop",
    "completed": "stop",
    "tool_call": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "safety": "content_filter",
    "refusal": "content_filter",
}
"""A provider's finish reason, in lower case with underscores, to OpenAI's word for it."""

MODEL_PREFIXES = frozenset({
    "anthropic", "azure", "azure_ai", "bedrock", "cerebras", "cohere", "databricks", "deepseek",
    "fireworks_ai", "gemini", "github", "google", "google-gla", "google-vertex", "groq", "huggingface",
    "litellm_proxy", "mistral", "mistralai", "models", "ollama", "ollama_chat", "openai", "openrouter",
    "perplexity", "replicate", "sagemaker", "together_ai", "vertex_ai", "watsonx", "xai",
})  # fmt: skip
"""What gateways put before a model's name with a slash, as `openai/gpt-4o-mini`."""

MODEL_PATHS = frozenset({"models"})
"""Prefixes that are a path of an API and no provider."""

PROVIDER_SUFFIXES = (".chat", ".responses", ".completion", ".messages", ".embedding", ".generative-ai")
"""What the AI SDK adds to a provider: the kind of endpoint."""

FIRST_TOKEN_UNITS = {
    "gen_ai.response.time_to_first_chunk": 1_000_000,
    "ai.response.msToFirstChunk": 1_000,
}
"""Microseconds in one unit of a time to first token; a key that is not listed is a point in time."""

ROLES = {
    "user": "user",
    "human": "user",
    "humanmessage": "user",
    "humanmessagechunk": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "aimessage": "assistant",
    "aimessagechunk": "assistant",
    "model": "assistant",
    "system": "system",
    "systemmessage": "system",
    "developer": "system",
    "tool": "tool",
    "toolmessage": "tool",
    "function": "tool",
    "function_call_output": "tool",
    "function_call": "assistant",
    "gen_ai.user.message": "user",
    "gen_ai.system.message": "system",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
"""Who speaks, by role, by message class or by event name, in lower case."""

TEXT_PARTS = frozenset({"text", "input_text", "output_text"})
"""Types of a part of a message that a person reads."""

PART_KEYS = frozenset({"type", "text", "toolUse", "toolResult", "image", "document", "reasoningContent"})
"""One of these is in every part of a message, in OpenAI's, Anthropic's and Bedrock's form."""

ASKING_KEYS = ("question", "query", "user_input", "input", "prompt", "message", "text", "content", "task")
"""In an object that is no message: the one key of these that it has holds what the user said."""

ANSWERING_KEYS = ("answer", "output", "response", "result", "final_output", "text", "content", "message")
"""In an object that is no message: the first key of these that it has holds the answer."""

WHOLE_EXCHANGES = frozenset({"pydantic_ai.all_messages", "all_messages_events", "events"})
"""Keys whose messages hold the question and the answer: the last one need not be the user's."""

TRANSIENT_WORDS = (
    "timeout", "timed out", "timed_out", "ratelimit", "rate limit", "rate_limit", "toomanyrequests",
    "too many requests", "connection", "connect error", "connecterror", "overloaded", "unavailable",
    "internalserver", "internal server error", "badgateway", "bad gateway", "throttl", "resourceexhausted",
    "resource exhausted", "resource_exhausted", "deadline", "try again", "temporarily",
)  # fmt: skip
"""In an error's class or message, lower case: trying again may help (definitions, *Waste*)."""

TRANSIENT_STATUS = frozenset({408, 409, 425, 429})
"""HTTP codes besides 5xx after which trying again may help (definitions, *Waste*)."""

BUCKETED_USAGE = frozenset({"langfuse.observation.usage_details"})
"""Objects of token counts whose entries are disjoint, as far as they are not a provider's own."""

USAGE_KEYS = {
    "input_tokens": ("prompt_tokens", "input_tokens", "input"),
    "output_tokens": ("completion_tokens", "output_tokens", "output"),
    "cached_input_tokens": (
        "cached_tokens",
        "cache_read_input_tokens",
        "cached_input_tokens",
        "cache_read_tokens",
        "cache_read",
    ),
    "cache_write_tokens": (
        "cache_write_tokens",
        "cache_creation_input_tokens",
        "cache_write_input_tokens",
        "cache_creation_tokens",
        "cache_creation",
    ),
    "reasoning_tokens": ("reasoning_tokens", "reasoning_output_tokens", "reasoning"),
}
"""Names of a count inside an inclusive object, in order."""
