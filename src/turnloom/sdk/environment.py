"""Reads environment variables: a wrong one is said once and left out, it never stops the host."""

import os
from collections.abc import Callable
from typing import TypeVar

from turnloom.sdk.border import warn_once

T = TypeVar("T")

TRUE_WORDS = frozenset({"true", "1", "yes", "on"})
FALSE_WORDS = frozenset({"false", "0", "no", "off"})


def env_text(*names: str) -> str | None:
    """The first variable that is set and not empty."""
    return next((value for name in names if (value := os.environ.get(name, "").strip())), None)


def env_flag(*names: str) -> bool | None:
    """The first variable that is set, as a truth value; None if none is or it is neither."""
    text = env_text(*names)
    if text is None:
        return None
    if text.lower() in TRUE_WORDS | FALSE_WORDS:
        return text.lower() in TRUE_WORDS
    warn_once(f"env {names[0]}", "turnloom: %s is %r; give true or false", names[0], text)
    return None


def env_number(name: str, read: Callable[[str], T], is_valid: Callable[[T], bool]) -> T | None:
    """A variable as a number.

    Args:
        name: The variable.
        read: Turns its text into a number, raising ValueError if it is none.
        is_valid: Whether the number can be used.

    Returns:
        The number, or None if the variable is unset or wrong.
    """
    text = env_text(name)
    if text is None:
        return None
    try:
        value = read(text)
    except ValueError:
        value = None
    if value is None or not is_valid(value):
        warn_once(f"env {name}", "turnloom: %s is %r and is ignored", name, text)
        return None
    return value
