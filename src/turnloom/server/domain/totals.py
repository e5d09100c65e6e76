"""Sums of a session over its turns and activity, and how its turns are spread."""

from collections.abc import Sequence

from turnloom.model.session import Session
from turnloom.model.turn import Turn
from turnloom.server.domain.usage import plus

MISSING_US = -1
"""A latency that is not known, where an array can hold no null."""


def fill_totals(session: Session, rows: Sequence[Turn]) -> None:
    """Fill in counts, tokens, cost and waste.

    Args:
        session: The session to fill in.
        rows: All its turns and activity; activity counts in cost (definitions, *Turn*).
    """
    for turn in rows:
        session.spans_count += turn.spans_count
        session.llm_calls += turn.llm_calls
        session.tool_calls += turn.tool_calls
        session.agent_runs += turn.agent_runs
        session.errors += turn.errors
        session.priced_calls += turn.priced_calls
        session.unpriced_calls += turn.unpriced_calls
        session.input_tokens = plus(session.input_tokens, turn.input_tokens)
        session.output_tokens = plus(session.output_tokens, turn.output_tokens)
        session.cached_input_tokens = plus(session.cached_input_tokens, turn.cached_input_tokens)
        session.cost_usd = plus(session.cost_usd, turn.cost_usd)
        session.evaluator_cost_usd = plus(session.evaluator_cost_usd, turn.evaluator_cost_usd)
        if turn.superseded or turn.duplicate_of is not None:
            session.wasted_tokens = plus(session.wasted_tokens, plus(turn.input_tokens, turn.output_tokens))
            session.wasted_cost_usd = plus(session.wasted_cost_usd, turn.cost_usd)
        else:
            session.wasted_tokens = plus(session.wasted_tokens, turn.wasted_tokens)
            session.wasted_cost_usd = plus(session.wasted_cost_usd, turn.wasted_cost_usd)


def fill_spread(session: Session, turns: Sequence[Turn]) -> None:
    """Fill in percentiles, the context peak and the turn strip.

    Args:
        session: The session to fill in.
        turns: Its turns in order, parts of others merged.
    """
    latencies = sorted(turn.latency_us for turn in turns if turn.latency_us is not None)
    session.turn_latency_p50_us = percentile(latencies, 50)
    session.turn_latency_p95_us = percentile(latencies, 95)
    session.ttft_p50_us = percentile(sorted(turn.ttft_us for turn in turns if turn.ttft_us is not None), 50)
    peaks = [turn.peak_context_ratio for turn in turns if turn.peak_context_ratio is not None]
    session.peak_context_ratio = max(peaks, default=None)
    session.strip_outcomes = tuple(turn.status or "" for turn in turns)
    session.strip_latencies_us = tuple(
        MISSING_US if turn.latency_us is None else turn.latency_us for turn in turns
    )


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """A percentile by linear interpolation (ClickHouse's `quantileExactInclusive`).

    Args:
        ordered: Values, sorted.
        percent: 0 to 100.

    Returns:
        The value, rounded down; None without values.
    """
    if not ordered:
        return None
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    if rest == 0:
        return ordered[place]
    return ordered[place] + (ordered[place + 1] - ordered[place]) * rest // 100
