"""Numbers of turns: in the conversation, in the session, and what the application reported."""

from collections.abc import Iterable, Mapping, Sequence

from turnloom.model.turn import Turn


def in_order(turn: Turn) -> tuple[int, str, str]:
    """Order of turns in a session and in a conversation (definitions, *Ordinals*)."""
    return turn.start_us, turn.trace_id, turn.span_id


def fill_ordinals(turns: Sequence[Turn], offsets: Mapping[str, int]) -> None:
    """Fill in `position` and `number`, and flag what the reported numbers do not agree with.

    Args:
        turns: The session's turns in order, with their variants known; parts of others left out.
        offsets: Turns of a conversation in earlier sessions, by conversation id.
    """
    numbers: dict[str | None, int] = {}
    reported: dict[str | None, set[int]] = {}
    last: dict[str | None, int] = {}
    for position, turn in enumerate(turns, 1):
        turn.position = position
        conversation = turn.conversation_id
        if turn.variant_of is not None:
            continue
        number = numbers.get(conversation)
        if number is None:
            number = offsets.get(conversation, 0) if conversation is not None else 0
            last[conversation] = number
            reported[conversation] = set()
        numbers[conversation] = turn.number = number + 1
        if turn.reported_number is not None:
            turn.session_flags += _flags(
                turn, turn.reported_number, last[conversation], reported[conversation]
            )
            reported[conversation].add(turn.reported_number)
        last[conversation] = turn.number if turn.reported_number is None else turn.reported_number


def _flags(turn: Turn, number: int, before: int, seen: set[int]) -> tuple[str, ...]:
    """A gap and a duplicate are against the reported numbers before it, a mismatch against ours."""
    flags: list[str] = []
    if number in seen:
        flags.append("number_duplicate")
    elif number > before + 1:
        flags.append("number_gap")
    if number != turn.number:
        flags.append("number_mismatch")
    return tuple(flags)


def number_conversation(turns: Iterable[Turn]) -> dict[tuple[str, str, str], int]:
    """Number the turns of one conversation over several sessions.

    Args:
        turns: Its turns with their place in their session, in any order.

    Returns:
        `number` by (session id, trace id, span id); turns that have none in their session have none here.
    """
    counted = sorted((turn for turn in turns if turn.number is not None), key=in_order)
    return {(turn.session_id, turn.trace_id, turn.span_id): number for number, turn in enumerate(counted, 1)}
