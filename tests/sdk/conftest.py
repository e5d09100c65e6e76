"""A client on a provider of its own, with spans in memory, and collectors on the loopback."""

import os
import socket
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import turnloom

from .collector import Collector
from .finished import Spans


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting leaks in, no client leaks out."""
    for name in os.environ:
        if name.startswith(("TURNLOOM_", "LANGFUSE_", "OTEL_")):
            monkeypatch.delenv(name)
    yield
    turnloom.shutdown(timeout_s=2)


@pytest.fixture
def provider() -> Iterator[TracerProvider]:
    """A provider as a host has it."""
    made = TracerProvider(shutdown_on_exit=False)
    yield made
    made.shutdown()


@pytest.fixture
def spans(provider: TracerProvider) -> Spans:
    """A running client; what it finished, in memory."""
    exporter = InMemorySpanExporter()
    turnloom.init(tracer_provider=provider, to_turnloom=False, user_salt="salt")
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return Spans(exporter, provider)


@pytest.fixture
def collector() -> Iterator[Collector]:
    """A server that takes everything."""
    made = Collector()
    yield made
    made.close()


@pytest.fixture
def second_collector() -> Iterator[Collector]:
    """Another one."""
    made = Collector()
    yield made
    made.close()


@pytest.fixture
def dead_url() -> str:
    """A URL where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
