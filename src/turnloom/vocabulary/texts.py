"""Input and output of a span: the bodies, what a person reads of them, and each text once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from turnloom.model.span import RawSpan, Span
from turnloom.vocabulary.bodies import Body, Layout, body_of
from turnloom.vocabulary.found import Found
from turnloom.vocabulary.limits import SAFE_LENGTH, cut_text
from turnloom.vocabulary.messages import Message, final_answer, last_user, read_messages
from turnloom.vocabulary.readable import answered, asked, without_markers
from turnloom.vocabulary.references import LENGTH_MIN, REF, Reference, texts_in
from turnloom.vocabulary.value_maps import WHOLE_EXCHANGES

ASKED_KINDS = frozenset({"turn", "agent", "llm", "workflow"})
"""Kinds whose plain text input is what a user said."""

CUT_FIELDS = ("input", "output", "input_text", "output_text", "name", "status_message", "error_message")
"""Texts of any length outside the attributes."""

MESSAGE_EVENT_PREFIX = "gen_ai."


def fill_texts(span: Span, raw: RawSpan, found: Mapping[str, Sequence[Found]], layout: Layout) -> None:
    """Fill input, output and what is read of them; take them out of attributes and events.

    Args:
        span: The span to fill, with its kind; its attributes and events are its own copies.
        raw: The span as it came.
        found: Candidates by field, best first.
        layout: How the table arranges the rows of input and output.
    """
    inputs, outputs = found.get("input", ()), found.get("output", ())
    if not inputs and not outputs and not raw.events:
        return
    given = body_of("input", inputs, raw.attributes, raw.events, layout)
    made = body_of("output", outputs, raw.attributes, raw.events, layout)
    if given is not None:
        span.input, span.input_key = given.text, given.key
        _read_input(span, given)
        _take(span.attributes, given)
    if made is not None:
        span.output, span.output_key = made.text, made.key
        span.output_text = _answer(made, span.kind)
        _take(span.attributes, made)
    _refer(span, given, made, (*inputs, *outputs))


def _read_input(span: Span, body: Body) -> None:
    messages = read_messages(body.data)
    if not messages:
        said = asked(body.text if body.data is None else body.data)
        span.input_text = without_markers(said, answer=False)
        span.has_user_message = said is not None and span.kind in ASKED_KINDS
        return
    span.input_text = without_markers(last_user(messages), answer=False)
    span.has_user_message = messages[-1].role == "user"
    span.messages_count = len(messages)
    if body.key in WHOLE_EXCHANGES:
        _read_exchange(span, messages)


def _read_exchange(span: Span, messages: list[Message]) -> None:
    span.has_user_message = any(message.role == "user" for message in messages)
    span.output_text = final_answer(messages) if messages[-1].role == "assistant" else None


def _answer(body: Body, kind: str) -> str | None:
    messages = read_messages(body.data)
    if not messages:
        return without_markers(answered(body.text if body.data is None else body.data), answer=True)
    if kind == "tool":  # LangChain's tools answer with a message of the role tool
        return messages[-1].text
    return without_markers(final_answer(messages), answer=True)


def _take(attributes: dict[str, Any], body: Body) -> None:
    for key, left in body.taken.items():
        if left is None:
            attributes.pop(key, None)
        else:
            attributes[key] = left


def _refer(span: Span, given: Body | None, made: Body | None, candidates: Iterable[Found]) -> None:
    """Replace second copies of a text by references."""
    attributes = span.attributes
    copies = [
        key for _, key, value in candidates
        if isinstance(value, str) and len(value) >= LENGTH_MIN and attributes.get(key) is value
    ]  # fmt: skip
    carriers = [item[2] for item in span.events if item[1].startswith(MESSAGE_EVENT_PREFIX)]
    if not copies and not carriers:
        return
    known = _known_texts(given, made)
    for key in copies:
        reference = known.get(attributes[key])
        if reference is not None:
            attributes[key] = reference
    if carriers:
        span.events = [
            (time_us, name, _referred(inner, known) if name.startswith(MESSAGE_EVENT_PREFIX) else inner)
            for time_us, name, inner in span.events
        ]


def _known_texts(given: Body | None, made: Body | None) -> dict[str, Reference]:
    known: dict[str, Reference] = {}
    for field, body in (("input", given), ("output", made)):
        if body is not None and len(body.text) <= SAFE_LENGTH:  # what may be cut cannot be pointed into
            known.setdefault(body.text, {REF: field})
            texts_in(body.data, field, known)
    return known


def _referred(attributes: Mapping[str, Any], known: Mapping[str, Reference]) -> dict[str, Any]:
    return {
        key: known.get(value, value) if isinstance(value, str) and len(value) >= LENGTH_MIN else value
        for key, value in attributes.items()
    }


def cut_texts(span: Span) -> bool:
    """Cut input, output and their texts to the limit.

    Args:
        span: The filled span.

    Returns:
        Whether anything was cut.
    """
    cut = False
    for field in CUT_FIELDS:
        value = getattr(span, field)
        if value is not None and len(value) > SAFE_LENGTH and (short := cut_text(value)) is not value:
            setattr(span, field, short)
            cut = True
    return cut
