"""Values above 1 MiB are cut; how long they were is kept."""

from typing import Any, cast

from turnloom.vocabulary.references import is_reference

SIZE_MAX_BYTES = 1_048_576
"""UTF-8 bytes of one value that are kept; a longer one is no text that anybody reads."""

SAFE_LENGTH = SIZE_MAX_BYTES // 4
"""Characters that cannot exceed the limit in UTF-8."""

CUT = "cut"
"""Flag of a span that lost part of a value."""

CUT_KEY = "turnloom.cut"
"""Attribute that keeps the length of what was cut: key to characters."""


def cut_text(value: str) -> str:
    """Cut a text to the limit.

    Args:
        value: A text of any length.

    Returns:
        The text itself, or as many of its first characters as fit.
    """
    if len(value) <= SAFE_LENGTH:
        return value
    encoded = value.encode("utf-8", "replace")
    if len(encoded) <= SIZE_MAX_BYTES:
        return value
    return encoded[:SIZE_MAX_BYTES].decode("utf-8", "ignore")


def cut_values(attributes: dict[str, Any]) -> dict[str, int]:
    """Cut what is too long in a span's own copy of its attributes.

    Args:
        attributes: Changed in place; lists and objects are replaced as a whole.

    Returns:
        Key to the characters it had, for each value that was cut.
    """
    lengths: dict[str, int] = {}
    for key, value in attributes.items():
        if isinstance(value, str):
            if len(value) > SAFE_LENGTH and (short := cut_text(value)) is not value:
                attributes[key], lengths[key] = short, len(value)
        elif isinstance(value, list | dict) and not is_reference(cast("Any", value)):
            length = _length(cast("Any", value), 0)
            if length > SAFE_LENGTH and len(whole := repr(cast("Any", value))) > SAFE_LENGTH:
                attributes[key], lengths[key] = cut_text(whole), length
    return lengths


def _length(value: Any, depth: int) -> int:
    """Characters and items in a value, as far as 30 levels deep."""
    if isinstance(value, str):
        return len(value)
    if depth > 30:
        return 0
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        return len(items) + sum(_length(item, depth + 1) for item in items.values())
    if isinstance(value, list):
        return sum(_length(item, depth + 1) + 1 for item in cast("list[Any]", value))
    return 1
