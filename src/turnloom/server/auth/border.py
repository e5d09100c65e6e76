"""The border of the server: what no page elsewhere may do is refused before anything else runs."""

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import orjson

from turnloom.server.auth.origin import content_fault, host_fault, origin_fault

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API_PATHS = ("/v1/", "/api/")
"""Where bodies are JSON or protobuf; pages have forms of their own, with tokens."""


class Border:
    """ASGI middleware that checks `Host`, `Origin` and the content type.

    Args:
        app: What comes behind.
        names: Names that a `Host` header may carry.
    """

    def __init__(self, app: App, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        fault = self._fault(scope)
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await _refuse(send, *fault)

    def _fault(self, scope: Scope) -> tuple[int, str] | None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if message := host_fault(host, self._names):
            return 421, message
        method: str = scope.get("method", "GET")
        origin = headers.get(b"origin")
        if message := origin_fault(method, None if origin is None else origin.decode("latin-1"), host):
            return 403, message
        if scope["path"].startswith(API_PATHS):
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            if message := content_fault(method, content_type):
                return 415, message
        return None


async def _refuse(send: Send, status: int, message: str) -> None:
    body = orjson.dumps({"message": message, "error": HTTPStatus(status).phrase})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
