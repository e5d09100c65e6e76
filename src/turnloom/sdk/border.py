"""The border between telemetry and host: what fails on our side is logged and stays there."""

import logging
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

logger = logging.getLogger("turnloom")

_seen: set[str] = set()


def shielded(what: str, action: Callable[[], T]) -> T | None:
    """Run a piece of telemetry, so that its failure never reaches the host.

    Args:
        what: Name of the piece, for the log.
        action: What to run.

    Returns:
        What the action returned, or None if it raised.
    """
    try:
        return action()
    except Exception:  # noqa: BLE001 - this is the border
        warn_once(what, "turnloom: %s failed, the application is not affected", what, exc_info=True)
        return None


def warn_once(key: str, message: str, *args: object, exc_info: bool = False) -> None:
    """Log a warning the first time a key is seen in this process, and debug lines after that.

    Args:
        key: What the warning is about.
        message: Format of the message.
        *args: Values of the format.
        exc_info: Whether to log the current exception with it.
    """
    level = logging.DEBUG if key in _seen else logging.WARNING
    _seen.add(key)
    logger.log(level, message, *args, exc_info=exc_info)


def forget_warnings() -> None:
    """Let every warning be given again, as after a new `init`."""
    _seen.clear()
