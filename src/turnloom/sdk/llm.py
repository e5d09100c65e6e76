"""A call of a language model."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from opentelemetry.trace import SpanKind
from opentelemetry.util.types import AttributeValue

from turnloom import semconv
from turnloom.sdk.border import shielded
from turnloom.sdk.details import detail_values
from turnloom.sdk.messages import input_messages, output_messages
from turnloom.sdk.span_handle import SpanHandle
from turnloom.sdk.text import text_of
from turnloom.sdk.usage import usage_attributes

if TYPE_CHECKING:
    from turnloom.sdk.client import Client


class LlmCall(SpanHandle):
    """A call of a language model. Made by `llm`."""

    kind: ClassVar[str] = "llm"
    otel_kind: ClassVar[SpanKind] = SpanKind.CLIENT

    def __init__(self, model: str, given: object, provider: str | None, operation: str) -> None:
        self._model = model
        self._input = given
        self._provider = provider
        self._operation = operation
        self._started_ns = 0

    def record(
        self,
        *,
        input: object = None,  # noqa: A002 - the word of the API
        output: object = None,
        usage: object = None,
        model: str | None = None,
        finish_reason: str | Sequence[str] | None = None,
        response_id: str | None = None,
        cost_usd: float | None = None,
    ) -> None:
        """Say what the model was asked and what it answered.

        Args:
            input: Text, messages, or anything that JSON can write.
            output: Text, a message, or messages.
            usage: Tokens, as the provider reports them: an object or a mapping.
            model: The model that answered, where it is not the one that was asked.
            finish_reason: Why it stopped.
            response_id: The provider's id of the answer.
            cost_usd: Cost as the provider reports it, in USD.
        """
        if self._client is None:
            return
        reasons = [finish_reason] if isinstance(finish_reason, str) else finish_reason
        self._set(_content(input, output, reasons))
        if usage is not None:
            self._set(shielded("usage of a model", lambda: usage_attributes(usage)) or {})
        self._set(
            detail_values(
                {
                    semconv.GEN_AI_RESPONSE_MODEL: model,
                    semconv.GEN_AI_RESPONSE_FINISH_REASONS: None if reasons is None else tuple(reasons),
                    semconv.GEN_AI_RESPONSE_ID: response_id,
                    semconv.GEN_AI_USAGE_COST: cost_usd,
                }
            )
        )

    def first_chunk(self) -> None:
        """Say that the first piece of a streamed answer is there: time to first token ends now."""
        if self._started_ns:
            seconds = (time.perf_counter_ns() - self._started_ns) / 1e9
            self._started_ns = 0
            self._set({semconv.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: seconds})

    def _open(self, client: "Client") -> None:
        super()._open(client)
        self._started_ns = time.perf_counter_ns()

    def _span_name(self) -> str:
        return f"{self._operation} {self._model}"

    def _start_attributes(self) -> Mapping[str, AttributeValue]:
        return detail_values(
            {
                semconv.GEN_AI_OPERATION_NAME: self._operation,
                semconv.GEN_AI_REQUEST_MODEL: self._model,
                semconv.GEN_AI_PROVIDER_NAME: self._provider,
            }
        ) | _content(self._input, None, None)


def _content(given: object, output: object, reasons: Sequence[str] | None) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    if given is not None:
        asked = shielded("input of a model", lambda: input_messages(given))
        found[semconv.GEN_AI_INPUT_MESSAGES] = text_of(given if asked is None else asked)
    if output is not None:
        answered = shielded("output of a model", lambda: output_messages(output, reasons))
        found[semconv.GEN_AI_OUTPUT_MESSAGES] = text_of(output if answered is None else answered)
    return found


def llm(
    model: str,
    *,
    input: object = None,  # noqa: A002 - the word of the API
    provider: str | None = None,
    operation: str = "chat",
) -> LlmCall:
    """A call of a language model.

    Args:
        model: The model that is asked.
        input: Text, messages, or anything that JSON can write.
        provider: Who serves it, such as `openai`.
        operation: The kind of call: chat, text_completion or generate_content.

    Returns:
        A handle to enter.
    """
    return LlmCall(model, input, provider, operation)
