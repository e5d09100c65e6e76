"""What the body of a log event says, attribute by attribute."""

from collections.abc import Mapping
from typing import Any

PREFIX = "session."

NOT_KEPT = frozenset({"session.id"})
"""Identity, not an attribute."""


def as_text(value: Any) -> str | None:
    """A value as text; None when it is missing or empty."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def as_int(value: Any) -> int | None:
    """A whole number, also one sent as text; None when it is none."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    try:
        return int(str(value))
    except ValueError:
        return None


def session_attributes(body: Mapping[str, Any]) -> dict[str, str]:
    """Attributes `session.*` of an event, without the prefix."""
    found: dict[str, str] = {}
    for key, value in body.items():
        if key.startswith(PREFIX) and key not in NOT_KEPT:
            text = as_text(value)
            if text is not None:
                found[key.removeprefix(PREFIX)] = text
    return found
