"""What was asked and answered."""

import pytest

from domain.build import llm, one, read, record, span


def texts(*items):
    """Input, output and their spans."""
    turn = one(*items)
    return turn.input, turn.output, turn.input_span_id, turn.output_span_id


def said(input_text=None, output_text=None):
    """Texts of a span."""
    return {
        key: text
        for key, text in (("input_text", input_text), ("output_text", output_text))
        if text is not None
    }


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param(
            [span("t", is_turn=True, **said("q", "a")), llm("c", "t", **said("prompt", "raw"))],
            ("q", "a", "t", "t"),
            id="the turn's own",
        ),
        pytest.param(
            [
                span("r", input='{"x": 1}'),
                llm("c", "r", 0, 1, **said("q", "call")),
                llm("d", "r", 2, 3, **said("x", "a")),
            ],
            ("q", "a", "c", "d"),
            id="first user message, last answer",
        ),
        pytest.param(
            [span("r", **said("q")), llm("c", "r", **said("x", "a"))],
            ("q", "a", "r", "c"),
            id="each by itself",
        ),
        pytest.param(
            [span("r"), llm("c", "r", 0, 9, **said("q", "a")), llm("d", "r", 1, 5, **said("x", "aside"))],
            ("q", "a", "c", "c"),
            id="the last to end",
        ),
        pytest.param(
            [span("r"), span("x", "r", "agent", **said("q", "a")), llm("c", "x")],
            ("q", "a", "x", "x"),
            id="an agent's",
        ),
        pytest.param(
            [span("r"), llm("c", "r", **said("q")), llm("w", "r", error=True, **said("q"))],
            ("q", None, "c", None),
            id="no answer",
        ),
        pytest.param(
            [span("r", input="{}"), span("e", "r", "evaluator"), llm("j", "e", **said("judge", "good"))],
            (None, None, None, None),
            id="never an evaluator's",
        ),
    ],
)
def test_texts_of_a_turn(spans, expected):
    """Texts of a turn."""
    assert texts(*spans) == expected


def test_texts_are_cut_to_400_code_points_and_the_length_is_kept():
    """Texts are cut to 400 code points and the length is kept."""
    turn = one(llm("c", **said("é" * 500, "\U0001f600" * 401)))

    assert (len(turn.input or ""), turn.input_length, len(turn.output or ""), turn.output_length) == (
        400,
        500,
        400,
        401,
    )


def test_lengths_stand_where_texts_are_off():
    """Lengths stand where texts are off."""
    turn = one(span("t", is_turn=True, attributes={"turn.input_length": 12, "turn.output_length": 34}))

    assert (turn.input, turn.input_length, turn.output_length, turn.answered) == (None, 12, 34, True)


def message(span_id, role, text, part="input", time=0.0):
    """A message log."""
    return record(
        "message",
        time,
        record_id=f"{role}{time}",
        span_id=span_id,
        body={"role": role, "text": text, "part": part},
    )


def test_message_logs_join_the_spans_that_lack_text():
    """Message logs join the spans that lack text."""
    reading = read(
        span("r", kind="agent"),
        llm("c", "r"),
        message("c", "user", "What is Python?", time=1),
        message("c", "assistant", "A language.", part="output", time=2),
    )

    (turn,) = reading.turns
    assert (turn.input, turn.output, turn.input_span_id) == ("What is Python?", "A language.", "c")
    assert reading.spoken.inputs == {"c": "What is Python?"}


def test_of_the_message_logs_the_last_of_the_user_counts():
    """Of the message logs the last of the user counts."""
    turn = one(
        llm("c"),
        message("c", "user", "before", time=1),
        message("c", "assistant", "then", time=2),
        message("c", "user", "now", time=3),
    )

    assert turn.input == "now"


def test_a_spans_own_text_comes_before_the_logs():
    """A spans own text comes before the logs."""
    assert one(llm("c", **said("own")), message("c", "user", "log")).input == "own"


def test_equal_inputs_have_equal_hashes_and_a_reported_one_is_kept():
    """Equal inputs have equal hashes and a reported one is kept."""
    assert one(llm("c", **said("q"))).input_hash == one(llm("d", **said("q"))).input_hash
    assert one(span("t", is_turn=True, input_hash="h", **said("q"))).input_hash == "h"


@pytest.mark.parametrize(("asks", "continues"), [(True, False), (False, True)])
def test_a_lone_call_after_a_tool_result_continues_an_exchange(asks, continues):
    """A lone call after a tool result continues an exchange."""
    assert one(llm("c", has_user_message=asks, **said("q"))).continues is continues
