"""What was called: kind, model, provider, finish reason, tool."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from turnloom.model.span import Span
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.table import SPAN_KIND
from turnloom.vocabulary.value_maps import (
    FINISH_REASONS,
    KINDS,
    MODEL_PATHS,
    MODEL_PREFIXES,
    PROVIDER_SUFFIXES,
)
from turnloom.vocabulary.values import parsed, text

AI_SDK_OPERATION = "ai.operationId"
TOOL_SPAN_PREFIX = "execute_tool "
"""OpenTelemetry names the span of a tool after its operation and the tool."""

CALL_SUFFIX = ".__call__"
"""What DSPy's instrumentation adds to the name of a tool."""


def fill_call(span: Span, found: Mapping[str, Sequence[Found]]) -> None:
    """Fill kind, model, provider, finish reason and tool of a span.

    Args:
        span: The span to fill.
        found: Candidates by field, best first.
    """
    _fill_model(span, found)
    if "provider" in found:
        span.provider = _provider(first_text(found["provider"])) or span.provider
    span.kind = kind_of(span, found)
    if "finish_reason" in found:
        span.finish_reason = next(
            (reason for item in found["finish_reason"] if (reason := finish_reason(item[2])) is not None),
            None,
        )
    own_name = first_text(found["own_name"]) if "own_name" in found else None
    if span.kind == "tool":
        named = first_text(found.get("tool_name", ())) or own_name
        span.tool_name = named or span.name.removeprefix(TOOL_SPAN_PREFIX).removesuffix(CALL_SUFFIX)
    elif span.kind == "agent":
        span.agent_name = own_name


def first_text(candidates: Sequence[Found]) -> str | None:
    """Take the first candidate that holds a text.

    Args:
        candidates: Best first.

    Returns:
        The clean text, or None.
    """
    for _, _, value in candidates:
        read = text(value)
        if read is not None:
            return read
    return None


def _fill_model(span: Span, found: Mapping[str, Sequence[Found]]) -> None:
    if "requested_model" in found:
        span.requested_model = first_text(found["requested_model"])
    if "model" in found:
        named = first_text(found["model"])
        if named is not None:
            span.model, span.provider = without_prefix(named)


@lru_cache(maxsize=4096)
def without_prefix(model: str) -> tuple[str, str | None]:
    """Take a gateway's prefixes off the name of a model.

    Args:
        model: As sent, for instance `openrouter/anthropic/claude-sonnet-4-5`.

    Returns:
        The name, and the innermost prefix that names a provider.
    """
    provider: str | None = None
    while "/" in model:
        prefix, rest = model.split("/", 1)
        if prefix.lower() not in MODEL_PREFIXES or not rest:
            break
        provider = provider if prefix.lower() in MODEL_PATHS else prefix.lower()
        model = rest
    return model, provider


def _provider(name: str | None) -> str | None:
    suffix = next((end for end in PROVIDER_SUFFIXES if name is not None and name.endswith(end)), None)
    return name if name is None or suffix is None else name.removesuffix(suffix)


def kind_of(span: Span, found: Mapping[str, Sequence[Found]]) -> str:
    """Decide the kind of a span.

    Args:
        span: With its model.
        found: Candidates by field, best first.

    Returns:
        One of `KINDS` of the model.
    """
    for _, key, value in found.get("kind", ()):
        named = text(value)
        if named is not None:
            kind = _ai_sdk_kind(named) if key == AI_SDK_OPERATION else KINDS.get(named.lower())
            if kind is not None and (kind != "turn" or key == SPAN_KIND):
                return kind
    if "embedding_model" in found:
        return "embedding"
    if span.model is not None:
        return "llm"
    return "http" if "http" in found else "span"


def _ai_sdk_kind(operation: str) -> str | None:
    """The outer `ai.*` span repeats model and usage of its `do*` children."""
    if not operation.startswith("ai."):
        return None
    if operation == "ai.toolCall":
        return "tool"
    last = operation.rsplit(".", 1)[-1]
    if last.startswith("do"):
        return {"doEmbed": "embedding", "doRerank": "reranker"}.get(last, "llm")
    return "chain"


def finish_reason(value: Any) -> str | None:
    """Read why a model stopped.

    Args:
        value: A text, an array, or a JSON text of one.

    Returns:
        The last reason, in OpenAI's words where there is one; None when there is none.
    """
    data = parsed(value)
    if isinstance(data, list):
        items = cast("list[Any]", data)
        return finish_reason(items[-1]) if items else None
    named = text(value)
    if named is None:
        return None
    plain = named.lower().replace("-", "_")
    return FINISH_REASONS.get(plain, plain)
