"""OTLP logs: which records are kept."""

import json
from typing import Any

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from otlp_made import RECEIVED_US, SPAN_ID, START_NS, TRACE_ID

from turnloom.server.ingest.errors import MalformedBodyError
from turnloom.server.ingest.otlp_logs import decode_logs


def decoded(*logs: dict[str, Any]) -> Any:
    """What is kept of these log records."""
    made = ExportLogsServiceRequest()
    scope_logs = made.resource_logs.add().scope_logs.add()
    for fields in logs:
        given = dict(fields)
        attributes, body = given.pop("attributes", {}), given.pop("body", None)
        log = scope_logs.log_records.add(**given)
        if body is not None:
            log.body.string_value = body
        for key, value in attributes.items():
            log.attributes.add(key=key).value.string_value = value
    return decode_logs(made.SerializeToString(), "protobuf", RECEIVED_US)


def test_lifecycle_events_by_field_or_attribute() -> None:
    """Both names of an event are known; everything else is counted."""
    sent = {"session.id": "s", "turn.id": "t"}
    read = decoded(
        {"event_name": "turn.start", "time_unix_nano": START_NS, "attributes": sent},
        {"time_unix_nano": START_NS, "attributes": {"event.name": "session.end", **sent}},
        {"time_unix_nano": START_NS, "body": "a line of a log"},
    )
    assert [(r.kind, r.session_id, r.turn_id, r.time_us) for r in read.records] == [
        ("turn.start", "s", "t", START_NS // 1000),
        ("session.end", "s", "t", START_NS // 1000),
    ]
    assert read.dropped == 1


@pytest.mark.parametrize(
    ("times", "time_us"),
    [
        ({"time_unix_nano": START_NS, "observed_time_unix_nano": START_NS + 5000}, START_NS // 1000),
        ({"observed_time_unix_nano": START_NS}, START_NS // 1000),
        ({}, RECEIVED_US),
        ({"time_unix_nano": 5}, RECEIVED_US),
        ({"time_unix_nano": 2**64 - 1}, RECEIVED_US),
    ],
)
def test_time(times: dict[str, int], time_us: int) -> None:
    """Of the event, else of its observation, else of its reception."""
    assert decoded({"event_name": "turn.start", **times}).records[0].time_us == time_us


@pytest.mark.parametrize(
    ("ids", "trace_id", "span_id"),
    [
        ({"trace_id": TRACE_ID, "span_id": SPAN_ID}, TRACE_ID.hex(), SPAN_ID.hex()),
        ({"trace_id": bytes(16), "span_id": bytes(8)}, None, None),
        ({"trace_id": b"abc"}, None, None),
        ({}, None, None),
    ],
)
def test_ids(ids: dict[str, bytes], trace_id: str | None, span_id: str | None) -> None:
    """Zero and malformed ones are none."""
    (record,) = decoded({"event_name": "turn.start", **ids}).records
    assert (record.trace_id, record.span_id, record.received_us) == (trace_id, span_id, RECEIVED_US)


def test_json() -> None:
    """The same in JSON."""
    log = {
        "eventName": "gen_ai.user.message",
        "timeUnixNano": str(START_NS),
        "traceId": TRACE_ID.hex(),
        "spanId": SPAN_ID.hex(),
        "body": {"kvlistValue": {"values": [{"key": "content", "value": {"stringValue": "Hi"}}]}},
    }
    sent = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [log, {}, None]}]}]}).encode()
    read = decode_logs(sent, "json", RECEIVED_US)
    assert [(r.trace_id, r.body["text"]) for r in read.records] == [(TRACE_ID.hex(), "Hi")]
    assert read.dropped == 2


def test_a_broken_text_is_repaired() -> None:
    """As in traces."""
    made = ExportLogsServiceRequest()
    log = made.resource_logs.add().scope_logs.add().log_records.add(event_name="turn.start")
    log.attributes.add(key="turn.id").value.string_value = "zzz"
    read = decode_logs(made.SerializeToString().replace(b"zzz", b"z\xffz"), "protobuf", RECEIVED_US)
    assert read.records[0].turn_id == "z\ufffdz"


def test_what_is_no_request() -> None:
    """Is malformed."""
    with pytest.raises(MalformedBodyError):
        decode_logs(b"nonsense", "protobuf", RECEIVED_US)
    with pytest.raises(MalformedBodyError):
        decode_logs(b"nonsense", "json", RECEIVED_US)
