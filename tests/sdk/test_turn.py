"""The turn: its own trace, its number, and exactly one status."""

import asyncio

import pytest

import turnloom

from .finished import Spans


def test_a_turn_starts_its_own_trace_with_a_link_to_what_encloses_it(spans: Spans):
    """The HTTP span stays a trace of its own."""
    with spans.foreign.start_as_current_span("POST /chat") as http:
        with turnloom.session("s"), turnloom.turn("hi"), turnloom.agent("a"):
            spans.foreign.start_span("inside").end()
        spans.foreign.start_span("after").end()
    turn, agent, inside = spans.one("turn"), spans.one("invoke_agent a"), spans.one("inside")
    assert turn.parent is None
    assert turn.context.trace_id != http.get_span_context().trace_id
    assert [link.context for link in turn.links] == [http.get_span_context()]
    assert agent.parent.span_id == turn.context.span_id
    assert inside.parent.span_id == agent.context.span_id
    assert spans.one("after").parent.span_id == http.get_span_context().span_id


def test_a_turn_may_inherit_the_trace(spans: Spans):
    """Said per turn; `init(new_trace=False)` says it for all."""
    with spans.foreign.start_as_current_span("POST /chat") as http, turnloom.turn("hi", new_trace=False):
        pass
    assert spans.one("turn").parent.span_id == http.get_span_context().span_id
    assert not spans.one("turn").links


def test_numbers_are_automatic_per_conversation(spans: Spans):
    """Each conversation counts its own; a given number is gone on from; a variant has none."""
    with turnloom.session("s"):
        numbers = []
        for conversation in ("a", "b", "a"):
            with turnloom.conversation(conversation), turnloom.turn("hi") as turn:
                numbers.append(turn.number)
        with turnloom.conversation("a"):
            with turnloom.turn("hi", number=7) as turn:
                numbers.append(turn.number)
            with turnloom.turn("again", regenerates=turn.id) as variant:
                numbers.append(variant.number)
            with turnloom.turn("hi") as turn:
                numbers.append(turn.number)
    assert numbers == [1, 1, 2, 7, None, 8]


def test_a_session_without_a_conversation_counts_too(spans: Spans):
    """It is one implicit conversation; outside of both there is no number."""
    with turnloom.session("s-numbers"), turnloom.turn("hi") as first:
        pass
    with turnloom.turn("hi") as outside:
        pass
    assert (first.number, outside.number) == (1, None)
    assert "turn.number" not in spans.all()[-1].attributes


def test_what_a_turn_carries(spans: Spans):
    """Kind, texts, lengths in code points, a keyed hash, details."""
    with (
        turnloom.session("s"),
        turnloom.turn(
            "Wo ist die Rechnung? 🧾", role="user", input_type="question", has_attachments=False
        ) as turn,
    ):
        turn.record(output="Hier.", intent="invoice", output_type="answer")
    found = spans.attributes("turn")
    assert found["turnloom.span.kind"] == "turn"
    assert found["input.value"] == "Wo ist die Rechnung? 🧾"
    assert found["output.value"] == "Hier."
    assert (found["turn.input_length"], found["turn.output_length"]) == (22, 5)
    assert found["turn.input_hash"].startswith("i1_")
    assert found["turn.id"].startswith("turn-")
    assert found["turn.has_attachments"] is False
    assert (found["turn.role"], found["turn.intent"]) == ("user", "invoice")
    assert (found["turn.input_type"], found["turn.output_type"]) == ("question", "answer")


def test_only_the_turn_span_has_the_turns_kind(spans: Spans):
    """Ids are on every span, what describes the turn is on its own."""
    with turnloom.session("s"), turnloom.turn("hi", intent="x"):
        spans.foreign.start_span("inside").end()
    inside = spans.attributes("inside")
    assert not {"turnloom.span.kind", "turn.status", "turn.intent", "input.value"} & inside.keys()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, "ok"),
        (ValueError("no"), "error"),
        (TimeoutError("late"), "timeout"),
        (asyncio.CancelledError(), "cancelled"),
        (KeyboardInterrupt(), "cancelled"),
    ],
)
def test_the_status_is_that_of_the_exception(spans: Spans, error: BaseException | None, status: str):
    """Without one it is ok."""
    try:
        with turnloom.turn("hi"):
            if error is not None:
                raise error  # noqa: TRY301 - it is raised in the block that is tested
    except BaseException as raised:  # noqa: BLE001 - what was raised is compared
        assert raised is error
    assert spans.attributes("turn")["turn.status"] == status


def test_a_status_that_was_recorded_wins(spans: Spans):
    """The application knows better; ended twice it stays as it was."""
    turn = turnloom.turn("hi").start()
    turn.record(status="disconnected")
    turn.end()
    turn.end()
    assert spans.attributes("turn")["turn.status"] == "disconnected"
    assert len(spans.all()) == 1


def test_a_turn_that_is_dropped_is_incomplete(spans: Spans, caplog: pytest.LogCaptureFixture):
    """Garbage collection ends the span, and the log says so."""
    turnloom.turn("hi").start()
    assert spans.attributes("turn")["turn.status"] == "incomplete"
    assert "dropped without end()" in caplog.text


def test_record_after_the_end_is_said(spans: Spans, caplog: pytest.LogCaptureFixture):
    """It cannot be kept, so it is not lost in silence."""
    with turnloom.turn("hi") as turn:
        pass
    turn.record(output="late")
    assert "record() after a turn has ended is lost" in caplog.text
