"""Tokens as providers report them, brought into inclusive numbers.

Shapes known: OpenAI chat (`prompt_tokens`), OpenAI responses (`input_tokens` with
`input_tokens_details`), Anthropic (`input_tokens` beside `cache_read_input_tokens`, exclusive),
Gemini (`prompt_token_count`), and the attribute names of OpenTelemetry without their prefix.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from turnloom import semconv
from turnloom.sdk.text import fields_of

ANTHROPIC_FIELDS = frozenset({"cache_read_input_tokens", "cache_creation_input_tokens"})
"""Not contained in `input_tokens` beside them; in LiteLLM's `prompt_tokens` they are."""


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens of one call; parts are contained in their whole. None is not reported."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_creation_tokens: int | None = None
    reasoning_tokens: int | None = None


def usage_attributes(usage: object) -> dict[str, int]:
    """Tokens as span attributes.

    Args:
        usage: What the provider reported: an object or a mapping.

    Returns:
        The attributes that are known; 0 is known.
    """
    tokens = token_usage(usage)
    values = {
        semconv.GEN_AI_USAGE_INPUT_TOKENS: tokens.input_tokens,
        semconv.GEN_AI_USAGE_OUTPUT_TOKENS: tokens.output_tokens,
        semconv.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: tokens.cache_read_tokens,
        semconv.GEN_AI_USAGE_CACHE_CREATION_INPUT_TOKENS: tokens.cache_creation_tokens,
        semconv.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: tokens.reasoning_tokens,
    }
    return {key: value for key, value in values.items() if value is not None}


def token_usage(usage: object) -> TokenUsage:
    """Read what a provider reported.

    Args:
        usage: An object or a mapping in one of the shapes above.

    Returns:
        Inclusive numbers: input contains cached tokens, output contains reasoning.
    """
    fields = _fields(usage)
    if "input_tokens" in fields and ANTHROPIC_FIELDS & fields.keys():
        return _anthropic(fields)
    if "prompt_token_count" in fields:
        return _gemini(fields)
    given = _fields(_first(fields, "prompt_tokens_details", "input_tokens_details", "input_token_details"))
    made = _fields(
        _first(fields, "completion_tokens_details", "output_tokens_details", "output_token_details")
    )
    return TokenUsage(
        input_tokens=_count(fields, "input_tokens", "prompt_tokens", "input"),
        output_tokens=_count(fields, "output_tokens", "completion_tokens", "output"),
        cache_read_tokens=_count(given, "cached_tokens", "cache_read")
        if given
        else _count(fields, "cache_read_input_tokens", "cached_tokens"),
        cache_creation_tokens=_count(given, "cache_creation", "cache_write_tokens"),
        reasoning_tokens=_count(made, "reasoning_tokens", "reasoning"),
    )


def _anthropic(fields: Mapping[str, object]) -> TokenUsage:
    read = _count(fields, "cache_read_input_tokens")
    created = _count(fields, "cache_creation_input_tokens")
    plain = _count(fields, "input_tokens")
    return TokenUsage(
        input_tokens=None if plain is None else plain + (read or 0) + (created or 0),
        output_tokens=_count(fields, "output_tokens"),
        cache_read_tokens=read,
        cache_creation_tokens=created,
    )


def _gemini(fields: Mapping[str, object]) -> TokenUsage:
    answer = _count(fields, "candidates_token_count")
    thoughts = _count(fields, "thoughts_token_count")
    known = [count for count in (answer, thoughts) if count is not None]
    return TokenUsage(
        input_tokens=_count(fields, "prompt_token_count"),
        output_tokens=sum(known) if known else None,
        cache_read_tokens=_count(fields, "cached_content_token_count"),
        reasoning_tokens=thoughts,
    )


def _fields(value: object) -> Mapping[str, object]:
    if value is None:
        return {}
    found = fields_of(value)
    return vars(value) if found is None else found


def _first(fields: Mapping[str, object], *names: str) -> object:
    return next((fields[name] for name in names if fields.get(name) is not None), None)


def _count(fields: Mapping[str, object], *names: str) -> int | None:
    value = _first(fields, *names)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
