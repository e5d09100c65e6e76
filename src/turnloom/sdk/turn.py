"""The turn: one input and everything until its output."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Link, get_current_span, set_span_in_context
from opentelemetry.util.types import AttributeValue

from turnloom import semconv
from turnloom.sdk.details import detail_values, merged_tags, tag_values
from turnloom.sdk.errors import InvalidArgumentError
from turnloom.sdk.frame import Frame, current_scope
from turnloom.sdk.identifiers import Identifier, clean_id, new_id
from turnloom.sdk.scope import Scope, Value
from turnloom.sdk.span_handle import SpanHandle, is_cancellation
from turnloom.sdk.text import text_of

if TYPE_CHECKING:
    from turnloom.sdk.client import Client

TurnStatus = Literal["ok", "error", "cancelled", "disconnected", "timeout", "incomplete"]
InputType = Literal["question", "command", "feedback", "other"]
OutputType = Literal["answer", "question", "refusal", "error", "handoff"]

STATUSES: frozenset[str] = frozenset(get_args(TurnStatus))


class Turn(SpanHandle):
    """One exchange. Made by `turn`."""

    kind: ClassVar[str] = "turn"

    def __init__(
        self,
        *,
        input: object,  # noqa: A002 - the word of the API
        turn_id: str | None,
        number: int | None,
        regenerates: str | None,
        new_trace: bool | None,
        details: Mapping[str, Value],
        tags: tuple[str, ...],
    ) -> None:
        self._input = input
        self._input_text: str | None = None
        self._id = turn_id
        self._number = number
        self._regenerates = regenerates
        self._new_trace = new_trace
        self._details = details
        self._tags = tags
        self._status: TurnStatus | None = None

    @property
    def id(self) -> str | None:
        """The turn id, once started."""
        return self._id

    @property
    def number(self) -> int | None:
        """Its number in the conversation, once started; None outside of one and for a variant."""
        return self._number

    def record(
        self,
        *,
        output: object = None,
        status: TurnStatus | None = None,
        intent: str | None = None,
        output_type: OutputType | None = None,
    ) -> None:
        """Say what came of the turn.

        Args:
            output: What the user got: text, or anything that JSON can write.
            status: How it ended; otherwise taken from the exception that ends it, else ok.
            intent: What the user wanted, as the application understood it.
            output_type: What kind of output it is.

        Raises:
            InvalidArgumentError: The status is none of the known ones.
        """
        if status is not None and status not in STATUSES:
            raise InvalidArgumentError(f"status is {status!r}; give one of {', '.join(sorted(STATUSES))}")
        self._status = status or self._status
        if self._client is None:
            return
        text = None if output is None else text_of(output)
        self._set(
            detail_values(
                {
                    semconv.OUTPUT_VALUE: text,
                    semconv.TURN_OUTPUT_LENGTH: None if text is None else len(text),
                    semconv.TURN_INTENT: intent,
                    semconv.TURN_OUTPUT_TYPE: output_type,
                }
            )
        )

    def _open(self, client: "Client") -> None:
        outer = current_scope()
        self._input_text = None if self._input is None else text_of(self._input)
        self._id = self._id or new_id("turn")
        self._number = self._numbered(client, outer)
        self._frame = frame = Frame(self._scope(outer), self.kind)
        context, links = self._placed(client, frame.inside)
        self._span = span = self._start_span(client, context, links)
        measures = self._measures(client)
        span.set_attributes(measures)
        frame.enter(span)
        if span.is_recording():
            told = measures | detail_values({semconv.TURN_REGENERATES: self._regenerates})
            client.turn_started(frame.scope, span.get_span_context(), told)

    def _scope(self, outer: Scope) -> Scope:
        return replace(
            outer, turn_id=self._id, turn_number=self._number, tags=merged_tags(outer.tags, self._tags)
        )

    def _numbered(self, client: "Client", outer: Scope) -> int | None:
        conversation = outer.conversation_id or outer.session_id
        if conversation is None or self._regenerates is not None:
            return self._number
        if self._number is not None:
            return client.turn_numbers.note(conversation, self._number)
        return client.turn_numbers.next(conversation)

    def _placed(self, client: "Client", context: Context) -> tuple[Context, tuple[Link, ...]]:
        """Where the span goes: a trace of its own with a link to what encloses it, or inside of that."""
        own = client.settings.new_trace if self._new_trace is None else self._new_trace
        enclosing = get_current_span(context).get_span_context()
        if not own or not enclosing.is_valid:
            return context, ()
        return set_span_in_context(INVALID_SPAN, context), (Link(enclosing),)

    def _start_attributes(self) -> Mapping[str, AttributeValue]:
        own = {semconv.INPUT_VALUE: self._input_text, semconv.TURN_REGENERATES: self._regenerates}
        return {**detail_values(own), **self._details}

    def _measures(self, client: "Client") -> dict[str, Value]:
        """Length and keyed hash of the input: sent even where its text is not."""
        text = self._input_text
        if text is None:
            return {}
        return {semconv.TURN_INPUT_LENGTH: len(text), semconv.TURN_INPUT_HASH: client.input_hash(text)}

    def _forgotten(self) -> None:
        self._status = self._status or "incomplete"
        super()._forgotten()

    def _end_attributes(self, error: BaseException | None) -> Mapping[str, AttributeValue]:
        return {semconv.TURN_STATUS: self._status or status_of(error)}


def status_of(error: BaseException | None) -> TurnStatus:
    """How a turn ended, by the exception that ended it."""
    if error is None:
        return "ok"
    if is_cancellation(error):
        return "cancelled"
    return "timeout" if isinstance(error, TimeoutError) else "error"


def turn(
    input: object = None,  # noqa: A002 - the word of the API
    *,
    id: Identifier | None = None,  # noqa: A002 - the word people use
    number: int | None = None,
    role: str | None = None,
    intent: str | None = None,
    input_type: InputType | None = None,
    has_attachments: bool | None = None,
    regenerates: Identifier | None = None,
    new_trace: bool | None = None,
    tags: Sequence[str] = (),
) -> Turn:
    """One exchange: one input and everything until its output, cancel or error.

    Args:
        input: What the user said: text, or anything that JSON can write.
        id: The turn's id; otherwise made.
        number: Its number in the conversation; otherwise counted in this process.
        role: Who speaks; user unless said.
        intent: What the user wants, as the application understands it.
        input_type: What kind of input it is.
        has_attachments: Whether files came with it.
        regenerates: Id of the turn that this one tries again: it then has no number.
        new_trace: Whether it starts a trace of its own, linked to the enclosing span; as in `init` if None.
        tags: Tags of the trace.

    Returns:
        A handle to enter.

    Raises:
        TypeError: An argument has a type that cannot be used.
        InvalidArgumentError: The number is below 1, or an id holds a control character.
    """
    if number is not None and (not isinstance(number, int) or number < 1):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise InvalidArgumentError(f"number is {number!r}; give 1 or more, or None to have it counted")
    details = detail_values(
        {
            semconv.TURN_ROLE: role,
            semconv.TURN_INTENT: intent,
            semconv.TURN_INPUT_TYPE: input_type,
            semconv.TURN_HAS_ATTACHMENTS: has_attachments,
        }
    )
    return Turn(
        input=input,
        turn_id=clean_id("id", id),
        number=number,
        regenerates=clean_id("regenerates", regenerates),
        new_trace=new_trace,
        details=details,
        tags=tag_values(tags),
    )
