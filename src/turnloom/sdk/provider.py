"""The TracerProvider: joined where there is one, made where there is none."""

from weakref import WeakSet

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from turnloom import semconv
from turnloom.sdk.border import warn_once
from turnloom.sdk.joinable import takes_processors
from turnloom.sdk.settings import DEFAULT_SERVICE, Settings

_made: WeakSet[trace.TracerProvider] = WeakSet()


def join_or_make(settings: Settings, given: trace.TracerProvider | None) -> trace.TracerProvider:
    """Find the provider to work with.

    Args:
        settings: Names for the resource of a new one.
        given: The provider that the application wants used.

    Returns:
        A provider that takes span processors.
    """
    found = given or trace.get_tracer_provider()
    if takes_processors(found):
        return found
    made = TracerProvider(resource=_resource(settings), shutdown_on_exit=False)
    _made.add(made)
    if isinstance(found, trace.ProxyTracerProvider):
        trace.set_tracer_provider(made)
    else:
        warn_once(
            "foreign provider",
            "turnloom: the tracer provider in place (%s) takes no processors; "
            "only Turnloom's own spans are sent",
            type(found).__name__,
        )
    return made


def was_made_here(provider: trace.TracerProvider) -> bool:
    """Whether a provider is of our own making."""
    return provider in _made


def warn_of_second(provider: trace.TracerProvider) -> None:
    """Say so when spans of the process go to another provider than ours."""
    if trace.get_tracer_provider() is not provider:
        warn_once(
            "second provider",
            "turnloom: there is a second tracer provider; spans made through it are not stamped. "
            "Call turnloom.init() after it is set, or pass it as tracer_provider",
        )


def resource_attributes(provider: trace.TracerProvider) -> dict[str, object]:
    """Attributes of the process, as its spans carry them."""
    resource = getattr(provider, "resource", None)
    return dict(resource.attributes) if isinstance(resource, Resource) else {}


def _resource(settings: Settings) -> Resource:
    """The environment's resource, with our names on top where they are known."""
    known = {
        semconv.SERVICE_NAME: settings.service if settings.service != DEFAULT_SERVICE else None,
        semconv.SERVICE_VERSION: settings.release,
        semconv.DEPLOYMENT_ENVIRONMENT_NAME: settings.environment,
    }
    return Resource.create({key: value for key, value in known.items() if value is not None})
