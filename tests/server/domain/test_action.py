"""Definitions, *Drop-off*: what the agent did last."""

import pytest

from domain.build import llm, one, record, span

ANSWER = {"output_text": "Done.", "input_text": "q"}


@pytest.mark.parametrize(
    ("spans", "action"),
    [
        pytest.param([llm("c", **ANSWER)], "answered", id="answered"),
        pytest.param([llm("c", error=True)], "errored", id="errored"),
        pytest.param([span("t", is_turn=True, turn_status="timeout")], "errored", id="timed out"),
        pytest.param(
            [span("r"), span("t", "r", "tool", 1, 2, error=True), llm("c", "r", 3, 4, **ANSWER)],
            "tool_failed",
            id="the last tool failed",
        ),
        pytest.param(
            [
                span("r"),
                span("t", "r", "tool", 1, 2, error=True),
                span("u", "r", "tool", 3, 4),
                llm("c", "r", 5, **ANSWER),
            ],
            "answered",
            id="an earlier tool failed",
        ),
        pytest.param([llm("c", finish_reason="content_filter", **ANSWER)], "refused", id="content filter"),
        pytest.param(
            [llm("c", **ANSWER | {"output": '[{"type": "refusal", "refusal": "no"}]'})], "refused", id="part"
        ),
        pytest.param(
            [llm("c", **ANSWER | {"output": '{"refusal": null, "content": "x"}'})], "answered", id="null"
        ),
        pytest.param([span("t", is_turn=True, output_type="refusal", **ANSWER)], "refused", id="reported"),
        pytest.param(
            [span("r"), span("h", "r", "agent", handoff_to="human"), llm("c", "r", **ANSWER)], "handed_off"
        ),
        pytest.param(
            [span("r"), span("h", "r", attributes={"human.type": "escalation"}), llm("c", "r")], "handed_off"
        ),
        pytest.param([llm("c", input_text="q", output_text="Which one?")], "asked_question", id="asked"),
        pytest.param([span("t", is_turn=True, input_text="q")], None, id="nothing"),
    ],
)
def test_last_action(spans, action):
    """Last action."""
    assert one(*spans).last_action == action


def test_an_escalation_told_by_an_event_is_a_handoff():
    """An escalation told by an event is a handoff."""
    turn = one(llm("c", **ANSWER), record("human.request", span_id="c", body={"human.type": "escalation"}))

    assert turn.last_action == "handed_off"


@pytest.mark.parametrize(
    ("fields", "asked", "inferred"),
    [
        ({"output_type": "question"}, True, False),
        ({"output_type": "answer", "output_text": "Which one?"}, False, False),
        ({"output_text": "Which one?"}, True, True),
        ({"output_text": "This one."}, False, True),
        ({"output_text": "Anything else I can help you with?"}, False, True),
        ({}, None, False),
    ],
    ids=["reported", "reported otherwise", "read", "no question", "a closing", "metadata mode"],
)
def test_a_question_is_as_reported_else_read_from_the_text(fields, asked, inferred):
    """A question is as reported else read from the text."""
    turn = one(span("t", is_turn=True, **fields))

    assert (turn.asked_question, turn.question_inferred) == (asked, inferred)


@pytest.mark.parametrize(
    ("spans", "answered"),
    [
        pytest.param([llm("c", **ANSWER)], True, id="text"),
        pytest.param(
            [span("t", is_turn=True, input_text="q", output='{"rows": 3}')],
            True,
            id="an output that is no text",
        ),
        pytest.param([span("t", is_turn=True, attributes={"turn.output_length": 5})], True, id="a length"),
        pytest.param([span("t", is_turn=True, attributes={"turn.output_length": 0})], False, id="length 0"),
        pytest.param([span("t", is_turn=True, output_type="answer")], True, id="a type"),
        pytest.param([llm("c", output_tokens=5)], True, id="text is off, tokens came out"),
        pytest.param(
            [llm("c", output_tokens=5, finish_reason="tool_calls")], False, id="text is off, a tool call"
        ),
        pytest.param([llm("c", output_tokens=5, input_text="q")], False, id="text is on and there is none"),
        pytest.param([llm("c", input_text="q", output_text="")], False, id="an empty text"),
    ],
)
def test_answered(spans, answered):
    """Answered."""
    assert one(*spans).answered is answered
