"""What the agent did last in a turn, and whether it asked (definitions, *Drop-off*)."""

from turnloom.model.span import Span
from turnloom.model.turn import FAILED, Turn
from turnloom.server.domain.cast import Cast

TOOL_REASONS = frozenset({"tool_calls", "tool_use", "tool-calls", "function_call"})
"""Finish reasons of a call that answers with a tool call, not with a text."""


def fill_action(turn: Turn, anchor: Span | None, cast: Cast, asks_back: bool | None, escalated: bool) -> None:
    """Fill in whether it was answered, whether it asked, and the last action; needs texts and status.

    Args:
        turn: The turn to fill in.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
        asks_back: Whether the output asks something back; None without an output text.
        escalated: An event says that a human was handed the turn.
    """
    last = cast.last_llm
    turn.answered = _answered(turn, anchor, last)
    if turn.output_type is not None:
        turn.asked_question = turn.output_type == "question"
    elif asks_back is not None:
        turn.asked_question, turn.question_inferred = asks_back, True
    turn.last_action = _last_action(turn, cast, last, escalated)


def _answered(turn: Turn, anchor: Span | None, last: Span | None) -> bool:
    """An output; with text off a reported length or type, or output tokens of the last call."""
    if turn.output or (anchor is not None and anchor.has_output):
        return True
    if turn.output_length is not None or turn.output_type is not None:
        return bool(turn.output_length) or turn.output_type is not None
    if turn.input is not None or last is None:
        return False
    return bool(last.output_tokens) and not last.error and last.finish_reason not in TOOL_REASONS


def _last_action(turn: Turn, cast: Cast, last: Span | None, escalated: bool) -> str | None:
    """The first that holds, in the order of the definition."""
    if turn.status in FAILED and turn.status != "cancelled":
        return "errored"
    if cast.last_tool is not None and cast.last_tool.error:
        return "tool_failed"
    if turn.output_type == "refusal" or (last is not None and last.refused):
        return "refused"
    if escalated or turn.output_type == "handoff" or any(map(_hands_off, cast.spans)):
        return "handed_off"
    if turn.asked_question:
        return "asked_question"
    return "answered" if turn.answered else None


def _hands_off(span: Span) -> bool:
    return span.handoff_to is not None or span.escalates
