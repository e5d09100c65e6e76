"""Definitions, *Turn* and *Other traffic*: which spans are a turn."""

import pytest

from domain.build import llm, read, record, span


def shape(*items):
    """Source, anchor and size of each turn."""
    return [(turn.source, turn.span_id, turn.spans_count) for turn in read(*items).turns]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param([span("r"), llm("c", "r")], [("trace", "r", 2)], id="a root with an LLM call"),
        pytest.param([span("r"), span("c", "r", "agent")], [("trace", "r", 2)], id="a root with an agent"),
        pytest.param([span("r"), span("c", "r", "tool")], [("trace", "r", 2)], id="a root with a tool"),
        pytest.param([span("r", input="x", session_id="A")], [("trace", "r", 1)], id="a root with an input"),
        pytest.param([llm("r")], [("trace", "r", 1)], id="a bare call"),
        pytest.param([span("r", session_id="A")], [("activity", "", 1)], id="a root without either"),
        pytest.param([span("r", kind="retriever")], [("activity", "", 1)], id="a lone retrieval"),
        pytest.param(
            [span("r", kind="evaluator", input="x"), llm("c", "r")], [("activity", "", 2)], id="an evaluator"
        ),
        pytest.param(
            [span("r", background=True), llm("c", "r")], [("activity", "", 2)], id="a background trace"
        ),
        pytest.param(
            [llm("c", "gone"), span("d", "gone", "tool", 1)], [("trace", "c", 2)], id="the root is missing"
        ),
        pytest.param(
            [span("r"), span("t", "r", "turn", is_turn=True), llm("c", "t")],
            [("client", "t", 2), ("activity", "", 1)],
            id="a client's turn in an HTTP span",
        ),
        pytest.param(
            [
                span("r"),
                span("t", "r", "turn", is_turn=True),
                span("u", "r", "turn", 5, is_turn=True),
                llm("c", "u", 6),
            ],
            [("client", "t", 1), ("client", "u", 2), ("activity", "", 1)],
            id="two turns of a client in one trace",
        ),
        pytest.param(
            [
                span("t", is_turn=True, turn_id="x"),
                span("u", "t", start=1, is_turn=True, turn_id="x"),
                llm("c", "u", 2),
            ],
            [("client", "t", 3)],
            id="the same turn id twice is one turn",
        ),
    ],
)
def test_turns_of_a_trace(items, expected):
    """Turns of a trace."""
    assert shape(*items) == expected


def test_every_span_belongs_to_exactly_one_turn_or_activity():
    """Every span belongs to exactly one turn or activity."""
    reading = read(
        span("r"),
        span("t", "r", is_turn=True),
        llm("c", "t"),
        llm("d", "r", session_id="B"),
        span("e", "d", "tool"),
    )

    assert sum(turn.spans_count for turn in reading.turns) == 5


@pytest.mark.parametrize(
    ("items", "other"),
    [
        pytest.param([span("r", kind="http"), span("c", "r")], True, id="HTTP and database"),
        pytest.param([span("r", kind="chain")], True, id="a chain is no AI span by itself"),
        pytest.param([span("r", session_id="A")], False, id="a session id"),
        pytest.param([span("r", conversation_id="A")], False, id="a conversation id"),
        pytest.param([span("r", user_id="A")], False, id="a user id"),
        pytest.param([span("r", kind="retriever")], False, id="an AI span"),
        pytest.param([span("r", kind="evaluator")], False, id="an evaluator"),
        pytest.param([span("r", input_text="hello")], False, id="a message text"),
        pytest.param([span("r", input='{"a": 1}')], True, id="JSON that is no message"),
        pytest.param(
            [span("r"), record("message", span_id="r", body={"role": "user", "text": "x"})], False, id="log"
        ),
    ],
)
def test_other_traffic_has_no_id_no_ai_and_no_text(items, other):
    """Other traffic has no id no ai and no text."""
    reading = read(*items)

    assert reading.other_traffic is other
    assert bool(reading.turns) is not other


def test_a_trace_has_an_error_when_any_descendant_has():
    """A trace has an error when any descendant has."""
    reading = read(span("r", kind="http"), llm("c", "r", error=True, error_type="RateLimitError"))

    assert reading.errors == 1
    assert (reading.turns[0].status, reading.turns[0].error_type) == ("error", "RateLimitError")
