"""Shapes of answers, for the OpenAPI description; the answers themselves are written without them."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

Time = Annotated[
    str, Field(examples=["2026-01-31T10:00:00.000000Z"], description="ISO 8601, UTC, microseconds.")
]
Usd = Annotated[str, Field(examples=["0.0125"], description="US dollars, exact.")]


class Cell(BaseModel):
    """One turn in the strip of a session."""

    outcome: str | None
    latency_ms: float | None


class Session(BaseModel):
    """All that lists show of a session."""

    id: str
    grouped: bool
    title: str | None
    user_ids: list[str]
    conversation_ids: list[str]
    state: str
    end_reason: str | None
    started_at: Time
    last_activity_at: Time
    active_duration_ms: float | None
    span_duration_ms: float | None
    visits: int
    outcome: str
    dropoff: str | None
    reopened_count: int
    type: str | None
    locale: str | None
    client_version: str | None
    turns_count: int
    traces_count: int
    spans_count: int
    agent_runs: int
    llm_calls: int
    tool_calls: int
    errors: int
    input_tokens: int | None
    output_tokens: int | None
    cached_input_tokens: int | None
    cost_usd: Usd | None
    unpriced_calls: int
    wasted_cost_usd: Usd | None
    turn_latency_p50_ms: float | None
    turn_latency_p95_ms: float | None
    ttft_p50_ms: float | None
    peak_context_ratio: float | None
    satisfaction: float | None
    models: list[str]
    strip: list[Cell]
    journeys: list[str]
    metadata: dict[str, str]
    tags: list[str]
    environment: str | None
    release: str | None
    channel: str | None
    bookmarked: bool
    flags: list[str]


class Page(BaseModel):
    """What every page of a list has beside its data."""

    next_cursor: str | None
    total: int


class SessionPage(Page):
    """One page of sessions."""

    data: list[Session]


class Score(BaseModel):
    """A score of a turn."""

    name: str
    value: float | str | None
    rating: float | None
    user_id: str | None
    source: str | None
    time: Time


class Turn(BaseModel):
    """One exchange, with its whole texts."""

    id: str
    number: int | None
    position: int | None
    visit_position: int | None
    reported_number: int | None
    session_id: str
    conversation_id: str | None
    user_id: str | None
    trace_ids: list[str]
    span_id: str | None
    name: str | None
    status: str | None
    input: str | None
    output: str | None
    started_at: Time
    ended_at: Time | None
    latency_ms: float | None
    ttft_ms: float | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Usd | None
    agent_runs: int
    llm_calls: int
    tool_calls: int
    errors: int
    error_type: str | None
    error_message: str | None
    models: list[str]
    tools: list[str]
    context_ratio: float | None
    visit: int | None
    variant_of: str | None
    duplicate_of: str | None
    flags: list[str]
    scores: list[Score]


class Visit(BaseModel):
    """A stretch of activity inside a session."""

    started_at: Time
    ended_at: Time
    turns_count: int
    dropoff: str | None


class SessionWithTurns(Session):
    """One session and one page of its turns."""

    session_id_source: str | None
    ended_at: Time
    scores: dict[str, float]
    last_turn: int | None
    last_intent: str | None
    last_action: str | None
    visit_details: list[Visit]
    turns: list[Turn]
    activity: list[Turn]
    next_cursor: str | None


class Conversation(BaseModel):
    """All that lists show of a conversation."""

    id: str
    session_ids: list[str]
    user_ids: list[str]
    started_at: Time
    last_activity_at: Time
    turns_count: int
    errors: int
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: Usd | None
    models: list[str]


class ConversationPage(Page):
    """One page of conversations."""

    data: list[Conversation]


class ConversationWithTurns(Conversation):
    """One conversation and one page of its turns."""

    turns: list[Turn]
    activity: list[Turn]
    next_cursor: str | None


class Trace(BaseModel):
    """All that lists show of a trace."""

    id: str
    session_ids: list[str]
    name: str | None
    service: str | None
    started_at: Time
    ended_at: Time | None
    duration_ms: float | None
    spans_count: int
    errors: int
    other_traffic: bool
    flags: list[str]


class TracePage(Page):
    """One page of traces."""

    data: list[Trace]


class Event(BaseModel):
    """An event of a span."""

    time: Time
    name: str
    attributes: dict[str, Any]


class Link(BaseModel):
    """A link of a span."""

    trace_id: str
    span_id: str
    attributes: dict[str, Any]


class Span(BaseModel):
    """A span with everything that was sent."""

    id: str
    parent_id: str | None
    trace_id: str
    name: str
    kind: str
    started_at: Time
    ended_at: Time | None
    session_id: str | None
    session_id_source: str | None
    conversation_id: str | None
    conversation_id_source: str | None
    user_id: str | None
    user_id_source: str | None
    model: str | None
    provider: str | None
    tool_name: str | None
    agent_name: str | None
    input_tokens: int | None
    output_tokens: int | None
    cached_input_tokens: int | None
    cost_usd: Usd | None
    cost_source: str | None
    ttft_ms: float | None
    error: bool
    error_type: str | None
    error_message: str | None
    input: str | None
    output: str | None
    attributes: dict[str, Any]
    resource: dict[str, Any]
    events: list[Event]
    links: list[Link]
    scope: str
    service: str | None
    flags: list[str]


class TraceWithSpans(BaseModel):
    """One trace and its spans."""

    id: str
    session_id: str | None
    session_id_source: str | None
    conversation_id: str | None
    user_id: str | None
    other_traffic: bool
    spans_count: int
    spans: list[Span]
    next_cursor: str | None
