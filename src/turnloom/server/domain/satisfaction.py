"""How satisfied a session's user is, by what they said themselves."""

from collections.abc import Iterable, Sequence

from turnloom.model.session import Session
from turnloom.server.domain.scores import Score

POSITIVE_ABOVE = 0.5
"""A normalised rating over this is positive."""


def fill_satisfaction(session: Session, scores: Sequence[Score], of_turns: Sequence[Score]) -> None:
    """Fill in satisfaction and the mean per score name (definitions, *Satisfaction and scores*).

    Args:
        session: The session to fill in.
        scores: Scores on the session itself.
        of_turns: Scores on its turns and activity.
    """
    if not scores and not of_turns:
        return
    ratings = [score[6] for score in scores if score[6] is not None]
    if not ratings:
        ratings = [score[6] for score in of_turns if score[6] is not None]
    if ratings:
        session.satisfaction, session.satisfaction_count = mean(ratings), len(ratings)
    values: dict[str, list[float]] = {}
    for name, _, value, *_ in (*scores, *of_turns):
        if value is not None:
            values.setdefault(name, []).append(value)
    session.scores = {name: mean(values[name]) for name in sorted(values)}


def mean(values: Iterable[float]) -> float:
    """The mean, independent of order."""
    ordered = sorted(values)
    return sum(ordered) / len(ordered)


def last_rating(scores: Iterable[Score]) -> float | None:
    """The latest rating of a user."""
    rated = [(score[4], score[0], score[1], score[6]) for score in scores if score[6] is not None]
    return max(rated)[-1] if rated else None
