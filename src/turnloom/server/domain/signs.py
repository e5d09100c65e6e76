"""Signs that are read once from a whole span, so that a recompute does without its texts."""

import hashlib
import re

from turnloom.model.span import Span
from turnloom.server.domain.lifecycle import as_int
from turnloom.server.domain.question import asks

REFUSAL_REASONS = frozenset({"content_filter", "refusal", "safety", "content_filtered"})
"""Finish reasons of a model that declined (definitions, *Drop-off*)."""

REFUSAL_PART = re.compile(r'"type"\s*:\s*"refusal"|"refusal"\s*:\s*"[^"]')
"""A part of an answer that is a refusal, in OpenAI's shapes."""

ONE_EXCHANGE_SCHEMES = frozenset({"http", "https"})

SWITCHING_PROTOCOLS = "101"
"""HTTP status of a request that becomes a WebSocket and holds many exchanges."""


def distil(span: Span) -> Span:
    """Fill in the signs of a span that has its whole texts and attributes; once filled, they stay.

    Args:
        span: The span.

    Returns:
        The same span.
    """
    if span.distilled:
        return span
    span.distilled = True
    span.has_input, span.has_output = bool(span.input), bool(span.output)
    span.input_length = as_int(span.attributes.get("turn.input_length"))
    span.output_length = as_int(span.attributes.get("turn.output_length"))
    if span.input_text is not None:
        span.input_length = len(span.input_text)
        span.input_hash = span.input_hash or hash_text(span.input_text)
    if span.output_text is not None:
        span.output_length = len(span.output_text)
        span.asks_back = asks(span.output_text)
    span.refused = _is_refused(span)
    span.escalates = span.attributes.get("human.type") == "escalation"
    span.one_exchange = _is_one_exchange(span)
    return span


def hash_text(text: str) -> str:
    """16 hex digits of SHA-256: groups equal inputs when nothing was reported."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _is_refused(span: Span) -> bool:
    if span.finish_reason is not None and span.finish_reason.lower() in REFUSAL_REASONS:
        return True
    return span.output is not None and "refusal" in span.output and bool(REFUSAL_PART.search(span.output))


def _is_one_exchange(span: Span) -> bool:
    read = span.attributes.get
    method = read("http.request.method") or read("http.method")
    if method is None:
        return False
    status = read("http.response.status_code") or read("http.status_code")
    scheme = str(read("url.scheme") or read("http.scheme") or "http")
    return str(status) != SWITCHING_PROTOCOLS and scheme in ONE_EXCHANGE_SCHEMES
