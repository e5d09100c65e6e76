"""A session as the API shows it."""

from typing import Any

from turnloom.model.session import Session
from turnloom.server.api.values import iso, ms, strip, usd
from turnloom.server.domain.state import dropoff_at, end_reason_at, outcome_at, state_at


def shown_session(session: Session, now_us: int, *, bookmarked: bool = False) -> dict[str, Any]:
    """The fields of a session.

    Args:
        session: As it is stored.
        now_us: The clock, microseconds since 1970: state and outcome depend on it.
        bookmarked: Whether somebody bookmarked it.
    """
    return {
        "id": session.session_id,
        "grouped": session.grouped,
        "title": session.title,
        "user_ids": session.user_ids,
        "conversation_ids": session.conversation_ids,
        "state": state_at(session, now_us),
        "end_reason": end_reason_at(session, now_us),
        "started_at": iso(session.started_us),
        "last_activity_at": iso(session.last_activity_us),
        "active_duration_ms": ms(session.active_duration_us),
        "span_duration_ms": ms(session.span_duration_us),
        "visits": len(session.visit_starts_us),
        "outcome": outcome_at(session, now_us),
        "dropoff": dropoff_at(session, now_us),
        "reopened_count": session.reopened_count,
        "type": session.type,
        "locale": session.locale,
        "client_version": session.client_version,
        **_counts(session),
        "models": session.models,
        "strip": strip(session.strip_outcomes, session.strip_latencies_us),
        "journeys": session.journeys,
        "metadata": session.metadata,
        "tags": session.tags,
        "environment": session.environment,
        "release": session.release,
        "channel": session.channel,
        "bookmarked": bookmarked,
        "flags": session.flags,
    }


def visit_details(session: Session) -> list[dict[str, Any]]:
    """The visits of a session, in order."""
    columns = (session.visit_starts_us, session.visit_ends_us, session.visit_turns, session.visit_dropoffs)
    return [
        {
            "started_at": iso(start_us),
            "ended_at": iso(end_us),
            "turns_count": turns,
            "dropoff": dropoff or None,
        }
        for start_us, end_us, turns, dropoff in zip(*columns, strict=False)
    ]


def _counts(session: Session) -> dict[str, Any]:
    return {
        "turns_count": session.turns_count,
        "traces_count": session.traces_count,
        "spans_count": session.spans_count,
        "agent_runs": session.agent_runs,
        "llm_calls": session.llm_calls,
        "tool_calls": session.tool_calls,
        "errors": session.errors,
        "input_tokens": session.input_tokens,
        "output_tokens": session.output_tokens,
        "cached_input_tokens": session.cached_input_tokens,
        "cost_usd": usd(session.cost_usd),
        "unpriced_calls": session.unpriced_calls,
        "wasted_cost_usd": usd(session.wasted_cost_usd),
        "turn_latency_p50_ms": ms(session.turn_latency_p50_us),
        "turn_latency_p95_ms": ms(session.turn_latency_p95_us),
        "ttft_p50_ms": ms(session.ttft_p50_us),
        "peak_context_ratio": session.peak_context_ratio,
        "satisfaction": session.satisfaction,
    }
