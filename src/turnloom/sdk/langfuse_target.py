"""Langfuse as a target, by the variables that its own SDK reads."""

from turnloom.sdk.environment import env_flag, env_number, env_text
from turnloom.sdk.target import Target, basic_auth

DEFAULT_BASE_URL = "https://cloud.langfuse.com"

FLUSH_AT = 512
"""Spans sent together, as in Langfuse's SDK."""

FLUSH_INTERVAL_S = 5.0
"""Seconds between two requests, as in Langfuse's SDK."""


def langfuse_target() -> Target | None:
    """Langfuse, where the environment has its keys and does not turn it off.

    Returns:
        The target, or None.
    """
    public_key, secret_key = env_text("LANGFUSE_PUBLIC_KEY"), env_text("LANGFUSE_SECRET_KEY")
    if public_key is None or secret_key is None:
        return None
    if env_flag("LANGFUSE_ENABLED") is False or env_flag("LANGFUSE_TRACING_ENABLED") is False:
        return None
    base = (env_text("LANGFUSE_BASE_URL", "LANGFUSE_HOST") or DEFAULT_BASE_URL).rstrip("/")
    interval_s = env_number("LANGFUSE_FLUSH_INTERVAL", float, lambda value: value > 0)
    rate = env_number("LANGFUSE_SAMPLE_RATE", float, lambda value: 0 <= value <= 1)
    return Target(
        name="Langfuse",
        traces_url=f"{base}/api/public/otel/v1/traces",
        scores_url=f"{base}/api/public/scores",
        headers={**basic_auth(public_key, secret_key), "x-langfuse-ingestion-version": "4"},
        sample_rate=1.0 if rate is None else rate,
        flush_at=env_number("LANGFUSE_FLUSH_AT", int, lambda value: value > 0) or FLUSH_AT,
        flush_interval_s=interval_s or FLUSH_INTERVAL_S,
    )
