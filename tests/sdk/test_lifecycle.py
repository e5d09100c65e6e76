"""init, shutdown, disabled, and what importing brings along."""

import json
import subprocess
import sys

import pytest
from opentelemetry.sdk.trace import TracerProvider

import turnloom
from turnloom.sdk.current import running_client

from .collector import Collector, attributes_of
from .finished import Spans


def run_python(code: str, *arguments: str, **environment: str) -> str:
    """Run code in a fresh interpreter; its output."""
    import os

    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "LANGFUSE_"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**kept, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_brings_the_standard_library_and_opentelemetry_only():
    """Neither the exporter nor anything of the server, and it is quick."""
    code = """
import json, sys
import opentelemetry.trace, opentelemetry.context, opentelemetry.util.types
before = set(sys.modules)
import turnloom
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    loaded = {name.split(".")[0] for name in json.loads(run_python(code))}
    assert loaded - set(sys.stdlib_module_names) <= {"turnloom", "opentelemetry"}
    modules = json.loads(run_python(code))
    assert not [name for name in modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))]
    assert not [name for name in modules if name.startswith("turnloom.server")]


def test_running_brings_nothing_of_the_server():
    """The client's own part, with everything it uses."""
    code = """
import sys, turnloom
turnloom.init(endpoint="http://127.0.0.1:9")
with turnloom.turn("hi"): pass
turnloom.shutdown(0.1)
print([name for name in sys.modules if name.startswith("turnloom.server") or name in ("requests", "orjson")])
"""
    assert run_python(code).strip() == "[]"


def test_init_makes_a_provider_where_there_is_none(collector: Collector):
    """With the service's name; at exit everything is sent without being asked."""
    code = """
import sys, turnloom
from opentelemetry import trace
turnloom.init(service="bot", release="v7", environment="test", endpoint=sys.argv[1])
with turnloom.session("s"), turnloom.turn("hi"):
    trace.get_tracer("foreign").start_span("inside").end()
turnloom.score("helpful", True, session_id="s")
"""
    run_python(code, collector.url)
    assert sorted(span.name for span in collector.spans()) == ["inside", "turn"]
    assert {attributes_of(span)["session.id"] for span in collector.spans()} == {"s"}
    assert b"bot" in collector.at("/v1/traces")[0].body
    assert len(collector.scores()) == 1
    assert [event.event_name for event in collector.events()] == ["session.start", "turn.start"]


def test_init_joins_the_global_provider(collector: Collector, second_collector: Collector):
    """The host's exporter gets the stamped spans too; OTEL_EXPORTER_OTLP_ENDPOINT stays the host's."""
    code = """
import sys, turnloom
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
host, memory = TracerProvider(), InMemorySpanExporter()
host.add_span_processor(SimpleSpanProcessor(memory))
trace.set_tracer_provider(host)
turnloom.init(endpoint=sys.argv[1])
with turnloom.session("s"), turnloom.turn("hi"): pass
assert trace.get_tracer_provider() is host
print(memory.get_finished_spans()[0].attributes["session.id"])
"""
    out = run_python(code, collector.url, OTEL_EXPORTER_OTLP_ENDPOINT=second_collector.url)
    assert out.strip() == "s"
    assert len(collector.spans()) == 1
    assert not second_collector.requests


def test_the_environment_says_where_to(collector: Collector, second_collector: Collector):
    """TURNLOOM_*, and OpenTelemetry's own variables where the provider is ours."""
    code = "import turnloom\nturnloom.init()\nwith turnloom.turn('hi'): pass\n"
    run_python(
        code,
        TURNLOOM_ENDPOINT=collector.url,
        TURNLOOM_PUBLIC_KEY="pk",
        TURNLOOM_SECRET_KEY="sk",
        OTEL_SERVICE_NAME="bot",
        OTEL_EXPORTER_OTLP_ENDPOINT=second_collector.url,
        OTEL_EXPORTER_OTLP_HEADERS="x-key=a%20b",
    )
    assert collector.at("/v1/traces")[0].headers["authorization"].startswith("Basic ")
    assert second_collector.at("/v1/traces")[0].headers["x-key"] == "a b"


@pytest.mark.parametrize("name", ["TURNLOOM_ENABLED", "OTEL_SDK_DISABLED"])
def test_the_environment_turns_it_off(monkeypatch: pytest.MonkeyPatch, name: str):
    """And an argument goes before it."""
    monkeypatch.setenv(name, "false" if name == "TURNLOOM_ENABLED" else "true")
    turnloom.init(to_turnloom=False)
    assert running_client() is None


def test_disabled_does_nothing(provider: TracerProvider):
    """Same API, no spans, no threads, host results and exceptions as they were."""
    turnloom.init(enabled=False, tracer_provider=provider)

    @turnloom.tool("add")
    def add(one: int, two: int) -> int:
        return one + two

    with (
        turnloom.session("s", user="alice") as session,
        turnloom.conversation("c") as conversation,
        turnloom.turn("hi") as turn,
        turnloom.agent("a") as agent,
        turnloom.llm("m") as call,
    ):
        assert add(1, 2) == 3
        call.first_chunk()
        call.record(output="x", usage={"input_tokens": 1})
        agent.record(output="x")
        turn.record(output="x", status="ok")
        for handle in (session, conversation, turn, agent):
            handle.score("helpful", True)
    with pytest.raises(ZeroDivisionError), turnloom.turn("hi"):
        raise ZeroDivisionError
    turnloom.score("helpful", True)
    turnloom.end_session()
    turnloom.human_response(turnloom.human_request("approval"))
    assert (turn.trace_id, turn.number, turnloom.session_url("s")) == (None, None, None)
    assert turnloom.flush()
    assert turnloom.dropped() == {}
    assert running_client() is None


def test_init_again_with_the_same_arguments_changes_nothing(provider: TracerProvider):
    """A reloaded module does not send everything twice."""
    turnloom.init(to_turnloom=False, tracer_provider=provider)
    first = running_client()
    turnloom.init(to_turnloom=False, tracer_provider=provider)
    assert running_client() is first


def test_init_again_with_other_arguments_replaces(
    collector: Collector, second_collector: Collector, provider: TracerProvider
):
    """What the first one had waiting is sent where it belongs."""
    for target, name in ((collector, "first"), (second_collector, "second")):
        turnloom.init(endpoint=target.url, tracer_provider=provider)
        with turnloom.session(name), turnloom.turn("hi"):
            pass
    assert turnloom.flush()
    for target, name in ((collector, "first"), (second_collector, "second")):
        assert [attributes_of(span)["session.id"] for span in target.spans()] == [name]


def test_a_second_provider_is_said():
    """Its spans are not stamped, and nobody would know."""
    code = """
import logging, sys, turnloom
logging.basicConfig(stream=sys.stdout)
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
class Odd(trace.NoOpTracerProvider): pass
trace.set_tracer_provider(Odd())
turnloom.init(to_turnloom=False)
with turnloom.turn("hi"): pass
with turnloom.turn("hi"): pass
"""
    out = run_python(code)
    assert out.count("takes no processors") == 1
    assert out.count("there is a second tracer provider") == 1


def test_a_provider_that_takes_no_processors_is_refused():
    """At the call."""
    with pytest.raises(TypeError, match="add_span_processor"):
        turnloom.init(tracer_provider=object())


def test_a_guessable_salt_is_said(provider: TracerProvider, caplog: pytest.LogCaptureFixture):
    """Once, and only where a user is hashed with it."""
    turnloom.init(to_turnloom=False, tracer_provider=provider)
    for _ in range(2):
        with turnloom.session("s"):
            pass
    assert "salt" not in caplog.text
    for _ in range(2):
        with turnloom.session("s", user="alice"):
            pass
    assert caplog.text.count("TURNLOOM_USER_SALT") == 1


def test_the_deep_link(spans: Spans, provider: TracerProvider):
    """Any id works; in a session none is needed."""
    turnloom.init(endpoint="https://loom.example.org/", project="my app", tracer_provider=provider)
    base = "https://loom.example.org/projects/my%20app/sessions?id="
    assert turnloom.session_url("a/b?#ü") == f"{base}a%2Fb%3F%23%C3%BC"
    with turnloom.conversation("c"):
        assert turnloom.session_url() == f"{base}c"
    assert turnloom.session_url() is None
    turnloom.shutdown(timeout_s=0.1)
