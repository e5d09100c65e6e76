"""Scores: their shape, their targets, and what becomes of them when nobody takes them."""

from datetime import datetime

import pytest
from opentelemetry.sdk.trace import TracerProvider

import turnloom

from .collector import Collector


@pytest.fixture
def running(collector: Collector, provider: TracerProvider) -> Collector:
    """A client that sends to the collector."""
    turnloom.init(endpoint=collector.url, environment="test", tracer_provider=provider)
    return collector


def test_scores_of_every_target(running: Collector):
    """Turn, agent, session, conversation and the turn in hand; ids as OTLP's hex."""
    with turnloom.session("s") as session, turnloom.conversation("c") as conversation:
        with turnloom.turn("hi") as turn, turnloom.agent("a") as agent:
            turn.score("helpful", True, comment="yes", source="user")
            agent.score("quality", 0.5)
            turnloom.score("in hand", 2)
        session.score("stars", 4)
        conversation.score("mood", "good")
        turnloom.score("session in hand", False)
    turnloom.score("by id", 1, trace_id="a" * 32, id="fixed")
    assert turnloom.flush()
    scores = {score.pop("name"): score for score in running.scores()}
    assert scores["by id"].pop("id") == "fixed"
    assert all(datetime.fromisoformat(score.pop("timestamp")).tzinfo for score in scores.values())
    assert len({score.pop("id") for name, score in scores.items() if name != "by id"}) == 6
    in_turn = {"traceId": turn.trace_id, "observationId": turn.span_id, "environment": "test"}
    in_session = {"sessionId": "s", "environment": "test"}
    assert scores == {
        "helpful": {
            **in_turn,
            "value": 1,
            "dataType": "BOOLEAN",
            "comment": "yes",
            "source": "user",
            "metadata": {"source": "user"},
        },
        "quality": {**in_turn, "observationId": agent.span_id, "value": 0.5, "dataType": "NUMERIC"},
        "in hand": {**in_turn, "value": 2, "dataType": "NUMERIC"},
        "stars": {**in_session, "value": 4, "dataType": "NUMERIC"},
        "mood": {**in_session, "conversationId": "c", "value": "good", "dataType": "CATEGORICAL"},
        "session in hand": {**in_session, "value": 0, "dataType": "BOOLEAN"},
        "by id": {"traceId": "a" * 32, "environment": "test", "value": 1, "dataType": "NUMERIC"},
    }


def test_scores_go_in_a_json_list(running: Collector):
    """Many in one request."""
    for number in range(20):
        turnloom.score("n", number, session_id="s")
    assert turnloom.flush()
    requests = running.at("/api/public/scores")
    assert all(request.body.startswith(b"[") for request in requests)
    assert all(request.headers["content-type"] == "application/json" for request in requests)
    assert len(requests) < 20
    assert [score["value"] for score in running.scores()] == list(range(20))


def test_a_score_without_a_target_is_said(running: Collector, caplog: pytest.LogCaptureFixture):
    """It is lost, but not in silence."""
    turnloom.score("helpful", True)
    assert "nothing to rate" in caplog.text


def test_scores_that_nobody_takes_are_counted(running: Collector):
    """A refusal drops them."""
    running.status = 401
    turnloom.score("helpful", True, session_id="s")
    turnloom.flush(timeout_s=2)
    assert turnloom.dropped()["scores to Turnloom"] == 1


def test_the_queue_is_bounded():
    """The oldest goes first, and is counted."""
    import threading

    from turnloom.sdk.worker import Worker

    gate, sent = threading.Event(), []

    def send(items: list[int]) -> bool:
        gate.wait(5)
        sent.extend(items)
        return True

    worker = Worker("numbers", send, items_max=10)
    for number in range(300):
        worker.put(number)
    gate.set()
    assert worker.close(5)
    worker.put(1)
    assert len(sent) + worker.dropped == 301
    assert sent[-1] == 299
    assert worker.dropped >= 270
