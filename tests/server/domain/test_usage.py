"""Definitions, *Tokens, cost, waste*."""

from decimal import Decimal

import pytest

from domain.build import llm, one, read, span


def used(tokens, **fields):
    """Usage of a call."""
    return {"input_tokens": tokens, "output_tokens": 1} | fields


@pytest.mark.parametrize(
    ("spans", "tokens"),
    [
        pytest.param([llm("a", **used(5))], 5, id="one call"),
        pytest.param(
            [span("r", **used(9)), llm("a", "r", **used(4)), llm("b", "r", **used(5))], 9, id="never a root's"
        ),
        pytest.param(
            [span("r", kind="agent", **used(9)), llm("a", "r", **used(4))], 4, id="never an agent's"
        ),
        pytest.param(
            [llm("a", **used(9)), llm("b", "a", **used(4)), llm("c", "a", **used(4))], 8, id="wrapper"
        ),
        pytest.param(
            [llm("a", **used(9)), span("x", "a"), llm("b", "x", **used(4))], 4, id="wrapper of a wrapper"
        ),
        pytest.param([llm("a", **used(9)), llm("b", "a")], 9, id="an inner call without usage"),
        pytest.param([llm("a"), span("e", kind="embedding", **used(3))], 3, id="embeddings count"),
        pytest.param(
            [span("r", kind="agent", **used(9)), llm("a", "r")], 9, id="the outermost if no call has usage"
        ),
        pytest.param(
            [span("r", kind="agent", **used(9)), span("x", "r", **used(9)), llm("a", "x")], 9, id="only it"
        ),
        pytest.param(
            [span("r"), span("x", "r", **used(2)), span("y", "r", **used(3)), llm("a")],
            5,
            id="each outermost",
        ),
        pytest.param([llm("a", input_tokens=0)], 0, id="0 is a value"),
        pytest.param([llm("a")], None, id="missing is missing"),
    ],
)
def test_only_innermost_calls_with_usage_count_else_the_outermost_spans(spans, tokens):
    """Only innermost calls with usage count else the outermost spans."""
    assert one(*spans).input_tokens == tokens


def test_evaluators_are_a_bucket_of_their_own():
    """Evaluators are a bucket of their own."""
    turn = one(
        span("r"),
        llm("a", "r", **used(5, cost_usd=Decimal("0.1"))),
        span("e", "r", "evaluator"),
        llm("j", "e", **used(7, cost_usd=Decimal("0.3"))),
    )

    assert (turn.input_tokens, turn.cost_usd, turn.evaluator_cost_usd) == (5, Decimal("0.1"), Decimal("0.3"))
    assert (turn.llm_calls, turn.priced_calls) == (1, 1)


@pytest.mark.parametrize(
    ("calls", "cost", "priced", "unpriced"),
    [
        ([used(1, cost_usd=Decimal("0.1")), used(1, cost_usd=Decimal("0.2"))], Decimal("0.3"), 2, 0),
        ([used(1, cost_usd=Decimal("0.1")), used(1)], Decimal("0.1"), 1, 1),
        ([used(1), used(1)], None, 0, 2),
        ([{}], None, 0, 1),
        ([{"error": True}], None, 0, 0),
        ([used(1, cost_usd=Decimal(0))], Decimal(0), 1, 0),
    ],
    ids=["all priced", "some", "none", "no usage at all", "failed without usage", "free"],
)
def test_a_sum_is_of_the_priced_calls(calls, cost, priced, unpriced):
    """A sum is of the priced calls."""
    spans = [llm(f"c{number}", "r", **fields) for number, fields in enumerate(calls)]

    turn = one(span("r"), *spans)

    assert (turn.cost_usd, turn.priced_calls, turn.unpriced_calls) == (cost, priced, unpriced)


def test_failed_calls_count_and_are_wasted():
    """Failed calls count and are wasted."""
    turn = one(
        span("r"), llm("a", "r", error=True, **used(5, cost_usd=Decimal("0.1"))), llm("b", "r", 1, **used(6))
    )

    assert (turn.input_tokens, turn.wasted_tokens, turn.wasted_cost_usd) == (11, 6, Decimal("0.1"))


def test_retries_before_the_last_are_wasted_with_all_that_is_below_them():
    """Retries before the last are wasted with all that is below them."""
    turn = one(
        span("r"),
        *(span(f"try{n}", "r", "chain", n, n + 1, name="try", retry_attempt=n or None) for n in range(3)),
        *(llm(f"call{n}", f"try{n}", n, n + 1, **used(10)) for n in range(3)),
    )

    assert (turn.input_tokens, turn.wasted_tokens) == (30, 22)


def test_retries_of_different_calls_are_different_chains():
    """Retries of different calls are different chains."""
    turn = one(
        span("r"),
        llm("a0", "r", 0, 1, name="a", **used(1)),
        llm("a1", "r", 1, 2, name="a", retry_attempt=1, **used(1)),
        llm("b0", "r", 2, 3, name="b", **used(1)),
        llm("a2", "r", 3, 4, name="a", **used(1)),
    )

    assert turn.wasted_tokens == 2, "only the first attempt of the first call"


def test_nothing_wasted_is_missing_not_zero():
    """Nothing wasted is missing not zero."""
    assert one(llm("a", **used(5))).wasted_tokens is None


@pytest.mark.parametrize(
    ("spans", "runs", "top"),
    [
        ([llm("a")], 1, 1),
        ([span("r", kind="agent"), llm("a", "r")], 1, 1),
        (
            [
                span("r"),
                span("a", "r", "agent"),
                span("b", "a", "agent"),
                span("c", "r", "agent"),
                llm("d", "b"),
            ],
            3,
            2,
        ),
        ([span("r", kind="agent"), span("x", "r"), span("b", "x", "agent")], 2, 1),
    ],
    ids=["one implicit", "one", "nested", "nested deeper"],
)
def test_agent_runs(spans, runs, top):
    """Agent runs."""
    turn = one(*spans)

    assert (turn.agent_runs, turn.top_level_runs) == (runs, top)


def test_the_usage_of_one_turn_is_not_that_of_another():
    """The usage of one turn is not that of another."""
    turns = read(
        span("t", is_turn=True),
        llm("a", "t", **used(5)),
        span("u", None, is_turn=True),
        llm("b", "u", **used(7)),
    ).turns

    assert [(turn.span_id, turn.input_tokens) for turn in turns] == [("t", 5), ("u", 7)]
