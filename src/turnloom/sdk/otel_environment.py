"""OpenTelemetry's own variables for an OTLP end point."""

from urllib.parse import unquote

from turnloom.sdk.border import warn_once
from turnloom.sdk.environment import env_text
from turnloom.sdk.target import Target


def otlp_of_environment() -> Target | None:
    """The end point that `OTEL_EXPORTER_OTLP_*` names for traces.

    Returns:
        It, or None where there is none, it is turned off, or it speaks gRPC.
    """
    full, base = env_text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), env_text("OTEL_EXPORTER_OTLP_ENDPOINT")
    url = full or (base and f"{base.rstrip('/')}/v1/traces")
    is_off = env_text("OTEL_TRACES_EXPORTER") == "none"
    if is_off or url is None or not url.startswith(("http://", "https://")):
        return None
    if env_text("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") == "grpc":
        warn_once("otlp grpc", "turnloom: OTEL_EXPORTER_OTLP_PROTOCOL is grpc; only http/protobuf is sent")
        return None
    text = env_text("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS") or ""
    return Target(name="OTLP of the environment", traces_url=url, headers=_headers(text))


def _headers(text: str) -> dict[str, str]:
    """Pairs as `key=value,key=value`, values percent-encoded."""
    pairs = (item.partition("=") for item in text.split(",") if "=" in item)
    return {key.strip(): unquote(value.strip()) for key, _, value in pairs}
