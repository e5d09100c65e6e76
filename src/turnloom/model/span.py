"""One span in canonical form: what every dialect is mapped into."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

KINDS = (
    "turn", "agent", "llm", "tool", "retriever", "embedding", "reranker", "guardrail",
    "evaluator", "workflow", "chain", "event", "http", "span",
)  # fmt: skip
"""Every kind a span can have (vocabulary, *Kinds*)."""

AI_KINDS = frozenset({"turn", "agent", "llm", "tool", "retriever", "embedding", "evaluator"})
"""Kinds that make a trace one about AI, and not other traffic (definitions, *Other traffic*)."""


@dataclass(slots=True)
class RawSpan:
    """A span as it came over the wire, decoded and nothing else.

    Attribute values are str, bool, int, float, bytes, list or dict (AnyValue, unwrapped).
    """

    trace_id: str
    """32 lower-case hex digits."""
    span_id: str
    """16 lower-case hex digits."""
    parent_id: str | None
    name: str
    otel_kind: int
    """OTLP SpanKind: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer."""
    start_us: int
    """Microseconds since 1970, UTC."""
    end_us: int | None
    """None when the sender gave no end."""
    attributes: dict[str, Any]
    events: list[tuple[int, str, dict[str, Any]]]
    """(time in us, name, attributes)."""
    links: list[tuple[str, str, dict[str, Any]]]
    """(trace id, span id, attributes)."""
    status_code: int
    """OTLP StatusCode: 0 unset, 1 ok, 2 error."""
    status_message: str
    scope: str
    scope_version: str
    resource: dict[str, Any]
    content_hash: int
    """48 bits over the span's wire bytes: the last tie-break between two versions."""
    received_us: int
    size_bytes: int = 2**62
    """Of the span on the wire; when unknown, more than any: its values are then measured one by one."""


@dataclass(slots=True)
class Span:
    """A span in canonical form. `*_id` of identity fields are the span's own, never inherited.

    Not frozen because a digest makes ten thousand a second and a frozen one costs three times
    as much; nothing changes one after the vocabulary has filled it.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    kind: str
    start_us: int
    end_us: int | None
    scope: str
    service: str | None
    version: int
    """Which of two versions of one span wins: the larger (end, attribute count, hash)."""

    # Identity: value, the key it was read from (*why grouped*), its rank in the precedence.
    session_id: str | None = None
    session_key: str | None = None
    session_rank: int | None = None
    conversation_id: str | None = None
    conversation_key: str | None = None
    conversation_rank: int | None = None
    user_id: str | None = None
    user_key: str | None = None
    user_rank: int | None = None
    turn_number: int | None = None
    turn_number_key: str | None = None

    # What a client of ours says about a turn.
    is_turn: bool = False
    """`turnloom.span.kind` = turn: authoritative."""
    turn_id: str | None = None
    turn_status: str | None = None
    regenerates: str | None = None
    input_hash: str | None = None
    """Hash of the input: as reported, else of the text; groups repeats when text is off."""
    intent: str | None = None
    input_type: str | None = None
    output_type: str | None = None
    background: bool = False
    human_wait_us: int | None = None

    # The call.
    model: str | None = None
    requested_model: str | None = None
    provider: str | None = None
    input_tokens: int | None = None
    """Inclusive of cached and cache-write tokens (definitions, *Tokens*)."""
    output_tokens: int | None = None
    """Inclusive of reasoning tokens."""
    cached_input_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost_usd: Decimal | None = None
    cost_source: str | None = None
    """`reported` or `computed`."""
    price_version: str | None = None
    context_tokens: int | None = None
    context_limit: int | None = None
    context_pruned: bool | None = None
    messages_pruned: int | None = None
    messages_count: int | None = None
    finish_reason: str | None = None
    response_id: str | None = None
    linked_response_id: str | None = None
    """`gen_ai.conversation.id` like `resp_…`: the response this call continues (rule C3)."""
    tool_name: str | None = None
    agent_name: str | None = None
    handoff_to: str | None = None
    ttft_us: int | None = None
    retry_attempt: int | None = None

    # Text.
    input: str | None = None
    """As sent (text or JSON), up to 1 MiB."""
    output: str | None = None
    input_key: str | None = None
    output_key: str | None = None
    input_text: str | None = None
    """What a person reads: the last user message, else plain text; None for JSON that is no message."""
    output_text: str | None = None
    """The final assistant text, else plain text."""
    has_user_message: bool = False
    """The last message of the input is the user's: a new exchange may start here."""

    # Signs: what a recompute needs of the whole texts and attributes, which it does not read again.
    distilled: bool = False
    """The signs below were read."""
    has_input: bool = False
    has_output: bool = False
    input_length: int | None = None
    """Code points of `input_text`."""
    output_length: int | None = None
    asks_back: bool = False
    """The output ends in a question that waits for an answer."""
    refused: bool = False
    """The model declined to answer."""
    escalates: bool = False
    """It asks a human to take over."""
    one_exchange: bool = False
    """A plain HTTP request: whatever is below it answers it."""

    # Failure.
    error: bool = False
    error_type: str | None = None
    error_message: str | None = None
    error_category: str | None = None
    """`transient` or `permanent`."""

    # Surroundings.
    environment: str | None = None
    release: str | None = None
    tags: tuple[str, ...] = ()
    session_attributes: dict[str, str] = field(default_factory=dict[str, str])
    """`type`, `channel`, `locale`, `client_version`, `end_reason`, `previous_id`,
    `inactive_timeout`, `metadata.<key>` … without the prefix `session.`."""
    journey: dict[str, str] = field(default_factory=dict[str, str])
    """`journey.*` without the prefix."""
    flags: tuple[str, ...] = ()

    # The rest, kept for the inspector and for export.
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    """What became no input or output, as sent."""
    resource: dict[str, Any] = field(default_factory=dict[str, Any])
    events: list[tuple[int, str, dict[str, Any]]] = field(
        default_factory=list[tuple[int, str, dict[str, Any]]]
    )
    links: list[tuple[str, str, dict[str, Any]]] = field(
        default_factory=list[tuple[str, str, dict[str, Any]]]
    )
    status_code: int = 0
    status_message: str = ""
    otel_kind: int = 0
    scope_version: str = ""
    received_us: int = 0


def span_version(end_us: int | None, attribute_count: int, content_hash: int) -> int:
    """Order two versions of one span: the later end wins, then more attributes, then the hash.

    Args:
        end_us: End in microseconds since 1970, or None.
        attribute_count: Number of attributes of the span, at most 65 535 count.
        content_hash: 48 bits over the span's wire bytes.

    Returns:
        An integer of up to 128 bits (definitions, *Time*).
    """
    return (max(end_us or 0, 0) << 64) | (min(attribute_count, 0xFFFF) << 48) | content_hash
