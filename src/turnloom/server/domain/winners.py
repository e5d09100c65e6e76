"""Of two versions of a span, the better one by its content, never by arrival."""

from collections.abc import Iterable

from turnloom.model.span import Span


def winners(spans: Iterable[Span]) -> list[Span]:
    """Keep the larger `version` of each span id (definitions, *Time*).

    Args:
        spans: Spans of one trace, in any order, any number of versions of each.

    Returns:
        One span per span id, by (start, span id).
    """
    best: dict[str, Span] = {}
    for span in spans:
        known = best.get(span.span_id)
        if known is None or span.version > known.version:
            best[span.span_id] = span
    return sorted(best.values(), key=place)


def place(span: Span) -> tuple[int, str]:
    """Order of spans in a trace."""
    return span.start_us, span.span_id
