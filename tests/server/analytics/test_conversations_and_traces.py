"""Conversations across sessions; traces with the ids of their spans; other traffic."""

from decimal import Decimal

from turnloom.model.record import Record
from turnloom.server.analytics import conversation_list, one_conversation, one_trace, trace_list
from turnloom.server.analytics.order import Order
from turnloom.server.store.engine import Engine
from turnloom.server.store.span_rows import HOUR_US

from .stored import MINUTE_US, START_US, a_span, a_turn, put_record, put_trace, put_turns, source

BY_START = Order(conversation_list.FIELDS["started_at"], "asc", "conversation_id")
TRACES_BY_START = Order(trace_list.FIELDS["started_at"], "asc", "trace_id")


def put_conversations(engine: Engine) -> None:
    """`c1` in two sessions, `c2` in one, and a turn without a conversation."""
    later_us = START_US + HOUR_US
    put_turns(
        engine,
        a_turn("a", 1, conversation_id="c1", user_id="u1", cost_usd=Decimal("0.1"), models=("m1",), errors=1),
        a_turn("a", 2, conversation_id="c2", user_id="u1"),
        a_turn("a", 3),
        a_turn(
            "b", 1, conversation_id="c1", number=2, user_id="u2", cost_usd=Decimal("0.2"), start_us=later_us
        ),
    )


def test_a_conversation_goes_on_in_a_later_session(engine: Engine) -> None:
    """Counts, users and cost are those of all its sessions."""
    put_conversations(engine)
    page = conversation_list.list_conversations(source(engine), conversation_list.Params(BY_START, 10))
    first, second = page.conversations
    assert (first.conversation_id, first.session_ids, first.turns_count) == ("c1", ("a", "b"), 2)
    assert (first.user_ids, first.cost_usd, first.models, first.errors) == (
        ("u1", "u2"),
        Decimal("0.3"),
        ("m1",),
        1,
    )
    assert (second.conversation_id, second.cost_usd, page.total) == ("c2", None, 2)


def test_conversations_of_a_session_or_a_time(engine: Engine) -> None:
    """Selected by session they still hold all their sessions."""
    put_conversations(engine)
    given = source(engine)

    def selected(**values: object) -> list[tuple[str, tuple[str, ...]]]:
        params = conversation_list.Params(BY_START, 10, **values)  # type: ignore[arg-type]
        page = conversation_list.list_conversations(given, params)
        return [(each.conversation_id, each.session_ids) for each in page.conversations]

    assert selected(session_id="b") == [("c1", ("a", "b"))]
    assert selected(from_us=START_US + 10 * MINUTE_US) == [("c1", ("a", "b"))]
    assert selected(to_us=START_US) == []


def test_conversations_are_paged(engine: Engine) -> None:
    """The second page begins after the first, with the same total."""
    put_conversations(engine)
    given = source(engine)
    first = conversation_list.list_conversations(given, conversation_list.Params(BY_START, 1))
    second = conversation_list.list_conversations(
        given, conversation_list.Params(BY_START, 1, after=first.end)
    )
    assert [each.conversation_id for each in (*first.conversations, *second.conversations)] == ["c1", "c2"]
    assert (first.total, second.total, second.end) == (2, 2, None)


def test_one_conversation_is_read_as_one_thread(engine: Engine) -> None:
    """Its turns in order of time, from both sessions, and no others."""
    put_conversations(engine)
    found = one_conversation.read_conversation(source(engine), one_conversation.Params("c1", 10))
    assert found is not None
    assert [(shown.turn.session_id, shown.turn.number) for shown in found.page.turns] == [("a", 1), ("b", 2)]
    assert one_conversation.read_conversation(source(engine), one_conversation.Params("c9", 10)) is None


def test_spans_have_the_ids_that_they_inherit(engine: Engine) -> None:
    """From the nearest ancestor, else from the trace; with the key that they were read from."""
    trace_id = "d" * 32
    root = a_span(trace_id, "1" * 16, name="turn", kind="agent")
    tagged = a_span(
        trace_id,
        "2" * 16,
        START_US + 1,
        parent_id="1" * 16,
        session_id="s",
        session_key="session.id",
        session_rank=1,
    )
    child = a_span(
        trace_id, "3" * 16, START_US + HOUR_US, parent_id="2" * 16, input="question", attributes={"k": 1}
    )
    put_trace(engine, [root, tagged, child], ["s"])
    put_record(
        engine, Record("r", "score", START_US, trace_id=trace_id, user_id="u", name="x"), f"t:{trace_id}"
    )
    for limit in (100, 2):
        found = one_trace.read_one_trace(source(engine), one_trace.Params(trace_id, limit))
        assert found is not None
        assert (found.identity.session_id, found.identity.user_id, found.total) == ("s", "u", 3)
        shown = [(span.span_id, identity.session_id, identity.session_key) for span, identity in found.spans]
        assert shown == [(digit * 16, "s", "session.id") for digit in "123"][:limit]
    rest = one_trace.read_one_trace(source(engine), one_trace.Params(trace_id, 2, offset=2))
    assert rest is not None
    assert [(span.input, span.attributes) for span, _ in rest.spans] == [("question", {"k": 1})]
    assert one_trace.read_one_trace(source(engine, "other"), one_trace.Params(trace_id, 2)) is None


def test_traces_are_listed_with_or_without_other_traffic(engine: Engine) -> None:
    """Other traffic has no session and can be asked for alone."""
    put_trace(engine, [a_span("a" * 32, "1" * 16)], ["s"], errors=2)
    put_trace(engine, [a_span("b" * 32, "2" * 16, START_US + MINUTE_US, kind="http")], [], other_traffic=1)
    given = source(engine)

    def selected(**values: object) -> list[str]:
        page = trace_list.list_traces(given, trace_list.Params(TRACES_BY_START, 10, **values))  # type: ignore[arg-type]
        assert page.total == len(page.traces)
        return [trace.trace_id[0] for trace in page.traces]

    assert selected() == ["a", "b"]
    assert selected(other_traffic=True) == ["b"]
    assert selected(other_traffic=False) == ["a"]
    assert selected(session_id="s") == ["a"]
    assert selected(from_us=START_US + 30_000_000) == ["b"]
    by_errors = Order(trace_list.FIELDS["errors"], "desc", "trace_id")
    first = trace_list.list_traces(given, trace_list.Params(by_errors, 1))
    second = trace_list.list_traces(given, trace_list.Params(by_errors, 1, after=first.end))
    assert [(trace.trace_id[0], trace.errors) for trace in (*first.traces, *second.traces)] == [
        ("a", 2),
        ("b", 0),
    ]
    assert (first.total, second.total) == (2, 2)
