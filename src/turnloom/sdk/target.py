"""Where data goes: Turnloom, Langfuse, or any OTLP end point."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """One place that spans are sent to.

    Args:
        name: Its name in messages.
        traces_url: Where spans go.
        headers: Sent with each request.
        logs_url: Where log events go, if it takes them.
        scores_url: Where scores go, if it takes them.
        scores_in_list: Whether one request may carry several scores.
        sample_rate: Share of traces that is sent, 0 to 1.
        flush_at: Spans that are sent together.
        flush_interval_s: Seconds that a span waits at most before it is sent.
    """

    name: str
    traces_url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    logs_url: str | None = None
    scores_url: str | None = None
    scores_in_list: bool = False
    sample_rate: float = 1.0
    flush_at: int = 512
    flush_interval_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Otlp:
    """An OTLP end point to send spans to as well.

    Args:
        endpoint: Its base URL; `/v1/traces` is added where it is missing.
        headers: Sent with each request.
    """

    endpoint: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


def basic_auth(public_key: str, secret_key: str) -> dict[str, str]:
    """The header that carries a pair of keys."""
    token = base64.b64encode(f"{public_key}:{secret_key}".encode()).decode()
    return {"Authorization": f"Basic {token}"}


def turnloom_target(endpoint: str, public_key: str | None, secret_key: str | None) -> Target:
    """A Turnloom server.

    Args:
        endpoint: Its base URL.
        public_key: Public key of the project, where the server asks for one.
        secret_key: Secret key of the project.

    Returns:
        The target.
    """
    base = endpoint.rstrip("/")
    return Target(
        name="Turnloom",
        traces_url=f"{base}/v1/traces",
        logs_url=f"{base}/v1/logs",
        scores_url=f"{base}/api/public/scores",
        scores_in_list=True,
        headers=basic_auth(public_key, secret_key) if public_key and secret_key else {},
    )


def otlp_target(end_point: Otlp, number: int) -> Target:
    """Any OTLP end point.

    Args:
        end_point: Where it is.
        number: Tells several apart in messages.

    Returns:
        The target.
    """
    url = end_point.endpoint.rstrip("/")
    full = url if url.endswith("/v1/traces") else f"{url}/v1/traces"
    return Target(name=f"OTLP {number}", traces_url=full, headers=end_point.headers)
