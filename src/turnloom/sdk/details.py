"""Attributes that describe a session, conversation, turn or agent, from arguments that may be missing."""

from collections.abc import Mapping, Sequence
from typing import cast

from turnloom.sdk.scope import Value
from turnloom.sdk.text import text_of

NO_PREFIXES: Mapping[str, Mapping[str, object] | None] = {}


def detail_values(
    values: Mapping[str, object], prefixed: Mapping[str, Mapping[str, object] | None] = NO_PREFIXES
) -> dict[str, Value]:
    """Keep what is there, in the types that attributes know.

    Args:
        values: Attribute key to value; None is missing.
        prefixed: Prefix to a mapping whose keys follow it, such as `session.metadata.`.

    Returns:
        The attributes.
    """
    found = {key: attribute_value(value) for key, value in values.items() if value is not None}
    for prefix, mapping in prefixed.items():
        for key, value in (mapping or {}).items():
            if value is not None:
                found[prefix + key] = attribute_value(value)
    return found


def attribute_value(value: object) -> Value:
    """A value as an attribute: scalars and sequences of strings as they are, the rest as JSON."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list | tuple):
        items = cast("Sequence[object]", value)
        if all(isinstance(item, str) for item in items):
            return cast("tuple[str, ...]", tuple(items))
    return text_of(cast("object", value))


def tag_values(tags: Sequence[str]) -> tuple[str, ...]:
    """Check tags.

    Args:
        tags: The tags as given.

    Returns:
        They as a tuple.

    Raises:
        TypeError: One string was given where a list of them is expected, or a tag is no string.
    """
    if isinstance(tags, str) or not all(isinstance(tag, str) for tag in tags):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise TypeError(f"tags is {tags!r}; give a list of strings")
    return tuple(tags)


def merged_tags(outer: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Tags of both, each once, outer first."""
    return tuple(dict.fromkeys(outer + own))
