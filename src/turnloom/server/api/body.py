"""Reading a request's body: content type, coding and size, before anything else is done with it."""

from fastapi import Request

from turnloom.server.api.errors import ApiError
from turnloom.server.api.state import Services
from turnloom.server.ingest.errors import BodyTooLargeError
from turnloom.server.ingest.intake import Content, Delivery

CONTENT_TYPES: dict[str, Content] = {
    "application/x-protobuf": "protobuf",
    "application/protobuf": "protobuf",
    "application/json": "json",
}


async def read_delivery(request: Request, given: Services) -> Delivery:
    """Read a request for ingest.

    Raises:
        ApiError: The content type is none that is read (415), or the body is too large (413).
    """
    return Delivery(
        project="default",
        content=content_of(request.headers.get("content-type", "")),
        encoding=request.headers.get("content-encoding", "").strip().lower(),
        sender=request.headers.get("user-agent", ""),
        body=await read_body(request, given.settings.request_bytes_max),
    )


def content_of(content_type: str) -> Content:
    """The content of a Content-Type, its parameters aside."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in CONTENT_TYPES:
        given = f"{content_type[:80]!r}" if content_type else "missing"
        raise ApiError(415, f"Content-Type is {given}; expected application/x-protobuf or application/json")
    return CONTENT_TYPES[media_type]


async def read_body(request: Request, size_max: int) -> bytes:
    """Read a body, and stop when it is larger than it may be."""
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > size_max:
        raise BodyTooLargeError(int(length), size_max)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > size_max:
            raise BodyTooLargeError(size, size_max)
        parts.append(part)
    return b"".join(parts)
