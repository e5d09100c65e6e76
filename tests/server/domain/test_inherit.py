"""Vocabulary, *Trace-level inheritance*, C5, C6 and C9."""

import pytest

from domain.build import TRACE, llm, read, record, span

A = {"session_id": "A", "session_key": "session.id", "session_rank": 1}
B = {"session_id": "B", "session_key": "session.id", "session_rank": 1}


def effective(*items):
    """Session id of each span."""
    reading = read(*items)
    return {each.span_id: ids.session_id for each, ids in zip(reading.spans, reading.identities, strict=True)}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([span("r", **A), llm("c", "r")], {"r": "A", "c": "A"}, id="from the root"),
        pytest.param([span("r"), llm("c", "r", **A)], {"r": "A", "c": "A"}, id="from a child only"),
        pytest.param(
            [span("r"), llm("c", "r", **A), llm("d", "r")], {"r": "A", "c": "A", "d": "A"}, id="sibling"
        ),
        pytest.param(
            [llm("c", "gone", **A), llm("d", "gone")], {"c": "A", "d": "A"}, id="the root never arrives"
        ),
        pytest.param(
            [span("r", **A), span("m", "r", **B), llm("c", "m")],
            {"r": "A", "m": "B", "c": "B"},
            id="nearest ancestor",
        ),
        pytest.param([span("r"), llm("c", "r")], {"r": TRACE, "c": TRACE}, id="ungrouped: its trace id"),
        pytest.param(
            [span("r"), llm("c", "r", start=1, **B), llm("d", "r", start=2, **{**A, "session_rank": 0})],
            {"r": "A", "c": "B", "d": "A"},
            id="the better key before the earlier span",
        ),
        pytest.param(
            [llm("c", "r", start=1, **B), span("r", start=2, **A), llm("d", "gone")],
            {"r": "A", "c": "B", "d": "A"},
            id="of equal keys the root",
        ),
        pytest.param(
            [span("r"), llm("c", "r", start=2, **A), llm("d", "r", start=1, **B)],
            {"r": "B", "c": "A", "d": "B"},
            id="of equal children the earliest",
        ),
        pytest.param(
            [span("r"), llm("c", "r", start=1, **A), llm("b", "r", start=1, **B)],
            {"r": "B", "c": "A", "b": "B"},
            id="of equal starts the smaller span id",
        ),
    ],
)
def test_session_of_each_span(spans, expected):
    """Session of each span."""
    assert effective(*spans) == expected


def test_why_grouped_is_the_key_that_won():
    """Why grouped is the key that won."""
    reading = read(span("r"), llm("c", "r", **A))

    assert reading.identities[0].session_key == "session.id"
    assert reading.turns[0].session_key == "session.id"


def test_a_conversation_without_a_session_is_the_session_too():
    """A conversation without a session is the session too."""
    reading = read(span("r"), llm("c", "r", conversation_id="C", conversation_key="thread.id"))

    assert (reading.identity.session_id, reading.identity.derived, reading.identity.grouped) == (
        "C",
        True,
        True,
    )
    assert reading.turns[0].flags == ("derived",)


def test_a_conversation_is_no_session_when_any_span_has_one():
    """A conversation is no session when any span has one."""
    reading = read(span("r", conversation_id="C"), llm("c", "r", **A))

    assert {ids.session_id for ids in reading.identities} == {"A"}
    assert reading.identity.derived is False


def test_several_conversations_the_spans_keep_their_own():
    """Several conversations the spans keep their own."""
    reading = read(
        span("r", conversation_id="C1", session_id="A"), llm("c", "r", conversation_id="C2"), llm("d", "r")
    )

    assert [ids.conversation_id for ids in reading.identities] == ["C2", "C1", "C1"]
    assert reading.identity.conversation_id == "C1"
    assert {turn.conversation_id for turn in reading.turns} == {"C1"}


def test_two_sessions_in_one_trace_are_flagged_and_keep_their_spans():
    """Two sessions in one trace are flagged and keep their spans."""
    reading = read(span("r", **A), llm("c", "r", **A), llm("d", "r", start=1, **B))

    assert reading.flags == ("mixed_sessions",)
    assert [(turn.session_id, turn.spans_count) for turn in reading.turns] == [("A", 2), ("B", 1)]


def test_derived_sessions_never_count_as_mixed():
    """Derived sessions never count as mixed."""
    reading = read(span("r", conversation_id="C1"), llm("c", "r", conversation_id="C2"))

    assert "mixed_sessions" not in reading.flags
    assert {ids.session_id for ids in reading.identities} == {"C1"}


def test_a_trace_without_ids_is_its_own_ungrouped_session():
    """A trace without ids is its own ungrouped session."""
    reading = read(llm("c"))

    assert (reading.turns[0].session_id, reading.turns[0].grouped) == (TRACE, False)


def test_users_are_inherited_like_sessions_and_all_are_kept():
    """Users are inherited like sessions and all are kept."""
    reading = read(span("r", user_id="u1"), llm("c", "r", user_id="u2"), llm("d", "r"))

    assert [ids.user_id for ids in reading.identities] == ["u2", "u1", "u1"]
    assert (reading.turns[0].user_id, reading.turns[0].users) == ("u1", ("u1", "u2"))


def test_a_record_stands_in_where_no_span_has_an_id():
    """A record stands in where no span has an id."""
    reading = read(llm("c"), record("turn.start", span_id="t", session_id="A"))

    assert [ids.session_id for ids in reading.identities] == ["A"]


def test_a_trace_of_five_thousand_sessions_is_read_in_linear_time():
    """A worker that handles one session after the other in one trace."""
    spans = [llm(f"{n:05}", "root", n, n + 1, session_id=f"s{n}") for n in range(5000)]

    reading = read(span("root", end=6000), *spans)

    assert len({turn.session_id for turn in reading.turns}) == 5000
