"""Finished spans in memory, by name."""

from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer


class Spans:
    """What a provider finished."""

    def __init__(self, exporter: InMemorySpanExporter, provider: TracerProvider):
        self._exporter = exporter
        self.foreign: Tracer = provider.get_tracer("some.instrumentation")

    def all(self) -> list[ReadableSpan]:
        """In the order they ended."""
        return list(self._exporter.get_finished_spans())

    def one(self, name: str) -> ReadableSpan:
        """The only one of that name."""
        (found,) = [span for span in self.all() if span.name == name]
        return found

    def attributes(self, name: str) -> Mapping[str, Any]:
        """Attributes of the only one of that name."""
        return dict(self.one(name).attributes or {})
