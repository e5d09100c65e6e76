"""A server on the loopback that takes what the client sends: OTLP protobuf and scores."""

import gzip
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes
    time_s: float


class Collector:
    """Collects requests; `status` may be changed to make it fail."""

    def __init__(self):
        self.requests: list[Request] = []
        self.status = 200
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                """Keep the request."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                headers = {key.lower(): value for key, value in self.headers.items()}
                if collector.status == 200:
                    collector.requests.append(Request(self.path, headers, body, time.time()))
                self.send_response(collector.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any):
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self):
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def at(self, path: str) -> list[Request]:
        """Requests to a path in order of arrival."""
        return [request for request in self.requests if request.path == path]

    def spans(self, path: str = "/v1/traces") -> list[Any]:
        """Spans in order of arrival, protobuf."""
        return [
            span
            for request in self.at(path)
            for resource in ExportTraceServiceRequest.FromString(request.body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def events(self) -> list[Any]:
        """Log records in order of arrival, protobuf."""
        return [
            record
            for request in self.at("/v1/logs")
            for resource in ExportLogsServiceRequest.FromString(request.body).resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
        ]

    def scores(self, path: str = "/api/public/scores") -> list[Any]:
        """Scores in order of arrival, whether sent in a list or alone."""
        bodies = [json.loads(request.body) for request in self.at(path)]
        return [score for body in bodies for score in (body if isinstance(body, list) else [body])]


def attributes_of(record: Any) -> dict[str, Any]:
    """Attributes of a span or log record in protobuf as a dict."""
    return {item.key: plain(item.value) for item in record.attributes}


def plain(value: AnyValue) -> Any:
    """An attribute value as Python has it."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [plain(item) for item in value.array_value.values]
    return getattr(value, kind)


def wait_until(condition: Callable[[], bool], timeout_s: float = 5.0) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
