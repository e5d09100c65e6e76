"""A turn as the API shows it."""

from typing import Any

from turnloom.server.analytics.shown_turn import ShownTurn
from turnloom.server.api.values import iso, ms, usd
from turnloom.server.domain.scores import Score


def shown_turn(shown: ShownTurn) -> dict[str, Any]:
    """The fields of a turn; its texts are whole."""
    turn = shown.turn
    return {
        "id": turn.turn_id or turn.span_id or turn.trace_id,
        "number": turn.number,
        "position": turn.position,
        "visit_position": turn.visit_position,
        "reported_number": turn.reported_number,
        "session_id": turn.session_id,
        "conversation_id": turn.conversation_id,
        "user_id": turn.user_id,
        "trace_ids": shown.trace_ids,
        "span_id": turn.span_id or None,
        "name": turn.name or None,
        "status": turn.status,
        "input": turn.input,
        "output": turn.output,
        "started_at": iso(turn.start_us),
        "ended_at": iso(turn.end_us),
        "latency_ms": ms(turn.latency_us),
        "ttft_ms": ms(turn.ttft_us),
        "input_tokens": turn.input_tokens,
        "output_tokens": turn.output_tokens,
        "cost_usd": usd(turn.cost_usd),
        "agent_runs": turn.agent_runs,
        "llm_calls": turn.llm_calls,
        "tool_calls": turn.tool_calls,
        "errors": turn.errors,
        "error_type": turn.error_type,
        "error_message": turn.error_message,
        "models": turn.models,
        "tools": turn.tools,
        "context_ratio": turn.context_ratio,
        "visit": turn.visit,
        "variant_of": turn.variant_of,
        "duplicate_of": turn.duplicate_of,
        "flags": sorted({*turn.flags, *turn.session_flags}),
        "scores": [_score(score) for score in turn.scores],
    }


def _score(score: Score) -> dict[str, Any]:
    name, user_id, value, text, time_us, source, rating = score
    return {
        "name": name,
        "value": text if value is None else value,
        "rating": rating,
        "user_id": user_id or None,
        "source": source or None,
        "time": iso(time_us),
    }
