"""Turns that repeat another: regenerated answers and exchanges recorded twice."""

from collections.abc import Sequence
from dataclasses import dataclass

from turnloom.model.turn import Turn
from turnloom.server.domain.rules import MINUTE_US

VARIANT_WITHIN_US = 10 * MINUTE_US
"""The same input, started less than this later and before any other, asks for another answer."""

DUPLICATE_WITHIN_US = MINUTE_US
"""The same input less than this after the end of the first is the same exchange, unless ids say otherwise."""


@dataclass(slots=True)
class _Thread:
    """What is known of one conversation so far."""

    last: Turn | None
    inputs: dict[str, Turn]
    """The latest turn with each input."""


def fill_repeats(turns: Sequence[Turn]) -> None:
    """Fill in `duplicate_of`, `variant_of` and `superseded` (definitions, *Variant*, *Duplicate*).

    Two turns that both have an id are two turns: the same input again is then a variant. Without
    ids it is a duplicate while it overlaps or is less than 60 s apart, later a variant. The next
    step of an exchange, whose last message is not the user's, repeats nothing.

    Args:
        turns: Turns of a session in order, parts of others left out.
    """
    threads: dict[str | None, _Thread] = {}
    originals: dict[str, Turn] = {}
    answers: dict[str, Turn] = {}
    for turn in turns:
        thread = threads.get(turn.conversation_id)
        if thread is None:
            thread = threads[turn.conversation_id] = _Thread(None, {})
        if not turn.continues:
            first = _duplicated(turn, thread)
            if first is not None:
                turn.duplicate_of = first.span_id
                turn.session_flags += ("duplicate",)
            else:
                original = originals.get(turn.regenerates or "") or _regenerated(turn, thread)
                if original is not None:
                    turn.variant_of = original.variant_of or original.span_id
                    answers.setdefault(turn.variant_of, original).superseded = True
                    answers[turn.variant_of] = turn
                thread.last = turn
            if turn.input_hash is not None:
                thread.inputs[turn.input_hash] = turn
        originals[turn.span_id] = turn
        if turn.turn_id is not None:
            originals[turn.turn_id] = turn


def _duplicated(turn: Turn, thread: _Thread) -> Turn | None:
    first = thread.inputs.get(turn.input_hash) if turn.input_hash is not None else None
    if first is None or turn.regenerates is not None:
        return None
    if first.turn_id is not None and turn.turn_id is not None:
        return None
    end_us = first.start_us if first.end_us is None else first.end_us
    return first if turn.start_us - end_us < DUPLICATE_WITHIN_US else None


def _regenerated(turn: Turn, thread: _Thread) -> Turn | None:
    last = thread.last
    if last is None or turn.input_hash is None or last.input_hash != turn.input_hash:
        return None
    return last if turn.start_us - last.start_us < VARIANT_WITHIN_US else None
