"""What a project decides about its sessions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US

TIMEOUT_MIN_US = MINUTE_US
TIMEOUT_MAX_US = DAY_US
"""Limits of an inactivity timeout that a project or a session sets."""

TIMEOUTS_US: Mapping[str, int | None] = MappingProxyType(
    {
        "chat": 30 * MINUTE_US,
        "voice": 2 * MINUTE_US,
        "api": 5 * MINUTE_US,
        "agent": 5 * MINUTE_US,
        "batch": None,
    }
)
"""Inactivity timeout by `session.type`; None: none (definitions, *Time*)."""

TIMEOUT_UNKNOWN_US = 30 * MINUTE_US
"""Inactivity timeout of a session without a type, or with one that is not known."""

LIVE_US = 60_000_000
"""A session is live for this long after its last activity."""


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How the sessions of one project are read."""

    turn_incomplete_us: int = 15 * MINUTE_US
    """Age at which an announced turn without a span is incomplete."""
    timeouts_us: Mapping[str, int | None] = field(default_factory=lambda: TIMEOUTS_US)
    """Inactivity timeout by `session.type`; the project's own values are laid over the defaults."""
    timeout_unknown_us: int = TIMEOUT_UNKNOWN_US
    merge_calls: bool = False
    """One trace per LLM call: consecutive traces with the same input and a short gap are one turn."""


def inactivity_timeout_us(rules: SessionRules, session_type: str | None, own: str | None) -> int | None:
    """The inactivity timeout of a session.

    Args:
        rules: The project's rules.
        session_type: `session.type`.
        own: `session.inactive_timeout` as sent: seconds up to one day, else milliseconds.

    Returns:
        Microseconds, or None when the session has no timeout.
    """
    if own is not None:
        try:
            number = float(own)
        except ValueError:
            number = 0.0
        if 0 < number < float("inf"):
            micros = number * 1_000_000 if number <= 86_400 else number * 1_000
            return int(min(max(micros, TIMEOUT_MIN_US), TIMEOUT_MAX_US))
    return rules.timeouts_us.get((session_type or "").lower(), rules.timeout_unknown_us)
