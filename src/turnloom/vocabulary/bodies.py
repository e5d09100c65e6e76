"""Which attributes are the input and the output of a span, and what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from turnloom.model.ids import MISSING_WORDS
from turnloom.vocabulary.events import event_messages
from turnloom.vocabulary.families import nested
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.references import REF
from turnloom.vocabulary.values import SCRUBBED, json_text, parsed

COPIED = "*"
"""Ends the key of a family that could not be folded exactly and stayed among the attributes."""

SHORT = 80
"""Characters up to which a text may be one of the words for "no value"."""

Event = tuple[int, str, dict[str, Any]]


@dataclass(slots=True)
class Body:
    """An input or an output.

    Args:
        text: As sent, or as JSON what was sent as a list, an object or a family of keys.
        key: The attribute, the family's prefix (with its last dot, and a star if the family
            stayed among the attributes), or `event:` and the name.
        data: The text as decoded JSON; None when it is no JSON.
        taken: Attributes that hold it, to what stays in their place (None: nothing).
    """

    text: str
    key: str
    data: Any
    taken: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table arranges the rows of input and output.

    Args:
        events: Field to the order of its row for span events.
        families: (field, order) to the prefix of a family's keys.
    """

    events: Mapping[str, int]
    families: Mapping[tuple[str, int], str]


def body_of(
    field: str,
    candidates: Sequence[Found],
    attributes: Mapping[str, Any],
    events: Sequence[Event],
    layout: Layout,
) -> Body | None:
    """Choose the input or the output of a span.

    Args:
        field: `input` or `output`.
        candidates: Best first.
        attributes: The span's attributes as sent.
        events: The span's events.
        layout: Where events and families stand among the candidates.

    Returns:
        The first candidate that holds something, messages in span events at their place in the
        precedence; None when nothing does.
    """
    event_order = layout.events.get(field) if events else None
    for order, key, value in candidates:
        if event_order is not None and order > event_order:
            body = event_body(field, events)
            if body is not None:
                return body
            event_order = None
        prefix = layout.families.get((field, order))
        body = (
            _family_body(prefix, order, candidates) if prefix else _single_body(field, key, value, attributes)
        )
        if body is not None:
            return body
    return None if event_order is None else event_body(field, events)


def _single_body(field: str, key: str, value: Any, attributes: Mapping[str, Any]) -> Body | None:
    if isinstance(value, bytes) or _is_missing(value):
        return None
    if attributes.get(key) is not value:
        return None  # inside an object of metadata: it could not be put back
    if isinstance(value, str):
        return Body(value, key, parsed(value), {key: None})
    text = json_text(value)
    data = parsed(text)
    data = value if data is None else data
    return Body(text, key, data, {key: {REF: field, "path": []}} if data == value else {})


def _is_missing(value: Any) -> bool:
    if isinstance(value, list | dict):
        return len(cast("list[Any]", value)) == 0
    if not isinstance(value, str) or len(value) > SHORT:
        return False
    plain = value.strip()
    return plain in MISSING_WORDS or plain == '""' or plain.startswith(SCRUBBED)


def _family_body(prefix: str, order: int, candidates: Sequence[Found]) -> Body | None:
    members = [(key, value) for at, key, value in candidates if at == order]
    data = nested((key.removeprefix(prefix), value) for key, value in members)
    if data is None:
        data = [value for _, value in members if isinstance(value, str)]
        return Body(json_text(data), f"{prefix}{COPIED}", data, {})
    return Body(json_text(data), prefix, data, dict.fromkeys(key for key, _ in members))


def event_body(field: str, events: Sequence[Event]) -> Body | None:
    """Read the input or the output from span events.

    Args:
        field: `input` or `output`.
        events: The span's events.

    Returns:
        The messages, or None when no event holds any.
    """
    found = event_messages(field, events)
    if found is None:
        return None
    name, value = found
    text = json_text(value)
    data = parsed(text)
    return Body(text, f"event:{name}", data, {})
