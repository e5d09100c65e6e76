"""Log events: told at once, before any span ends."""

import time

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF

import turnloom

from .collector import Collector, attributes_of, wait_until


@pytest.fixture
def running(collector: Collector, provider: TracerProvider) -> Collector:
    """A client that sends to the collector."""
    turnloom.init(service="bot", endpoint=collector.url, user_salt="salt", tracer_provider=provider)
    return collector


def named(collector: Collector, name: str) -> list:
    """Events of one name."""
    return [event for event in collector.events() if event.event_name == name]


def test_turn_start_is_sent_within_a_second_while_the_turn_runs(running: Collector):
    """With the ids, number, length and hash, and the trace and span of the turn; without its text."""
    with turnloom.session("s", user="alice"), turnloom.conversation("c"), turnloom.turn("hello") as turn:
        started_s = time.time()
        assert wait_until(lambda: bool(named(running, "turn.start")), 1)
        assert running.requests[-1].time_s - started_s < 1
        assert not running.spans()
        (event,) = named(running, "turn.start")
        assert event.trace_id.hex() == turn.trace_id
        assert event.span_id.hex() == turn.span_id
        found = attributes_of(event)
    assert abs(event.time_unix_nano / 1e9 - started_s) < 1
    assert found["turn.id"] == turn.id
    assert found["session.id"] == "s"
    assert found["conversation.id"] == "c"
    assert found["user.id"].startswith("u1_")
    assert (found["turn.number"], found["turn.input_length"]) == (1, 5)
    assert found["turn.input_hash"].startswith("i1_")
    assert "hello" not in str(found)


def test_the_start_of_a_variant_says_of_what(running: Collector):
    """So that it is not taken for a turn of its own while it runs."""
    with turnloom.session("s"), turnloom.turn("again", regenerates="t-1"):
        pass
    assert turnloom.flush()
    found = attributes_of(named(running, "turn.start")[0])
    assert found["turn.regenerates"] == "t-1"
    assert "turn.number" not in found


def told(collector: Collector) -> list[tuple]:
    """Name and attributes of each event."""
    assert turnloom.flush()
    return [(event.event_name, attributes_of(event)) for event in collector.events()]


def test_a_session_is_told_of_with_its_first_turn(running: Collector):
    """Once; entering it is no activity, and must not reopen one that has ended."""
    for _ in range(2):
        with turnloom.session("s", user="alice"):
            pass
    assert told(running) == []
    for _ in range(2):
        with turnloom.session("s", user="alice"), turnloom.turn("hi"):
            pass
    events = told(running)
    assert [name for name, _ in events] == ["session.start", "turn.start", "turn.start"]
    assert set(events[0][1]) == {"session.id", "langfuse.session.id", "user.id", "langfuse.user.id"}


def test_a_session_that_replaces_another_is_told_of_at_once(running: Collector):
    """The other one has ended then."""
    for _ in range(2):
        with turnloom.session("s", previous_id="s-0"):
            pass
    ((name, attributes),) = told(running)
    assert (name, attributes["session.id"]) == ("session.start", "s")
    assert attributes["session.previous_id"] == "s-0"


def test_the_end_of_a_session_says_why(running: Collector):
    """The one in hand, or one that is named."""
    with turnloom.session("s"):
        turnloom.end_session("logout")
    turnloom.end_session("user_exit", session_id="elsewhere")
    (_, first), (name, second) = told(running)
    assert (first["session.id"], first["session.end_reason"]) == ("s", "logout")
    assert name == "session.end"
    assert second == {
        "session.id": "elsewhere",
        "langfuse.session.id": "elsewhere",
        "session.end_reason": "user_exit",
    }


def test_waiting_for_a_human_is_told(running: Collector):
    """Both events carry the turn they belong to; the answer says how long it took."""
    with turnloom.session("s"), turnloom.turn("refund") as turn:
        request = turnloom.human_request("approval")
        turnloom.human_response(request, decision="approved")
    assert turnloom.flush()
    (asked,), (answered,) = named(running, "human.request"), named(running, "human.response")
    assert asked.span_id.hex() == answered.span_id.hex() == turn.span_id
    assert attributes_of(asked)["human.type"] == "approval"
    found = attributes_of(answered)
    assert found["human.request_id"] == request
    assert found["human.decision"] == "approved"
    assert 0 <= found["human.wait_time_ms"] < 1_000


def test_an_answer_to_a_request_of_another_process_has_no_wait(running: Collector):
    """What is not known is left out."""
    turnloom.human_response("elsewhere", decision="denied")
    assert turnloom.flush()
    assert "human.wait_time_ms" not in attributes_of(running.events()[0])


def test_a_turn_that_is_not_sampled_is_not_told_of(collector: Collector):
    """Its span never comes: it would look as if it had crashed."""
    provider = TracerProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False)
    turnloom.init(endpoint=collector.url, tracer_provider=provider)
    with turnloom.turn("hi"):
        pass
    assert turnloom.flush()
    assert not collector.requests


def test_ending_a_session_outside_of_one_is_said(running: Collector, caplog: pytest.LogCaptureFixture):
    """Never a silent no-op."""
    turnloom.end_session()
    assert "outside of a session" in caplog.text
