"""The second attempt at a protobuf body that the parser refused.

Google's parser refuses a whole request for one text that is not UTF-8, or one value that is
nested too deep. Here the wire format is walked by the message's own descriptors and only the
broken value is replaced; what is truly malformed is named with its place.
"""

from typing import TypeVar, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from turnloom.server.ingest.errors import MalformedBodyError
from turnloom.server.ingest.otlp_flags import BAD_TEXT, DEEP, DEPTH_MAX, TOO_DEEP, flag_attribute

FIELDS_MAX = 3_000_000
"""Fields that are walked, about 3 s; a body that needs more is refused as it is."""

FLAGGED = frozenset({"Span", "LogRecord"})
"""Messages that carry the flags of the values inside them."""

WHOLE = FLAGGED | {"Resource", "InstrumentationScope"}
"""Messages that are tried as they are before they are walked."""

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
"""Wire types of protobuf."""

DEEP_VALUE = AnyValue(string_value=TOO_DEEP).SerializeToString()

Wire = TypeVar("Wire", bound=Message)


def read_lenient(body: bytes, message_class: type[Wire]) -> Wire:
    """Decode a body after repairing what can be repaired.

    Args:
        body: A body that the strict parser refused.
        message_class: The class of the request.

    Returns:
        The request; spans and log records with a repaired value carry a flag.

    Raises:
        MalformedBodyError: The body cannot be repaired; the message says where it breaks.
    """
    descriptor = cast("Descriptor", message_class.DESCRIPTOR)
    repaired = _Repair(body).message(0, len(body), descriptor, 0)
    try:
        return message_class.FromString(repaired)
    except DecodeError as error:
        raise MalformedBodyError(f"not an {descriptor.name}: {error}") from error


class _Repair:
    """Walks one body; keeps where it is, and what it found in the span at hand."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._path: list[str] = []
        self._visited = 0
        self._flags: list[str] = []

    def message(self, start: int, end: int, descriptor: Descriptor, depth: int) -> bytes:
        """Walk the fields of a message between two offsets and write them again."""
        pieces: list[bytes] = []
        counts: dict[int, int] = {}
        at = start
        while at < end:
            self._count()
            tag_at = at
            tag, value_at = self._varint(at, end)
            number, wire_type = tag >> 3, tag & 7
            field = descriptor.fields_by_number.get(number)
            if wire_type != LENGTH:
                at = self._skip(value_at, end, wire_type)
                pieces.append(self._body[tag_at:at])
                continue
            size, value_at = self._varint(value_at, end)
            at = value_at + size
            if at > end:
                raise self._malformed(f"{size} bytes announced at byte {value_at}, {end - value_at} left")
            index = counts.get(number, 0)
            counts[number] = index + 1
            self._path.append(f"{number if field is None else field.name}[{index}]")
            payload = self._payload(value_at, at, field, depth)
            self._path.pop()
            pieces += [_encoded(tag), _encoded(len(payload)), payload]
        return b"".join(pieces)

    def _payload(self, start: int, end: int, field: FieldDescriptor | None, depth: int) -> bytes:
        payload = self._body[start:end]
        if field is None:
            return payload
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._text(payload)
        descriptor = field.message_type
        if descriptor is None or (descriptor.name in WHOLE and _is_whole(payload, descriptor)):
            return payload
        if descriptor.name == "AnyValue":
            depth += 1
            if depth > DEPTH_MAX + 1:
                self._flags.append(DEEP)
                return DEEP_VALUE
        return self._flagged(self.message(start, end, descriptor, depth), descriptor)

    def _text(self, payload: bytes) -> bytes:
        try:
            payload.decode()
        except UnicodeDecodeError:
            self._flags.append(BAD_TEXT)
            return payload.decode("utf-8", "replace").encode()
        return payload

    def _flagged(self, payload: bytes, descriptor: Descriptor) -> bytes:
        if descriptor.name not in WHOLE or not self._flags:
            return payload
        if descriptor.name not in FLAGGED:
            self._flags.clear()  # a resource belongs to no single span
            return payload
        tag = descriptor.fields_by_name["attributes"].number << 3 | LENGTH
        for flag in dict.fromkeys(self._flags):
            pair = flag_attribute(flag).SerializeToString()
            payload += _encoded(tag) + _encoded(len(pair)) + pair
        self._flags.clear()
        return payload

    def _count(self) -> None:
        self._visited += 1
        if self._visited > FIELDS_MAX:
            raise self._malformed(
                f"broken, with more than {FIELDS_MAX} fields in which to look for the place"
            )

    def _malformed(self, what: str) -> MalformedBodyError:
        return MalformedBodyError(f"protobuf: {'.'.join(self._path) or 'request'}: {what}")

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = shift = 0
        for offset in range(at, min(end, at + 10)):
            byte = self._body[offset]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, offset + 1
            shift += 7
        raise self._malformed(f"no number at byte {at}")

    def _skip(self, at: int, end: int, wire_type: int) -> int:
        if wire_type == VARINT:
            return self._varint(at, end)[1]
        size = {FIXED64: 8, FIXED32: 4}.get(wire_type)
        if size is None:
            raise self._malformed(f"wire type {wire_type} at byte {at - 1}, expected 0, 1, 2 or 5")
        if at + size > end:
            raise self._malformed(f"{size} bytes expected at byte {at}, {end - at} left")
        return at + size


def _is_whole(payload: bytes, descriptor: Descriptor) -> bool:
    try:
        GetMessageClass(descriptor).FromString(payload)
    except DecodeError:
        return False
    return True


def _encoded(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
