"""A call of a tool."""

import inspect
from collections.abc import Callable, Mapping
from typing import ClassVar

from opentelemetry.util.types import AttributeValue

from turnloom import semconv
from turnloom.sdk.border import shielded
from turnloom.sdk.details import detail_values
from turnloom.sdk.span_handle import SpanHandle
from turnloom.sdk.text import text_of


class Tool(SpanHandle):
    """A call of a tool. Made by `tool`.

    As a decorator it records the arguments and the result of the function.
    """

    kind: ClassVar[str] = "tool"

    def __init__(self, name: str, arguments: object, call_id: str | None) -> None:
        self._name = name
        self._arguments = arguments
        self._call_id = call_id
        self._recorded = False

    def record(self, *, result: object = None, arguments: object = None) -> None:
        """Say what the tool was given and what it found.

        Args:
            result: What it returned.
            arguments: What it was called with.
        """
        if self._client is None:
            return
        self._recorded = self._recorded or result is not None
        values = {semconv.GEN_AI_TOOL_CALL_RESULT: result, semconv.GEN_AI_TOOL_CALL_ARGUMENTS: arguments}
        self._set({key: text_of(value) for key, value in values.items() if value is not None})

    def _span_name(self) -> str:
        return f"execute_tool {self._name}"

    def _start_attributes(self) -> Mapping[str, AttributeValue]:
        arguments = None if self._arguments is None else text_of(self._arguments)
        return detail_values(
            {
                semconv.GEN_AI_OPERATION_NAME: "execute_tool",
                semconv.GEN_AI_TOOL_NAME: self._name,
                semconv.GEN_AI_TOOL_CALL_ID: self._call_id,
                semconv.GEN_AI_TOOL_CALL_ARGUMENTS: arguments,
            }
        )

    def _called(
        self, function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
    ) -> None:
        if self._client is not None and self._arguments is None:
            self.record(arguments=shielded("arguments of a tool", lambda: _bound(function, args, kwargs)))

    def _returned(self, result: object) -> None:
        if not self._recorded:
            self.record(result=result)


def _bound(
    function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]
) -> dict[str, object]:
    bound = inspect.signature(function).bind_partial(*args, **kwargs).arguments
    return {name: value for name, value in bound.items() if name not in {"self", "cls"}}


def tool(name: str, *, arguments: object = None, call_id: str | None = None) -> Tool:
    """A call of a tool.

    Args:
        name: The tool's name.
        arguments: What it is called with.
        call_id: The id of the call in the model's answer.

    Returns:
        A handle to enter.
    """
    return Tool(name, arguments, call_id)
