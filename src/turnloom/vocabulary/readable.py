"""What a person reads of an input or an output that is no list of messages."""

import re
from collections.abc import Mapping
from typing import Any, cast

from turnloom.vocabulary.value_maps import ANSWERING_KEYS, ASKING_KEYS

DEPTH_MAX = 3
"""Objects inside objects that are looked through, as in `{"inputs": {"question": …}}`."""

FIELD = re.compile(r"^\[\[ ## (\w+) ## \]\]\s*", re.MULTILINE)
"""How DSPy's chat adapter marks the fields of a signature inside a message."""

UNREAD_FIELDS = frozenset({"reasoning", "completed"})
"""Fields that DSPy adds to those of a signature."""

INSTRUCTION = "\n\nRespond with the corresponding output fields"
"""How DSPy's chat adapter ends a user message."""


def asked(data: Any, depth: int = 0) -> str | None:
    """Read what was asked.

    Args:
        data: A text or decoded JSON.
        depth: Objects already looked through.

    Returns:
        The text itself, or the value of the one key that holds it; None for other data.
    """
    if isinstance(data, str):
        return data or None
    if not isinstance(data, dict) or depth > DEPTH_MAX:
        return None
    entries = cast("dict[str, Any]", data)
    if "args" in entries and "kwargs" in entries:  # how decorators record a call
        return _of_call(entries, depth)
    held = [entries[key] for key in ASKING_KEYS if isinstance(entries.get(key), str)]
    if len(held) == 1:
        return held[0] or None
    inner = entries.get("inputs") or (next(iter(entries.values())) if len(entries) == 1 else None)
    return asked(inner, depth + 1) if isinstance(inner, dict) else None


def _of_call(entries: Mapping[str, Any], depth: int) -> str | None:
    arguments = [value for value in _items(entries["args"]) if isinstance(value, str)]
    if len(arguments) == 1:
        return arguments[0] or None
    return asked(entries["kwargs"], depth + 1) if not arguments else None


def _items(data: Any) -> list[Any]:
    return cast("list[Any]", data) if isinstance(data, list) else []


def answered(data: Any, depth: int = 0) -> str | None:
    """Read what was answered.

    Args:
        data: A text or decoded JSON.
        depth: Objects already looked through.

    Returns:
        The text itself, or the value of the first key that holds it; None for other data.
    """
    if isinstance(data, str):
        return data or None
    if depth > DEPTH_MAX:
        return None
    items = _items(data)
    if len(items) == 1:
        return answered(items[0], depth + 1)
    if not isinstance(data, dict):
        return None
    entries = cast("dict[str, Any]", data)
    return next((entries[key] for key in ANSWERING_KEYS if isinstance(entries.get(key), str)), None) or None


def without_markers(text: str | None, *, answer: bool) -> str | None:
    """Take DSPy's field markers off a message, so that it reads as what was said.

    Args:
        text: The text of a message.
        answer: Whether it is an output.

    Returns:
        The field that holds the question or the answer; the text itself if it has no markers,
        or no such field.
    """
    if text is None or "[[ ## " not in text[:6]:
        return text
    pieces = FIELD.split(text.split(INSTRUCTION, 1)[0])
    fields = {name: value.strip() for name, value in zip(pieces[1::2], pieces[2::2], strict=False)}
    keys = ANSWERING_KEYS if answer else ASKING_KEYS
    said = next((fields[key] for key in keys if fields.get(key)), None)
    if said is None and len(left := fields.keys() - UNREAD_FIELDS) == 1:
        said = fields[left.pop()]
    return said or text
