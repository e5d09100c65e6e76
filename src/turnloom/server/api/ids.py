"""Ids in paths: any id works, read from the raw path by this one function."""

from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi import Request

from turnloom.model.ids import shorten_id
from turnloom.server.api.errors import ApiError


def id_of(request: Request, prefix: str) -> str:
    """Read the id that ends a path, whatever it holds: `a/turns`, `..`, `%2F`, an emoji.

    Args:
        request: The request.
        prefix: The path before the id, with its last slash.

    Returns:
        The id, decoded once and shortened as the store has it.

    Raises:
        ApiError: It is empty, or not UTF-8 (400).
    """
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    _, found, rest = raw.partition(b"?")[0].partition(prefix.encode())
    if not found or not rest:
        raise ApiError(400, f"the path ends where an id is expected; write {prefix}<id>, or send ?id=<id>")
    try:
        return shorten_id(unquote_to_bytes(rest).decode())
    except UnicodeDecodeError as error:
        raise ApiError(400, f"the id is not UTF-8: {error.reason} at byte {error.start}") from None


def id_parameter(name: str, description: str) -> dict[str, Any]:
    """The OpenAPI description of an id at the end of a path, which `id_of` reads."""
    parameter = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    return {"parameters": [parameter | {"description": f"{description} Any text, escaped as in any URL."}]}
