"""What a made set-up is, and the shapes in which instrumentation writes messages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .made import Made
from .replay import Request

UNGROUPED = "-"
"""As a session: the trace is its own."""


@dataclass(frozen=True)
class Row:
    """A turn that is to come out."""

    trace: str
    session: str
    """A session, `~` and a conversation that stands for it, or `UNGROUPED`."""
    conversation: str | None = None
    user: str | None = None
    number: int = 1
    input: str | None = None
    output: str | None = None
    tokens: tuple[int | None, int | None] = (None, None)
    error: str | None = None


@dataclass(frozen=True)
class SetUp:
    """Requests of one application, and what a person who knows it expects.

    Args:
        sent: Spans, each sent in a request of its own, and other requests.
        turns: Its turns by start.
        activity: (trace, session) of what is shown and is no exchange.
        other: Traces that are about AI in no way.
    """

    sent: Sequence[Made | Request]
    turns: Sequence[Row]
    activity: Sequence[tuple[str, str]] = ()
    other: Sequence[str] = ()

    def requests(self) -> list[Request]:
        """Children before parents, as exporters send them."""
        made = [each.request() if isinstance(each, Made) else each for each in self.sent]
        return made[::-1]


def js(data: Any) -> str:
    """JSON as SDKs write it."""
    return json.dumps(data, ensure_ascii=False)


def chat(*texts: str) -> list[dict[str, str]]:
    """Messages of a user and an assistant, in turn."""
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


def parts(*texts: str) -> str:
    """The same in OpenTelemetry's form."""
    return js([
        {"role": message["role"], "parts": [{"type": "text", "content": message["content"]}]}
        for message in chat(*texts)
    ])  # fmt: skip


def answer(text: str) -> str:
    """One answer in OpenTelemetry's form."""
    return js([{"role": "assistant", "parts": [{"type": "text", "content": text}], "finish_reason": "stop"}])


def family(
    prefix: str, messages: Sequence[dict[str, Any]], infix: str = "", first: int = 0
) -> dict[str, Any]:
    """Messages as a family of keys: OpenInference's with the infix `message.`, Traceloop's without."""
    return {
        f"{prefix}.{number}.{infix}{key}": value
        for number, message in enumerate(messages, first)
        for key, value in message.items()
    }


def oi_llm(*texts: str, first: int = 0, **more: Any) -> dict[str, Any]:
    """An LLM call of OpenInference: all texts but the last are the input."""
    return {
        "openinference.span.kind": "LLM",
        "llm.model_name": "gpt-4o-mini",
        **family("llm.input_messages", chat(*texts)[:-1], "message.", first),
        **family("llm.output_messages", [{"role": "assistant", "content": texts[-1]}], "message."),
        **more,
    }


def usage(given: int, made: int) -> dict[str, int]:
    """Token counts in OpenTelemetry's form."""
    return {"gen_ai.usage.input_tokens": given, "gen_ai.usage.output_tokens": made}


def oi_usage(given: int, made: int) -> dict[str, int]:
    """Token counts in OpenInference's form."""
    return {"llm.token_count.prompt": given, "llm.token_count.completion": made}
