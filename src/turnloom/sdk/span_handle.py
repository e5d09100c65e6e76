"""Handles that open a span: turn, agent, llm and tool."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue

from turnloom import semconv
from turnloom.sdk.border import shielded, warn_once
from turnloom.sdk.frame import Frame, current_scope
from turnloom.sdk.handle import ENDED, Handle
from turnloom.sdk.score import Target, send_score

if TYPE_CHECKING:
    from turnloom.sdk.client import Client


class SpanHandle(Handle):
    """A handle whose time is that of one span."""

    otel_kind: ClassVar[SpanKind] = SpanKind.INTERNAL

    _span: Span | None = None

    @property
    def trace_id(self) -> str | None:
        """The trace as 32 hex digits, once started."""
        return None if self._span is None else f"{self._span.get_span_context().trace_id:032x}"

    @property
    def span_id(self) -> str | None:
        """The span as 16 hex digits, once started."""
        return None if self._span is None else f"{self._span.get_span_context().span_id:016x}"

    def score(
        self, name: str, value: bool | float | str, *, comment: str | None = None, source: str | None = None
    ) -> None:
        """Rate this piece of work.

        Args:
            name: What is rated, such as `helpful`.
            value: A number, a boolean, or a category.
            comment: Why.
            source: Who rated, such as `user` or `judge`.
        """
        target = Target(trace_id=self.trace_id, observation_id=self.span_id)
        send_score(name, value, target, comment=comment, source=source)

    def _open(self, client: "Client") -> None:
        self._frame = frame = Frame(current_scope(), self.kind)
        self._span = self._start_span(client, frame.inside)
        frame.enter(self._span)

    def _start_span(self, client: "Client", context: Context, links: tuple[Link, ...] = ()) -> Span:
        attributes: dict[str, AttributeValue] = {semconv.SPAN_KIND: self.kind}
        attributes.update(self._start_attributes())
        return client.tracer.start_span(
            self._span_name(), context=context, kind=self.otel_kind, attributes=attributes, links=links
        )

    def _span_name(self) -> str:
        return self.kind

    def _start_attributes(self) -> Mapping[str, AttributeValue]:
        """What is known when the span starts."""
        return {}

    def _end_attributes(self, error: BaseException | None) -> Mapping[str, AttributeValue]:  # noqa: ARG002 - for kinds with a status
        """What is known when it ends."""
        return {}

    def _set(self, attributes: Mapping[str, AttributeValue]) -> None:
        """Write attributes, where there is a span that still runs."""
        span = self._span
        if self._phase == ENDED:
            warn_once(f"late {self.kind}", "turnloom: record() after a %s has ended is lost", self.kind)
        elif span is not None and attributes:
            shielded(f"record of a {self.kind}", lambda: span.set_attributes(attributes))

    def _close(self, error: BaseException | None) -> None:
        span = self._span
        if span is None:
            return
        try:
            span.set_attributes(self._end_attributes(error))
            if error is not None and not is_cancellation(error):
                _record_error(span, error)
        finally:
            span.end()

    def _forgotten(self) -> None:
        """Collected before it ended: a generator that was never finished, or `end` was not called."""
        warn_once(f"forgotten {self.kind}", "turnloom: a %s was dropped without end()", self.kind)
        self._finish(None, lexical=False)


def is_cancellation(error: BaseException) -> bool:
    """Whether an exception means that nobody wants the result any more."""
    return isinstance(error, asyncio.CancelledError | GeneratorExit | KeyboardInterrupt)


def error_type(error: BaseException) -> str:
    """The class of an exception with its module, as `error.type` has it."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _record_error(span: Span, error: BaseException) -> None:
    span.set_attribute(semconv.ERROR_TYPE, error_type(error))
    span.set_status(Status(StatusCode.ERROR, _description(error)))
    span.record_exception(error)


def _description(error: BaseException) -> str:
    """The exception in one line; its own `str` is the host's code and may raise."""
    message = shielded("text of an exception", lambda: str(error))
    return f"{error_type(error)}: {message}" if message else error_type(error)
