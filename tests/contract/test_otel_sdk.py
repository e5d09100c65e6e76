"""OpenTelemetry's own SDK and exporters as senders."""

import uuid
from collections.abc import Iterator, Sequence

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, MetricExportResult
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Span, Status, StatusCode, Tracer
from serving import Serving

from contract.reading import listed, session, spans_by_name, trace
from contract.senders import send

SPANS_PER_TURN = 4


class Results(SpanExporter):
    """Passes on to an exporter and keeps what it says."""

    def __init__(self, inner: SpanExporter):
        self._inner = inner
        self.results: list[SpanExportResult] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export, and remember how it went."""
        self.results.append(self._inner.export(spans))
        return self.results[-1]

    def shutdown(self) -> None:
        """End it."""
        self._inner.shutdown()


@pytest.fixture(
    params=[Compression.Gzip, Compression.Deflate, Compression.NoCompression], ids=lambda each: each.value
)
def sending(request, server: Serving) -> Iterator[tuple[TracerProvider, Results]]:
    """A provider that exports to the server."""
    exporter = Results(OTLPSpanExporter(endpoint=f"{server.url}/v1/traces", compression=request.param))
    provider = TracerProvider(resource=Resource({"service.name": "shop", "service.version": "1.2"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    yield provider, exporter
    provider.shutdown()


def turn(tracer: Tracer, session_id: str, number: int, *, fails: bool = False) -> Span:
    """Send one turn of four spans."""
    ids = {"session.id": session_id, "user.id": "ada", "gen_ai.conversation.id": f"{session_id}/c"}
    texts = {"input.value": f"Question {number}?", "output.value": f"Answer {number}."}
    with (
        tracer.start_as_current_span("turn", attributes={**ids, **texts}) as root,
        tracer.start_as_current_span("invoke_agent shop", attributes=ids) as agent,
    ):
        agent.set_attributes({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "shop"})
        with tracer.start_as_current_span("execute_tool find", attributes=ids) as tool:
            tool.set_attributes({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "find"})
            if fails:
                tool.record_exception(ValueError("no such order"))
                tool.set_status(Status(StatusCode.ERROR, "no such order"))
        with tracer.start_as_current_span(
            "chat gpt-4o-mini", attributes=ids, links=[Link(root.get_span_context())]
        ) as call:
            call.set_attributes({"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini"})
            call.set_attributes({"gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.output_tokens": 100})
    return root


def test_sessions_and_turns_are_as_they_were_sent(sending: tuple[TracerProvider, Results], server: Serving):
    """Two sessions at once, one with a failure, become two sessions with their own turns."""
    provider, exporter = sending
    tracer = provider.get_tracer("contract", "3")
    ids = [f"otel {uuid.uuid4()}" for _ in range(2)]
    for number in (1, 2, 3):
        turn(tracer, ids[0], number, fails=number == 2)
        turn(tracer, ids[1], number)
    assert provider.force_flush()
    first, second = (session(server, each, 3 * SPANS_PER_TURN) for each in ids)
    assert set(exporter.results) == {SpanExportResult.SUCCESS}
    for found, errors in ((first, 1), (second, 0)):
        assert found["grouped"] is True
        assert found["user_ids"] == ["ada"]
        assert found["conversation_ids"] == [f"{found['id']}/c"]
        assert (found["turns_count"], found["traces_count"], found["spans_count"]) == (3, 3, 12)
        assert (found["agent_runs"], found["llm_calls"], found["tool_calls"]) == (3, 3, 3)
        assert (found["input_tokens"], found["output_tokens"]) == (3_000, 300)
        assert found["cost_usd"] == "0.00063"  # 3 000 at 0.15 and 300 at 0.60 a million
        assert found["models"] == ["gpt-4o-mini"]
        assert found["errors"] == errors
        assert [each["number"] for each in found["turns"]] == [1, 2, 3]
        assert [each["input"] for each in found["turns"]] == ["Question 1?", "Question 2?", "Question 3?"]
        assert [each["output"] for each in found["turns"]] == ["Answer 1.", "Answer 2.", "Answer 3."]
    assert [each["errors"] for each in first["turns"]] == [0, 1, 0]


def test_a_trace_holds_what_was_sent(sending: tuple[TracerProvider, Results], server: Serving):
    """Parents, kinds, errors, events, links, scope and resource come back."""
    provider, _ = sending
    session_id = f"otel {uuid.uuid4()}"
    root = turn(provider.get_tracer("contract", "3"), session_id, 1, fails=True)
    provider.force_flush()
    session(server, session_id, SPANS_PER_TURN)
    context = root.get_span_context()
    found = trace(server, f"{context.trace_id:032x}")
    spans = spans_by_name(found)
    assert (found["session_id"], found["user_id"], found["conversation_id"]) == (
        session_id,
        "ada",
        f"{session_id}/c",
    )
    assert spans["turn"]["id"] == f"{context.span_id:016x}"
    assert spans["turn"]["parent_id"] is None
    assert spans["invoke_agent shop"]["parent_id"] == spans["turn"]["id"]
    assert {name: span["kind"] for name, span in spans.items() if name != "turn"} == {
        "invoke_agent shop": "agent",
        "execute_tool find": "tool",
        "chat gpt-4o-mini": "llm",
    }
    tool, call = spans["execute_tool find"], spans["chat gpt-4o-mini"]
    assert (tool["error"], tool["tool_name"], tool["error_message"]) == (True, "find", "no such order")
    assert [event["name"] for event in tool["events"]] == ["exception"]
    assert [(link["trace_id"], link["span_id"]) for link in call["links"]] == [
        (found["id"], spans["turn"]["id"])
    ]
    assert (call["service"], call["scope"]) == ("shop", "contract")
    assert call["resource"]["service.version"] == "1.2"


def test_a_session_is_found_in_the_list(server: Serving):
    """By its user, by its number of turns, and by its id."""
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{server.url}/v1/traces")))
    session_id = f"otel {uuid.uuid4()}"
    turn(provider.get_tracer("contract"), session_id, 1)
    provider.shutdown()
    session(server, session_id, SPANS_PER_TURN)
    assert session_id in [each["id"] for each in listed(server, filter='user_ids = "ada" and turns >= 1')]
    assert [each["id"] for each in listed(server, filter=f'id = "{session_id}"')] == [session_id]


def test_the_json_exporter_is_understood(server: Serving):
    """OTLP in JSON gives the same as in protobuf: whole numbers beyond 32 bits, lists, any script."""
    session_id = f"json {uuid.uuid4()}"
    sent = send("otel_json", ENDPOINT=f"{server.url}/v1/traces", SESSION_ID=session_id)
    assert sent["sent"] is True
    found = session(server, session_id, 2)
    assert [(each["input"], each["output"]) for each in found["turns"]] == [("Wie spät ist es?", "Acht.")]
    assert (found["user_ids"], found["input_tokens"], found["output_tokens"]) == (["ada"], 2**40, 3)
    spans = spans_by_name(trace(server, sent["trace_id"]))
    assert spans["chat gpt-4o-mini"]["parent_id"] == spans["turn"]["id"]
    assert spans["chat gpt-4o-mini"]["service"] == "json-sender"
    attributes = spans["chat gpt-4o-mini"]["attributes"]
    assert (attributes["temperature"], attributes["stop"]) == (0.5, ["a", "b"])


def test_metrics_do_not_make_an_exporter_fail(server: Serving):
    """They are taken and dropped."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    provider.get_meter("contract").create_counter("requests").add(1)
    exporter = OTLPMetricExporter(endpoint=f"{server.url}/v1/metrics")
    data = reader.get_metrics_data()
    assert data is not None
    assert exporter.export(data) is MetricExportResult.SUCCESS
    exporter.shutdown()
    provider.shutdown()
