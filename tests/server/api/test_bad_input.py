"""The table of bad input: each costs only itself, and the answer says what is wrong and where."""

import gzip
import socket
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psutil
import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from serving import JSON, PROTOBUF, Reply, Serving, turnloom
from wire import attribute, protobuf_request, request, span

GOOD = request(span())
PROTO = protobuf_request(span())
GZIP = {"Content-Encoding": "gzip"}
MIB = 1024 * 1024


def nested(depth: int) -> bytes:
    """A request with an attribute that many levels deep."""
    value = '{"stringValue":"x"}'
    deep = '{"arrayValue":{"values":[' * depth + value + "]}}" * depth
    return GOOD.replace(b'{"stringValue": "tests"}', deep.encode())


BODIES = [
    # (what, headers, body, status, words of the message)
    ("garbage protobuf", PROTOBUF, b"\xff\xfe garbage", 400, "protobuf: "),
    ("text as protobuf", PROTOBUF, b"hello", 400, "protobuf: "),
    ("truncated protobuf", PROTOBUF, PROTO[:-7], 400, "protobuf: "),
    ("JSON as protobuf", PROTOBUF, GOOD, 400, "protobuf: "),
    ("protobuf as JSON", JSON, PROTO, 400, "JSON"),
    ("broken gzip", PROTOBUF | GZIP, b"no gzip at all", 400, "not gzip"),
    ("truncated gzip", PROTOBUF | GZIP, gzip.compress(PROTO)[:-9], 400, "ends too early"),
    ("gzip with a wrong checksum", JSON | GZIP, gzip.compress(GOOD)[:-8] + b"12345678", 400, "not gzip"),
    ("gzip with a tail", JSON | GZIP, gzip.compress(GOOD) + b"tail", 400, "not gzip"),
    ("broken deflate", JSON | {"Content-Encoding": "deflate"}, b"\x00garbage", 400, "deflate"),
    ("unknown encoding", JSON | {"Content-Encoding": "br"}, GOOD, 415, "'br'"),
    ("content type text", {"Content-Type": "text/plain"}, GOOD, 415, "text/plain"),
    ("content type form", {"Content-Type": "multipart/form-data; boundary=x"}, GOOD, 415, "multipart"),
    ("content type xml", {"Content-Type": "application/xml"}, GOOD, 415, "application/xml"),
    ("no content type", {}, GOOD, 415, "missing"),
    ("empty content type", {"Content-Type": ""}, GOOD, 415, "missing"),
    ("empty JSON", JSON, b"", 400, "JSON"),
    ("broken JSON", JSON, b'{"resourceSpans": [', 400, "JSON"),
    ("a JSON list", JSON, b"[]", 400, "object"),
    ("a JSON text", JSON, b'"spans"', 400, "object"),
    ("a list that is none", JSON, b'{"resourceSpans": 7}', 400, "resourceSpans"),
]


@pytest.mark.parametrize(
    ("headers", "body", "status", "words"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
def test_a_body_that_cannot_be_read_is_refused_with_its_reason(
    server: Serving, headers: dict[str, str], body: bytes, status: int, words: str
) -> None:
    """Never a 5xx; a client that speaks protobuf gets a google.rpc.Status."""
    reply = server.post("/v1/traces", body, headers)
    assert reply.status == status, reply
    assert words in message_of(reply)


@pytest.mark.parametrize(("headers", "body"), [row[1:3] for row in BODIES], ids=[row[0] for row in BODIES])
def test_langfuse_clients_get_json(server: Serving, headers: dict[str, str], body: bytes) -> None:
    """400 for all that is wrong with a body, but 415 for what a web page could have sent."""
    reply = server.post("/api/public/otel/v1/traces", body, headers)
    assert reply.status in {400, 415}
    assert set(reply.json()) == {"message", "error"}


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (PROTOBUF, b""),
        (JSON, b"{}"),
        (JSON, b'{"resourceSpans": []}'),
        ({"Content-Type": "application/json; charset=utf-8"}, GOOD),
        ({"Content-Type": "APPLICATION/X-Protobuf; q=1"}, PROTO),
        (PROTOBUF | GZIP, gzip.compress(PROTO)),
        (PROTOBUF | GZIP, gzip.compress(PROTO[:20]) + gzip.compress(PROTO[20:])),
        (JSON | {"Content-Encoding": "deflate"}, zlib.compress(GOOD)),
        (JSON | {"Content-Encoding": "Identity"}, GOOD),
        (JSON, b"\xef\xbb\xbf" + GOOD),
    ],
)
def test_what_is_unusual_and_right_is_taken(server: Serving, headers: dict[str, str], body: bytes) -> None:
    """An empty body is a valid protobuf message; content types have parameters."""
    reply = server.post("/v1/traces", body, headers)
    assert reply.status == 200, reply
    assert reply.headers["content-type"] == headers["Content-Type"].partition(";")[0].lower()


def test_a_chunked_body_is_taken(server: Serving) -> None:
    """JavaScript clients send no length."""
    session = unique()
    body = request(span(session))
    chunks = iter([body[:10], body[10:400], body[400:]])
    headers = JSON | {"Transfer-Encoding": "chunked"}
    connection_reply = server.request("POST", "/v1/traces", chunks, headers)
    assert connection_reply.status == 200
    assert len(server.wait_exported(session)) == 1


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("short trace id", {"traceId": "abcd"}, "traceId"),
    ("long trace id", {"traceId": "ab" * 20}, "traceId"),
    ("zero trace id", {"traceId": "0" * 32}, "traceId is all zero"),
    ("no trace id", {"traceId": None}, "traceId"),
    ("empty trace id", {"traceId": ""}, "traceId"),
    ("short span id", {"spanId": "ab"}, "spanId"),
    ("zero span id", {"spanId": "0" * 16}, "spanId is all zero"),
    ("no span id", {"spanId": None}, "spanId"),
    ("odd parent id", {"parentSpanId": "abcdef"}, "parentSpanId"),
    ("time 0", {"startTimeUnixNano": "0"}, "startTimeUnixNano"),
    ("no time", {"startTimeUnixNano": None}, "startTimeUnixNano"),
    ("1970", {"startTimeUnixNano": "1000"}, "2000-01-01"),
    ("2200", {"startTimeUnixNano": "7258118400000000000"}, "24 h"),
    ("2^64-1", {"startTimeUnixNano": str(2**64 - 1)}, "24 h"),
    ("end 2^64-1", {"endTimeUnixNano": str(2**64 - 1)}, "endTimeUnixNano"),
]


@pytest.fixture(scope="module")
def faults(server: Serving) -> dict[str, tuple[str, Reply]]:
    """Session and answer by name: each fault sent between two good spans."""
    sent: dict[str, tuple[str, Reply]] = {}
    for name, fields, _ in FAULTS:
        session = unique()
        body = request(span(session), span(session, **fields), span(session))
        sent[name] = session, server.post("/v1/traces", body)
    return sent


@pytest.mark.parametrize(("name", "words"), [(row[0], row[2]) for row in FAULTS])
def test_a_malformed_span_costs_only_itself(
    server: Serving, faults: dict[str, tuple[str, Reply]], name: str, words: str
) -> None:
    """The answer names the span and the field; its neighbours are kept and become visible."""
    session, reply = faults[name]
    assert reply.status == 200
    partial = reply.json()["partialSuccess"]
    assert partial["rejectedSpans"] == "1"
    assert "span 1" in partial["errorMessage"]
    assert words in partial["errorMessage"]
    assert len(server.wait_exported(session, 2)) == 2


def test_refusals_come_in_protobuf_too(server: Serving) -> None:
    """The answer is in the content type of the request."""
    reply = server.post("/v1/traces", protobuf_request(span(traceId="00" * 16), span()), PROTOBUF)
    partial = ExportTraceServiceResponse.FromString(reply.body).partial_success
    assert (partial.rejected_spans, "all zero" in partial.error_message) == (1, True)


def test_langfuse_clients_learn_that_nothing_could_be_taken(server: Serving) -> None:
    """A request of which no span is well formed is 400; one with good ones is 200."""
    bad = span(traceId="0" * 32)
    reply = server.post("/api/public/otel/v1/traces", request(bad))
    assert (reply.status, "all zero" in reply.json()["message"]) == (400, True)
    assert server.post("/api/public/otel/v1/traces", request(bad, span())).status == 200
    good = server.post("/api/public/otel/v1/traces", protobuf_request(span()), PROTOBUF)
    assert (good.status, good.json()) == (200, {})


ODD: list[tuple[str, Any, dict[str, Any]]] = [
    ("end before start", None, {"endTimeUnixNano": "1700000000000000000"}),
    ("no end", None, {"endTimeUnixNano": None}),
    ("path in the id", "a/turns", {}),
    ("dots", "..", {}),
    ("escaped slash", "%2F", {}),
    ("question mark and hash", "a?b#c", {}),
    ("emoji", "👩‍👩‍👧 chat", {}),
    ("quotes", "'; DROP TABLE sessions; --\\", {}),
    ("backslash and tab words", "a\\tb\\n\\0", {}),
    ("200 characters", "x" * 200, {}),
    ("name with controls", None, {"name": "a\u0000b\u0007c\u001b[31m"}),
    ("value with NUL", None, {"attributes": [attribute("input.value", "a\u0000b")]}),
    ("half a surrogate pair", None, {"attributes": [attribute("input.value", "a\ud800b")]}),
    ("empty name", None, {"name": ""}),
    ("name of 100 000", None, {"name": "n" * 100_000}),
    ("unknown kind", None, {"kind": 99}),
    ("unknown field", None, {"unheardOf": {"a": 1}}),
]


@pytest.fixture(scope="module")
def oddities(server: Serving) -> dict[str, tuple[str, str, Reply]]:
    """Session, span id and answer by name."""
    sent: dict[str, tuple[str, str, Reply]] = {}
    for name, given, fields in ODD:
        session = given or unique()
        values = span(session, **fields)
        if "attributes" in fields:
            values["attributes"] = [*fields["attributes"], attribute("session.id", session)]
        sent[name] = session, values["spanId"], server.post("/v1/traces", request(values))
    return sent


@pytest.mark.parametrize("name", [row[0] for row in ODD])
def test_what_is_odd_is_kept_and_visible(
    server: Serving, oddities: dict[str, tuple[str, str, Reply]], name: str
) -> None:
    """Odd ids, times and texts are no reason to lose a span."""
    session, span_id, reply = oddities[name]
    assert (reply.status, reply.json()) == (200, {})
    assert span_id in {each["spanId"] for each in server.wait_exported(session)}


IDS: list[dict[str, Any]] = [
    {"stringValue": "y" * 5_000},
    {"stringValue": "a\u0000b\u0001"},
    {"stringValue": ""},
    {"intValue": "12345678901"},
    {"boolValue": True},
    {"doubleValue": 1.5},
    {"arrayValue": {"values": [{"stringValue": "a"}]}},
    {"kvlistValue": {"values": [{"key": "k", "value": {"stringValue": "v"}}]}},
    {"bytesValue": "AAECAw=="},
    {},
]


def test_ids_of_any_type_break_nothing(server: Serving) -> None:
    """A session id that is no short text costs neither the span nor what comes after it."""
    session = unique()
    for value in IDS:
        assert server.post("/v1/traces", request(span(value), span(session))).status == 200
    assert len(server.wait_exported(session, len(IDS))) == len(IDS)


def test_deep_nesting_costs_only_itself(server: Serving) -> None:
    """Refused or cut, as the depth is, and never a defect."""
    for depth in (5, 40, 90, 500, 20_000):
        assert server.post("/v1/traces", nested(depth)).status in {200, 400}
    wire = b""
    for _ in range(3_000):
        wire = b"\x2a" + varint(len(wire) + varint_size(len(wire)) + 1) + b"\x0a" + varint(len(wire)) + wire
    assert server.post("/v1/traces", wire, PROTOBUF).status in {200, 400}
    assert_goes_on(server)


def test_invalid_utf8_costs_no_neighbour(server: Serving) -> None:
    """Protobuf strings that are no UTF-8 come from C++ and Rust clients."""
    session = unique()
    broken = protobuf_request(span(session, name="MARKER")).replace(b"MARKER", b"\xff\xfe\xfdxyz")
    reply = server.post("/v1/traces", broken + protobuf_request(span(session)), PROTOBUF)
    assert reply.status in {200, 400}
    assert server.post("/v1/traces", b'{"a": "\xff\xfe"}').status in {200, 400}
    assert_goes_on(server)


def test_a_bomb_is_cut_without_inflating_it(server: Serving) -> None:
    """300 MiB in 300 KB: 413, and the server does not grow."""
    bomb = gzip.compress(bytes(300 * MIB), 1)
    before = resident_bytes(server)
    replies = [server.post("/v1/traces", bomb, PROTOBUF | GZIP) for _ in range(3)]
    assert [reply.status for reply in replies] == [413] * 3
    assert "67,108,864" in message_of(replies[0])
    assert resident_bytes(server) - before < 40 * MIB


def test_a_body_that_is_too_large_is_refused(server: Serving) -> None:
    """By what it declares, and by what comes when it declares nothing."""
    size = 64 * MIB + 1
    assert declare_only(server, size).startswith(b"HTTP/1.1 413")
    chunks = (b"x" * MIB for _ in range(66))
    reply = server.request("POST", "/v1/traces", chunks, JSON | {"Transfer-Encoding": "chunked"})
    assert reply.status == 413


def test_what_is_no_http_is_refused(server: Serving) -> None:
    """Broken chunks, control characters, a TLS greeting: 400, in the shape of every error."""
    for head in (
        b"POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x00\xff\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(head)
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
        assert answer.startswith(b"HTTP/1.1 400")
        assert b'"message"' in answer


def test_many_at_once_are_all_answered(server: Serving) -> None:
    """200 or a busy 429/503 with Retry-After, nothing else; ingestion goes on."""
    body = request(*[span() for _ in range(20)])
    with ThreadPoolExecutor(64) as pool:
        replies = list(pool.map(lambda _: server.post("/v1/traces", body), range(150)))
    assert {reply.status for reply in replies} <= {200, 429, 503}
    assert all("retry-after" in reply.headers for reply in replies if reply.status != 200)
    assert_goes_on(server)


def test_a_foreign_host_is_misdirected(server: Serving) -> None:
    """DNS rebinding: a page's own name that points here."""
    for host in ("evil.example", "evil.example:4318", "127.0.0.1.evil.example", "localhost.evil.example"):
        reply = server.request("GET", "/health", None, {"Host": host})
        assert reply.status == 421
        assert "TURNLOOM_ALLOWED_HOSTS" in reply.json()["message"]
    for host in ("localhost", f"LOCALHOST:{server.port}", "[::1]:4318", "127.0.0.1"):
        assert server.request("GET", "/health", None, {"Host": host}).status == 200


def test_a_foreign_origin_is_refused(server: Serving) -> None:
    """A page that the developer visits may not send."""
    for origin in ("https://evil.example", "null", "http://localhost:3000", "http://["):
        for path in ("/v1/traces", "/api/public/scores", "/api/v1/keys"):
            assert server.post(path, b"{}", JSON | {"Origin": origin}).status == 403
        assert server.request("DELETE", "/api/v1/keys?public=x", None, {"Origin": origin}).status == 403
    assert server.post("/v1/traces", b"{}", JSON | {"Origin": server.url}).status == 200


def test_many_months_in_one_request_are_stored(server: Serving) -> None:
    """The engine refuses inserts over more than 100 partitions: that is the server's to solve."""
    session = unique()
    starts = [int((946_684_800 + 86_400 * 31 * month + 3_600) * 1e9) for month in range(150)]
    spans = [
        span(session, startTimeUnixNano=str(start), endTimeUnixNano=str(start + 10**9)) for start in starts
    ]
    assert server.post("/v1/traces", request(*spans)).json() == {}
    assert_goes_on(server)
    assert len(server.wait_exported(session, 150)) == 150


def test_a_value_of_20_mb_costs_only_itself(server: Serving) -> None:
    """It is cut and marked; what is beside it and behind it is visible at once."""
    session = unique()
    large = span(
        session, attributes=[attribute("session.id", session), attribute("input.value", "z" * 20_000_000)]
    )
    assert server.post("/v1/traces", request(large, span(session))).status == 200
    assert_goes_on(server)
    assert len(server.wait_exported(session, 2)) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/traces", 405),
        ("PUT", "/v1/traces", 405),
        ("POST", "/v1/nothing", 404),
        ("GET", "/api/public/nothing", 404),
        ("GET", "/api/v1/export?from=yesterday", 422),
        ("GET", "/api/v1/export?session=%00", 404),
    ],
)
def test_other_requests_are_refused_in_json(server: Serving, method: str, path: str, status: int) -> None:
    """Every error has one shape."""
    reply = server.request(method, path, b"{}" if method != "GET" else None, JSON)
    assert reply.status == status
    assert set(reply.json()) == {"message", "error"}


def test_a_second_server_on_the_same_data_says_who_has_it(server: Serving) -> None:
    """chDB allows one process per folder."""
    second = turnloom("serve", "--data", str(server.folder), "--port", str(server.port))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert f"process {server.process.pid}" in second.stderr
    assert server.url in second.stderr


def test_nothing_was_lost_or_put_aside(server: Serving) -> None:
    """Whatever this table sent, the server is well."""
    health = server.get("/health").json()
    assert health["status"] == "OK"
    assert health["quarantined"] == 0


def assert_goes_on(server: Serving) -> None:
    """A span that comes now is visible soon."""
    session = unique()
    sent_s = time.monotonic()
    assert server.post("/v1/traces", request(span(session))).status == 200
    server.wait_exported(session)
    assert time.monotonic() - sent_s < 10


def unique() -> str:
    """A session id that no other test has."""
    return f"session-{uuid4()}"


def message_of(reply: Reply) -> str:
    """The message of an error answer."""
    if "protobuf" in reply.headers["content-type"]:
        return Status.FromString(reply.body).message
    assert set(reply.json()) == {"message", "error"}
    return reply.json()["message"]


def resident_bytes(server: Serving) -> int:
    """Memory of the server process."""
    return psutil.Process(server.process.pid).memory_info().rss


def declare_only(server: Serving, size: int) -> bytes:
    """Send headers that declare a body, and none of it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {size}\r\n\r\n".encode())
        return connection.recv(1000)


def varint(number: int) -> bytes:
    """A protobuf varint."""
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def varint_size(number: int) -> int:
    """Its size."""
    return len(varint(number))
