"""Spans of one turn, as three instrumentation dialects at once would write them.

A turn is a root, an agent, two LLM calls and some tools. Every server that is compared finds the
keys it knows: OpenTelemetry's `gen_ai.*`, OpenInference's and Langfuse's.
"""

import json
import random
from dataclasses import dataclass

from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from benchmarks.text import Prose

MODELS = (
    ("openai", "gpt-4o-mini"),
    ("openai", "gpt-4.1"),
    ("anthropic", "claude-sonnet-4-5"),
    ("google", "gemini-2.5-flash"),
)
TOOLS = ("search_docs", "get_order", "run_sql", "web_search", "calendar_lookup", "send_email")
CHANNELS = ("web", "mobile", "slack", "api")

TOOL_FAILURES = 0.03
"""Share of tool calls that fail."""

MS = 1_000_000
"""Nanoseconds of a millisecond."""

Value = str | int | float | list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """What sets one workload apart from another."""

    message_chars: tuple[int, int] | None = (200, 2_000)
    """Length of a message; None: no texts at all."""
    tools: tuple[int, int] = (1, 2)
    """Tool calls of a turn."""
    roots_late: bool = False
    """Whether a root is sent in a later request than its children."""
    repeats: bool = False
    """Whether every tenth request is sent twice."""


SHAPES = {
    "chat": Shape(),
    "tiny": Shape(message_chars=None),
    "long": Shape(message_chars=(5_000, 50_000)),
    "agent": Shape(tools=(25, 40)),
    "late": Shape(roots_late=True),
    "dup": Shape(repeats=True),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn belongs."""

    session_id: str
    user_id: str
    channel: str
    provider: str
    model: str


class TurnMaker:
    """Makes turns of a shape.

    Args:
        shape: Their shape.
        rng: Their content.
    """

    def __init__(self, shape: Shape, rng: random.Random) -> None:
        self._shape = shape
        self._rng = rng
        self._prose = Prose(rng)

    def make(self, place: Place, number: int, start_ns: int) -> tuple[list[Span], int]:
        """One turn.

        Args:
            place: Where it belongs.
            number: Its number in the session.
            start_ns: When it starts.

        Returns:
            Its spans in the order in which they end, and the end of the last.
        """
        question, answer = self._message(), self._message()
        duration_ns = self._rng.randint(900, 6_000) * MS
        draft = _Draft(self._rng, place)
        root = draft.add("chat turn", None, start_ns, duration_ns, _root(place, number, question, answer))
        root.kind = Span.SPAN_KIND_SERVER
        agent = draft.add("invoke_agent support", root, start_ns + MS, duration_ns - 2 * MS, _AGENT)
        tools = self._rng.randint(*self._shape.tools)
        step_ns = (duration_ns - 4 * MS) // (tools + 2)
        self._call(
            draft, agent, start_ns + 2 * MS, step_ns, (number, question, self._message(), "tool_calls")
        )
        for index in range(1, tools + 1):
            self._tool(draft, agent, start_ns + 2 * MS + index * step_ns, step_ns)
        last_ns = start_ns + 2 * MS + (tools + 1) * step_ns
        self._call(draft, agent, last_ns, step_ns, (number, self._message(), answer, "stop"))
        draft.spans.sort(key=lambda span: span.end_time_unix_nano)
        return draft.spans, start_ns + duration_ns

    def _message(self) -> str:
        return self._prose.cut(*self._shape.message_chars) if self._shape.message_chars else ""

    def _call(
        self, draft: "_Draft", agent: Span, start_ns: int, step_ns: int, said: tuple[int, str, str, str]
    ) -> None:
        attributes = _call(draft.place, *said)
        span = draft.add(f"chat {draft.place.model}", agent, start_ns, step_ns, attributes)
        span.kind = Span.SPAN_KIND_CLIENT

    def _tool(self, draft: "_Draft", agent: Span, start_ns: int, step_ns: int) -> None:
        name = self._rng.choice(TOOLS)
        arguments = json.dumps({"q": self._prose.cut(20, 80)})
        result = self._prose.cut(100, 600) if self._shape.message_chars else "ok"
        attributes: dict[str, Value] = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": name,
            "gen_ai.tool.call.id": f"call_{self._rng.getrandbits(32):08x}",
            "openinference.span.kind": "TOOL",
            "tool.name": name,
            "input.value": arguments,
            "output.value": result,
            "langfuse.observation.type": "tool",
        }
        span = draft.add(f"execute_tool {name}", agent, start_ns, step_ns, attributes)
        if self._rng.random() < TOOL_FAILURES:
            span.status.code = Status.STATUS_CODE_ERROR
            span.status.message = "timeout"


class _Draft:
    """A turn in the making."""

    def __init__(self, rng: random.Random, place: Place) -> None:
        self._rng = rng
        self._trace_id = rng.randbytes(16)
        self.place = place
        self.spans: list[Span] = []

    def add(
        self,
        name: str,
        parent: Span | None,
        start_ns: int,
        duration_ns: int,
        attributes: dict[str, Value],
    ) -> Span:
        """Add a span with the ids of its place."""
        span = Span(
            trace_id=self._trace_id,
            span_id=self._rng.randbytes(8),
            parent_span_id=parent.span_id if parent else b"",
            name=name,
            kind=Span.SPAN_KIND_INTERNAL,
            start_time_unix_nano=start_ns,
            end_time_unix_nano=start_ns + duration_ns,
        )
        _put(span, {**_ids(self.place), **attributes})
        self.spans.append(span)
        return span


_AGENT: dict[str, Value] = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "support",
    "openinference.span.kind": "AGENT",
    "langfuse.observation.type": "agent",
}


def _ids(place: Place) -> dict[str, Value]:
    return {
        "session.id": place.session_id,
        "user.id": place.user_id,
        "gen_ai.conversation.id": place.session_id,
        "langfuse.session.id": place.session_id,
        "langfuse.user.id": place.user_id,
    }


def _root(place: Place, number: int, question: str, answer: str) -> dict[str, Value]:
    return {
        "turn.number": number,
        "session.channel": place.channel,
        "conversation.turn_number": number,
        "openinference.span.kind": "CHAIN",
        "input.value": question,
        "output.value": answer,
        "langfuse.trace.name": "chat turn",
        "langfuse.observation.type": "span",
        "langfuse.trace.tags": ["prod", place.channel],
        "langfuse.environment": "production",
    }


def _call(place: Place, number: int, asked: str, said: str, finish: str) -> dict[str, Value]:
    input_tokens, output_tokens = len(asked) // 4 + 200 * number, max(1, len(said) // 4)
    attributes: dict[str, Value] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": place.provider,
        "gen_ai.system": place.provider,
        "gen_ai.request.model": place.model,
        "gen_ai.response.model": place.model,
        "gen_ai.request.temperature": 0.2,
        "gen_ai.usage.input_tokens": input_tokens,
        "gen_ai.usage.output_tokens": output_tokens,
        "gen_ai.response.finish_reasons": [finish],
        "openinference.span.kind": "LLM",
        "llm.model_name": place.model,
        "llm.provider": place.provider,
        "llm.token_count.prompt": input_tokens,
        "llm.token_count.completion": output_tokens,
        "llm.token_count.total": input_tokens + output_tokens,
        "langfuse.observation.type": "generation",
    }
    return attributes | _messages(asked, said) if asked else attributes


def _messages(asked: str, said: str) -> dict[str, Value]:
    user = {"role": "user", "parts": [{"type": "text", "content": asked}]}
    assistant = {"role": "assistant", "parts": [{"type": "text", "content": said}], "finish_reason": "stop"}
    return {
        "gen_ai.input.messages": json.dumps([user]),
        "gen_ai.output.messages": json.dumps([assistant]),
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": asked,
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": said,
    }


def _put(span: Span, attributes: dict[str, Value]) -> None:
    for key, value in attributes.items():
        target = span.attributes.add(key=key).value
        if isinstance(value, str):
            target.string_value = value
        elif isinstance(value, int):
            target.int_value = value
        elif isinstance(value, float):
            target.double_value = value
        else:
            for each in value:
                target.array_value.values.add().string_value = each
