"""One trace that holds many turns, such as one trace per WebSocket."""

import pytest

from domain.build import llm, read, span


def asks(span_id, parent, start, text, **fields):
    """A call with a new user message."""
    return llm(span_id, parent, start, start + 1, input_text=text, output_text="ok", **fields)


def step(span_id, parent, start):
    """The next call of an agent loop."""
    return llm(span_id, parent, start, start + 1, input_text="weather?", has_user_message=False)


SOCKET = span("ws", None, "http", 0, 100, attributes={"http.scheme": "ws", "http.method": "GET"})
PLAIN = span("ws", None, "span", 0, 100)


@pytest.mark.parametrize("root", [SOCKET, PLAIN], ids=["socket", "plain"])
def test_each_new_user_message_below_a_root_that_asks_nothing_is_a_turn(root):
    """Each new user message below a root that asks nothing is a turn."""
    turns = read(root, asks("a", "ws", 1, "hello"), asks("b", "ws", 10, "and the weather?")).turns

    assert [(turn.source, turn.span_id, turn.input) for turn in turns] == [
        ("span", "a", "hello"),
        ("span", "b", "and the weather?"),
        ("activity", "", None),
    ]


def test_it_is_the_same_when_the_root_never_arrives():
    """It is the same when the root never arrives."""
    turns = read(asks("a", "ws", 1, "hello"), asks("b", "ws", 10, "and the weather?")).turns

    assert [turn.span_id for turn in turns] == ["a", "b"]


def test_the_next_steps_of_an_agent_loop_belong_to_its_turn():
    """The next steps of an agent loop belong to its turn."""
    turns = read(
        PLAIN,
        asks("a", "ws", 1, "weather?"),
        span("tool", "ws", "tool", 3, 4),
        step("b", "ws", 5),
        asks("c", "ws", 20, "thanks a lot"),
    ).turns

    assert [(turn.span_id, turn.spans_count, turn.end_us) for turn in turns] == [
        ("a", 3, 6_000_000),
        ("c", 1, 21_000_000),
        ("", 1, 100_000_000),
    ]


def test_a_branch_is_owned_from_its_top_but_stands_for_what_was_asked():
    """A branch is owned from its top but stands for what was asked."""
    turns = read(
        PLAIN,
        span("x", "ws", "chain", 1, 3),
        asks("a", "x", 1, "hello", conversation_id="C1"),
        span("y", "ws", "chain", 5, 8),
        asks("b", "y", 6, "good bye", conversation_id="C2"),
    ).turns

    assert [(turn.span_id, turn.conversation_id, turn.spans_count) for turn in turns[:2]] == [
        ("a", "C1", 2),
        ("b", "C2", 2),
    ]
    assert turns[1].start_us == 5_000_000


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([PLAIN, asks("a", "ws", 1, "hello")], id="one message"),
        pytest.param(
            [PLAIN, asks("a", "ws", 1, "hello"), asks("b", "ws", 3, "Hello ")], id="the same message"
        ),
        pytest.param(
            [
                PLAIN,
                asks("a", "ws", 1, "where is my order"),
                asks("b", "ws", 3, "Classify: where is my order"),
            ],
            id="a prompt that quotes it",
        ),
        pytest.param(
            [
                PLAIN,
                llm("a", "ws", 1, 2, input_text="Rewrite: and then?", output_text="Weather tomorrow, Oslo"),
                asks("b", "ws", 3, "Answer from these documents: weather tomorrow, Oslo"),
            ],
            id="a prompt that quotes the answer before",
        ),
        pytest.param(
            [PLAIN, asks("a", "ws", 1, "hello"), asks("b", "ws", 1.5, "other")], id="at the same time"
        ),
        pytest.param(
            [span("ws", None, "chain", 0, 100), asks("a", "ws", 1, "hello"), asks("b", "ws", 3, "other")],
            id="an application's chain",
        ),
        pytest.param(
            [
                span("ws", None, "span", 0, 100, input="{}"),
                asks("a", "ws", 1, "hello"),
                asks("b", "ws", 3, "other"),
            ],
            id="a root with an input",
        ),
        pytest.param(
            [
                span("ws", None, "http", 0, 100, attributes={"http.request.method": "POST"}),
                asks("a", "ws", 1, "hello"),
                asks("b", "ws", 3, "other"),
            ],
            id="an HTTP request",
        ),
        pytest.param(
            [PLAIN, span("x", "ws", "agent", 1, 9), asks("a", "x", 1, "hello"), asks("b", "x", 3, "other")],
            id="one agent below",
        ),
    ],
)
def test_a_pipeline_is_one_turn(spans):
    """A pipeline is one turn."""
    assert [turn.source for turn in read(*spans).turns] == ["trace"]


def test_plain_spans_around_the_branches_are_looked_through():
    """Plain spans around the branches are looked through."""
    turns = read(
        span("proxy", None, "http", 0, 100, attributes={"http.scheme": "ws"}),
        span("ws", "proxy", "span", 0, 100),
        asks("a", "ws", 1, "hello"),
        asks("b", "ws", 10, "and the weather?"),
    ).turns

    assert [turn.span_id for turn in turns] == ["a", "b", ""]


def test_ten_thousand_messages_are_ten_thousand_turns():
    """Ten thousand messages are ten thousand turns."""
    spans = [asks(f"{i:05}", "ws", i * 2, f"question number {i}") for i in range(9_999)]

    assert len(read(span("ws", end=99_999), *spans).turns) == 10_000
