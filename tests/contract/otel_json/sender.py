"""Sends one turn with OpenTelemetry's JSON exporter and prints its ids."""

import json
import os
import sys

from opentelemetry.exporter.otlp.json.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

SESSION = {"session.id": os.environ["SESSION_ID"], "user.id": "ada"}


def main() -> None:
    """Send."""
    provider = TracerProvider(resource=Resource({"service.name": "json-sender"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=os.environ["ENDPOINT"])))
    tracer = provider.get_tracer("contract")
    asked = {"input.value": "Wie spät ist es?", "output.value": "Acht."}
    with (
        tracer.start_as_current_span("turn", attributes={**SESSION, **asked}) as root,
        tracer.start_as_current_span("chat gpt-4o-mini", attributes=SESSION) as call,
    ):
        call.set_attribute("gen_ai.operation.name", "chat")
        call.set_attribute("gen_ai.request.model", "gpt-4o-mini")
        call.set_attribute("gen_ai.usage.input_tokens", 2**40)
        call.set_attribute("gen_ai.usage.output_tokens", 3)
        call.set_attribute("temperature", 0.5)
        call.set_attribute("stop", ["a", "b"])
    is_sent = provider.force_flush()
    provider.shutdown()
    json.dump({"sent": is_sent, "trace_id": f"{root.get_span_context().trace_id:032x}"}, sys.stdout)


if __name__ == "__main__":
    main()
