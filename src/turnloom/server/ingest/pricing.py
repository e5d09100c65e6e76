"""Cost of a call that reports none, and the limit of its context."""

from turnloom.model.span import Span
from turnloom.prices.lookup import Tokens, context_limit, cost_usd, price_version

PRICED_KINDS = frozenset({"llm", "embedding", "evaluator", "reranker"})
"""Kinds whose usage can be priced; agents and chains repeat that of the calls below them."""


def priced(span: Span) -> Span:
    """Fill the cost and the context limit of a call where they are not reported.

    The source of the rule is definitions, *Tokens, cost, waste*.
    """
    if span.model is None or span.kind not in PRICED_KINDS:
        return span
    if span.context_limit is None:
        span.context_limit = context_limit(span.provider, span.model)
    if span.cost_usd is None and (span.input_tokens is not None or span.output_tokens is not None):
        tokens = Tokens(
            span.input_tokens or 0,
            span.output_tokens or 0,
            span.cached_input_tokens or 0,
            span.cache_write_tokens or 0,
        )
        span.cost_usd = cost_usd(span.provider, span.model, tokens, span.start_us)
        if span.cost_usd is not None:
            span.cost_source = "computed"
            span.price_version = price_version()
    return span
