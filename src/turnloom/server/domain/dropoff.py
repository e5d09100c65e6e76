"""Why a visit was left (definitions, *Drop-off*)."""

from collections.abc import Sequence
from dataclasses import dataclass

from turnloom.model.turn import FAILED, RUNNING, Turn
from turnloom.server.domain.ends import REASONS_WITHOUT_DROPOFF, End
from turnloom.server.domain.journeys import Instance
from turnloom.server.domain.state import NATURAL_END

TYPES_WITHOUT = frozenset({"api", "agent", "batch"})
"""Session types in which nobody drops off."""

NEGATIVE_BELOW = 0.5
"""A normalised rating under this is negative."""

REASONS_OF_EXIT = frozenset({"user_exit", "logout"})
"""Who leaves on purpose is only asked about failed, missing and disliked answers."""


@dataclass(frozen=True, slots=True)
class Dropoff:
    """What holds for a visit once it has closed."""

    reason: str
    """"" when it is not evaluated."""
    inferred: bool = False
    """The question was read from the text."""


NOT_EVALUATED = Dropoff("")


def find_dropoff(
    turns: Sequence[Turn],
    session_type: str | None,
    end: End | None,
    last_feedback: float | None,
    open_journeys: frozenset[Instance] = frozenset(),
) -> Dropoff:
    """Find the one reason, the first that holds.

    Args:
        turns: The visit's turns in order.
        session_type: `session.type`.
        end: The explicit end that closes the visit; None for its timeout.
        last_feedback: The last rating in the visit, 0..1.
        open_journeys: Journeys of the visit that have not converted by its end.

    Returns:
        The reason; a turn that still runs counts as failed, as it will be if the visit closes on it.
    """
    reason = end.reason if end is not None else None
    if not turns or session_type in TYPES_WITHOUT or reason in REASONS_WITHOUT_DROPOFF:
        return NOT_EVALUATED
    last = last_exchange(turns)
    held = (
        ("failed_turn", last.status in FAILED or last.status == RUNNING),
        ("unanswered", not last.answered),
        ("negative_feedback", last_feedback is not None and last_feedback < NEGATIVE_BELOW),
        ("unanswered_question", reason not in REASONS_OF_EXIT and bool(last.asked_question)),
        ("journey_abandoned", reason not in REASONS_OF_EXIT and bool(open_journeys)),
        (NATURAL_END, True),
    )
    found = next(name for name, holds in held if holds)
    return Dropoff(found, found == "unanswered_question" and last.question_inferred)


def last_exchange(turns: Sequence[Turn]) -> Turn:
    """The last turn that is no duplicate."""
    for turn in reversed(turns):
        if turn.duplicate_of is None:
            return turn
    return turns[-1]
