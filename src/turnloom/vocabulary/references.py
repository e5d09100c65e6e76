"""Each text once: what became input or output leaves the attributes and can be put back exactly.

Instrumentation that speaks two dialects sends every text twice. The second copy is replaced by a
reference: `{"turnloom.ref": "input"}` is the input itself, with `"path"` it is what stands there
once the input is read as JSON.
"""

from collections.abc import Iterable
from typing import Any, cast

from turnloom.model.span import Span
from turnloom.vocabulary.families import unfolded
from turnloom.vocabulary.values import decoded

REF = "turnloom.ref"
"""Key of a reference: the span's field that it points into."""

LENGTH_MIN = 48
"""Characters from which a reference is shorter than the text."""

DEPTH_MAX = 10
"""Levels of an input or output in which texts are looked for."""

Reference = dict[str, Any]


def texts_in(
    data: Any, field: str, into: dict[str, Reference], path: tuple[str | int, ...] = (), depth: int = 0
) -> None:
    """Note where every long text of a value stands.

    Args:
        data: The decoded input or output.
        field: `input` or `output`.
        into: Gets text to reference.
        path: Where the value stands.
        depth: Levels already entered.
    """
    if isinstance(data, str):
        if len(data) >= LENGTH_MIN and data not in into:
            into[data] = {REF: field, "path": list(path)}
        return
    if depth > DEPTH_MAX:
        return
    if isinstance(data, dict):
        items: Iterable[tuple[Any, Any]] = cast("dict[str, Any]", data).items()
    elif isinstance(data, list):
        items = enumerate(cast("list[Any]", data))
    else:
        return
    for key, value in items:
        if isinstance(value, str):
            if len(value) >= LENGTH_MIN and value not in into:
                into[value] = {REF: field, "path": [*path, key]}
        else:
            texts_in(value, field, into, (*path, key), depth + 1)


def is_reference(value: Any) -> bool:
    """Whether a stored attribute stands for a text that is kept elsewhere.

    Args:
        value: The attribute's value.
    """
    return isinstance(value, dict) and REF in value


def restore_attributes(span: Span) -> dict[str, Any]:
    """Put input and output back among the attributes.

    Args:
        span: A span as the vocabulary filled it, or as it was read from the store.

    Returns:
        The attributes as sent, exactly, unless a value was cut (flag `cut`).
    """
    attributes = dict(span.attributes)
    for field, key in (("input", span.input_key), ("output", span.output_key)):
        body = getattr(span, field)
        if key is None or body is None or key in attributes:
            continue
        if key.endswith("."):
            attributes.update((key + path, value) for path, value in unfolded(decoded(body)))
        elif not key.startswith("event:") and not key.endswith(".*"):
            attributes[key] = body
    return {key: resolved(span, value) if is_reference(value) else value for key, value in attributes.items()}


def restore_events(span: Span) -> list[tuple[int, str, dict[str, Any]]]:
    """Put input and output back among the attributes of the span's events.

    Args:
        span: A span as the vocabulary filled it, or as it was read from the store.

    Returns:
        The events as sent, exactly, unless a value was cut (flag `cut`).
    """
    return [
        (time_us, name, {k: resolved(span, v) if is_reference(v) else v for k, v in attributes.items()})
        for time_us, name, attributes in span.events
    ]


def resolved(span: Span, reference: Reference) -> Any:
    """Follow a reference.

    Args:
        span: The span that holds it.
        reference: The reference.

    Returns:
        What it stands for.
    """
    body = span.input if reference[REF] == "input" else span.output
    if body is None or "path" not in reference:
        return reference if body is None else body
    try:
        data = decoded(body)
        for step in reference["path"]:
            data = data[step]
    except (LookupError, TypeError):
        return reference  # a sender's own object that only looks like a reference
    return data
