"""Tags in every form: arrays, JSON arrays, comma lists, and the repr of a list from baggage."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from turnloom.vocabulary.found import Found
from turnloom.vocabulary.values import clean, parsed, text

QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
"""An item in the repr of a list of texts."""


def first_tags(candidates: Sequence[Found]) -> tuple[str, ...]:
    """Take the tags of the first candidate that holds any.

    Args:
        candidates: Best first.

    Returns:
        The tags, each once, in the order given.
    """
    for _, _, value in candidates:
        tags = read_tags(value)
        if tags:
            return tags
    return ()


def read_tags(value: Any) -> tuple[str, ...]:
    """Read tags.

    Args:
        value: An attribute's value.

    Returns:
        The tags, each once, in the order given; empty when there are none.
    """
    data = parsed(value)
    if isinstance(data, list):
        return _each_once(text(item) for item in cast("list[Any]", data))
    read = clean(value) if isinstance(value, str) else text(value)
    if read is None:
        return ()
    if read.startswith("[") and read.endswith("]"):
        return _each_once(clean(match[1] or match[2] or "") for match in QUOTED.finditer(read))
    return _each_once(clean(item) for item in read.split(","))


def _each_once(tags: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in tags if tag is not None))
