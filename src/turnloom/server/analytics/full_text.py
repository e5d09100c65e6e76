"""Whole texts of turns: lists keep 400 characters of each, the spans hold all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from turnloom.server.analytics.shown_turn import ShownTurn
from turnloom.server.analytics.source import Source
from turnloom.server.analytics.trace_records import read_records
from turnloom.server.domain.spoken import listen
from turnloom.server.domain.texts import TEXT_LENGTH_MAX
from turnloom.vocabulary.messages import final_answer, last_user, read_messages
from turnloom.vocabulary.readable import answered, asked, without_markers
from turnloom.vocabulary.values import parsed


@dataclass(frozen=True, slots=True)
class Texts:
    """Whole texts by span id, of the spans of one page."""

    inputs: dict[str, str | None] = field(default_factory=dict[str, str | None])
    outputs: dict[str, str | None] = field(default_factory=dict[str, str | None])


def with_full_texts(source: Source, shown: Sequence[ShownTurn]) -> list[ShownTurn]:
    """Replace cut texts of turns by the whole ones.

    Args:
        source: Where to ask.
        shown: Turns as they are stored.

    Returns:
        The turns; where a whole text cannot be found, its first 400 characters stay.
    """
    cut = [each for each in shown if _cut_spans(each)]
    if not cut:
        return list(shown)
    span_ids = {span_id for each in cut for span_id in _cut_spans(each)}
    trace_ids = {trace_id for each in cut for trace_id in each.trace_ids}
    texts = _of_spans(source, trace_ids, span_ids)
    texts = _of_records(source, trace_ids, span_ids, texts)
    return [_with_texts(each, texts) for each in shown]


def readable_input(sent: str) -> str | None:
    """What a person reads of an input as sent: the last user message, else plain text."""
    data = parsed(sent)
    if messages := read_messages(data):
        return without_markers(last_user(messages), answer=False)
    return without_markers(asked(sent if data is None else data), answer=False)


def readable_output(sent: str) -> str | None:
    """What a person reads of an output as sent: the final assistant text, else plain text."""
    data = parsed(sent)
    if messages := read_messages(data):
        return without_markers(final_answer(messages), answer=True)
    return without_markers(answered(sent if data is None else data), answer=True)


def _cut_spans(shown: ShownTurn) -> list[str]:
    turn = shown.turn
    pairs = ((turn.input_span_id, turn.input), (turn.output_span_id, turn.output))
    return [span_id for span_id, text in pairs if span_id and text and len(text) >= TEXT_LENGTH_MAX]


def _of_spans(source: Source, trace_ids: set[str], span_ids: set[str]) -> Texts:
    bindings = source.bindings()
    bindings.values |= {"traces": sorted(trace_ids), "spans": sorted(span_ids)}
    texts = Texts()
    for _, span_id, given, made in source.ask("full_text", bindings, {}):
        if given is not None:
            texts.inputs[span_id] = readable_input(given)
        # An attribute with the whole exchange is kept as the input and holds the answer too.
        if (sent := made if made is not None else given) is not None:
            texts.outputs[span_id] = readable_output(sent)
    return texts


def _of_records(source: Source, trace_ids: set[str], span_ids: set[str], texts: Texts) -> Texts:
    """Texts that came as log records stand in where spans have none."""
    if span_ids <= texts.inputs.keys() | texts.outputs.keys():
        return texts
    spoken = listen(read_records(source, trace_ids))
    return Texts({**spoken.inputs, **texts.inputs}, {**spoken.outputs, **texts.outputs})


def _with_texts(shown: ShownTurn, texts: Texts) -> ShownTurn:
    turn = shown.turn
    given = _longer(turn.input, texts.inputs.get(turn.input_span_id or ""))
    made = _longer(turn.output, texts.outputs.get(turn.output_span_id or ""))
    return replace(shown, turn=replace(turn, input=given, output=made))


def _longer(preview: str | None, whole: str | None) -> str | None:
    """The whole text if it is one: it begins with what the digest read."""
    return whole if whole is not None and preview is not None and whole.startswith(preview) else preview
