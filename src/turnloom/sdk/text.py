"""Any value as text: what people hand to `record` becomes an attribute, whatever it is."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import cast

DEPTH_MAX = 32
"""Levels of nesting that are written out; deeper is written as `repr`."""


def text_of(value: object) -> str:
    """Write a value as text.

    Args:
        value: Anything.

    Returns:
        A string as it is, everything else as JSON. Never raises: what cannot be written is named by type.
    """
    if isinstance(value, str):
        return value
    try:
        return json.dumps(plain(value), ensure_ascii=False)
    except Exception:  # noqa: BLE001 - the value is the host's: its methods may raise anything
        return f"<{type(value).__name__}>"


def plain(value: object, depth: int = 0) -> object:
    """Reduce a value to what JSON knows.

    Args:
        value: A JSON value, dataclass, pydantic model, or a collection of these.
        depth: How many levels are above it.

    Returns:
        Dicts, lists, strings, numbers, booleans and None.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if depth >= DEPTH_MAX:
        return repr(value)
    opened = fields_of(value)
    if opened is not None:
        return {str(key): plain(item, depth + 1) for key, item in opened.items()}
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, bytes | bytearray):
        return [plain(item, depth + 1) for item in cast("Sequence[object]", value)]
    return repr(value)


def fields_of(value: object) -> Mapping[str, object] | None:
    """The fields of a mapping, dataclass or pydantic model, else None."""
    if isinstance(value, Mapping):
        return cast("Mapping[str, object]", value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return cast("Mapping[str, object]", dump())
    return None
