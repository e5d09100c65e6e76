"""OTLP traces in protobuf: what is decoded, what is refused, what is repaired."""

from typing import Any

import orjson
import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from otlp_made import PARENT_ID, RECEIVED_US, SPAN_ID, START_NS, TRACE_ID, nested, request

from turnloom.server.ingest.errors import MalformedBodyError
from turnloom.server.ingest.otlp import check_traces, decode_traces, parse_traces
from turnloom.vocabulary import canonical

DAY_NS = 86_400_000_000_000


def test_a_span_is_decoded() -> None:
    """Ids in hex, times in microseconds, values unwrapped, the resource shared."""
    made = request({"parent_span_id": PARENT_ID}, {"span_id": PARENT_ID, "end_time_unix_nano": 0})
    wire = made.resource_spans[0].scope_spans[0].spans[0]
    wire.status.code, wire.status.message = 2, "no"
    values: dict[str, AnyValue] = {
        "text": AnyValue(string_value="x"),
        "empty": AnyValue(string_value=""),
        "int": AnyValue(int_value=-5),
        "zero": AnyValue(int_value=0),
        "float": AnyValue(double_value=0.5),
        "true": AnyValue(bool_value=True),
        "false": AnyValue(bool_value=False),
        "bytes": AnyValue(bytes_value=b"\xff\x00"),
        "list": nested(1, "list"),
        "object": nested(2, "object"),
        "nothing": AnyValue(),
    }
    for key, value in values.items():
        wire.attributes.add(key=key).value.CopyFrom(value)
    event = wire.events.add(name="exception", time_unix_nano=START_NS + 2000)
    event.attributes.add(key="exception.type").value.string_value = "E"
    wire.links.add(trace_id=TRACE_ID, span_id=SPAN_ID).attributes.add(key="a").value.int_value = 1

    decoded = decode_traces(made.SerializeToString(), "protobuf", RECEIVED_US)
    span, second = decoded.spans
    assert decoded.refused == []
    assert (span.trace_id, span.span_id, span.parent_id) == (TRACE_ID.hex(), SPAN_ID.hex(), PARENT_ID.hex())
    assert (span.name, span.otel_kind, span.scope, span.scope_version) == ("work", 3, "scope", "1.0")
    assert (span.start_us, span.end_us) == (START_NS // 1000, START_NS // 1000 + 1000)
    assert (span.status_code, span.status_message, span.received_us) == (2, "no", RECEIVED_US)
    assert span.attributes == {
        "text": "x", "empty": "", "int": -5, "zero": 0, "float": 0.5, "true": True, "false": False,
        "bytes": "/wA=", "list": ["inner"], "object": {"k": {"k": "inner"}}, "nothing": None,
    }  # fmt: skip
    assert span.attributes["false"] is False
    assert span.events == [(START_NS // 1000 + 2, "exception", {"exception.type": "E"})]
    assert span.links == [(TRACE_ID.hex(), SPAN_ID.hex(), {"a": 1})]
    assert span.resource == {"service.name": "bot"}
    assert span.resource is second.resource
    assert second.end_us is None


def test_the_hash_is_of_the_content() -> None:
    """48 bits, the same for the same span, another for another."""
    one, same, other = (
        decode_traces(request(f).SerializeToString(), "protobuf", RECEIVED_US).spans[0]
        for f in ({}, {}, {"name": "x"})
    )
    assert one.content_hash == same.content_hash != other.content_hash
    assert 0 <= one.content_hash < 2**48


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"trace_id": b""}, "traceId has 0 bytes, expected 16"),
    ({"trace_id": b"abc"}, "traceId has 3 bytes, expected 16"),
    ({"trace_id": bytes(16)}, "traceId is all zero"),
    ({"span_id": bytes(7)}, "spanId has 7 bytes, expected 8"),
    ({"span_id": bytes(8)}, "spanId is all zero"),
    ({"parent_span_id": b"abc"}, "parentSpanId has 3 bytes, expected 8 or none"),
    ({"start_time_unix_nano": 0}, "startTimeUnixNano is missing or 0"),
    ({"start_time_unix_nano": 946_684_799_999_999_999}, "before 2000-01-01"),
    ({"start_time_unix_nano": RECEIVED_US}, "before 2000-01-01"),
    ({"start_time_unix_nano": RECEIVED_US * 1000 + DAY_NS + 1}, "more than 24 h after reception"),
    ({"start_time_unix_nano": 2**64 - 1}, "more than 24 h after reception"),
    ({"end_time_unix_nano": 2**63}, "does not fit 64 bits"),
]


@pytest.mark.parametrize(("fields", "reason"), FAULTS)
def test_a_span_that_cannot_be_stored_is_refused(fields: dict[str, Any], reason: str) -> None:
    """It alone, with what was given and what was expected; acceptance and digest agree."""
    made = request({}, fields, {})
    (refusal,) = check_traces(made, RECEIVED_US)
    assert refusal.index == 1
    assert reason in refusal.reason
    decoded = decode_traces(made.SerializeToString(), "protobuf", RECEIVED_US)
    assert (len(decoded.spans), decoded.refused) == (2, [refusal])


@pytest.mark.parametrize(
    ("fields", "parent", "duration_us"),
    [
        ({"parent_span_id": bytes(8)}, None, 1000),
        ({"parent_span_id": b""}, None, 1000),
        ({"start_time_unix_nano": 946_684_800_000_000_000}, None, None),
        ({"start_time_unix_nano": RECEIVED_US * 1000 + DAY_NS}, None, None),
        ({"end_time_unix_nano": START_NS - 3_000_000}, None, -3000),
    ],
)
def test_an_odd_span_is_kept(fields: dict[str, Any], parent: str | None, duration_us: int | None) -> None:
    """A zero parent is none; an end before the start is kept as it is."""
    decoded = decode_traces(request(fields).SerializeToString(), "protobuf", RECEIVED_US)
    (span,) = decoded.spans
    assert span.parent_id == parent
    if duration_us is not None and span.end_us is not None:
        assert span.end_us - span.start_us == duration_us


def test_indices_count_over_resources_and_scopes() -> None:
    """As the sender counted them."""
    made = request({}, {})
    made.resource_spans.append(request({"span_id": b""}).resource_spans[0])
    assert [refusal.index for refusal in check_traces(made, RECEIVED_US)] == [2]


def test_an_empty_request_is_a_request() -> None:
    """Exporters send them."""
    assert decode_traces(b"", "protobuf", RECEIVED_US).spans == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b"not protobuf at all", "request"),
        (b"\x0a\x05\x0a", "5 bytes announced at byte 2, 1 left"),
        (b"\x0a", "no number at byte 1"),
        (b"\x0b", "wire type 3 at byte 0"),
        (b"\x0d\x01", "4 bytes expected at byte 1, 1 left"),
        (request({}).SerializeToString()[:-3], "announced at byte"),
        (b"\x80" * 40, "no number at byte 0"),
    ],
)
def test_a_malformed_body_is_named_with_its_place(body: bytes, where: str) -> None:
    """For the sender's log."""
    with pytest.raises(MalformedBodyError, match=where):
        parse_traces(body, "protobuf")


def test_a_malformed_span_is_named_with_its_path() -> None:
    """Which of them it is."""
    body = request({}, {"name": "here"}).SerializeToString()
    broken = body.replace(b"\x2a\x04here", b"\x2a\x7fhere")
    with pytest.raises(
        MalformedBodyError, match=r"resource_spans\[0\]\.scope_spans\[0\]\.spans\[1\]: 127 bytes announced"
    ):
        parse_traces(broken, "protobuf")


def test_one_broken_text_costs_only_itself() -> None:
    """A replacement character and a flag on that span; the others as they were."""
    made = request({}, {"name": "zzz"}, {})
    made.resource_spans[0].scope_spans[0].spans[1].attributes.add(
        key="session.id"
    ).value.string_value = "yyyy"
    body = made.SerializeToString().replace(b"zzz", b"z\xffz").replace(b"yyyy", b"y\xc3(y")
    first, broken, last = decode_traces(body, "protobuf", RECEIVED_US).spans
    assert broken.name == "z\ufffdz"
    assert broken.attributes["session.id"] == "y\ufffd(y"
    assert canonical(broken).flags == ("bad_utf8",)
    assert first.content_hash == last.content_hash
    assert canonical(first).flags == ()


def test_a_broken_text_of_a_resource() -> None:
    """Flags no span."""
    body = request({}).SerializeToString().replace(b"bot", b"b\xfft")
    (span,) = decode_traces(body, "protobuf", RECEIVED_US).spans
    assert span.resource == {"service.name": "b\ufffdt"}
    assert canonical(span).flags == ()


@pytest.mark.parametrize("kind", ["list", "object"])
@pytest.mark.parametrize("depth", [20, 40, 60, 90])
def test_a_deep_value_costs_only_itself(kind: str, depth: int) -> None:
    """Replaced by a text and flagged, where the parser gives up."""
    made = request({}, {})
    span = made.resource_spans[0].scope_spans[0].spans[0]
    tag = b"\x4a"  # Span.attributes, length-delimited
    pair = _pair(b"deep", _nested_bytes(depth, kind))
    body = made.SerializeToString()
    wire = span.SerializeToString()
    grown = wire + tag + _length(pair) + pair
    scope = made.resource_spans[0].scope_spans[0]
    rebuilt = b"\x12" + _length(grown) + grown + b"\x12" + _length(wire) + wire
    scope_bytes = (
        b"\x0a" + _length(scope.scope.SerializeToString()) + scope.scope.SerializeToString() + rebuilt
    )
    resource = made.resource_spans[0].resource.SerializeToString()
    inner = b"\x0a" + _length(resource) + resource + b"\x12" + _length(scope_bytes) + scope_bytes
    body = b"\x0a" + _length(inner) + inner
    deep, other = decode_traces(body, "protobuf", RECEIVED_US).spans
    orjson.dumps([deep.attributes, other.attributes])
    flags = canonical(deep).flags
    assert flags == (("deep_value",) if "nested deeper" in str(deep.attributes["deep"]) else ())
    assert bool(flags) == (depth > 45 or (depth > 30 and kind == "object"))
    assert canonical(other).flags == ()


def _length(payload: bytes) -> bytes:
    size, out = len(payload), bytearray()
    while size > 0x7F:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*out, size])


def _pair(key: bytes, value: bytes) -> bytes:
    return b"\x0a" + _length(key) + key + b"\x12" + _length(value) + value


def _nested_bytes(depth: int, kind: str) -> bytes:
    value = b"\x0a\x05inner"
    for _ in range(depth):
        item = _pair(b"k", value) if kind == "object" else value
        values = b"\x0a" + _length(item) + item
        value = (b"\x32" if kind == "object" else b"\x2a") + _length(values) + values
    return value


def test_a_nul_is_kept() -> None:
    """In texts; ids refuse it later."""
    made = request({"name": "a\x00b"})
    (span,) = decode_traces(made.SerializeToString(), "protobuf", RECEIVED_US).spans
    assert span.name == "a\x00b"
    assert orjson.loads(orjson.dumps(span.name)) == "a\x00b"


def test_the_last_of_two_equal_keys_wins() -> None:
    """As in a map."""
    made = request({})
    for text in ("one", "two"):
        made.resource_spans[0].scope_spans[0].spans[0].attributes.add(key="a").value.string_value = text
    (span,) = decode_traces(made.SerializeToString(), "protobuf", RECEIVED_US).spans
    assert span.attributes == {"a": "two"}
