"""Tokens and reported cost, field by field from whichever dialect comes first (C8).

Counts are inclusive: input contains cached and cache-write, output contains reasoning
(definitions, *Tokens*).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from turnloom.model.span import Span
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.value_maps import BUCKETED_USAGE, USAGE_KEYS
from turnloom.vocabulary.values import number, parsed, whole

COUNTS = ("input_tokens", "output_tokens", "cached_input_tokens", "cache_write_tokens", "reasoning_tokens")
"""The token fields of a span."""

CACHE_READ = ("cache_read", "cached", "input_cache_read")
CACHE_WRITE = ("cache_creation", "cache_write")

COST_MAX_USD = 1_000_000
"""Above it a reported cost of one call is a mistake."""

TOTAL_COST_KEYS = ("total", "total_cost", "total_cost_usd")
"""Where an object of costs keeps their sum; without one its values are added."""


def fill_usage(span: Span, found: Mapping[str, Sequence[Found]]) -> None:
    """Fill the token counts of a span.

    Args:
        span: The span to fill.
        found: Candidates by field, best first.
    """
    objects: dict[str, Mapping[str, int]] = {}
    for field in COUNTS:
        for _, key, value in found.get(field, ()):
            if isinstance(value, int) or (isinstance(value, str | float) and whole(value) is not None):
                count = whole(value)
            else:
                if key not in objects:
                    objects[key] = counts_in(parsed(value), buckets=key in BUCKETED_USAGE)
                count = objects[key].get(field)
            if count is not None:
                setattr(span, field, count)
                break
    _include_parts(span)


def _include_parts(span: Span) -> None:
    """Parts larger than their whole were sent apart from it: add them."""
    cache = (span.cached_input_tokens or 0) + (span.cache_write_tokens or 0)
    if span.input_tokens is not None and cache > span.input_tokens:
        span.input_tokens += cache
    if span.output_tokens is not None and (span.reasoning_tokens or 0) > span.output_tokens:
        span.output_tokens += span.reasoning_tokens or 0


def counts_in(data: Any, *, buckets: bool) -> Mapping[str, int]:
    """Read an object of token counts.

    Args:
        data: Decoded JSON.
        buckets: Whether it holds disjoint buckets, to be added, unless it is a provider's own
            object: one with `prompt_tokens`, with details inside, or with a total that shows it.

    Returns:
        Field of a span to its count; empty when the value is no such object.
    """
    if not isinstance(data, dict):
        return {}
    entries = cast("dict[str, Any]", data)
    details = [cast("dict[str, Any]", item) for item in entries.values() if isinstance(item, dict)]
    flat = {key.lower(): count for key, item in entries.items() if (count := whole(item)) is not None}
    if not buckets or details or "prompt_tokens" in flat or "completion_tokens" in flat or _adds_up(flat):
        return _inclusive(flat, details)
    return _disjoint(flat)


def _adds_up(flat: Mapping[str, int]) -> bool:
    whole_input, whole_output = flat.get("input_tokens", 0), flat.get("output_tokens", 0)
    return "total_tokens" in flat and flat["total_tokens"] == whole_input + whole_output


def _inclusive(flat: Mapping[str, int], details: Iterable[Mapping[str, Any]]) -> Mapping[str, int]:
    counts = dict(flat)
    for item in details:
        counts |= {key.lower(): count for key, part in item.items() if (count := whole(part)) is not None}
    read: dict[str, int] = {}
    for field, keys in USAGE_KEYS.items():
        key = next((key for key in keys if key in counts), None)
        if key is not None:
            read[field] = counts[key]
    return read


def _disjoint(flat: Mapping[str, int]) -> Mapping[str, int]:
    buckets: dict[str, int] = {}
    for key, count in flat.items():
        for field in _fields_of_bucket(key):
            buckets[field] = buckets.get(field, 0) + count
    return buckets


def _fields_of_bucket(key: str) -> Iterable[str]:
    if key.startswith("total"):
        return
    if "input" in key or "prompt" in key or "cache" in key:
        yield "input_tokens"
        if any(word in key for word in CACHE_READ):
            yield "cached_input_tokens"
        elif any(word in key for word in CACHE_WRITE):
            yield "cache_write_tokens"
    elif "output" in key or "completion" in key or "reasoning" in key:
        yield "output_tokens"
        if "reasoning" in key:
            yield "reasoning_tokens"


def fill_cost(span: Span, candidates: Sequence[Found]) -> None:
    """Fill the cost that the sender reported, in USD.

    Args:
        span: The span to fill.
        candidates: Best first: numbers, or objects of costs.
    """
    for _, _, value in candidates:
        cost = _cost(value)
        if cost is not None:
            span.cost_usd, span.cost_source = cost, "reported"
            return


def _cost(value: Any) -> Decimal | None:
    data = parsed(value)
    if isinstance(data, dict):
        entries = cast("dict[str, Any]", data)
        total = next((entries[key] for key in TOTAL_COST_KEYS if entries.get(key) is not None), None)
        if total is not None:
            return _amount(total)
        amounts = [amount for item in entries.values() if (amount := _amount(item)) is not None]
        return sum(amounts, Decimal(0)) if amounts else None
    return _amount(value)


def _amount(value: Any) -> Decimal | None:
    if number(value) is None:
        return None
    try:
        amount = Decimal(str(value).strip().strip('"'))
    except InvalidOperation:
        return None
    return amount if 0 <= amount < COST_MAX_USD else None
