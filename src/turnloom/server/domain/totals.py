"""Sums of a session over its turns and activity."""

from collections.abc import Sequence

from turnloom.model.session import Session
from turnloom.model.turn import Turn
from turnloom.server.domain.usage import plus


def fill_totals(session: Session, rows: Sequence[Turn]) -> None:
    """Fill in counts, tokens and cost.

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
