"""Content coding of request bodies, bounded: a bomb is cut off, not inflated."""

import zlib
from collections.abc import Iterator

from turnloom.server.ingest.errors import BodyTooLargeError, MalformedBodyError, UnknownEncodingError

_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW_DEFLATE = -15

INPUT_STEP_BYTES = 64 * 1024
OUTPUT_STEP_BYTES = 1024 * 1024
"""How much is fed in and taken out at once: what a step costs, whatever the body says of itself."""

SUSPICIOUS_RATIO = 100
"""Inflated bytes per compressed byte from which a body is measured before it is kept; telemetry
has 5 to 30, a bomb 1 000."""


def inflate(body: bytes, encoding: str, size_max: int) -> bytes:
    """Undo a content coding.

    Args:
        body: Bytes as received.
        encoding: `identity` or "", `gzip`, or `deflate` (zlib or raw: senders do both).
        size_max: Largest inflated size in bytes.

    Returns:
        The inflated body.

    Raises:
        BodyTooLargeError: The inflated body is larger than `size_max`; inflating stopped there.
        MalformedBodyError: The bytes are not of that coding, or end too early.
        UnknownEncodingError: The coding is none of these.
    """
    if encoding in {"", "identity"}:
        if len(body) > size_max:
            raise BodyTooLargeError(len(body), size_max)
        return body
    if encoding not in _WINDOW_BITS:
        raise UnknownEncodingError(encoding)
    try:
        return _inflate(body, _WINDOW_BITS[encoding], size_max)
    except zlib.error as error:
        if encoding != "deflate":
            raise MalformedBodyError(f"the body is not {encoding}: {error}") from error
    try:
        return _inflate(body, _RAW_DEFLATE, size_max)
    except zlib.error as error:
        raise MalformedBodyError(f"the body is not deflate: {error}") from error


def _inflate(body: bytes, window_bits: int, size_max: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    measured = False
    for part, consumed in _parts(body, window_bits):
        size += len(part)
        if size > size_max:
            raise BodyTooLargeError(size, size_max)
        if not measured and size > SUSPICIOUS_RATIO * consumed:
            _measure(body, window_bits, size_max)
            measured = True
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _measure(body: bytes, window_bits: int, size_max: int) -> None:
    """Inflate and keep nothing, to find out whether a body is too large."""
    size = 0
    for part, _ in _parts(body, window_bits):
        size += len(part)
        if size > size_max:
            raise BodyTooLargeError(size, size_max)


def _parts(body: bytes, window_bits: int) -> Iterator[tuple[bytes, int]]:
    """The inflated body in steps, each with how much of `body` it took until then.

    gzip allows several members, one after the other.
    """
    stream = zlib.decompressobj(window_bits)
    offset, rest = 0, b""
    while rest or offset < len(body):
        if not rest:
            rest = body[offset : offset + INPUT_STEP_BYTES]
            offset += len(rest)
        if stream.eof:
            stream = zlib.decompressobj(window_bits)
        part = stream.decompress(rest, OUTPUT_STEP_BYTES)
        rest = stream.unused_data if stream.eof else stream.unconsumed_tail
        if part:
            yield part, offset - len(rest)
    if not stream.eof:
        raise MalformedBodyError(f"the compressed body ends too early, after {len(body):,} bytes")
