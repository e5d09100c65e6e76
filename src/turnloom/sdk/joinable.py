"""Whether a tracer provider can be joined; apart from `provider`, which loads OpenTelemetry's SDK."""

from opentelemetry.trace import TracerProvider


def takes_processors(provider: TracerProvider) -> bool:
    """Whether a provider can be joined: OpenTelemetry's own, or one that wraps it as Logfire's does."""
    return callable(getattr(provider, "add_span_processor", None))
