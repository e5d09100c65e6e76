"""Numbers of turns: in the conversation, in the session, and what the application reported."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from turnloom.model.turn import Turn


def in_order(turn: Turn) -> tuple[int, str, str]:
    """Order of turns in a session and in a conversation (definitions, *Ordinals*)."""
    return turn.start_us, turn.trace_id, turn.span_id


@dataclass(slots=True)
class _Count:
    """Where the count of one conversation stands."""

    number: int
    is_known: bool
    """What came before in other sessions is known."""
    shift: int = 0
    """Reported - ours: what came before, as far as the application's numbers tell."""
    before: int | None = None
    """The number before, as reported if it was."""
    seen: set[int] = field(default_factory=set[int])


def fill_ordinals(turns: Sequence[Turn], offsets: Mapping[str, int]) -> None:
    """Fill in `position` and `number`, and flag what the reported numbers do not agree with.

    Where nothing is known of a conversation's earlier sessions, its first reported number is taken
    to tell how many turns they had.

    Args:
        turns: The session's turns in order, with their variants known; parts of others left out.
        offsets: Turns of a conversation in earlier sessions, by conversation id.
    """
    counts: dict[str | None, _Count] = {}
    for position, turn in enumerate(turns, 1):
        turn.position = position
        if turn.variant_of is not None:
            continue
        conversation = turn.conversation_id
        count = counts.get(conversation)
        if count is None:
            offset = offsets.get(conversation) if conversation is not None else None
            count = counts[conversation] = _Count(offset or 0, offset is not None)
        count.number += 1
        turn.number = count.number
        if turn.reported_number is not None:
            _check(turn, turn.reported_number, count)
        else:
            count.before = turn.number + count.shift


def _check(turn: Turn, reported: int, count: _Count) -> None:
    """Flag a gap or a duplicate among the reported numbers, and a mismatch with ours."""
    if count.before is None:
        count.shift = 0 if count.is_known else max(reported - count.number, 0)
        count.before = count.number + count.shift - 1
    if reported in count.seen:
        turn.session_flags += ("number_duplicate",)
    elif reported > count.before + 1:
        turn.session_flags += ("number_gap",)
    if reported != count.number + count.shift:
        turn.session_flags += ("number_mismatch",)
    count.seen.add(reported)
    count.before = reported


def number_conversation(turns: Iterable[Turn]) -> dict[tuple[str, str, str], int]:
    """Number the turns of one conversation over several sessions.

    Args:
        turns: Its turns with their place in their session, in any order.

    Returns:
        `number` by (session id, trace id, span id); turns that have none in their session have none here.
    """
    counted = sorted((turn for turn in turns if turn.number is not None), key=in_order)
    return {(turn.session_id, turn.trace_id, turn.span_id): number for number, turn in enumerate(counted, 1)}
