"""Time to first token, however it was told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from turnloom.model.span import RawSpan
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.table import EVENT
from turnloom.vocabulary.value_maps import FIRST_TOKEN_UNITS
from turnloom.vocabulary.values import clean, number


def first_token_us(raw: RawSpan, candidates: Sequence[Found], event_rows: Sequence[str]) -> int | None:
    """Find the time to first token.

    Args:
        raw: The span as it came.
        candidates: Durations and points in time, best first.
        event_rows: Rows of the table that name a span event.

    Returns:
        Microseconds after the start; None when it was not told, or lies before the start.
    """
    for _, key, value in candidates:
        unit = FIRST_TOKEN_UNITS.get(key)
        read = number(value)
        if unit is not None:
            wait = None if read is None else round(read * unit)
        else:
            at = point_us(value)
            wait = None if at is None else at - raw.start_us
        if wait is not None and wait >= 0:
            return wait
    for time_us, name, _ in raw.events:
        if EVENT + name in event_rows and time_us >= raw.start_us:
            return time_us - raw.start_us
    return None


def point_us(value: Any) -> int | None:
    """Read a point in time.

    Args:
        value: ISO 8601, maybe JSON-quoted; without a zone it is UTC.

    Returns:
        Microseconds since 1970; None for anything else.
    """
    read = clean(value) if isinstance(value, str) else None
    if read is None:
        return None
    try:
        at = datetime.fromisoformat(read)
    except ValueError:
        return None
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
