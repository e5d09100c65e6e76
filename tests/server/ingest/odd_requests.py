"""Requests that are well formed enough to be taken, and odd: each must cost only itself."""

import json
import struct
import time
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from wire import attribute, protobuf_request, request, span

MONTH_NS = 30 * 24 * 3600 * 1_000_000_000


def odd(name: str, /, *attributes: dict[str, Any], **fields: Any) -> bytes:
    """A request in JSON of one span that is named like its session."""
    return request(span(name, attributes=[attribute("session.id", name), *attributes], **fields))


def texts(name: str, key: str, value: Any) -> bytes:
    """A request with one attribute more."""
    return odd(name, attribute(key, value))


def with_bytes(name: str, tail: bytes) -> bytes:
    """A request in protobuf whose one span has bytes more at its end."""
    message = ExportTraceServiceRequest.FromString(
        protobuf_request(span(name, attributes=[attribute("session.id", name)]))
    )
    inner = message.resource_spans[0].scope_spans[0].spans[0].SerializeToString() + tail
    return _field(1, _field(2, _field(2, inner)))


def months(name: str, count: int) -> bytes:
    """Spans in so many months."""
    now_ns = time.time_ns() - 2_000_000_000
    spans = [
        span(
            name,
            startTimeUnixNano=str(now_ns - number * MONTH_NS),
            endTimeUnixNano=str(now_ns - number * MONTH_NS + 1_000_000_000),
        )
        for number in range(count)
    ]
    return request(*spans)


def nested(name: str, depth: int) -> bytes:
    """A value of lists in lists."""
    value = '{"arrayValue": {"values": [' * depth + '{"stringValue": "deep"}' + "]}}" * depth
    return texts(name, "nested", "deep").replace(b'{"stringValue": "deep"}', value.encode())


def nested_message(name: str, depth: int) -> bytes:
    """The same in protobuf, which has no reader's limit of its own here."""
    value = _field(1, b"deep")
    for _ in range(depth):
        value = _field(5, _field(1, value))
    return with_bytes(name, _field(9, _field(1, b"nested") + _field(2, value)))


def nested_text(depth: int) -> str:
    """JSON in a text, nested as deep."""
    return "[" * depth + "]" * depth


def messages(count: int) -> str:
    """A conversation of so many messages, as instrumentations write it."""
    return json.dumps([{"role": "user", "content": f"Message {number}?"} for number in range(count)])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _double(value: float) -> bytes:
    return b"\x21" + struct.pack("<d", value)


def double_attribute(name: str, key: str, value: float) -> bytes:
    """A number that JSON cannot hold."""
    return with_bytes(name, _field(9, _field(1, key.encode()) + _field(2, _double(value))))


def text_attribute(name: str, key: bytes, value: bytes) -> bytes:
    """A text of any bytes."""
    return with_bytes(name, _field(9, _field(1, key) + _field(2, _field(1, value))))


PROTOBUF_ODDITIES = {
    "unknown field": with_bytes("unknown field", _field(900, b"new")),
    "unknown group": with_bytes("unknown group", _varint(901 << 3 | 3) + b"\x08\x01" + _varint(901 << 3 | 4)),
    "name as a number": with_bytes("name as a number", b"\x28\x07"),
    "times as texts": with_bytes("times as texts", _field(7, b"12345678")),
    "attributes as a number": with_bytes("attributes as a number", b"\x48\x07"),
    "dropped counts beyond 32 bits": with_bytes(
        "dropped counts beyond 32 bits", b"\x50" + _varint(2**63 + 5)
    ),
    "kind of no name": with_bytes("kind of no name", b"\x30" + _varint(2**31 - 1)),
    "negative kind": with_bytes("negative kind", b"\x30" + _varint(2**64 - 3)),
    "status of no name": with_bytes("status of no name", _field(15, b"\x18" + _varint(77))),
    "NaN": double_attribute("NaN", "gen_ai.usage.cost", float("nan")),
    "infinity": double_attribute("infinity", "gen_ai.usage.cost", float("inf")),
    "minus infinity": double_attribute("minus infinity", "gen_ai.usage.input_tokens", float("-inf")),
    "NaN tokens": double_attribute("NaN tokens", "gen_ai.usage.output_tokens", float("nan")),
    "NaN temperature": double_attribute("NaN temperature", "gen_ai.request.temperature", float("nan")),
    "nested 90": nested_message("nested 90", 40),
    "empty value": with_bytes("empty value", _field(9, _field(1, b"empty"))),
    "no key": with_bytes("no key", _field(9, _field(2, _field(1, b"value")))),
    "NUL": text_attribute("NUL", b"in\x00put", b"a\x00b"),
}
"""Protobuf that Python's reader takes; each is one span in a session of its name."""

HUGE = str(2**63 - 1)

JSON_ODDITIES = {
    "lone surrogate": texts("lone surrogate", "input.value", "half").replace(b'"half"', b'"\\ud83d"'),
    "nested 1 000": nested("nested 1 000", 1_000),
    "NUL in every text": texts("NUL in every text", "input.value", "a\x00b"),
    "tokens of 2^63-1": texts("tokens of 2^63-1", "gen_ai.usage.input_tokens", {"intValue": HUGE}),
    "tokens of 1e300": texts("tokens of 1e300", "gen_ai.usage.input_tokens", 1e300),
    "tokens as text": texts("tokens as text", "gen_ai.usage.input_tokens", "9" * 40),
    "negative tokens": texts("negative tokens", "gen_ai.usage.output_tokens", {"intValue": str(-(2**63))}),
    "cost of 1e30": texts("cost of 1e30", "gen_ai.usage.cost", 1e30),
    "cost of 1e-30": texts("cost of 1e-30", "gen_ai.usage.cost", 1e-30),
    "cost as text": texts("cost as text", "gen_ai.usage.cost", "1e400"),
    "negative cost": texts("negative cost", "gen_ai.usage.cost", -5.0),
    "cost that is no number": texts("cost that is no number", "gen_ai.usage.cost", "NaN"),
    "turn number of 2^63-1": texts("turn number of 2^63-1", "turn.number", {"intValue": HUGE}),
    "turn number of 1e300": texts("turn number of 1e300", "turn.number", 1e300),
    "retry of 2^63-1": texts("retry of 2^63-1", "gen_ai.retry.attempt", {"intValue": HUGE}),
    "context of 2^63-1": texts("context of 2^63-1", "turnloom.context.tokens", {"intValue": HUGE}),
    "nested text": texts("nested text", "input.value", nested_text(1_000)),
    "nested text of 100 000": texts("nested text of 100 000", "input.value", nested_text(100_000)),
    "thousand messages": texts("thousand messages", "gen_ai.input.messages", messages(5_000)),
    "a value of 20 MB": texts("a value of 20 MB", "input.value", "x" * 20_000_000),
    "65 536 attributes": odd("65 536 attributes", *(attribute(f"key.{n}", n) for n in range(65_536))),
    "a key of 1 MB": texts("a key of 1 MB", "k" * 1_000_000, "v"),
    "a name of 1 MB": odd("a name of 1 MB", name="n" * 1_000_000),
    "ends before it starts": odd("ends before it starts", endTimeUnixNano="1"),
    "ends in 2262": odd("ends in 2262", endTimeUnixNano=HUGE),
    "starts in 2000": odd("starts in 2000", startTimeUnixNano="946684800000000000"),
    "its own parent": odd("its own parent", traceId="ab" * 16, spanId="cd" * 8, parentSpanId="cd" * 8),
    "a user id of 1 MB": texts("a user id of 1 MB", "user.id", "u" * 1_000_000),
    "events": odd("events", events=[{"timeUnixNano": HUGE, "name": "n" * 100_000}] * 50),
    "an event before 1970": odd("an event before 1970", events=[{"timeUnixNano": "0", "name": ""}]),
    "links": odd("links", links=[{"traceId": "ab" * 16, "spanId": "cd" * 8}] * 1_000),
}
"""JSON that is taken; each is one span in a session of its name."""
