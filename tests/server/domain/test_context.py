"""Definitions, *Context window*."""

import pytest

from domain.build import llm, one, session, span, turn

WINDOW = {"context_limit": 1000}


@pytest.mark.parametrize(
    ("spans", "last", "peak"),
    [
        pytest.param([llm("c", input_tokens=250, **WINDOW)], 0.25, 0.25, id="input tokens"),
        pytest.param([llm("c", input_tokens=250, context_tokens=500, **WINDOW)], 0.5, 0.5, id="as reported"),
        pytest.param([llm("c", input_tokens=250)], None, None, id="unknown model"),
        pytest.param([llm("c", input_tokens=1500, **WINDOW)], 1.5, 1.5, id="may exceed 1"),
        pytest.param(
            [
                span("r"),
                llm("c", "r", 1, input_tokens=800, **WINDOW),
                llm("d", "r", 2, input_tokens=300, **WINDOW),
            ],
            0.3,
            0.8,
            id="the last call",
        ),
        pytest.param(
            [
                span("r", kind="agent"),
                llm("c", "r", 1, input_tokens=300, **WINDOW),
                span("s", "r", "agent", 2),
                llm("d", "s", 2, input_tokens=900, **WINDOW),
            ],
            0.3,
            0.9,
            id="not a sub-agent's",
        ),
        pytest.param(
            [span("t", is_turn=True, context_tokens=400, **WINDOW), llm("c", "t")],
            0.4,
            0.4,
            id="told by the turn",
        ),
    ],
)
def test_ratio_of_a_turn(spans, last, peak):
    """Ratio of a turn."""
    found = one(*spans)

    assert (found.context_ratio, found.peak_context_ratio) == (last, peak)


def test_pruning_is_reported():
    """Pruning is reported."""
    found = one(span("t", is_turn=True, messages_pruned=18), llm("c", "t"))

    assert (found.messages_pruned, found.context_pruned, found.flags) == (18, True, ("context_pruned",))


def call(start, messages=None, tokens=None, key="a/m", **fields):
    """A turn whose last call had this context."""
    return turn(start, context_call=key, context_messages=messages, context_tokens=tokens, **fields)


@pytest.mark.parametrize(
    ("turns", "suspected"),
    [
        ([call(1, messages=9), call(9, messages=4)], True),
        ([call(1, messages=4), call(9, messages=4)], False),
        ([call(1, tokens=100), call(9, tokens=79)], True),
        ([call(1, tokens=100), call(9, tokens=80)], False),
        ([call(1, tokens=100), call(9, tokens=10, key="a/other")], False),
        ([call(1, tokens=100), call(9, tokens=10, conversation_id="c")], False),
        ([call(1, tokens=100), call(9, tokens=10, context_pruned=True)], False),
    ],
    ids=[
        "messages fall",
        "messages stay",
        "tokens fall",
        "by a fifth",
        "other model",
        "other thread",
        "reported",
    ],
)
def test_pruning_is_suspected(turns, suspected):
    """Pruning is suspected."""
    assert ("pruning_suspected" in session(*turns).turns[-1].session_flags) is suspected
