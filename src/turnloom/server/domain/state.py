"""What of a stored session depends on the clock, and nothing else does (definitions, *Session state*).

Each function is a comparison of stored fields with the clock, so that a query can say the same in
one expression.
"""

from turnloom.model.session import Session
from turnloom.server.domain.rules import LIVE_US

NATURAL_END = "natural_end"
"""Reason of a visit that did not drop off."""


def ended_at(session: Session, now_us: int) -> bool:
    """Whether it has ended: explicitly, or its last visit has closed."""
    return session.end_us is not None or (session.closes_us is not None and session.closes_us <= now_us)


def state_at(session: Session, now_us: int) -> str:
    """`live`, `idle` or `ended`.

    Args:
        session: The stored session.
        now_us: The server's clock, microseconds since 1970.

    Returns:
        `live` while a turn runs or for 60 s after the last activity; an explicit end wins.
    """
    if session.end_us is not None:
        return "ended"
    if (session.running_until_us or 0) > now_us or session.last_activity_us + LIVE_US > now_us:
        return "live"
    return "ended" if ended_at(session, now_us) else "idle"


def end_reason_at(session: Session, now_us: int) -> str | None:
    """Why it ended: as reported, else `timeout`; None while it has not."""
    if session.end_us is not None:
        return session.end_reason
    return "timeout" if state_at(session, now_us) == "ended" else None


def dropoff_at(session: Session, now_us: int) -> str | None:
    """Reason of the last visit once it has closed; None while it is open or was never evaluated."""
    if not session.visit_dropoffs or state_at(session, now_us) != "ended":
        return None
    return session.visit_dropoffs[-1] or None


def outcome_at(session: Session, now_us: int) -> str:
    """As reported or `resolved`, else `dropped`, `open` or `ended`."""
    if session.outcome is not None:
        return session.outcome
    if state_at(session, now_us) != "ended":
        return "open"
    return "ended" if dropoff_at(session, now_us) in {None, NATURAL_END} else "dropped"
