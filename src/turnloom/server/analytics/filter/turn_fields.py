"""The one table of fields of a turn, written `turn.…` inside any, all and no."""

from dataclasses import replace

from turnloom.server.analytics.filter.fields import (
    boolean,
    duration,
    enum,
    members,
    money,
    number,
    string,
    table,
)
from turnloom.server.analytics.filter.session_fields import TOKENS

STATUSES = ("ok", "error", "cancelled", "disconnected", "timeout", "incomplete", "running")
FAILED = "('error', 'cancelled', 'disconnected', 'timeout', 'incomplete')"

_SCORE = (
    "arrayReduce('avgOrNull', arrayMap(score -> JSONExtract(score, 3, 'Nullable(Float64)'),"
    " arrayFilter(score -> JSONExtractString(score, 1) = $key, JSONExtractArrayRaw(facts, 'scores'))))"
)

TURN_FIELDS = table(
    (
        number("number", "number", "Its place in its conversation, from 1.", nullable=True),
        number("position", "position", "Its place in the session, from 1.", nullable=True),
        enum("status", "status", "How it ended.", *STATUSES),
        duration("latency", "latency_us", "From input to output, without waiting for a human."),
        duration("ttft", "ttft_us", "Time to the first token."),
        money("cost", "cost_usd", "Cost of its calls that have a price."),
        number("tokens", TOKENS, "Input and output tokens.", unit="tokens", nullable=True),
        members("tool", "tools", "Tools that it called."),
        members("model", "models", "Models that answered."),
        members("agent", "agents", "Agents that ran."),
        boolean("error", f"(errors > 0 OR ifNull(status IN {FAILED}, 0))", "Whether something failed in it."),
        number("errors", "errors", "Failures, each counted where it began."),
        string("error_type", "error_type", "Type of its error."),
        enum("input_type", "input_type", "Kind of input.", "question", "command", "feedback", "other"),
        enum(
            "output_type",
            "output_type",
            "Kind of output.",
            "answer",
            "question",
            "refusal",
            "error",
            "handoff",
        ),
        string("intent", "intent", "Intent as reported."),
        number("context", "context_ratio", "How full the context window was.", unit="0..1", nullable=True),
        replace(number("score", _SCORE, "Mean of a score by name.", nullable=True), keyed=True),
        boolean(
            "pruned",
            "(hasAny(flags, ['context_pruned', 'pruning_suspected']) OR ifNull(messages_pruned > 0, 0)"
            " OR has(JSONExtract(facts, 'session_flags', 'Array(String)'), 'pruning_suspected'))",
            "Whether messages were dropped from its context.",
        ),
    )
)
"""Every field of a turn by name."""
