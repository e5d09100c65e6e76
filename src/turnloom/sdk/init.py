"""Start and stop: the one place where the process's client is made and ended."""

import atexit
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from turnloom.sdk.border import forget_warnings, logger, shielded
from turnloom.sdk.current import running_client, set_running
from turnloom.sdk.joinable import takes_processors
from turnloom.sdk.settings import Settings, is_enabled, read_settings
from turnloom.sdk.target import Otlp

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

    from turnloom.sdk.client import Client

FLUSH_TIMEOUT_S = 5.0
"""Seconds that `flush` and `shutdown` wait unless told otherwise."""

_lock = threading.Lock()


def init(
    *,
    service: str | None = None,
    endpoint: str | None = None,
    public_key: str | None = None,
    secret_key: str | None = None,
    project: str | None = None,
    environment: str | None = None,
    release: str | None = None,
    user_salt: str | None = None,
    hash_users: bool = True,
    new_trace: bool = True,
    enabled: bool | None = None,
    to_turnloom: bool = True,
    to_langfuse: bool = True,
    to_otlp: Sequence[Otlp | str] = (),
    tracer_provider: "TracerProvider | None" = None,
) -> None:
    """Start the client. Called again with other arguments, it replaces the one that runs.

    Args:
        service: Name of the application (`TURNLOOM_SERVICE`, `OTEL_SERVICE_NAME`).
        endpoint: Base URL of the Turnloom server (`TURNLOOM_ENDPOINT`).
        public_key: Public key, where the server asks for one (`TURNLOOM_PUBLIC_KEY`).
        secret_key: Secret key (`TURNLOOM_SECRET_KEY`).
        project: Project on the server, for deep links (`TURNLOOM_PROJECT`).
        environment: Deployment environment (`TURNLOOM_ENVIRONMENT`, `LANGFUSE_TRACING_ENVIRONMENT`).
        release: Version of the application (`TURNLOOM_RELEASE`, `LANGFUSE_RELEASE`).
        user_salt: Secret that user ids are hashed with; the server knows it too (`TURNLOOM_USER_SALT`).
        hash_users: Whether user ids are hashed before they leave the process.
        new_trace: Whether a turn starts its own trace, linked to the enclosing span.
        enabled: Whether the client works at all (`TURNLOOM_ENABLED`, `OTEL_SDK_DISABLED`).
        to_turnloom: Whether data goes to the Turnloom server.
        to_langfuse: Whether data goes to Langfuse, where `LANGFUSE_PUBLIC_KEY` and `_SECRET_KEY` are set.
        to_otlp: Further OTLP end points for spans.
        tracer_provider: The provider to join; otherwise the global one, made if there is none.

    Raises:
        InvalidArgumentError: An end point is no URL.
        TypeError: The provider takes no span processors.
    """
    settings = read_settings(
        service=service,
        endpoint=endpoint,
        public_key=public_key,
        secret_key=secret_key,
        project=project,
        environment=environment,
        release=release,
        user_salt=user_salt,
        hash_users=hash_users,
        new_trace=new_trace,
        to_turnloom=to_turnloom,
        to_langfuse=to_langfuse,
        to_otlp=to_otlp,
        joins=_joins(tracer_provider),
    )
    _start(settings, tracer_provider, is_enabled=is_enabled(enabled))


def flush(timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
    """Send everything that waits.

    Args:
        timeout_s: Seconds to wait at most.

    Returns:
        Whether everything was handed over in time; True when there is nothing to send.
    """
    client = running_client()
    return client is None or bool(shielded("flush", lambda: client.flush(timeout_s)))


def shutdown(timeout_s: float = FLUSH_TIMEOUT_S) -> bool:
    """Send what waits for the last time and stop; a second call does nothing.

    Args:
        timeout_s: Seconds to wait at most.

    Returns:
        Whether everything was handed over in time.
    """
    with _lock:
        return _end(set_running(None), timeout_s)


def dropped() -> dict[str, int]:
    """What was lost so far.

    Returns:
        Number of items by what they were and where they were going.
    """
    client = running_client()
    return {} if client is None else client.dropped()


def _joins(given: "TracerProvider | None") -> bool:
    """Whether there is a provider to join that is not of our own making."""
    if given is not None and not takes_processors(given):
        name = type(given).__name__
        raise TypeError(f"tracer_provider is {name}; give one with add_span_processor")
    from opentelemetry import trace

    from turnloom.sdk.provider import was_made_here

    found = given or trace.get_tracer_provider()
    return takes_processors(found) and not was_made_here(found)


def _start(settings: Settings, provider: "TracerProvider | None", *, is_enabled: bool) -> None:
    """Put a client in place, unless it is there already."""
    with _lock:
        if not is_enabled:
            _replace(None)
        elif not _runs_already(settings, provider):
            forget_warnings()
            _replace(shielded("init", lambda: _make(settings, provider)))


def _make(settings: Settings, provider: "TracerProvider | None") -> "Client":
    from turnloom.sdk.client import Client

    return Client(settings, provider)


def _runs_already(settings: Settings, provider: "TracerProvider | None") -> bool:
    client = running_client()
    return client is not None and client.settings == settings and client.given is provider


def _replace(client: "Client | None") -> None:
    _end(set_running(client), FLUSH_TIMEOUT_S)


def _end(client: "Client | None", timeout_s: float) -> bool:
    if client is None:
        return True
    done = bool(shielded("shutdown", lambda: client.close(timeout_s)))
    lost = [f"{count} {name}" for name, count in client.dropped().items() if count]
    if lost:
        logger.warning("turnloom: not delivered: %s", ", ".join(lost))
    return done


atexit.register(shutdown)
