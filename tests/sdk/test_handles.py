"""Handles: with, async with, decorators, arguments, exceptions, and what each kind records."""

import asyncio
import json
import traceback
from dataclasses import dataclass

import pytest

import turnloom

from .finished import Spans

KINDS = [turnloom.turn, turnloom.agent, turnloom.llm, turnloom.tool]


def test_decorators_enter_a_fresh_handle_at_each_call(spans: Spans):
    """A function and a coroutine function, called at the same time and again."""

    @turnloom.session("s")
    @turnloom.turn("hi")
    @turnloom.agent("billing")
    def answer(question: str, *, polite: bool) -> str:
        """Answer."""
        return f"{question} {polite}"

    @turnloom.conversation("c")
    @turnloom.turn("hi")
    async def later(question: str) -> str:
        await asyncio.sleep(0)
        return question

    async def both() -> list[str]:
        return await asyncio.gather(later("a"), later("b"))

    assert answer("q", polite=True) == "q True"
    assert answer.__doc__ == "Answer."
    assert asyncio.run(both()) == ["a", "b"]
    turns = [span for span in spans.all() if span.name == "turn"]
    assert len({span.context.trace_id for span in turns}) == 3
    assert [span.attributes["session.id"] for span in turns] == ["s", "c", "c"]


def test_a_decorated_tool_records_arguments_and_result(spans: Spans):
    """By the names of its parameters; what is recorded inside wins."""

    class Shop:
        @turnloom.tool("find")
        def find(self, month: str, limit: int = 3) -> list[int]:
            return [limit, len(month)]

    assert Shop().find("May", limit=2) == [2, 3]
    found = spans.attributes("execute_tool find")
    assert json.loads(found["gen_ai.tool.call.arguments"]) == {"month": "May", "limit": 2}
    assert json.loads(found["gen_ai.tool.call.result"]) == [2, 3]


def test_a_generator_is_refused(spans: Spans):
    """It runs after the call has returned: the span would end before it starts."""

    def stream():
        yield 1

    async def astream():
        yield 1

    for function in (stream, astream):
        with pytest.raises(TypeError, match="is a generator"):
            turnloom.turn("hi")(function)


@pytest.mark.parametrize("is_async", [False, True])
def test_exceptions_pass_unchanged(spans: Spans, is_async: bool):
    """Same object, same traceback; recorded as an error on each span it goes through."""
    error = LookupError("no such invoice")

    def fail() -> None:
        raise error

    def sync() -> None:
        with turnloom.session("s"), turnloom.turn("hi"), turnloom.tool("find"):
            fail()

    async def unsync() -> None:
        async with turnloom.session("s"), turnloom.turn("hi"), turnloom.tool("find"):
            fail()

    with pytest.raises(LookupError) as caught:
        asyncio.run(unsync()) if is_async else sync()
    assert caught.value is error
    assert error.__context__ is None
    assert [frame.name for frame in traceback.extract_tb(error.__traceback__)][-2:] == [
        "unsync" if is_async else "sync",
        "fail",
    ]
    for name in ("execute_tool find", "turn"):
        span = spans.one(name)
        assert not span.status.is_ok
        assert span.status.description == "LookupError: no such invoice"
        assert span.attributes["error.type"] == "LookupError"
        assert [event.name for event in span.events] == ["exception"]
    assert spans.attributes("turn")["turn.status"] == "error"


def test_a_cancelled_task_is_no_error(spans: Spans):
    """The turn says cancelled; no span is marked as failed."""

    async def answer() -> None:
        async with turnloom.turn("hi"):
            await asyncio.sleep(60)

    async def run() -> None:
        task = asyncio.create_task(answer())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert spans.attributes("turn")["turn.status"] == "cancelled"
    assert spans.one("turn").status.is_unset


class HostileError(Exception):
    """An exception and a value whose every method fails."""

    def __str__(self):
        raise RuntimeError("hostile")

    __repr__ = __str__


def test_what_fails_in_telemetry_stays_there(spans: Spans):
    """Values that cannot be written and exceptions that cannot be read."""
    with pytest.raises(HostileError), turnloom.turn(HostileError()) as turn:
        with turnloom.llm("m", input=HostileError()) as call:
            call.record(output={"role": HostileError()}, usage=HostileError())
        with turnloom.tool("t", arguments={"a": HostileError()}) as tool:
            tool.record(result=HostileError())
        turn.record(output=HostileError())
        raise HostileError
    assert spans.attributes("turn")["turn.status"] == "error"
    assert len(spans.all()) == 3


@pytest.mark.parametrize("make", KINDS)
def test_an_unknown_argument_raises_at_the_call(make):
    """Also when nothing is initialised."""
    with pytest.raises(TypeError):
        make("x", colour="red")


@pytest.mark.parametrize(
    "call",
    [
        lambda: turnloom.session("s", colour="red"),
        lambda: turnloom.conversation("c", colour="red"),
        lambda: turnloom.init(colour="red"),
        lambda: turnloom.session(object()),
        lambda: turnloom.session(True),
        lambda: turnloom.session("s", tags="one"),
        lambda: turnloom.turn("hi").record(colour="red"),
        lambda: turnloom.llm("m").record(colour="red"),
        lambda: turnloom.score("helpful", object()),
    ],
)
def test_wrong_types_raise_at_the_call(call):
    """A TypeError that names what was given."""
    with pytest.raises(TypeError):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: turnloom.session("a\nb"),
        lambda: turnloom.turn("hi", number=0),
        lambda: turnloom.turn("hi").record(status="fine"),
        lambda: turnloom.end_session("bored"),
        lambda: turnloom.human_request("lunch"),
        lambda: turnloom.human_response(""),
        lambda: turnloom.score("", 1),
        lambda: turnloom.score("helpful", float("nan")),
        lambda: turnloom.init(endpoint="localhost:4318"),
        lambda: turnloom.init(to_otlp=["ftp://example.org"]),
    ],
)
def test_wrong_values_raise_at_the_call(call):
    """An error of our own that is a ValueError too."""
    with pytest.raises(turnloom.InvalidArgumentError) as caught:
        call()
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, turnloom.TurnloomError)


def test_a_handle_that_is_never_entered_warns(spans: Spans, caplog: pytest.LogCaptureFixture):
    """`session("s")` alone does nothing, and says so."""
    turnloom.session("s")
    assert "made and never entered" in caplog.text


def test_a_session_without_an_id_warns(spans: Spans, caplog: pytest.LogCaptureFixture):
    """The empty string is none; what else is known is stamped."""
    with turnloom.session("", channel="web"):
        spans.foreign.start_span("inside").end()
    assert spans.attributes("inside") == {"session.channel": "web"}
    assert "session() got no id" in caplog.text


def test_what_an_agent_carries(spans: Spans):
    """Operation, name, type, run id, texts."""
    with turnloom.agent("billing", type="worker", run_id=7, input={"q": 1}) as agent:
        agent.record(output="done")
    assert spans.attributes("invoke_agent billing") == {
        "turnloom.span.kind": "agent",
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "billing",
        "agent.name": "billing",
        "agent.type": "worker",
        "agent.run_id": "7",
        "input.value": '{"q": 1}',
        "output.value": "done",
    }


@dataclass
class Details:
    """As providers nest them."""

    cached_tokens: int


@dataclass
class Usage:
    """As OpenAI's chat API reports it."""

    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: Details


def test_what_a_model_call_carries(spans: Spans):
    """Operation, models, provider, messages, tokens, finish reasons, time to first token."""
    with turnloom.llm("gpt-5-mini", input="hi", provider="openai") as call:
        call.first_chunk()
        call.first_chunk()
        call.record(
            output="hello",
            usage=Usage(10, 5, Details(0)),
            model="gpt-5-mini-2026",
            finish_reason="stop",
            response_id="r-1",
            cost_usd=0.01,
        )
    found = spans.attributes("chat gpt-5-mini")
    assert 0 <= found.pop("gen_ai.response.time_to_first_chunk") < 1
    assert json.loads(found.pop("gen_ai.input.messages")) == [
        {"role": "user", "parts": [{"type": "text", "content": "hi"}]}
    ]
    assert json.loads(found.pop("gen_ai.output.messages")) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "hello"}], "finish_reason": "stop"}
    ]
    assert found == {
        "turnloom.span.kind": "llm",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-5-mini",
        "gen_ai.response.model": "gpt-5-mini-2026",
        "gen_ai.provider.name": "openai",
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.id": "r-1",
        "gen_ai.usage.cost": 0.01,
    }


def test_what_a_tool_call_carries(spans: Spans):
    """Operation, name, arguments, result; a result that is false is a result."""
    with turnloom.tool("find", arguments={"month": "May"}, call_id="call-1") as tool:
        tool.record(result=False)
    assert spans.attributes("execute_tool find") == {
        "turnloom.span.kind": "tool",
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "find",
        "gen_ai.tool.call.id": "call-1",
        "gen_ai.tool.call.arguments": '{"month": "May"}',
        "gen_ai.tool.call.result": "false",
    }
