"""Values as the API writes them: times, durations and costs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(time_us: int | None) -> str | None:
    """A time in ISO 8601, UTC, with microseconds.

    Args:
        time_us: Microseconds since 1970; None is missing.

    Returns:
        The text; None also for a time outside the years 1 to 9999.
    """
    if time_us is None:
        return None
    try:
        moment = EPOCH + timedelta(microseconds=time_us)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment.year >= 1000 else None


def ms(duration_us: int | None) -> float | None:
    """A duration in milliseconds; a negative one is missing."""
    return None if duration_us is None or duration_us < 0 else duration_us / 1_000


def usd(cost: Decimal | None) -> str | None:
    """A cost as a decimal text, without zeros at its end."""
    if cost is None:
        return None
    text = format(cost, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def strip(outcomes: Sequence[str], latencies_us: Sequence[int]) -> list[dict[str, object]]:
    """The strip of a session: outcome and latency of each turn."""
    return [
        {"outcome": outcome or None, "latency_ms": ms(latency_us)}
        for outcome, latency_us in zip(outcomes, latencies_us, strict=False)
    ]
