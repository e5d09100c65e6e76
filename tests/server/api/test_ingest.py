"""What ingest takes besides spans, and how it answers."""

import gzip
import json
import socket
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from serving import JSON, PROTOBUF, Serving, serving
from wire import attribute, request, span


def test_logs_are_taken_in_both_encodings(server: Serving) -> None:
    """The answer is in the content type of the request."""
    message = ExportLogsServiceRequest()
    record = message.resource_logs.add().scope_logs.add().log_records.add(time_unix_nano=time.time_ns())
    record.event_name = "session.start"
    record.attributes.add(key="session.id").value.string_value = "log-session"
    reply = server.post("/v1/logs", message.SerializeToString(), PROTOBUF)
    assert (reply.status, ExportLogsServiceResponse.FromString(reply.body)) == (
        200,
        ExportLogsServiceResponse(),
    )
    log = {
        "timeUnixNano": str(time.time_ns()),
        "eventName": "session.end",
        "attributes": [attribute("session.id", "s")],
    }
    body = json.dumps({"resourceLogs": [{"scopeLogs": [{"logRecords": [log]}]}]}).encode()
    reply = server.post("/v1/logs", gzip.compress(body), JSON | {"Content-Encoding": "gzip"})
    assert (reply.status, reply.json()) == (200, {})
    assert server.post("/v1/logs", b"\xff\xff", PROTOBUF).status == 400


def test_metrics_are_dropped_and_that_is_said(server: Serving) -> None:
    """An exporter that sends all three signals must not fail."""
    reply = server.post("/v1/metrics", b"", PROTOBUF)
    dropped = ExportMetricsServiceResponse.FromString(reply.body).partial_success
    assert (reply.status, dropped.rejected_data_points) == (200, 0)
    assert "not stored" in dropped.error_message
    reply = server.post("/v1/metrics", b'{"resourceMetrics": []}')
    assert "not stored" in reply.json()["partialSuccess"]["errorMessage"]


SCORE = {"name": "helpful", "value": 1, "traceId": "ab" * 16}


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        (SCORE | {"id": "score-1"}, 200, {"id": "score-1"}),
        ([SCORE, SCORE | {"value": "good", "dataType": "CATEGORICAL"}], 202, {"message": "Accepted"}),
        ([], 202, {"message": "Accepted"}),
        (
            [SCORE, {"name": "", "value": 1}],
            207,
            {
                "accepted": 1,
                "rejected": 1,
                "errors": [{"message": "score 1: name is ''; expected a text that is not empty"}],
            },
        ),
        (
            {"name": "x", "value": 1},
            400,
            {
                "message": "Invalid request data",
                "error": [
                    "score 0: the score 'x' has no target; expected traceId, sessionId or conversationId"
                ],
            },
        ),
    ],
)
def test_scores_are_answered_as_langfuse_does(
    server: Serving, body: object, status: int, answer: object
) -> None:
    """One object, or the list that Python 5 sends."""
    reply = server.post("/api/public/scores", json.dumps(body).encode())
    assert (reply.status, reply.json()) == (status, answer)


def test_broken_scores_are_refused(server: Serving) -> None:
    """With what and where."""
    for body in (b"", b"nothing", b"7", b'"x"'):
        assert server.post("/api/public/scores", body).status == 400
    for score in ({"name": "x", "value": None, "traceId": "a"}, {"name": 7, "value": 1, "traceId": "a"}):
        assert server.post("/api/public/scores", json.dumps(score).encode()).status == 400
    assert server.post("/api/public/scores", b"", PROTOBUF).status == 415


def test_the_project_of_a_key_has_langfuses_shape(server: Serving) -> None:
    """`auth_check` of its SDKs."""
    (project,) = server.get("/api/public/projects").json()["data"]
    assert project["id"] == project["name"] == "default"
    assert project["metadata"] == {}
    assert set(project["organization"]) == {"id", "name"}


def test_health_and_metrics_count(server: Serving) -> None:
    """What was taken, what waits and what was refused."""
    before = server.get("/health").json()
    assert (before["status"], before["version"]) == ("OK", server.get("/api/public/health").json()["version"])
    server.post("/v1/traces", request(span(), span(spanId="0" * 16)))
    server.post("/v1/traces", b"nothing")
    after = server.get("/health").json()
    for name in ("accepted_spans", "refused_spans", "refused_requests"):
        assert after[name] == before[name] + 1
    reply = server.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain")
    for name in ("accepted_spans_total", "lag_seconds", "backlog_items", "quarantined"):
        assert f"\nturnloom_{name} " in reply.body.decode()
    assert 'turnloom_refused_requests_total{status="400"}' in reply.body.decode()


def test_limits_are_kept(tmp_path: Path) -> None:
    """A slow sender is cut; more requests, or more bytes, than may be in progress are sent away."""
    limits = {
        "TURNLOOM_SENDER_SILENCE_S": "0.5",
        "TURNLOOM_SENDER_TOTAL_S": "1.5",
        "TURNLOOM_REQUESTS_WAITING_MAX": "2",
        "TURNLOOM_READING_BYTES_MAX": "100000",
    }
    with serving(tmp_path / "data", **limits) as server:
        with open_request(server, 1_000) as one, open_request(server, 1_000) as other:
            time.sleep(0.2)
            busy = server.post("/v1/traces", request(span()))
            assert (busy.status, busy.headers["retry-after"]) == (503, "1")
            assert "in progress" in busy.json()["message"]
            for connection in (one, other):
                answer = b"".join(iter(partial(connection.recv, 4000), b""))
                assert answer.startswith(b"HTTP/1.1 408")
                assert b"within 0.5 s" in answer
        large = server.post("/v1/traces", b"x" * 200_000)
        assert (large.status, "hold" in large.json()["message"]) == (503, True)
        with open_request(server, 1_000) as trickle:
            started_s = time.monotonic()
            while not (answer := trickled(trickle)):
                assert time.monotonic() - started_s < 8
            assert answer.startswith(b"HTTP/1.1 408")
        assert server.post("/v1/traces", request(span())).status == 200


def test_neither_a_kill_nor_a_stop_loses_anything(tmp_path: Path) -> None:
    """Kill -9 right after the acknowledgement, then SIGTERM: all is there, once; a stop exits with 0."""
    session = f"session-{uuid4()}"
    with serving(tmp_path / "data") as server:
        send(server, session, 20)
        server.process.kill()
        server.process.wait()
    with serving(tmp_path / "data") as server:
        assert len(server.wait_exported(session, 20)) == 20
        send(server, session, 20)
        assert server.stop() == 0
    assert not list((tmp_path / "data" / "segments").iterdir())
    with serving(tmp_path / "data") as server:
        assert len(server.wait_exported(session, 40)) == 40


def send(server: Serving, session: str, count: int) -> None:
    """Send spans one by one."""
    for _ in range(count):
        assert server.post("/v1/traces", request(span(session))).status == 200


def open_request(server: Serving, size: int) -> socket.socket:
    """Begin a request and do not go on."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    head = "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    connection.sendall(f"{head}Content-Length: {size}\r\n\r\n{{".encode())
    return connection


def trickled(connection: socket.socket) -> bytes:
    """Send one more byte; the answer, if one has come."""
    connection.settimeout(0.2)
    try:
        connection.sendall(b" ")
        return connection.recv(4000)
    except TimeoutError:
        return b""
