"""Replaying the same data in any order, any number of times, gives identical results."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.build import RULES, ended, record, score, span, us
from turnloom.server.domain.session import read_session
from turnloom.server.domain.trace import read_trace
from turnloom.server.domain.winners import winners

IDS = [None, "A", "B"]
KINDS = ["span", "llm", "llm", "agent", "tool", "http", "evaluator", "embedding", "turn"]


@st.composite
def spans(draw):
    """Spans of one trace with any parents, ids and times."""
    number = draw(st.integers(1, 9))
    names = [f"p{n}" for n in range(number)]
    made = []
    for name in names:
        start = draw(st.integers(0, 50))
        kind = draw(st.sampled_from(KINDS))
        made.append(
            span(
                name,
                draw(st.sampled_from([None, "gone", *names])),
                kind,
                start,
                draw(st.sampled_from([None, start, start + 3, start + 40])),
                is_turn=kind == "turn",
                turn_id=draw(st.sampled_from([None, None, "x"])),
                session_id=draw(st.sampled_from(IDS)),
                session_rank=draw(st.integers(0, 1)),
                conversation_id=draw(st.sampled_from(IDS)),
                user_id=draw(st.sampled_from(IDS)),
                input_tokens=draw(st.sampled_from([None, 0, 5])),
                cost_usd=draw(st.sampled_from([None, Decimal("0.1")])),
                error=draw(st.booleans()),
                retry_attempt=draw(st.sampled_from([None, None, 1])),
                input_text=draw(st.sampled_from([None, "hello", "and then?"])),
                output_text=draw(st.sampled_from([None, "Which one?", "Done."])),
                background=draw(st.integers(0, 9)) == 0,
                tags=draw(st.sampled_from([(), ("b", "a")])),
                session_attributes=draw(st.sampled_from([{}, {"channel": "web"}, {"channel": "slack"}])),
                received_us=draw(st.sampled_from([0, us(20)])),
            )
        )
    return made


@st.composite
def records(draw):
    """Records of one trace."""
    made = []
    for number in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["turn.start", "message", "score", "human.request", "human.response"]))
        common = {
            "record_id": f"r{number}",
            "span_id": draw(st.sampled_from([None, "p0", "p1", "q"])),
            "session_id": draw(st.sampled_from(IDS)),
        }
        time = draw(st.integers(0, 9))
        if kind == "score":
            made.append(score("stars", draw(st.integers(1, 5)), time, **common))
        else:
            made.append(record(kind, time, body={"role": "user", "text": f"said {number}"}, **common))
    return made


def everything(found_spans, found_records):
    """A trace and all of its sessions."""
    reading = read_trace(found_spans, found_records)
    sessions = {turn.session_id for turn in reading.turns}
    about = [ended("logout", 20), *(each for each in found_records if each.kind == "score")]
    return reading, [
        read_session(
            session_id,
            [turn for turn in reading.turns if turn.session_id == session_id],
            about,
            RULES,
            us(500),
        )
        for session_id in sorted(sessions)
    ]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_order_gives_identical_results(data):
    """Any order gives identical results."""
    some, about = data.draw(spans()), data.draw(records())

    expected = everything(some, about)
    reading, sessions = everything(data.draw(st.permutations(some)), data.draw(st.permutations(about)))

    assert (reading, sessions) == expected


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_turns_of_a_session_in_any_order_and_read_twice(data):
    """Turns of a session in any order and read twice."""
    reading = read_trace(data.draw(spans()))
    turns = [turn for turn in reading.turns if turn.session_id == reading.turns[0].session_id]
    expected = read_session("s", turns, [], RULES, us(500))

    shuffled = read_session("s", data.draw(st.permutations(turns)), [], RULES, us(500))
    again = read_session("s", expected.turns, [], RULES, us(500))

    assert shuffled == expected == again


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_every_span_is_in_exactly_one_turn(data):
    """Every span is in exactly one turn."""
    some = winners(data.draw(spans()))
    reading = read_trace(some)

    if not reading.other_traffic:
        assert sum(turn.spans_count for turn in reading.turns) == len(some)
    assert len(reading.identities) == len(some)
