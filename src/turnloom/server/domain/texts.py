"""The texts of a turn: what the user asked and what was answered in the end."""

from collections.abc import Callable, Sequence

from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.domain.cast import Cast
from turnloom.server.domain.question import asks
from turnloom.server.domain.signs import hash_text
from turnloom.server.domain.spoken import Spoken

TEXT_LENGTH_MAX = 400
"""Code points of a text that lists keep; the spans hold all of it."""


def fill_texts(turn: Turn, anchor: Span | None, cast: Cast, spoken: Spoken) -> bool | None:
    """Fill in the turn's texts, their spans, lengths and the input's hash.

    The turn's own input and output if they are text; else the last user message of the first LLM
    call and the final assistant text of the last one; else the outermost text (vocabulary,
    *Precedence*).

    Args:
        turn: The turn to fill in.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
        spoken: The texts of the trace.

    Returns:
        Whether the output asks something back; None without an output text.
    """
    if anchor is not None:
        turn.input_length, turn.output_length = anchor.input_length, anchor.output_length
    source = _first(cast.llms, cast.spans, anchor, spoken.input_of)
    if source is not None:
        text = spoken.input_of(source) or ""
        turn.input, turn.input_span_id = text[:TEXT_LENGTH_MAX], source.span_id
        own = source.input_text is not None
        turn.input_length = source.input_length if own else len(text)
        turn.input_hash = source.input_hash or hash_text(text)
    turn.continues = (
        anchor is not None and anchor.kind == "llm" and turn.input is not None and (not spoken.asks(anchor))
    )
    if anchor is not None and anchor.input_hash is not None:
        turn.input_hash = anchor.input_hash
    last = cast.last_llm
    source = _first([last] if last is not None else [], cast.spans, anchor, spoken.output_of)
    if source is None:
        return None
    text = spoken.output_of(source) or ""
    turn.output, turn.output_span_id = text[:TEXT_LENGTH_MAX], source.span_id
    if source.output_text is not None:
        turn.output_length = source.output_length
        return source.asks_back
    turn.output_length = len(text)
    return asks(text)


def _first(
    calls: Sequence[Span], spans: Sequence[Span], anchor: Span | None, read: Callable[[Span], str | None]
) -> Span | None:
    """The anchor if it has text, else the first LLM call given that has, else the outermost span that has."""
    if anchor is not None and read(anchor):
        return anchor
    for span in calls:
        if read(span):
            return span
    if calls and anchor is not None and anchor.kind == "llm":
        return None
    return next(
        (span for span in spans if span.kind in ("turn", "agent", "chain", "workflow") and read(span)), None
    )
