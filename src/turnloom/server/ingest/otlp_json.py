"""OTLP in JSON, into the same messages as OTLP in protobuf.

Lenient where a sender's encoder differs (names in camel or snake case, numbers as text, enums by
name), and where one value is wrong: that costs the value, and what it was needed for is refused
by the checks that follow. Only what is no such request at all is malformed.
"""

import base64
import binascii
import json
import re
from typing import Any, TypeVar, cast

import orjson
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

from turnloom.server.ingest.errors import MalformedBodyError
from turnloom.server.ingest.otlp_flags import DEEP, DEPTH_MAX, TOO_DEEP, add_flag

JSON_DEPTH_MAX = 400
"""Levels of JSON that are read; a value at the depth limit of values stands at about 110."""

TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
SURROGATE = re.compile("[\ud800-\udfff]")
ID_SIZES = {"trace_id": 16, "span_id": 8, "parent_span_id": 8}
FLAGGED = frozenset({"Span", "LogRecord"})
"""Messages that carry the flags of the values inside them."""

ENDS_FLAGS = FLAGGED | {"Resource", "InstrumentationScope"}
"""A resource belongs to no single span: a flag of its values ends with it."""

Wire = TypeVar("Wire", bound=Message)
Fields = dict[str, FieldDescriptor]

_fields_by_name: dict[str, Fields] = {}


def read_json(body: bytes, message: Wire) -> Wire:
    """Fill a request from its JSON encoding.

    Args:
        body: The body, inflated.
        message: An empty request.

    Returns:
        The request.

    Raises:
        MalformedBodyError: The body is no JSON, or no object; the message says where.
    """
    data = _loads(body)
    if not isinstance(data, dict):
        raise MalformedBodyError(f"the JSON is {_kind(data)}, expected an object")
    _Reader().fill(message, cast("dict[str, Any]", data), message.DESCRIPTOR.name)
    return message


def _loads(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:  # too deep, NaN, half a surrogate pair: all can be read
        pass
    try:
        return json.loads(_clipped(body).decode("utf-8-sig", "replace"), strict=False)
    except ValueError as error:
        raise MalformedBodyError(f"not JSON: {error}") from error


def _clipped(body: bytes) -> bytes:
    """Put a mark in the place of what is nested too deep for a parser."""
    pieces: list[bytes] = []
    depth = kept = 0
    for token in TOKENS.finditer(body):
        mark = token[0]
        if mark in (b"{", b"["):
            depth += 1
            if depth == JSON_DEPTH_MAX:
                pieces += [body[kept : token.start()], b'"', TOO_DEEP.encode(), b'"']
                kept = len(body)
        elif mark in (b"}", b"]"):
            if depth == JSON_DEPTH_MAX:
                kept = token.end()
            depth -= 1
    return b"".join([*pieces, body[kept:]]) if pieces else body


def _kind(data: Any) -> str:
    if data is None:
        return "null"
    return (
        "a list"
        if isinstance(data, list)
        else "a text"
        if isinstance(data, str)
        else "a number or truth value"
    )


def _fields(descriptor: Descriptor) -> Fields:
    known = _fields_by_name.get(descriptor.full_name)
    if known is None:
        known = {name: field for field in descriptor.fields for name in (field.name, field.json_name)}
        _fields_by_name[descriptor.full_name] = known
    return known


class _Reader:
    """Walks JSON and the messages it becomes."""

    def __init__(self) -> None:
        self._deep = False

    def fill(self, message: Message, data: dict[str, Any], path: str) -> None:
        fields = _fields(cast("Descriptor", message.DESCRIPTOR))
        for name, value in data.items():
            field = fields.get(name)
            if field is None or value is None:
                continue
            if field.message_type is None:
                self._fill_scalar(message, field, value)
            elif field.is_repeated:
                self._fill_list(message, field, value, f"{path}.{name}")
            elif field.message_type.name == "AnyValue":
                self._fill_value(getattr(message, field.name), value, 0)
            elif isinstance(value, dict):
                inner = getattr(message, field.name)
                inner.SetInParent()
                self.fill(inner, cast("dict[str, Any]", value), f"{path}.{name}")
        if self._deep and message.DESCRIPTOR.name in ENDS_FLAGS:
            self._deep = False
            if message.DESCRIPTOR.name in FLAGGED:
                add_flag(message, DEEP)

    def _fill_list(self, message: Message, field: FieldDescriptor, value: Any, path: str) -> None:
        if not isinstance(value, list):
            raise MalformedBodyError(f"{path} is not a list")
        items = getattr(message, field.name)
        for index, item in enumerate(cast("list[Any]", value)):
            inner = items.add()  # even for nonsense: the check that follows counts positions
            if isinstance(item, dict):
                self.fill(inner, cast("dict[str, Any]", item), f"{path}[{index}]")

    def _fill_scalar(self, message: Message, field: FieldDescriptor, value: Any) -> None:
        if field.is_repeated:
            return
        read = _scalar(field, value)
        if read is not None:
            setattr(message, field.name, read)

    def _fill_value(self, target: Message, value: Any, depth: int) -> None:
        wire = cast("AnyValue", target)
        if isinstance(value, str):  # not OTLP, but plain
            self._deep = self._deep or value == TOO_DEEP
            wire.string_value = _valid(value)
        elif isinstance(value, dict):
            for name, inner in cast("dict[str, Any]", value).items():
                if self._fill_kind(wire, name, inner, depth):
                    return
        elif isinstance(value, bool):
            wire.bool_value = value
        elif isinstance(value, int | float):
            _put_number(wire, value)

    def _fill_kind(self, wire: AnyValue, name: str, value: Any, depth: int) -> bool:
        field = _fields(AnyValue.DESCRIPTOR).get(name)
        if field is None or value is None:
            return False
        if field.message_type is None:
            self._put_scalar(wire, field, value)
        elif depth >= DEPTH_MAX:
            self._deep = True
            wire.string_value = TOO_DEEP
        elif field.name == "array_value":
            wire.array_value.SetInParent()
            for item in _values(value):
                self._fill_value(wire.array_value.values.add(), item, depth + 1)
        else:
            wire.kvlist_value.SetInParent()
            for item in _values(value):
                if isinstance(item, dict):
                    self._fill_pair(wire, cast("dict[str, Any]", item), depth)
        return True

    def _put_scalar(self, wire: AnyValue, field: FieldDescriptor, value: Any) -> None:
        read = _scalar(field, value)
        if read is not None:
            setattr(wire, field.name, read)
            return
        try:  # keep what was sent rather than nothing
            wire.string_value = _valid(value if isinstance(value, str) else json.dumps(value))
        except RecursionError:
            self._deep = True
            wire.string_value = TOO_DEEP

    def _fill_pair(self, wire: AnyValue, item: dict[str, Any], depth: int) -> None:
        pair = wire.kvlist_value.values.add(key=_valid(str(item.get("key", ""))))
        if item.get("value") is not None:
            self._fill_value(pair.value, item["value"], depth + 1)


def _values(value: Any) -> list[Any]:
    inner = cast("dict[str, Any]", value).get("values") if isinstance(value, dict) else value
    return cast("list[Any]", inner) if isinstance(inner, list) else []


def _put_number(wire: AnyValue, value: float) -> None:
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        wire.int_value = value
    else:
        wire.double_value = float(value)


def _scalar(field: FieldDescriptor, value: Any) -> Any:
    """Read a value as the type of its field; None when it is not of that type."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _bytes(field.name, value) if isinstance(value, str) else None
    if field.type == FieldDescriptor.TYPE_STRING:
        return _valid(value) if isinstance(value, str) else None
    if field.type == FieldDescriptor.TYPE_BOOL:
        return {"true": True, "false": False}.get(str(value).lower())
    if field.type == FieldDescriptor.TYPE_ENUM:
        return _enum(field, value)
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return _double(value)
    return _integer(field, value)


def _valid(value: str) -> str:
    """Half a surrogate pair has no encoding."""
    return value if value.isascii() else SURROGATE.sub("\ufffd", value)


def _bytes(name: str, value: str) -> bytes:
    size = ID_SIZES.get(name)
    if size is None:
        return _base64(value) or b""
    if value == "":
        return b""
    try:
        return bytes.fromhex(value)
    except ValueError:
        given = _base64(value)
    if given is not None and len(given) == size:
        return given
    shown = _valid(value).encode()[:64]
    return shown if len(shown) != size else shown[:-1]  # never by chance the size of an id


def _base64(value: str) -> bytes | None:
    try:
        return base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None


def _enum(field: FieldDescriptor, value: Any) -> int | None:
    if isinstance(value, str) and not value.isdecimal():
        kinds = cast("EnumDescriptor", field.enum_type).values_by_name
        upper = value.upper()
        named = (kind.number for name, kind in kinds.items() if name == upper or name.endswith("_" + upper))
        return next(named, None)
    return _integer(field, value)


def _double(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _integer(field: FieldDescriptor, value: Any) -> int | None:
    try:
        read = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
    except ValueError:
        read = None
    if read is None and (inexact := _double(value)) is not None and inexact.is_integer():
        read = int(inexact)
    if read is None:
        return None
    low, high = _RANGES[field.cpp_type]
    return read if low <= read <= high else None


_RANGES = {
    FieldDescriptor.CPPTYPE_ENUM: (0, 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
