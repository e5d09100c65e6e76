"""The one table of fields of a session: every column that lists show, and the short names."""

from dataclasses import replace

from turnloom.server.analytics.clock import DROPOFF, END_REASON, IDLE_US, OUTCOME, STATE
from turnloom.server.analytics.filter.fields import (
    boolean,
    duration,
    enum,
    members,
    money,
    number,
    string,
    table,
    time,
)

END_REASONS = ("completed", "user_exit", "logout", "replaced", "error", "timeout")
DROPOFF_REASONS = (
    "failed_turn", "unanswered", "negative_feedback", "unanswered_question", "journey_abandoned",
    "natural_end",
)  # fmt: skip
ACTIONS = ("errored", "tool_failed", "refused", "handed_off", "asked_question", "answered")
TYPES = ("chat", "api", "batch", "agent", "voice")
FLAGS = (
    "mixed_sessions", "derived", "clock_skew", "several_users", "context_pruned", "pruning_suspected",
    "duplicate", "number_gap", "number_duplicate", "number_mismatch",
)  # fmt: skip

TOKENS = (
    "if(input_tokens IS NULL AND output_tokens IS NULL, NULL,"
    " ifNull(input_tokens, 0) + ifNull(output_tokens, 0))"
)

_COLUMNS = (
    string("id", "session_id", "The session's id.", nullable=False),
    boolean("grouped", "grouped", "Whether the application gave it an id; a lone trace has none."),
    string("title", "title", "The first line that the user wrote."),
    members("user_ids", "user_ids", "The users in it."),
    members("conversation_ids", "conversation_ids", "The conversations in it."),
    enum("state", STATE, "`live`, `idle` or `ended`, now.", "live", "idle", "ended", nullable=False),
    enum("end_reason", END_REASON, "Why it ended.", *END_REASONS),
    time("started_at", "started_us", "When its first span started."),
    time("last_activity_at", "last_activity_us", "When something last happened that counts as activity."),
    duration("active_duration_ms", "active_duration_us", "Sum of its visits.", nullable=False),
    duration("span_duration_ms", "span_duration_us", "From its first start to its last end.", nullable=False),
    number("visits", "length(visit_starts_us)", "How many stretches of activity it has."),
    string("outcome", OUTCOME, "As reported, else what follows.", "resolved", "dropped", "open", "ended"),
    enum("dropoff", DROPOFF, "Why its last visit broke off.", *DROPOFF_REASONS),
    number("reopened_count", "reopened_count", "How often it went on after an explicit end."),
    string("type", "type", "Kind of session.", *TYPES),
    string("locale", "locale", "Language and region of the user, as in `en-GB`."),
    string("client_version", "client_version", "Version of the client application."),
    number("turns_count", "turns_count", "Exchanges in it."),
    number("traces_count", "traces_count", "Traces in it."),
    number("spans_count", "spans_count", "Spans in it."),
    number("agent_runs", "agent_runs", "Runs of agents."),
    number("llm_calls", "llm_calls", "Calls of language models."),
    number("tool_calls", "tool_calls", "Calls of tools."),
    number("errors", "errors", "Failures, each counted where it began."),
    number(
        "input_tokens",
        "input_tokens",
        "Tokens sent to models, cached ones included.",
        unit="tokens",
        nullable=True,
    ),
    number(
        "output_tokens",
        "output_tokens",
        "Tokens made by models, reasoning included.",
        unit="tokens",
        nullable=True,
    ),
    number(
        "cached_input_tokens",
        "cached_input_tokens",
        "Input tokens from a cache.",
        unit="tokens",
        nullable=True,
    ),
    money("cost_usd", "cost_usd", "Cost of the calls that have a price."),
    number("unpriced_calls", "unpriced_calls", "Calls whose price is not known."),
    money(
        "wasted_cost_usd", "wasted_cost_usd", "Cost of failures, retries, duplicates and replaced answers."
    ),
    duration("turn_latency_p50_ms", "turn_latency_p50_us", "Half of its turns took at most this long."),
    duration("turn_latency_p95_ms", "turn_latency_p95_us", "95 % of its turns took at most this long."),
    duration("ttft_p50_ms", "ttft_p50_us", "Median time to the first token."),
    number("peak_context_ratio", "peak_context_ratio", "Fullest context window.", unit="0..1", nullable=True),
    number(
        "satisfaction",
        "satisfaction",
        "Rating of the session, else mean of its turns.",
        unit="0..1",
        nullable=True,
    ),
    members("models", "models", "Models that answered."),
    members("strip", "strip_outcomes", "How its turns ended.", "ok", "error", "cancelled", "timeout"),
    members("journeys", "journeys", "Names of the journeys in it."),
    members("tags", "tags", "Its tags."),
    string("environment", "environment", "Where it ran.", "production", "staging", "development"),
    string("release", "release", "Version of the application."),
    string("channel", "channel", "Where the user came from.", "web", "mobile", "api", "slack"),
    boolean("bookmarked", "has($bookmarked, session_id)", "Whether somebody bookmarked it."),
    members("flags", "flags", "What is unusual about it.", *FLAGS),
    string("last_action", "last_action", "What the agent did last.", *ACTIONS),
    string("last_intent", "last_intent", "The last intent that was reported."),
    string("country", "country", "Country as the application reported it."),
)

_OTHERS = (
    number("tokens", TOKENS, "Input and output tokens.", unit="tokens", nullable=True),
    duration("idle", IDLE_US, "Time since its last activity.", nullable=False),
    members("tool", "tools", "Tools that were called."),
    members("agent", "agents", "Agents that ran."),
    replace(
        number(
            "score",
            "if(mapContains(scores, $key), scores[$key], NULL)",
            "Mean of a score by name.",
            nullable=True,
        ),
        keyed=True,
    ),
    replace(
        string(
            "metadata",
            "if(mapContains(metadata, $key), metadata[$key], NULL)",
            "Metadata of the session by key.",
        ),
        keyed=True,
    ),
    replace(
        string("source", "session_key", "The key from which the session id was read: `source(session)`."),
        keyed=True,
        words=("session",),
    ),
)

ALIASES = {
    "turns": "turns_count",
    "cost": "cost_usd",
    "latency": "turn_latency_p95_ms",
    "ttft": "ttft_p50_ms",
    "context": "peak_context_ratio",
    "duration": "span_duration_ms",
    "active": "active_duration_ms",
    "started": "started_at",
    "ended": "ended_at",
    "user": "user_ids",
    "conversation": "conversation_ids",
    "tag": "tags",
    "model": "models",
    "version": "client_version",
    "reason": "dropoff",
    "flag": "flags",
}
"""Short names; a duration under a short name needs its unit."""

_ENDED_AT = time("ended_at", "ended_us", "When its last span ended.")
_BY_NAME = table((*_COLUMNS, _ENDED_AT, *_OTHERS))

SESSION_FIELDS = table(
    (
        *_BY_NAME.values(),
        *(replace(_BY_NAME[name], name=alias, bare_unit_us=None) for alias, name in ALIASES.items()),
    )
)
"""Every field of a session by name."""
