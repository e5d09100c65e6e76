"""Foreign values made clean before anything reads them (vocabulary, *Clean values first*)."""

import json
import re
from functools import lru_cache
from typing import Any, cast

from turnloom.model.ids import ID_LENGTH_MAX, MISSING_WORDS, has_control_character, shorten_id

SCRUBBED = "[Scrubbed due to"
"""What Logfire writes in place of a value that looked like a secret."""

CACHED_LENGTH_MAX = 256
"""Characters up to which a cleaned value is remembered: ids repeat from span to span."""

REMEMBERED_MAX = 8_192
"""Cleaned values that are remembered: the ids of the sessions at hand, a few MB."""

WHOLE_MAX = 2**53
"""The largest whole number that every sender and reader can hold."""

_DECODER = json.JSONDecoder(strict=False)  # made once: json.loads makes one a call for this setting

SURROGATE = re.compile("[\ud800-\udfff]")

BAD_ID = "bad_id"
LONG_ID = "long_id"


def clean(value: str) -> str | None:
    """Unquote and strip a text.

    Args:
        value: As sent.

    Returns:
        The text; None for what SDKs write when they have no value.
    """
    return _remembered(value) if len(value) <= CACHED_LENGTH_MAX else _clean(value)


def _clean(value: str) -> str | None:
    value = value.strip()
    if len(value) > 1 and value[0] == '"' == value[-1]:
        value = _unquoted(value).strip()
    return None if value in MISSING_WORDS or value.startswith(SCRUBBED) else value


_remembered = lru_cache(maxsize=REMEMBERED_MAX)(_clean)


def _unquoted(value: str) -> str:
    inner = decoded(value)
    return inner if isinstance(inner, str) else value


def decoded(value: str) -> Any:
    """Decode JSON.

    Args:
        value: A text.

    Returns:
        What it holds, with U+FFFD for half a surrogate pair, which no store can encode; None
        when it is no JSON, or nested too deep.
    """
    try:
        inner = _DECODER.decode(value)
        return _without_surrogates(inner) if "\\ud" in value or "\\uD" in value else inner
    except (ValueError, RecursionError):
        return None


def _without_surrogates(data: Any) -> Any:
    if isinstance(data, str):
        return SURROGATE.sub("\ufffd", data)
    if isinstance(data, list):
        return [_without_surrogates(item) for item in cast("list[Any]", data)]
    if isinstance(data, dict):
        items = cast("dict[str, Any]", data).items()
        return {_without_surrogates(key): _without_surrogates(value) for key, value in items}
    return data


def text(value: Any) -> str | None:
    """Read a short text.

    Args:
        value: An attribute's value; a list of one counts as its item.

    Returns:
        The clean text, a number or a truth value in JSON's spelling; None when there is none.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return text(items[0]) if len(items) == 1 else None
    return None


@lru_cache(maxsize=REMEMBERED_MAX)
def _identifier(value: str) -> tuple[str | None, str | None]:
    if has_control_character(value):
        return None, BAD_ID
    return (value, None) if len(value) <= ID_LENGTH_MAX else (shorten_id(value), LONG_ID)


def identifier(value: Any) -> tuple[str | None, str | None]:
    """Read an id.

    Args:
        value: An attribute's value: text, or a number, which becomes text.

    Returns:
        The id or None, and the flag it earned: `bad_id` for one with control characters, which
        is refused, `long_id` for a shortened one.
    """
    read = None if isinstance(value, bool) else text(value)
    return (None, None) if read is None else _identifier(read)


def whole(value: Any) -> int | None:
    """Read a whole number that is not negative.

    Args:
        value: A number, or a text that holds one.

    Returns:
        The number; None for anything else.
    """
    read = value if type(value) is int else number(value)
    if read is None or not 0 <= read <= WHOLE_MAX:
        return None
    return int(read) if isinstance(read, int) or read.is_integer() else None


def number(value: Any) -> float | None:
    """Read a finite number.

    Args:
        value: A number, or a text that holds one.

    Returns:
        The number; None for anything else, and for a truth value.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = clean(value)
    if not isinstance(value, str | int | float):
        return None
    try:
        read = float(value)
    except (ValueError, OverflowError):
        return None
    return read if -1e18 < read < 1e18 else None


def truth(value: Any) -> bool | None:
    """Read a truth value.

    Args:
        value: true, false, 1, 0, or a text that holds one.

    Returns:
        True or False; None for anything else.
    """
    read = text(value)
    return None if read is None else {"true": True, "1": True, "false": False, "0": False}.get(read.lower())


def parsed(value: Any) -> Any:
    """Read an object or a list, as it is or as JSON.

    Args:
        value: An attribute's value.

    Returns:
        A dict or a list; a str for a JSON text; None when the value is neither.
    """
    if not isinstance(value, str):
        return cast("Any", value) if isinstance(value, dict | list) else None
    first = value.lstrip()[:1]
    if first not in ("{", "[", '"'):
        return None
    inner = decoded(value)
    if first == '"' and isinstance(inner, str) and inner[:1] in ("{", "["):
        return parsed(inner) or inner
    return inner


def json_text(value: Any) -> str:
    """Write a value as one text.

    Args:
        value: An attribute's value.

    Returns:
        A str as it is, anything else as compact JSON.
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
