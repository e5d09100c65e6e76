"""Reading a request's body: content type, coding, size and pace, before anything else is done with it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import Request

from turnloom.server.api.errors import ApiError
from turnloom.server.api.state import Services
from turnloom.server.ingest.errors import BodyTooLargeError, SlowSenderError
from turnloom.server.ingest.gate import Arrival
from turnloom.server.ingest.intake import Content, Delivery
from turnloom.server.settings import Settings

CONTENT_TYPES: dict[str, Content] = {
    "application/x-protobuf": "protobuf",
    "application/protobuf": "protobuf",
    "application/json": "json",
}


@asynccontextmanager
async def read_delivery(request: Request, given: Services, project: str) -> AsyncGenerator[Delivery]:
    """Read a request for ingest; it counts as in progress until the block ends.

    Raises:
        ApiError: The content type is none that is read (415).
        IngestError: The body is too large, comes too slowly, or too many are in progress.
    """
    content = content_of(request.headers.get("content-type", ""))
    with given.intake.gate.arrival() as arrival:
        yield Delivery(
            project=project,
            content=content,
            encoding=request.headers.get("content-encoding", "").strip().lower(),
            sender=request.headers.get("user-agent", ""),
            body=await read_body(request, given.settings, arrival),
        )


def content_of(content_type: str) -> Content:
    """The content of a Content-Type, its parameters aside."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in CONTENT_TYPES:
        given = f"{content_type[:80]!r}" if content_type else "missing"
        raise ApiError(415, f"Content-Type is {given}; expected application/x-protobuf or application/json")
    return CONTENT_TYPES[media_type]


async def read_body(request: Request, settings: Settings, arrival: Arrival) -> bytes:
    """Read a body, and stop when it is larger than it may be or comes too slowly."""
    size_max = settings.request_bytes_max
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > size_max:
        raise BodyTooLargeError(int(length), size_max)
    parts: list[bytes] = []
    now_s = asyncio.get_running_loop().time
    deadline_s = now_s() + settings.sender_total_s
    try:
        async with asyncio.timeout(settings.sender_silence_s) as patience:
            async for part in request.stream():
                arrival.hold(len(part))
                if arrival.size_bytes > size_max:
                    raise BodyTooLargeError(arrival.size_bytes, size_max)
                parts.append(part)
                patience.reschedule(min(now_s() + settings.sender_silence_s, deadline_s))
    except TimeoutError:
        waited_s = settings.sender_total_s if now_s() >= deadline_s else settings.sender_silence_s
        raise SlowSenderError(arrival.size_bytes, waited_s) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)
