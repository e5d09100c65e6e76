"""A turn: one exchange of a session, or the activity around exchanges."""

from dataclasses import dataclass, field
from decimal import Decimal

ACTIVITY = "activity"
"""`source` of what belongs to a session and is no exchange: shown and counted, not numbered."""

EVENT = "event"
"""`source` of a turn that was announced and whose span is not here (yet)."""

RUNNING = "running"
"""`status` of a turn that has not ended as far as is known."""

INCOMPLETE = "incomplete"
"""`status` of an announced turn whose span did not come in time."""

FAILED = frozenset({"error", "cancelled", "disconnected", "timeout", INCOMPLETE})
"""Every `status` with which a turn ended and did not end well (definitions, *Drop-off*)."""


@dataclass(slots=True)
class Turn:
    """The facts of one exchange, read from the spans of one trace, and its place in the session.

    Identity is (session id, trace id, span id). Everything above `number` depends on the trace
    alone; `number` and what follows is given by the session (definitions, *Ordinals*), which
    changes nothing above it but the `status` of an announced turn.

    Not frozen because each aspect of a trace fills its own fields and a frozen one costs three
    times as much; nothing changes one after `read_trace` has returned it.
    """

    session_id: str
    trace_id: str
    span_id: str
    """Anchor: the turn span, the root or top-most span; what a `turn.start` announced; "" for activity."""
    source: str
    """`client` (a turn span), `trace` (a root trace), `span` (one of many in a trace), `event`
    (announced, its span not here yet) or `activity`."""
    start_us: int
    end_us: int | None
    """None while it runs."""
    conversation_id: str | None = None
    conversation_key: str | None = None
    user_id: str | None = None
    user_key: str | None = None
    session_key: str | None = None
    """Where the session id was read: *why grouped*."""
    grouped: bool = True
    derived: bool = False
    """The session id is a conversation id, for want of a session id."""
    turn_id: str | None = None
    reported_number: int | None = None
    regenerates: str | None = None
    status: str | None = None
    """ok, error, cancelled, disconnected, timeout, incomplete, running; None for activity."""
    name: str = ""
    background: bool = False
    """Marked as background, or an evaluator: extends no activity."""

    # Text, cut to 400 characters for lists; the spans hold all of it.
    input: str | None = None
    output: str | None = None
    input_span_id: str | None = None
    """The span whose `input_text` is the turn's input."""
    output_span_id: str | None = None
    input_hash: str | None = None
    input_length: int | None = None
    """Code points, as reported or of the text."""
    output_length: int | None = None
    input_type: str | None = None
    output_type: str | None = None
    intent: str | None = None
    continues: bool = False
    """A lone LLM call whose last message is not the user's: the next step of an exchange."""
    answered: bool = False
    """It has an output, or with text off the signs of one."""

    # Time, in microseconds.
    latency_us: int | None = None
    """End - start - waiting for a human; None when that is negative or not known yet."""
    active_end_us: int | None = None
    """Latest min(end, reception) that extends the session's activity; None when nothing of it does."""
    extends_us: int | None = None
    """The same in event time alone: what idle gaps are measured from."""
    last_end_us: int = 0
    """Latest end of all its spans, whether or not they extend activity."""
    received_us: int = 0
    """First reception of anything of it; 0 when unknown."""
    human_wait_us: int = 0
    human_open: bool = False
    """A human request has no response yet: the inactivity timeout stands still."""
    human_requests: tuple[str, ...] = ()
    """Ids of the requests that this trace opened and did not answer."""
    human_responses: tuple[str, ...] = ()
    """Ids that this trace answered and did not open."""
    ttft_us: int | None = None

    # Counts, tokens and cost (definitions, *Tokens, cost, waste*).
    spans_count: int = 0
    llm_calls: int = 0
    tool_calls: int = 0
    agent_runs: int = 0
    top_level_runs: int = 0
    errors: int = 0
    """Failed spans with no failed span below them."""
    error_type: str | None = None
    error_category: str | None = None
    error_message: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_input_tokens: int | None = None
    cost_usd: Decimal | None = None
    priced_calls: int = 0
    unpriced_calls: int = 0
    evaluator_cost_usd: Decimal | None = None
    wasted_tokens: int | None = None
    wasted_cost_usd: Decimal | None = None
    context_ratio: float | None = None
    """Of the last top-level call."""
    peak_context_ratio: float | None = None
    context_call: str | None = None
    """Agent and model of the last top-level call: what a suspected pruning is compared within."""
    context_messages: int | None = None
    context_tokens: int | None = None
    context_pruned: bool | None = None
    messages_pruned: int | None = None

    models: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    last_action: str | None = None
    """errored, tool_failed, refused, handed_off, asked_question, answered or None."""
    asked_question: bool | None = None
    question_inferred: bool = False
    environment: str | None = None
    release: str | None = None
    service: str | None = None
    services: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    session_attributes: dict[str, str] = field(default_factory=dict[str, str])
    session_attribute_times_us: dict[str, int] = field(default_factory=dict[str, int])
    """Event time of each session attribute: the latest per key wins."""
    journeys: tuple[str, ...] = ()
    """Names."""
    journey_steps: tuple[str, ...] = ()
    """JSON objects of `journey.*` without the prefix, with `time_us`, in order."""
    flags: tuple[str, ...] = ()
    scores: tuple[tuple[str, str, float | None, str | None, int, str, float | None], ...] = ()
    """(name, user id or "", value, text value, time in us, source or "", a user's rating 0..1 or
    None when it is no feedback) of scores on the turn or its spans, by time."""

    # Place in the session.
    number: int | None = None
    position: int | None = None
    visit: int | None = None
    """1-based."""
    visit_position: int | None = None
    variant_of: str | None = None
    """Span id of the turn that this one regenerates."""
    duplicate_of: str | None = None
    """Span id of the turn that this one repeats: all of its cost is wasted."""
    part_of: str | None = None
    """Span id of the turn that this one belongs to: same turn id, or one trace per LLM call."""
    superseded: bool = False
    """A later variant is the answer: all of its cost is wasted."""
    session_flags: tuple[str, ...] = ()
    """number_gap, number_duplicate, number_mismatch, duplicate, pruning_suspected."""
