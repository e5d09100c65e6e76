"""Spans on their way out: OTLP to several targets, each with its own keys, queue and fate."""

import base64
import logging
import multiprocessing
import socket
import sys
import time

import pytest
from opentelemetry.sdk.trace import TracerProvider

import turnloom
from turnloom.privacy import hash_user
from turnloom.sdk.current import running_client

from .collector import Collector, attributes_of, wait_until


def basic(keys: str) -> str:
    """The header of a pair of keys."""
    return f"Basic {base64.b64encode(keys.encode()).decode()}"


def test_spans_arrive_as_otlp_protobuf(collector: Collector, provider: TracerProvider):
    """With the keys of the project, stamped, and the turn without a parent."""
    turnloom.init(endpoint=collector.url, public_key="pk", secret_key="sk", tracer_provider=provider)
    with turnloom.session("s", user="alice"), turnloom.turn("hi" * 2_000), turnloom.tool("find"):
        pass
    assert turnloom.flush()
    (request,) = collector.at("/v1/traces")
    assert request.headers["authorization"] == basic("pk:sk")
    assert request.headers["content-type"] == "application/x-protobuf"
    tool, turn = collector.spans()
    assert (tool.name, turn.name) == ("execute_tool find", "turn")
    assert turn.parent_span_id == b""
    assert attributes_of(tool)["user.id"] == hash_user("alice", "sk")
    assert turnloom.dropped() == {
        "spans to Turnloom": 0,
        "events to Turnloom": 0,
        "scores to Turnloom": 0,
    }


def test_langfuse_and_otlp_get_the_same_spans(
    collector: Collector,
    second_collector: Collector,
    provider: TracerProvider,
    monkeypatch: pytest.MonkeyPatch,
):
    """By the variables of Langfuse's SDK, with its header; and an end point with headers of its own."""
    monkeypatch.setenv("LANGFUSE_PUBLIC_KEY", "lf-pk")
    monkeypatch.setenv("LANGFUSE_SECRET_KEY", "lf-sk")
    monkeypatch.setenv("LANGFUSE_HOST", collector.url)
    monkeypatch.setenv("LANGFUSE_RELEASE", "v7")
    monkeypatch.setenv("LANGFUSE_TRACING_ENVIRONMENT", "staging")
    turnloom.init(
        endpoint=collector.url,
        to_otlp=[turnloom.Otlp(second_collector.url, {"x-key": "k"})],
        tracer_provider=provider,
    )
    with turnloom.session("s"), turnloom.turn("hi") as turn:
        turn.score("helpful", True)
    assert turnloom.flush()
    langfuse = "/api/public/otel/v1/traces"
    assert collector.at(langfuse)[0].headers["authorization"] == basic("lf-pk:lf-sk")
    assert collector.at(langfuse)[0].headers["x-langfuse-ingestion-version"] == "4"
    assert second_collector.at("/v1/traces")[0].headers["x-key"] == "k"
    sent = [collector.spans(), collector.spans(langfuse), second_collector.spans()]
    assert {spans[0].span_id for spans in sent} == {sent[0][0].span_id}
    found = attributes_of(sent[1][0])
    assert (found["langfuse.environment"], found["langfuse.release"]) == ("staging", "v7")
    assert found["langfuse.session.id"] == "s"
    assert len(collector.scores()) == 2


@pytest.mark.parametrize("name", ["LANGFUSE_ENABLED", "LANGFUSE_TRACING_ENABLED"])
def test_langfuse_can_be_turned_off(
    collector: Collector, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch, name: str
):
    """By either variable."""
    monkeypatch.setenv("LANGFUSE_PUBLIC_KEY", "lf-pk")
    monkeypatch.setenv("LANGFUSE_SECRET_KEY", "lf-sk")
    monkeypatch.setenv("LANGFUSE_HOST", collector.url)
    monkeypatch.setenv(name, "false")
    turnloom.init(to_turnloom=False, tracer_provider=provider)
    with turnloom.turn("hi"):
        pass
    assert turnloom.flush()
    assert not collector.requests


def test_langfuse_gets_its_share_of_traces(
    collector: Collector, provider: TracerProvider, monkeypatch: pytest.MonkeyPatch
):
    """A trace is sent as a whole or not at all; the other targets get all of them."""
    monkeypatch.setenv("LANGFUSE_PUBLIC_KEY", "lf-pk")
    monkeypatch.setenv("LANGFUSE_SECRET_KEY", "lf-sk")
    monkeypatch.setenv("LANGFUSE_BASE_URL", collector.url)
    monkeypatch.setenv("LANGFUSE_SAMPLE_RATE", "0.5")
    turnloom.init(endpoint=collector.url, tracer_provider=provider)
    for _ in range(200):
        with turnloom.turn("hi"), turnloom.agent("a"):
            pass
    assert turnloom.flush()
    share = collector.spans("/api/public/otel/v1/traces")
    assert len(collector.spans()) == 400
    assert 100 < len(share) < 300
    assert len({span.trace_id for span in share}) * 2 == len(share)


def test_a_dead_target_harms_no_other(
    collector: Collector, dead_url: str, provider: TracerProvider, caplog: pytest.LogCaptureFixture
):
    """Spans cost no more, arrive elsewhere, and one warning is given."""
    turnloom.init(endpoint=collector.url, to_otlp=[dead_url], tracer_provider=provider)
    started = time.perf_counter()
    for _ in range(100):
        with turnloom.turn("hi"):
            pass
    assert time.perf_counter() - started < 1
    assert wait_until(lambda: len(collector.spans()) == 100)
    assert not turnloom.flush(timeout_s=0.3)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len([record for record in warnings if "does not take data" in record.message]) == 1
    started = time.perf_counter()
    turnloom.shutdown(timeout_s=1)
    assert time.perf_counter() - started < 3
    assert "not delivered: 100 spans to OTLP 1" in caplog.text


def test_a_target_that_never_answers_does_not_hold_up_the_end(provider: TracerProvider):
    """Shutdown keeps to its time limit, and what was on its way counts as lost."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        turnloom.init(endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}", tracer_provider=provider)
        for _ in range(3):
            with turnloom.turn("hi"):
                pass
        client = running_client()
        started = time.perf_counter()
        assert not turnloom.shutdown(timeout_s=0.5)
        assert time.perf_counter() - started < 2
        assert client.dropped()["spans to Turnloom"] == 3


def test_a_full_queue_drops_and_counts(collector: Collector, monkeypatch: pytest.MonkeyPatch):
    """Nothing blocks, and what is lost is known exactly."""
    from turnloom.sdk.lane import Lane
    from turnloom.sdk.target import Target

    lane = Lane(Target("test", f"{collector.url}/v1/traces", flush_interval_s=60), None, queue_max=50)
    provider = TracerProvider(shutdown_on_exit=False)
    collector.status = 503
    span = provider.get_tracer("x").start_span("x")
    span.end()
    for _ in range(200):
        lane.put(span)
    wait_until(lambda: lane.dropped >= 100)
    collector.status = 200
    lane.start_flush().join(5)
    lane.start_close().join(5)
    assert len(collector.spans()) + lane.dropped == 200
    assert lane.dropped > 0


def test_a_target_that_comes_back_gets_what_was_kept(
    collector: Collector, provider: TracerProvider, caplog: pytest.LogCaptureFixture
):
    """A 503 is tried again."""
    caplog.set_level(logging.INFO)
    collector.status = 503
    turnloom.init(endpoint=collector.url, tracer_provider=provider)
    with turnloom.turn("hi"):
        pass
    assert not turnloom.flush(timeout_s=0.2)
    collector.status = 200
    assert wait_until(lambda: len(collector.spans()) == 1)
    assert "takes data again" in caplog.text


def test_a_refusal_is_not_tried_again(collector: Collector, provider: TracerProvider):
    """401 stays 401: it is dropped and counted."""
    collector.status = 401
    turnloom.init(endpoint=collector.url, tracer_provider=provider)
    with turnloom.turn("hi"):
        pass
    turnloom.flush(timeout_s=2)
    assert turnloom.dropped()["spans to Turnloom"] == 1


def test_users_in_foreign_spans_are_hashed_too(collector: Collector, provider: TracerProvider):
    """In every key that means a user, also in metadata; the span in the process stays as it was."""
    turnloom.init(endpoint=collector.url, user_salt="salt", tracer_provider=provider)
    span = provider.get_tracer("x").start_span(
        "x",
        attributes={
            "enduser.id": "alice",
            "langfuse.trace.metadata.user_id": '"alice"',
            "metadata": '{"user_id": "alice", "plan": "pro"}',
            "user_id": 7,
            "http.route": "/users/alice",
        },
    )
    span.end()
    assert turnloom.flush()
    found = attributes_of(collector.spans()[0])
    alice = hash_user("alice", "salt")
    assert found == {
        "enduser.id": alice,
        "langfuse.trace.metadata.user_id": alice,
        "metadata": f'{{"user_id": "{alice}", "plan": "pro"}}',
        "user_id": hash_user("7", "salt"),
        "http.route": "/users/alice",
    }
    assert span.attributes["enduser.id"] == "alice"


def test_users_are_left_as_they_are_when_told_so(collector: Collector, provider: TracerProvider):
    """`hash_users=False` is for ids that are no secret."""
    turnloom.init(endpoint=collector.url, hash_users=False, tracer_provider=provider)
    with turnloom.session("s", user=17):
        provider.get_tracer("x").start_span("x", attributes={"enduser.id": "bob"}).end()
    assert turnloom.flush()
    found = attributes_of(collector.spans()[0])
    assert (found["user.id"], found["enduser.id"]) == ("17", "bob")


def test_shutdown_sends_what_waits_and_may_be_called_again(collector: Collector, provider: TracerProvider):
    """After it the same calls do nothing."""
    turnloom.init(endpoint=collector.url, tracer_provider=provider)
    with turnloom.session("s"), turnloom.turn("hi"):
        turnloom.score("helpful", 1)
    assert turnloom.shutdown()
    assert turnloom.shutdown()
    assert (len(collector.spans()), len(collector.scores())) == (1, 1)
    with turnloom.turn("hi"):
        pass
    assert len(collector.spans()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_sends_its_own(collector: Collector, provider: TracerProvider):
    """What waits in the parent is sent once, by the parent."""
    turnloom.init(endpoint=collector.url, tracer_provider=provider)
    with turnloom.session("parent"), turnloom.turn("hi"):
        pass

    def child() -> None:
        with turnloom.session("child"), turnloom.turn("hi"):
            pass
        turnloom.flush()

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(10)
    assert process.exitcode == 0
    assert turnloom.flush()
    sessions = [attributes_of(span)["session.id"] for span in collector.spans()]
    assert sorted(sessions) == ["child", "parent"]
