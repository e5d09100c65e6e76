"""Tokens, cost and waste of one turn, summed over the spans that count."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.domain.roles import COUNTED, EVALUATOR, RETRIED, UNKNOWN

Amount = TypeVar("Amount", int, Decimal)


def add_up(turn: Turn, spans: Iterable[tuple[Span, int]]) -> None:
    """Fill in tokens, cost, calls and waste.

    Args:
        turn: The turn to fill in.
        spans: Spans of the turn whose usage counts or is not known, with their roles.
    """
    for span, bits in spans:
        if bits & EVALUATOR:
            turn.evaluator_cost_usd = plus(turn.evaluator_cost_usd, span.cost_usd)
            continue
        if bits & UNKNOWN:
            turn.unpriced_calls += 1
            continue
        if not bits & COUNTED:
            continue
        turn.input_tokens = plus(turn.input_tokens, span.input_tokens)
        turn.output_tokens = plus(turn.output_tokens, span.output_tokens)
        turn.cached_input_tokens = plus(turn.cached_input_tokens, span.cached_input_tokens)
        if span.cost_usd is None:
            turn.unpriced_calls += 1
        else:
            turn.priced_calls += 1
            turn.cost_usd = plus(turn.cost_usd, span.cost_usd)
        if span.error or bits & RETRIED:
            turn.wasted_tokens = plus(turn.wasted_tokens, plus(span.input_tokens, span.output_tokens))
            turn.wasted_cost_usd = plus(turn.wasted_cost_usd, span.cost_usd)


def plus(total: Amount | None, more: Amount | None) -> Amount | None:
    """Add where missing is missing: None and None is None, and 0 is a value."""
    if more is None:
        return total
    return more if total is None else total + more
