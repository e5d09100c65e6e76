"""One turn of six nested spans, written in the ways that are compared."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Tracer

import turnloom

SPANS = 6
"""Spans of a turn: the turn, an agent, two model calls, two tools."""

QUESTION = "Where is my invoice for May, and why is it higher than the one for April? " * 4
ANSWER = "It is on its way: the May invoice has two seats more than the one for April. " * 6
MESSAGES = [{"role": "system", "content": "You are kind."}, {"role": "user", "content": QUESTION}]
USAGE = {"input_tokens": 900, "output_tokens": 120}
ARGUMENTS, ROWS = {"month": "May", "year": 2026}, [{"usd": 12, "seats": 5}, {"usd": 9, "seats": 3}]

Step = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a turn."""

    key: str
    text: str
    base: str | None
    """Key of the variant that it is compared with."""
    make: Callable[[str], tuple[Step, Step]]
    """What writes one turn, and what ends it all, by the URL of a collector."""


def _raw_provider(url: str, exporter: bool) -> TracerProvider:
    provider = TracerProvider()
    if exporter:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{url}/v1/traces")))
    return provider


def _raw(url: str) -> tuple[Step, Step]:
    provider = _raw_provider(url, exporter=True)
    tracer = provider.get_tracer("bench")
    return lambda: _otel_turn(tracer), provider.shutdown


def _raw_content(url: str) -> tuple[Step, Step]:
    provider = _raw_provider(url, exporter=True)
    tracer = provider.get_tracer("bench")
    return lambda: _otel_content_turn(tracer), provider.shutdown


def _stamped(url: str) -> tuple[Step, Step]:
    provider = _raw_provider(url, exporter=False)
    _start(url, provider)
    tracer = provider.get_tracer("bench")

    def step() -> None:
        with turnloom.session("s-81", user="ada", channel="web"):
            _otel_turn(tracer)

    return step, lambda: _stop(provider)


def _handles(url: str) -> tuple[Step, Step]:
    provider = _raw_provider(url, exporter=False)
    _start(url, provider)
    return _handle_turn, lambda: _stop(provider)


def _handles_content(url: str) -> tuple[Step, Step]:
    provider = _raw_provider(url, exporter=False)
    _start(url, provider)
    return _handle_content_turn, lambda: _stop(provider)


def _disabled(url: str) -> tuple[Step, Step]:
    turnloom.init(service="bench", endpoint=url, enabled=False)
    return _handle_content_turn, lambda: None


def _start(url: str, provider: TracerProvider) -> None:
    turnloom.init(
        service="bench", endpoint=url, user_salt="salt", tracer_provider=provider, to_langfuse=False
    )


def _stop(provider: TracerProvider) -> None:
    turnloom.shutdown()
    provider.shutdown()


def _otel_turn(tracer: Tracer) -> None:
    with tracer.start_as_current_span("turn"), tracer.start_as_current_span("invoke_agent"):
        with tracer.start_as_current_span("chat"), tracer.start_as_current_span("execute_tool"):
            pass
        with tracer.start_as_current_span("execute_tool"), tracer.start_as_current_span("chat"):
            pass


def _otel_content_turn(tracer: Tracer) -> None:
    with tracer.start_as_current_span("turn", attributes={"input.value": QUESTION}) as turn:
        with tracer.start_as_current_span(
            "invoke_agent", attributes={"gen_ai.operation.name": "invoke_agent"}
        ):
            for _ in range(2):
                _otel_call(tracer)
                _otel_tool(tracer)
        turn.set_attribute("output.value", ANSWER)


def _otel_call(tracer: Tracer) -> None:
    asked = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-5-mini",
        "gen_ai.provider.name": "openai",
        "gen_ai.input.messages": json.dumps(MESSAGES),
    }
    with tracer.start_as_current_span("chat gpt-5-mini", attributes=asked) as call:
        call.set_attribute("gen_ai.output.messages", json.dumps([{"role": "assistant", "content": ANSWER}]))
        call.set_attribute("gen_ai.usage.input_tokens", USAGE["input_tokens"])
        call.set_attribute("gen_ai.usage.output_tokens", USAGE["output_tokens"])


def _otel_tool(tracer: Tracer) -> None:
    asked = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "find_invoice",
        "input.value": json.dumps(ARGUMENTS),
    }
    with tracer.start_as_current_span("execute_tool find_invoice", attributes=asked) as tool:
        tool.set_attribute("output.value", json.dumps(ROWS))


def _handle_turn() -> None:
    with (
        turnloom.session("s-81", user="ada", channel="web"),
        turnloom.turn(),
        turnloom.agent("billing"),
    ):
        with turnloom.llm("gpt-5-mini"), turnloom.tool("find_invoice"):
            pass
        with turnloom.tool("find_invoice"), turnloom.llm("gpt-5-mini"):
            pass


def _handle_content_turn() -> None:
    with (
        turnloom.session("s-81", user="ada", channel="web"),
        turnloom.turn(input=QUESTION) as turn,
        turnloom.agent("billing"),
    ):
        for _ in range(2):
            with turnloom.llm("gpt-5-mini", input=MESSAGES, provider="openai") as call:
                call.record(output=ANSWER, usage=USAGE)
            with turnloom.tool("find_invoice", arguments=ARGUMENTS) as tool:
                tool.record(result=ROWS)
        turn.record(output=ANSWER)


VARIANTS = (
    Variant("raw", "OpenTelemetry", None, _raw),
    Variant("stamped", "OpenTelemetry, stamped by Turnloom", "raw", _stamped),
    Variant("handles", "Turnloom's handles", "raw", _handles),
    Variant("raw_content", "OpenTelemetry, with texts", None, _raw_content),
    Variant("handles_content", "Turnloom's handles, with texts", "raw_content", _handles_content),
    Variant("disabled", "Turnloom's handles, with texts, disabled", "raw_content", _disabled),
)
