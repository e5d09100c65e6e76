"""Ids that the application gives, and new ones."""

import secrets
import time
from uuid import UUID

from turnloom.model.ids import MISSING_WORDS, has_control_character, shorten_id
from turnloom.sdk.border import warn_once
from turnloom.sdk.errors import InvalidArgumentError

Identifier = str | int | UUID
"""What an application may give as an id."""


def clean_id(name: str, value: Identifier | None) -> str | None:
    """Bring an id into its one form.

    Args:
        name: The argument's name, for messages.
        value: The id as given.

    Returns:
        The id without surrounding space, shortened when longer than 200 characters; None if missing.

    Raises:
        TypeError: The value is neither str, int nor UUID.
        InvalidArgumentError: The value holds a control character.
    """
    text = id_text(name, value)
    if text is None:
        return None
    short = shorten_id(text)
    if short is not text:
        warn_once(f"long {name}", "turnloom: %s has %d characters and was shortened", name, len(text))
    return short


def id_text(name: str, value: object) -> str | None:
    """The text of an id of any length.

    Args:
        name: The argument's name, for messages.
        value: The id as given.

    Returns:
        The text, or None if the value stands for a missing one.

    Raises:
        TypeError: The value is neither str, int nor UUID.
        InvalidArgumentError: The value holds a control character.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | UUID):
        raise TypeError(f"{name} is {type(value).__name__}; give a str, int or UUID")
    text = str(value).strip()
    if text in MISSING_WORDS:
        return None
    if not text.isprintable() and has_control_character(text):
        raise InvalidArgumentError(f"{name} is {text!r}; an id holds no control characters: remove them")
    return text


def new_id(prefix: str | None = None) -> str:
    """Make an id that sorts by time.

    Args:
        prefix: What stands in front of it, such as `chat`.

    Returns:
        A UUIDv7, after the prefix and a hyphen if there is one.
    """
    fresh = str(uuid7(time.time_ns() // 1_000_000, secrets.randbits(74)))
    return f"{prefix}-{fresh}" if prefix else fresh


def uuid7(time_ms: int, random_bits: int) -> UUID:
    """Build a UUID of version 7 (RFC 9562, section 5.7).

    Args:
        time_ms: Milliseconds since 1970.
        random_bits: 74 random bits.

    Returns:
        The UUID.
    """
    high, low = random_bits >> 62, random_bits & ((1 << 62) - 1)
    return UUID(int=(time_ms & ((1 << 48) - 1)) << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)
