"""HTTP connections that are cut when a sender does not come to the point.

uvicorn waits forever for headers, and discards what is still sent after an answer for as long as
it comes. Bodies have their own limits (see `body`).
"""

import asyncio

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_S = 15.0
"""How long the headers of a request may take, from the connection or from their first byte."""

LINGER_S = 10.0
"""How long what remains of a request is discarded after its answer, so that the answer is read."""


class BoundedProtocol(HttpToolsProtocol):
    """A connection with time limits."""

    _cutting: asyncio.TimerHandle | None = None
    _receiving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request."""
        super().connection_made(transport)
        self._cut_after(HEADERS_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._cut_after(None)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Expect the rest of the headers."""
        self._receiving = True
        self._cut_after(HEADERS_S)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Leave it to the reader of the body."""
        self._cut_after(None)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Expect nothing until the next request."""
        self._receiving = False
        self._cut_after(None)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Discard what remains of the request, for a while."""
        super().on_response_complete()
        if self._receiving:
            self._cut_after(LINGER_S)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the shape of every error."""
        body = orjson.dumps({"message": f"{msg} Expected HTTP/1.1, without TLS", "error": "Bad Request"})
        head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
        self.transport.write(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body)
        self.transport.close()

    def _cut_after(self, wait_s: float | None) -> None:
        if self._cutting is not None:
            self._cutting.cancel()
        self._cutting = None if wait_s is None else self.loop.call_later(wait_s, self._cut)

    def _cut(self) -> None:
        if self.transport is not None and not self.transport.is_closing():  # pyright: ignore[reportUnnecessaryComparison] (uvicorn sets it late)
            self.transport.close()
