"""A session: what the list shows of it."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True)
class Session:
    """All that is stored about a session. What depends on the clock is computed at read from it.

    Not frozen because each aspect fills its own fields; nothing changes one after `read_session`
    has returned it.
    """

    session_id: str
    grouped: bool
    session_key: str | None
    started_us: int
    last_activity_us: int
    """min(event end, reception) of what extends activity (definitions, *Session state*)."""
    ended_us: int
    """Latest end of all spans."""
    title: str | None = None
    user_ids: tuple[str, ...] = ()
    conversation_ids: tuple[str, ...] = ()
    derived: bool = False
    """The session id is a conversation id, for want of a session id."""
    running_until_us: int | None = None
    """A turn runs: its span comes, or it is incomplete from here on."""
    human_open: bool = False
    """A human request is open: the timeout stands still."""
    inactivity_timeout_us: int | None = None
    """None: no timeout (batch)."""
    end_reason: str | None = None
    """Explicit end in force; `timeout` is derived at read."""
    end_us: int | None = None
    """Time of the explicit end in force."""
    reopened_count: int = 0
    active_duration_us: int = 0
    span_duration_us: int = 0
    visit_starts_us: tuple[int, ...] = ()
    visit_ends_us: tuple[int, ...] = ()
    visit_turns: tuple[int, ...] = ()
    visit_dropoffs: tuple[str, ...] = ()
    """Reason per closed visit; the last one's is what holds once it closes ("" = never evaluated)."""
    visit_actions: tuple[str, ...] = ()
    """What the agent did last in each visit; "" = nothing."""
    visit_intents: tuple[str, ...] = ()
    """Last intent of each visit as reported; "" = none."""
    dropoff_inferred: bool = False
    """The last visit's `unanswered_question` was read from the text, not reported."""
    closes_us: int | None = None
    """When the last visit closes if nothing comes; None: open-ended or closed by an explicit end."""
    changes_us: int | None = None
    """When the clock next changes something stored here: the close stage recomputes it then."""
    reported_outcome: str | None = None
    outcome: str | None = None
    """As reported or `resolved`; else at read `dropped`, `open` or `ended`."""
    turns_count: int = 0
    traces_count: int = 0
    spans_count: int = 0
    agent_runs: int = 0
    llm_calls: int = 0
    tool_calls: int = 0
    errors: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_input_tokens: int | None = None
    cost_usd: Decimal | None = None
    priced_calls: int = 0
    unpriced_calls: int = 0
    evaluator_cost_usd: Decimal | None = None
    wasted_tokens: int | None = None
    wasted_cost_usd: Decimal | None = None
    turn_latency_p50_us: int | None = None
    turn_latency_p95_us: int | None = None
    ttft_p50_us: int | None = None
    peak_context_ratio: float | None = None
    satisfaction: float | None = None
    satisfaction_count: int = 0
    last_intent: str | None = None
    last_action: str | None = None
    last_turn: int | None = None
    """visit_position of the last turn."""
    strip_outcomes: tuple[str, ...] = ()
    strip_latencies_us: tuple[int, ...] = ()
    """-1 where a latency is missing (arrays hold no null)."""
    type: str | None = None
    channel: str | None = None
    locale: str | None = None
    country: str | None = None
    client_version: str | None = None
    environment: str | None = None
    release: str | None = None
    services: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict[str, str])
    reported: dict[str, str] = field(default_factory=dict[str, str])
    """Aggregates that a client sent (`total_tokens` …), beside ours, never summed."""
    flags: tuple[str, ...] = ()
    scores: dict[str, float] = field(default_factory=dict[str, float])
    """Mean per score name."""
