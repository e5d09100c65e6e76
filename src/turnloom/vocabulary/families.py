"""Families of keys, as `llm.input_messages.0.message.role`, to one nested value and back."""

import json
from collections.abc import Iterable
from typing import Any, cast

DEPTH_MAX = 20
"""Dots in a key of a family; a message's tool call has six."""


def nested(pairs: Iterable[tuple[str, Any]]) -> Any:
    """Fold a family into lists and objects.

    Args:
        pairs: (key without the family's prefix, value).

    Returns:
        A list where the first parts of the keys count from 0, else an object; None when
        unfolding would not give the pairs back exactly.
    """
    given = dict(pairs)
    if any(isinstance(value, dict | list) or path.count(".") > DEPTH_MAX for path, value in given.items()):
        return None
    root: dict[str, Any] = {}
    for path, value in given.items():
        at = root
        *parents, last = path.split(".")
        for part in parents:
            inner: Any = at.setdefault(part, {})
            if not isinstance(inner, dict):
                return None
            at = cast("dict[str, Any]", inner)
        if last in at:
            return None
        at[last] = value
    folded = _lists(root)
    back = dict(unfolded(folded))
    return folded if back == given and json.loads(json.dumps(folded, default=str)) == folded else None


def _lists(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    entries = {key: _lists(value) for key, value in cast("dict[str, Any]", data).items()}
    if entries and all(str(index) in entries for index in range(len(entries))):
        return [entries[str(index)] for index in range(len(entries))]
    return entries


def unfolded(data: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    """Unfold what `nested` folded.

    Args:
        data: The nested value.
        path: Key of the value, without the family's prefix.

    Yields:
        (key without the family's prefix, value).
    """
    if isinstance(data, list):
        items: Iterable[tuple[Any, Any]] = enumerate(cast("list[Any]", data))
    elif isinstance(data, dict):
        items = cast("dict[str, Any]", data).items()
    else:
        yield path, data
        return
    for key, value in items:
        yield from unfolded(value, f"{path}.{key}" if path else str(key))
