"""Content coding of request bodies, bounded: a bomb is cut off, not inflated."""

import zlib

from turnloom.server.ingest.errors import BodyTooLarge, MalformedBody, UnknownEncoding

_WINDOW_BITS = {"gzip": 31, "deflate": 15}


def inflate(body: bytes, encoding: str, size_max: int) -> bytes:
    """Undo a content coding.

    Args:
        body: Bytes as received.
        encoding: `identity` or "", `gzip`, or `deflate` (zlib or raw: senders do both).
        size_max: Largest inflated size in bytes.

    Returns:
        The inflated body.

    Raises:
        BodyTooLarge: The inflated body is larger than `size_max`; inflating stopped there.
        MalformedBody: The bytes are not of that coding, or end too early.
        UnknownEncoding: The coding is none of the four.
    """
    if encoding in {"", "identity"}:
        if len(body) > size_max:
            raise BodyTooLarge(len(body), size_max)
        return body
    if encoding not in _WINDOW_BITS:
        raise UnknownEncoding(encoding)
    try:
        return _inflate(body, _WINDOW_BITS[encoding], size_max)
    except zlib.error as error:
        if encoding == "deflate":
            return _inflate_raw(body, size_max)
        raise MalformedBody(f"the body is not {encoding}: {error}") from error


def _inflate_raw(body: bytes, size_max: int) -> bytes:
    try:
        return _inflate(body, -15, size_max)
    except zlib.error as error:
        raise MalformedBody(f"the body is not deflate: {error}") from error


def _inflate(body: bytes, window_bits: int, size_max: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body:  # gzip allows several members, one after the other
        stream = zlib.decompressobj(window_bits)
        part = stream.decompress(body, size_max - size + 1)
        size += len(part)
        if size > size_max:
            raise BodyTooLarge(size, size_max)
        if not stream.eof:
            raise MalformedBody(f"the compressed body ends too early, after {len(body)} bytes")
        parts.append(part)
        body = stream.unused_data
    return parts[0] if len(parts) == 1 else b"".join(parts)
