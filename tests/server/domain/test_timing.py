"""Definitions, *Time*: start, end, latency, activity and waiting."""

import pytest

from domain.build import llm, one, read, record, span, us


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([span("r", None, "http", 1, 5), llm("c", "r", 2, 4)], (1, 5), id="a root's own"),
        pytest.param(
            [llm("c", "gone", 2, 4), span("d", "gone", "tool", 3, 9)], (2, 9), id="of all, without a root"
        ),
        pytest.param(
            [span("t", None, "turn", 1, 5, is_turn=True), llm("c", "t", 2, 9)], (1, 5), id="a client's turn"
        ),
        pytest.param(
            [span("r", None, "span", 1, None), llm("c", "r", 2, 9)], (1, 9), id="a root without an end"
        ),
    ],
)
def test_start_and_end(spans, expected):
    """Start and end."""
    turn = one(*spans)

    assert (turn.start_us, turn.end_us) == tuple(map(us, expected))


def test_latency_is_without_waiting_for_a_human():
    """Latency is without waiting for a human."""
    assert one(span("t", None, "turn", 0, 10, is_turn=True, human_wait_us=us(4))).latency_us == us(6)


@pytest.mark.parametrize("spans", [[llm("c", None, 5, 3)], [llm("c", None, 0, 3, human_wait_us=us(9))]])
def test_a_negative_latency_is_missing(spans):
    """A negative latency is missing."""
    assert one(*spans).latency_us is None


@pytest.mark.parametrize(
    ("spans", "ttft"),
    [
        pytest.param(
            [span("r"), llm("c", "r", 1, ttft_us=us(2)), llm("d", "r", 5, ttft_us=us(1))], 3, id="first token"
        ),
        pytest.param(
            [span("t", is_turn=True, ttft_us=us(1)), llm("c", "t", 5, ttft_us=us(1))], 1, id="the turn's own"
        ),
        pytest.param([span("r"), llm("c", "r")], None, id="missing"),
        pytest.param([llm("c", ttft_us=0)], 0, id="0 is a value"),
        pytest.param([llm("c", ttft_us=-5)], None, id="negative"),
    ],
)
def test_ttft_is_from_the_start_of_the_turn(spans, ttft):
    """TTFT is from the start of the turn."""
    assert one(*spans).ttft_us == (None if ttft is None else us(ttft))


@pytest.mark.parametrize(
    ("spans", "end"),
    [
        pytest.param([span("r", end=5), llm("c", "r", 1, 8)], 8, id="a child that outlives its root"),
        pytest.param([span("r", end=5), llm("c", "r", 6, 8)], 5, id="what starts after the turn's end"),
        pytest.param(
            [span("r", end=5), llm("x", "r"), span("e", "r", "evaluator", 1, 8)], 10, id="an evaluator"
        ),
        pytest.param(
            [span("r", end=5), llm("x", "r", 0, 1), llm("b", "r", 1, 8, background=True)], 5, id="background"
        ),
    ],
)
def test_what_extends_activity(spans, end):
    """What extends activity."""
    assert one(*spans).extends_us == us(end)


def test_activity_time_is_the_earlier_of_end_and_reception():
    """Activity time is the earlier of end and reception."""
    turn = one(llm("c", None, 0, 100, received_us=us(60)))

    assert (turn.active_end_us, turn.extends_us, turn.received_us) == (us(60), us(100), us(60))


def test_an_evaluator_trace_extends_nothing():
    """An evaluator trace extends nothing."""
    (activity,) = read(span("e", kind="evaluator")).turns

    assert (activity.extends_us, activity.active_end_us, activity.last_end_us) == (None, None, us(10))


@pytest.mark.parametrize(
    ("spans", "skewed"),
    [
        pytest.param([span("r", start=5, end=10), llm("c", "r", 4, 11)], False, id="1 s outside"),
        pytest.param([span("r", start=5, end=10), llm("c", "r", 3.9, 9)], True, id="before its parent"),
        pytest.param([span("r", start=5, end=10), llm("c", "r", 6, 11.1)], True, id="after its parent"),
        pytest.param([llm("c", received_us=us(310))], False, id="5 min off reception"),
        pytest.param([llm("c", received_us=us(311))], True, id="older than reception"),
        pytest.param([llm("c", None, 999, 1000, received_us=us(699))], True, id="newer than reception"),
        pytest.param([llm("c", "gone")], False, id="no parent here"),
    ],
)
def test_clock_skew(spans, skewed):
    """Clock skew."""
    assert one(*spans).flags == (("clock_skew",) if skewed else ())


def ask(time, request="q", **fields):
    """A human request."""
    return record("human.request", time, body={"human.request_id": request}, **fields)


def answer(time, request="q", **fields):
    """A human response."""
    return record("human.response", time, body={"human.request_id": request}, **fields)


TURN = span("t", None, "turn", 0, 10, is_turn=True)


@pytest.mark.parametrize(
    ("events", "waited", "asked", "answered"),
    [
        pytest.param([ask(1), answer(4)], 3, (), (), id="one"),
        pytest.param([ask(1, "a"), ask(2, "b"), answer(4, "a"), answer(5, "b")], 4, (), (), id="overlapping"),
        pytest.param([ask(1, "a"), answer(2, "a"), ask(5, "b"), answer(7, "b")], 3, (), (), id="two"),
        pytest.param([ask(1)], 0, ("q",), (), id="open"),
        pytest.param([answer(4)], 0, (), ("q",), id="of elsewhere"),
        pytest.param([ask(8), answer(15)], 2, (), (), id="only inside the turn"),
        pytest.param([ask(1, None), answer(4, None)], 3, (), (), id="without ids"),
    ],
)
def test_waiting_for_a_human(events, waited, asked, answered):
    """Waiting for a human."""
    turn = one(TURN, *events)

    assert (turn.human_wait_us, turn.human_requests, turn.human_responses) == (us(waited), asked, answered)
    assert turn.human_open is bool(asked)


@pytest.mark.parametrize(
    ("own", "childs", "waited"), [(2, 3, 2), (None, 3, 3), (None, None, 1)], ids=["turn", "spans", "events"]
)
def test_a_reported_wait_comes_before_the_time_between_events(own, childs, waited):
    """A reported wait comes before the time between events."""
    turn = one(
        span("t", is_turn=True, human_wait_us=None if own is None else us(own)),
        span("h", "t", human_wait_us=None if childs is None else us(childs)),
        ask(1),
        answer(2),
    )

    assert turn.human_wait_us == us(waited)
