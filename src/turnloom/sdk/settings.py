"""Every setting of the client, once: from the arguments of `init`, else from the environment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from turnloom.sdk.border import warn_once
from turnloom.sdk.environment import env_flag, env_text
from turnloom.sdk.errors import InvalidArgumentError
from turnloom.sdk.langfuse_target import langfuse_target
from turnloom.sdk.otel_environment import otlp_of_environment
from turnloom.sdk.target import Otlp, Target, otlp_target, turnloom_target

DEFAULT_ENDPOINT = "http://127.0.0.1:4318"
"""Where a Turnloom server listens unless told otherwise."""

ENVIRONMENT_NAMES = ("TURNLOOM_ENVIRONMENT", "LANGFUSE_ENVIRONMENT", "LANGFUSE_TRACING_ENVIRONMENT")

DEFAULT_SERVICE = "unknown_service"
"""OpenTelemetry's name for a service that has none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the client works with.

    Args:
        service: Name of the application.
        endpoint: Base URL of the Turnloom server.
        project: Project on that server, for deep links.
        environment: Deployment environment, such as production.
        release: Version of the application.
        salt: Secret of the hashes.
        salt_is_weak: Whether the salt was made from the service name, which anyone may guess.
        hash_users: Whether user ids are hashed before they leave the process.
        new_trace: Whether turns start their own trace.
        targets: Where data goes.
    """

    service: str
    endpoint: str
    project: str
    environment: str | None
    release: str | None
    salt: str = field(repr=False)
    salt_is_weak: bool
    hash_users: bool
    new_trace: bool
    targets: tuple[Target, ...]


def is_enabled(argument: bool | None) -> bool:
    """Whether the client works at all.

    Args:
        argument: What `init` was told; it goes before the environment.

    Returns:
        False if turned off by the argument, `TURNLOOM_ENABLED` or `OTEL_SDK_DISABLED`.
    """
    if argument is not None:
        return argument
    return env_flag("TURNLOOM_ENABLED") is not False and env_flag("OTEL_SDK_DISABLED") is not True


def read_settings(
    *,
    service: str | None,
    endpoint: str | None,
    public_key: str | None,
    secret_key: str | None,
    project: str | None,
    environment: str | None,
    release: str | None,
    user_salt: str | None,
    hash_users: bool,
    new_trace: bool,
    to_turnloom: bool,
    to_langfuse: bool,
    to_otlp: Sequence[Otlp | str],
    joins: bool,
) -> Settings:
    """Join the arguments of `init` with the environment; what each means is said there.

    A provider that is joined has its own exporters: `OTEL_EXPORTER_OTLP_*` is theirs then.

    Raises:
        InvalidArgumentError: An end point is no URL.
    """
    name = service or env_text("TURNLOOM_SERVICE", "OTEL_SERVICE_NAME") or DEFAULT_SERVICE
    base = checked_url("endpoint", endpoint) if endpoint else _endpoint_of_environment()
    public = public_key or env_text("TURNLOOM_PUBLIC_KEY")
    secret = secret_key or env_text("TURNLOOM_SECRET_KEY")
    salt = user_salt or env_text("TURNLOOM_USER_SALT") or secret
    targets = [turnloom_target(base, public, secret)] if to_turnloom else []
    langfuse = langfuse_target() if to_langfuse else None
    targets += [langfuse] if langfuse is not None else []
    targets += [otlp_target(_checked(item), number) for number, item in enumerate(to_otlp, 1)]
    named = None if joins else otlp_of_environment()
    targets += [named] if named is not None else []
    return Settings(
        service=name,
        endpoint=base.rstrip("/"),
        project=project or env_text("TURNLOOM_PROJECT") or "default",
        environment=environment or env_text(*ENVIRONMENT_NAMES),
        release=release or env_text("TURNLOOM_RELEASE", "LANGFUSE_RELEASE"),
        salt=salt or f"turnloom:{name}",
        salt_is_weak=salt is None,
        hash_users=hash_users,
        new_trace=new_trace,
        targets=_distinct(targets),
    )


def checked_url(name: str, url: str) -> str:
    """Check that a URL can be sent to.

    Args:
        name: The argument's name, for the message.
        url: The URL.

    Returns:
        It, unchanged.

    Raises:
        InvalidArgumentError: It is not http or https, or has no host.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidArgumentError(f"{name} is {url!r}; give a URL such as {DEFAULT_ENDPOINT}")
    return url


def _endpoint_of_environment() -> str:
    url = env_text("TURNLOOM_ENDPOINT") or DEFAULT_ENDPOINT
    try:
        return checked_url("TURNLOOM_ENDPOINT", url)
    except InvalidArgumentError as error:
        warn_once("env TURNLOOM_ENDPOINT", "turnloom: %s; using %s", error, DEFAULT_ENDPOINT)
        return DEFAULT_ENDPOINT


def _checked(item: Otlp | str) -> Otlp:
    end_point = Otlp(item) if isinstance(item, str) else item
    checked_url("to_otlp", end_point.endpoint)
    return end_point


def _distinct(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Each URL once: sending the same span twice to one place helps nobody."""
    return tuple({target.traces_url: target for target in reversed(targets)}.values())[::-1]
