"""OTLP traces in JSON: the same spans as in protobuf, lenient with one wrong value."""

import base64
import json
from typing import Any

import orjson
import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from otlp_made import RECEIVED_US, SPAN_ID, START_NS, TRACE_ID, nested, request

from turnloom.server.ingest.errors import MalformedBodyError
from turnloom.server.ingest.otlp import check_traces, decode_traces, parse_traces
from turnloom.vocabulary import canonical


def body(*spans: Any, **fields: Any) -> bytes:
    """A request in JSON with spans that are whole but for what is given; None leaves a field out."""
    whole = {
        "traceId": TRACE_ID.hex(),
        "spanId": SPAN_ID.hex(),
        "name": "work",
        "startTimeUnixNano": str(START_NS),
    }
    made = [{**whole, **span} if isinstance(span, dict) else span for span in spans]
    left = [
        {k: v for k, v in span.items() if v != "LEFT OUT"} if isinstance(span, dict) else span
        for span in made
    ]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": left}], **fields}]}).encode()


def attribute(value: Any) -> Any:
    """What becomes of an attribute with this AnyValue."""
    decoded = decode_traces(body({"attributes": [{"key": "a", "value": value}]}), "json", RECEIVED_US)
    return decoded.spans[0].attributes.get("a")


@pytest.mark.parametrize("snake", [True, False])
@pytest.mark.parametrize("numbers", [True, False])
def test_json_is_the_same_request_as_protobuf(snake: bool, numbers: bool) -> None:
    """Camel and snake case, enums by name and number."""
    made = request({"parent_span_id": SPAN_ID}, {"end_time_unix_nano": 0})
    span = made.resource_spans[0].scope_spans[0].spans[0]
    span.status.code = 2
    span.attributes.add(key="list").value.CopyFrom(nested(3, "list"))
    span.attributes.add(key="object").value.CopyFrom(nested(3, "object"))
    span.attributes.add(key="bytes").value.bytes_value = b"\xff"
    span.attributes.add(key="int").value.int_value = 2**60
    span.events.add(name="e", time_unix_nano=1)
    span.links.add(trace_id=TRACE_ID, span_id=SPAN_ID)
    data = json_format.MessageToDict(made, preserving_proto_field_name=snake, use_integers_for_enums=numbers)
    assert parse_traces(json.dumps(_hex_ids(data)).encode(), "json") == made
    assert (
        parse_traces(json.dumps(data).encode(), "json") == made
    )  # ids in base64, as protobuf's own JSON has them


def _hex_ids(data: Any) -> Any:
    if isinstance(data, list):
        return [_hex_ids(item) for item in data]
    if not isinstance(data, dict):
        return data
    ids = {"traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id"}
    return {k: base64.b64decode(v).hex() if k in ids else _hex_ids(v) for k, v in data.items()}


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"stringValue": "x"}, "x"),
        ({"string_value": "x"}, "x"),
        ({"stringValue": ""}, ""),
        ({"intValue": "5"}, 5),
        ({"intValue": 5}, 5),
        ({"intValue": 5.0}, 5),
        ({"intValue": "many"}, "many"),
        ({"intValue": str(2**63)}, str(2**63)),
        ({"doubleValue": 0.5}, 0.5),
        ({"doubleValue": "0.5"}, 0.5),
        ({"doubleValue": 5}, 5.0),
        ({"boolValue": False}, False),
        ({"boolValue": "true"}, True),
        ({"bytesValue": "/wA="}, "/wA="),
        ({"arrayValue": {"values": [{"stringValue": "x"}, {"intValue": 1}]}}, ["x", 1]),
        ({"arrayValue": {}}, []),
        ({"array_value": {"values": None}}, []),
        ({"kvlistValue": {"values": [{"key": "k", "value": {"boolValue": True}}]}}, {"k": True}),
        ({"kvlistValue": {"values": [{"key": "k"}, 5]}}, {"k": None}),
        ({"unheardOf": 1}, None),
        ({}, None),
        (None, None),
        ("plain", "plain"),
        (5, 5),
        (True, True),
        ({"stringValue": 5}, "5"),
        ({"stringValue": {"a": 1}}, '{"a": 1}'),
        ({"stringValue": "a\ud800b"}, "a\ufffdb"),
        ({"stringValue": "\ud83d\ude00"}, "\U0001f600"),
        ({"stringValue": "a\x00b"}, "a\x00b"),
    ],
)
def test_values(value: Any, plain: Any) -> None:
    """As sent, or as what can be made of them."""
    read = attribute(value)
    assert read == plain
    assert type(read) is type(plain)
    orjson.dumps(read)


def test_not_a_number() -> None:
    """JSON has none, encoders write them."""
    sent = body({"attributes": [{"key": "a", "value": {"doubleValue": float("nan")}}]})
    assert decode_traces(sent, "json", RECEIVED_US).spans[0].attributes["a"] != 0


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"traceId": "LEFT OUT"}, "traceId has 0 bytes"),
        ({"traceId": "xyz"}, "traceId has 3 bytes"),
        ({"traceId": "abcdefghijklmnop"}, "traceId has 15 bytes"),
        ({"traceId": 5}, "traceId has 0 bytes"),
        ({"traceId": "0" * 32}, "traceId is all zero"),
        ({"spanId": "0102"}, "spanId has 2 bytes"),
        ({"parentSpanId": "01"}, "parentSpanId has 1 bytes"),
        ({"startTimeUnixNano": "LEFT OUT"}, "startTimeUnixNano is missing"),
        ({"startTimeUnixNano": "soon"}, "startTimeUnixNano is missing"),
        ({"startTimeUnixNano": -5}, "startTimeUnixNano is missing"),
        ({"startTimeUnixNano": 1.5e9}, "before 2000-01-01"),
        ({"startTimeUnixNano": str(2**64 - 1)}, "more than 24 h after"),
    ],
)
def test_a_wrong_value_costs_its_span(fields: dict[str, Any], reason: str) -> None:
    """And no other."""
    made = parse_traces(body({}, fields, {}), "json")
    (refusal,) = check_traces(made, RECEIVED_US)
    assert refusal.index == 1
    assert reason in refusal.reason


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"kind": "SPAN_KIND_CLIENT"}, "otel_kind", 3),
        ({"kind": 3}, "otel_kind", 3),
        ({"kind": "3"}, "otel_kind", 3),
        ({"kind": "client"}, "otel_kind", 3),
        ({"kind": "odd"}, "otel_kind", 0),
        ({"kind": {}}, "otel_kind", 0),
        ({"status": {"code": "STATUS_CODE_ERROR"}}, "status_code", 2),
        ({"status": None}, "status_code", 0),
        ({"name": None}, "name", ""),
        ({"name": 5}, "name", ""),
        ({"parentSpanId": ""}, "parent_id", None),
        ({"parentSpanId": "0" * 16}, "parent_id", None),
        ({"traceId": TRACE_ID.hex().upper()}, "trace_id", TRACE_ID.hex()),
        ({"startTimeUnixNano": START_NS}, "start_us", START_NS // 1000),
        ({"endTimeUnixNano": "0"}, "end_us", None),
        ({"attributes": None}, "attributes", {}),
        ({"unheardOf": {"deep": [1]}}, "name", "work"),
    ],
)
def test_a_span_with_odd_fields_is_kept(fields: dict[str, Any], name: str, expected: Any) -> None:
    """What was not understood is missing."""
    (span,) = decode_traces(body(fields), "json", RECEIVED_US).spans
    assert getattr(span, name) == (expected if name != "name" or fields.get("name", "") != "" else "work")


def test_what_is_no_span_counts() -> None:
    """Positions are the sender's."""
    made = parse_traces(body(None, {}, 5), "json")
    assert [refusal.index for refusal in check_traces(made, RECEIVED_US)] == [0, 2]


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "a list, expected an object"),
        (b"null", "null, expected an object"),
        (b'"text"', "a text, expected an object"),
        (b"5", "a number or truth value, expected an object"),
        (b'{"resourceSpans": 5}', r"resourceSpans is not a list"),
        (
            b'{"resourceSpans": [{"scopeSpans": [{"spans": {}}]}]}',
            r"resourceSpans\[0\]\.scopeSpans\[0\]\.spans is not a list",
        ),
    ],
)
def test_what_is_no_request(sent: bytes, where: str) -> None:
    """Named with its place."""
    with pytest.raises(MalformedBodyError, match=where):
        parse_traces(sent, "json")


def test_unknown_and_empty_requests() -> None:
    """Nothing to store is no fault."""
    for sent in (b"{}", b'{"resourceSpans": []}', b'{"resourceSpans": null, "other": 1}', b"\xef\xbb\xbf{}"):
        assert decode_traces(sent, "json", RECEIVED_US).spans == []


def deep_json(depth: int) -> bytes:
    """Two spans, the first with a value of this depth."""
    value = '{"arrayValue":{"values":[' * depth + '{"stringValue":"inner"}' + "]}}" * depth
    sent = body(
        {"attributes": [{"key": "deep", "value": "HERE"}, {"key": "b", "value": {"stringValue": "x"}}]}, {}
    )
    return sent.replace(b'"HERE"', value.encode())


@pytest.mark.parametrize("depth", [20, 25, 100, 400, 3_000, 100_000])
def test_a_deep_value_costs_only_itself(depth: int) -> None:
    """Replaced by a text, and its span flagged."""
    deep, other = decode_traces(deep_json(depth), "json", RECEIVED_US).spans
    assert deep.attributes["b"] == "x"
    assert canonical(deep).flags == (("deep_value",) if depth > 24 else ())
    assert ("nested deeper" in str(deep.attributes["deep"])) == (depth > 24)
    assert canonical(other).flags == ()
    orjson.dumps(deep.attributes)


@pytest.mark.parametrize("key", ["unheardOf", "stringValue", "status"])
def test_depth_where_none_belongs(key: str) -> None:
    """In a field that nobody knows, or in the place of a text."""
    deep = "[" * 2_000 + "]" * 2_000
    sent = body({"attributes": [{"key": "a", "value": {key: "HERE"}}], key: "HERE"}).replace(
        b'"HERE"', deep.encode()
    )
    assert len(decode_traces(sent, "json", RECEIVED_US).spans) == 1


_KEYS = st.sampled_from(
    [
        "traceId",
        "spanId",
        "name",
        "kind",
        "attributes",
        "key",
        "value",
        "values",
        "stringValue",
        "intValue",
        "arrayValue",
        "kvlistValue",
        "events",
        "links",
        "status",
        "code",
        "startTimeUnixNano",
        "flags",
        "droppedAttributesCount",
    ]
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_KEYS | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(_KEYS, JSON, max_size=6))
def test_no_span_breaks_the_request(span: dict[str, Any]) -> None:
    """Only a list that is none is malformed."""
    sent = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
    try:
        decoded = decode_traces(sent, "json", RECEIVED_US)
    except MalformedBodyError as error:
        assert "is not a list" in str(error)
    else:
        assert len(decoded.spans) + len(decoded.refused) == 1
