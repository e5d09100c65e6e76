"""Identifiers: clean them once, by one rule, on both sides of the wire."""

import hashlib

ID_LENGTH_MAX = 200
"""Characters up to which an id is kept as it is."""

ID_HEAD_LENGTH = 150
"""Characters of a longer id that stay readable; 16 hex digits of SHA-256 make it unique again."""

MISSING_WORDS = frozenset({"", "null", "None", "undefined"})
"""What SDKs write when they have no value."""


def shorten_id(value: str) -> str:
    """Shorten an id that is longer than the limit, so that it is never dropped.

    Args:
        value: A clean id of any length, in characters.

    Returns:
        The id itself up to 200 characters, else its first 150, a tilde and 16 hex digits
        of its SHA-256 (vocabulary, *Clean values first*).
    """
    if len(value) <= ID_LENGTH_MAX:
        return value
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{value[:ID_HEAD_LENGTH]}~{digest}"


def has_control_character(value: str) -> bool:
    """Whether a value holds a character that no id may contain (Unicode category Cc)."""
    return any(char < " " or "\x7f" <= char <= "\x9f" for char in value)
