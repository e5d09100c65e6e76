"""Cursors: where a page ended, opaque to clients, bound to the list they are from."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, cast

import orjson

from turnloom.server.api.errors import ApiError

CHECK_BYTES = 9
"""Length of the check in front of a position; a multiple of three, so that base64 needs no padding."""

LENGTH_MAX = 2_000
"""Characters; ids have at most 200."""


def write_cursor(place: Sequence[str | None], position: Sequence[object]) -> str:
    """Write a cursor.

    Args:
        place: What the list is: its name, project and every parameter that selects or sorts.
        position: Where its page ended.
    """
    body = orjson.dumps(list(position))
    return urlsafe_b64encode(_check(place, body) + body).decode().rstrip("=")


def read_cursor(place: Sequence[str | None], text: str, kinds: Sequence[tuple[type, ...]]) -> list[Any]:
    """Read a cursor.

    Args:
        place: What the list is, as it was for `write_cursor`.
        text: The cursor.
        kinds: The types that each value of a position may have.

    Returns:
        The position.

    Raises:
        ApiError: It was changed, or is of another list (400).
    """
    wrong = ApiError(400, "cursor: it is not one of this list and these parameters; begin without a cursor")
    if len(text) > LENGTH_MAX:
        raise wrong
    position: Any
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        check, body = raw[:CHECK_BYTES], raw[CHECK_BYTES:]
        position = orjson.loads(body)
    except ValueError:
        raise wrong from None
    fits = isinstance(position, list) and len(position) == len(kinds)  # pyright: ignore[reportUnknownArgumentType] (JSON)
    if check != _check(place, body) or not fits:
        raise wrong
    values = cast("list[Any]", position)
    if not all(isinstance(value, kind) for value, kind in zip(values, kinds, strict=True)):
        raise wrong
    return values


def _check(place: Sequence[str | None], body: bytes) -> bytes:
    return hashlib.blake2b(orjson.dumps(list(place)) + b"\0" + body, digest_size=CHECK_BYTES).digest()
