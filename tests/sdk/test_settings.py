"""Settings from the environment: a wrong one is said and left out, it never stops the host."""

import pytest

import turnloom
from turnloom.sdk.current import running_client
from turnloom.sdk.otel_environment import otlp_of_environment
from turnloom.sdk.settings import Settings
from turnloom.sdk.target import Otlp, otlp_target


def settings_of(monkeypatch: pytest.MonkeyPatch, provider: object, **environment: str) -> Settings:
    """What a client works with in an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    turnloom.init(tracer_provider=provider)
    client = running_client()
    assert client is not None
    return client.settings


def test_without_anything_it_sends_to_this_machine(monkeypatch: pytest.MonkeyPatch, provider: object):
    """Where a server listens unless told otherwise."""
    found = settings_of(monkeypatch, provider)
    assert [target.traces_url for target in found.targets] == ["http://127.0.0.1:4318/v1/traces"]
    assert (found.service, found.project, found.environment) == ("unknown_service", "default", None)
    assert found.salt_is_weak


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TURNLOOM_ENDPOINT", "localhost:4318"),
        ("TURNLOOM_ENABLED", "maybe"),
        ("LANGFUSE_SAMPLE_RATE", "2"),
        ("LANGFUSE_FLUSH_AT", "many"),
        ("LANGFUSE_FLUSH_INTERVAL", "-1"),
    ],
)
def test_a_wrong_variable_is_said_and_left_out(
    monkeypatch: pytest.MonkeyPatch, provider: object, caplog: pytest.LogCaptureFixture, name: str, value: str
):
    """The default holds, and the client works."""
    keys = {"LANGFUSE_PUBLIC_KEY": "pk", "LANGFUSE_SECRET_KEY": "sk"}
    found = settings_of(monkeypatch, provider, **keys, **{name: value})
    turnloom_target, langfuse = found.targets
    assert turnloom_target.traces_url == "http://127.0.0.1:4318/v1/traces"
    assert langfuse.traces_url == "https://cloud.langfuse.com/api/public/otel/v1/traces"
    assert (langfuse.sample_rate, langfuse.flush_at, langfuse.flush_interval_s) == (1.0, 512, 5.0)
    assert name in caplog.text


def test_langfuses_numbers_are_taken(monkeypatch: pytest.MonkeyPatch, provider: object):
    """A rate of 0 is a rate."""
    found = settings_of(
        monkeypatch,
        provider,
        LANGFUSE_PUBLIC_KEY="pk",
        LANGFUSE_SECRET_KEY="sk",
        LANGFUSE_SAMPLE_RATE="0",
        LANGFUSE_FLUSH_AT="15",
        LANGFUSE_FLUSH_INTERVAL="0.5",
    )
    langfuse = found.targets[1]
    assert (langfuse.sample_rate, langfuse.flush_at, langfuse.flush_interval_s) == (0.0, 15, 0.5)


def test_the_salt_goes_by_argument_variable_secret_key_service(
    monkeypatch: pytest.MonkeyPatch, provider: object
):
    """The first that is there."""
    assert settings_of(monkeypatch, provider, TURNLOOM_SECRET_KEY="sk").salt == "sk"
    assert settings_of(monkeypatch, provider, TURNLOOM_USER_SALT="salt").salt == "salt"


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch, provider: object):
    """Neither keys nor salt stand in a traceback."""
    found = settings_of(monkeypatch, provider, TURNLOOM_PUBLIC_KEY="pk", TURNLOOM_SECRET_KEY="hidden")
    assert "hidden" not in repr(found)
    assert "Authorization" not in repr(found)


def test_one_place_is_sent_to_once(monkeypatch: pytest.MonkeyPatch, provider: object):
    """Whatever names it."""
    turnloom.init(endpoint="http://127.0.0.1:9", to_otlp=["http://127.0.0.1:9/"], tracer_provider=provider)
    client = running_client()
    assert client is not None
    assert [target.name for target in client.settings.targets] == ["Turnloom"]


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, "http://c:4318/v1/traces"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/own"}, "http://c:4318/own"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "c:4317"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, None),
    ],
)
def test_opentelemetrys_own_end_point(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str | None
):
    """For traces as it is, for all signals with the path added."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    target = otlp_of_environment()
    assert (target.traces_url if target else None) == url


@pytest.mark.parametrize("endpoint", ["http://c", "http://c/", "http://c/v1/traces"])
def test_an_otlp_end_point_may_have_its_path(endpoint: str):
    """It is added where it is missing."""
    assert otlp_target(Otlp(endpoint), 1).traces_url == "http://c/v1/traces"
