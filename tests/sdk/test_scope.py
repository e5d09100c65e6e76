"""Who a span belongs to, in whatever way the scope is entered and wherever the span is made."""

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.context import get_current
from opentelemetry.trace import set_span_in_context

import turnloom
from turnloom.privacy import hash_user

from .finished import Spans


def test_every_span_of_any_instrumentation_has_the_ids_in_every_back_ends_key(spans: Spans):
    """A foreign span inside carries session, conversation, user and turn; one outside carries none."""
    with (
        turnloom.session(
            "s-1", user="alice", channel="web", type="chat", metadata={"plan": "pro"}, tags=["a"]
        ),
        turnloom.conversation("c-1", topic="billing"),
        turnloom.turn("hi", id="t-1", tags=["b"]),
    ):
        spans.foreign.start_span("inside").end()
    spans.foreign.start_span("outside").end()
    assert spans.attributes("inside") == {
        "session.id": "s-1",
        "langfuse.session.id": "s-1",
        "conversation.id": "c-1",
        "gen_ai.conversation.id": "c-1",
        "user.id": hash_user("alice", "salt"),
        "langfuse.user.id": hash_user("alice", "salt"),
        "turn.id": "t-1",
        "turn.number": 1,
        "langfuse.trace.tags": ("a", "b"),
        "session.channel": "web",
        "session.type": "chat",
        "session.metadata.plan": "pro",
        "conversation.topic": "billing",
    }
    assert spans.attributes("outside") == {}


def test_a_conversation_without_a_session_is_the_session_too(spans: Spans):
    """Its id groups in every back end."""
    with turnloom.conversation("c-1"):
        spans.foreign.start_span("inside").end()
    assert spans.attributes("inside")["session.id"] == "c-1"
    assert spans.attributes("inside")["langfuse.session.id"] == "c-1"


def test_another_session_inside_starts_from_nothing_and_the_outer_one_comes_back(spans: Spans):
    """Neither user nor conversation of the outer session leaks in."""
    with turnloom.session("outer", user="alice"), turnloom.conversation("c-1"):
        with turnloom.session("inner"):
            spans.foreign.start_span("inner").end()
        spans.foreign.start_span("outer").end()
    assert spans.attributes("inner") == {"session.id": "inner", "langfuse.session.id": "inner"}
    assert spans.attributes("outer")["session.id"] == "outer"
    assert spans.attributes("outer")["conversation.id"] == "c-1"


def test_the_same_session_again_is_refined(spans: Spans):
    """What a middleware set stays, what is added is there too."""
    with turnloom.session("s", user="alice", channel="web"), turnloom.session("s", locale="de"):
        spans.foreign.start_span("inside").end()
    found = spans.attributes("inside")
    assert (found["session.channel"], found["session.locale"]) == ("web", "de")
    assert found["user.id"] == hash_user("alice", "salt")


def test_ids_that_are_known_late_are_added(spans: Spans):
    """A session or conversation entered inside of a turn that has none keeps the turn."""
    with turnloom.turn("hi", id="t-1"), turnloom.conversation("c"), turnloom.session("s"):
        spans.foreign.start_span("inside").end()
    found = spans.attributes("inside")
    assert (found["session.id"], found["conversation.id"], found["turn.id"]) == ("s", "c", "t-1")


def test_another_conversation_inside_of_a_turn_is_not_part_of_it(spans: Spans):
    """The session stays, the turn does not."""
    with turnloom.session("s"), turnloom.conversation("a"), turnloom.turn("hi"), turnloom.conversation("b"):
        spans.foreign.start_span("inside").end()
    found = spans.attributes("inside")
    assert (found["session.id"], found["conversation.id"]) == ("s", "b")
    assert "turn.id" not in found


def test_500_interleaved_tasks_keep_their_own_scope(spans: Spans):
    """No span is attributed to another task's session."""

    async def person(number: int) -> None:
        async with turnloom.session(f"s-{number}"), turnloom.conversation(f"c-{number}"):
            for step in range(2):
                await asyncio.sleep(0)
                async with turnloom.turn(f"question {number}"):
                    await asyncio.sleep(0)
                    spans.foreign.start_span(f"work {number} {step}").end()

    async def everyone() -> None:
        await asyncio.gather(*(person(number) for number in range(500)))

    asyncio.run(everyone())
    checked = 0
    for span in spans.all():
        attributes = dict(span.attributes or {})
        if span.name.startswith("work "):
            _, number, step = span.name.split()
            assert attributes["session.id"] == f"s-{number}"
            assert attributes["conversation.id"] == f"c-{number}"
            assert attributes["turn.number"] == int(step) + 1
            checked += 1
    assert checked == 1_000


def test_64_threads_keep_their_own_scope(spans: Spans):
    """Threads that run at the same time do not see each other's session."""
    barrier = threading.Barrier(64)

    def person(number: int) -> None:
        with turnloom.session(f"s-{number}"):
            barrier.wait()
            for _ in range(20):
                spans.foreign.start_span(f"work {number}").end()

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(person, range(64)))
    found = spans.all()
    assert len(found) == 64 * 20
    assert all((span.attributes or {})["session.id"] == f"s-{span.name.split()[1]}" for span in found)


def test_a_thread_that_is_given_the_parent_span_takes_its_ids(spans: Spans):
    """LangChain and others hand the parent over, but not the context."""
    with turnloom.session("s"), turnloom.turn("hi", id="t-1"), turnloom.agent("a"):
        from opentelemetry.trace import get_current_span

        parent = get_current_span()

    def work() -> None:
        spans.foreign.start_span("child", context=set_span_in_context(parent)).end()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert spans.attributes("child")["session.id"] == "s"
    assert spans.attributes("child")["turn.id"] == "t-1"


def test_a_given_context_goes_before_the_running_one(spans: Spans):
    """A span started with the context of another session belongs to that session."""
    with turnloom.session("first"):
        context = get_current()
    with turnloom.session("second"):
        spans.foreign.start_span("child", context=context).end()
    assert spans.attributes("child")["session.id"] == "first"


def test_started_and_ended_by_hand(spans: Spans):
    """The scope holds between start and end, and not after."""
    before = get_current()
    session = turnloom.session("s").start()
    turn = turnloom.turn("hi").start()
    spans.foreign.start_span("inside").end()
    turn.end()
    session.end()
    assert get_current() is before
    assert spans.attributes("inside")["session.id"] == "s"
    assert spans.attributes("turn")["turn.status"] == "ok"


def test_ended_by_hand_in_the_wrong_order(spans: Spans):
    """Whoever ends last, nothing is left behind."""
    before = get_current()
    session = turnloom.session("s").start()
    conversation = turnloom.conversation("c").start()
    session.end()
    conversation.end()
    assert get_current() is before


def test_ended_in_another_context_than_started_in(spans: Spans, caplog: pytest.LogCaptureFixture):
    """A handle may end in another task, and OpenTelemetry has no token to complain about."""
    turn = turnloom.turn("hi")
    contextvars.copy_context().run(turn.start)
    turn.end()
    assert spans.attributes("turn")["turn.status"] == "ok"
    assert caplog.text == ""


def test_what_was_left_open_inside_of_a_block_ends_with_its_scope(spans: Spans):
    """A handle that nobody ended does not leak out of the block around it."""
    before = get_current()
    with turnloom.session("s"):
        inner = turnloom.session("inner").start()
    assert get_current() is before
    inner.end()
    assert get_current() is before


def test_a_background_task_keeps_the_turn_it_was_started_in(spans: Spans):
    """A task that outlives the turn still belongs to it."""

    async def work() -> None:
        await asyncio.sleep(0.01)
        spans.foreign.start_span("late").end()

    async def answer() -> None:
        with turnloom.session("s"), turnloom.turn("hi", id="t-1"):
            task = asyncio.create_task(work())
        await task

    asyncio.run(answer())
    assert spans.attributes("late")["turn.id"] == "t-1"


def test_the_stamp_is_the_same_by_the_public_way(spans: Spans):
    """Where attribute values are limited in length the fast way is not taken, and the limit holds."""
    from opentelemetry.sdk.trace import SpanLimits, TracerProvider

    from turnloom.sdk.stamping import write_stamp

    stamp = {"session.id": "s" * 20, "turn.number": 3, "langfuse.trace.tags": ("a", "b")}
    limited = TracerProvider(span_limits=SpanLimits(max_span_attribute_length=5), shutdown_on_exit=False)
    few = TracerProvider(span_limits=SpanLimits(max_span_attributes=2), shutdown_on_exit=False)
    free = TracerProvider(shutdown_on_exit=False)
    written = []
    for provider in (limited, few, free):
        span = provider.get_tracer("x").start_span("x")
        write_stamp(span, stamp)
        written.append(dict(span.attributes))
    assert written[0]["session.id"] == "sssss"
    assert list(written[1]) == ["turn.number", "langfuse.trace.tags"]
    assert written[2] == stamp
