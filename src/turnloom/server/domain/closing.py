"""How a session and its visits close: what is stored so that the clock decides only at read."""

from bisect import bisect_left
from collections.abc import Sequence

from turnloom.model.session import Session
from turnloom.server.domain.dropoff import Dropoff, find_dropoff, last_exchange
from turnloom.server.domain.ends import Ends
from turnloom.server.domain.journeys import Instance, read_journeys
from turnloom.server.domain.satisfaction import POSITIVE_ABOVE, last_rating
from turnloom.server.domain.scores import Score
from turnloom.server.domain.visits import Visit

RESOLVED = "resolved"


def fill_closing(session: Session, visits: Sequence[Visit], scores: Sequence[Score], ends: Ends) -> None:
    """Fill in visits, drop-offs, the end in force, when the last visit closes, and the outcome.

    Args:
        session: The session to fill in; its activity, timeout and profile are known.
        visits: Its visits in order, at least one.
        scores: Scores on the session itself.
        ends: Its explicit ends.
    """
    session.reopened_count = ends.reopened_count
    if ends.in_force is not None:
        session.end_us, session.end_reason = ends.in_force.time_us, ends.in_force.reason
    elif session.inactivity_timeout_us is not None and not session.human_open:
        reach_us = max(session.last_activity_us, session.running_until_us or 0)
        session.closes_us = reach_us + session.inactivity_timeout_us
    session.visit_starts_us = tuple(visit.start_us for visit in visits)
    session.visit_ends_us = tuple(visit.end_us for visit in visits)
    session.visit_turns = tuple(_length(visit) for visit in visits)
    session.active_duration_us = sum(visit.end_us - visit.start_us for visit in visits)
    dropoffs, converted = _dropoffs(session, visits, scores, ends)
    session.visit_dropoffs = tuple(dropoff.reason for dropoff in dropoffs)
    session.dropoff_inferred = dropoffs[-1].inferred
    _fill_last(session, visits)
    session.outcome = _outcome(session, scores, bool(converted))


def _length(visit: Visit) -> int:
    """Turns of a visit; variants stand at the place of what they regenerate."""
    return (visit.turns[-1].visit_position or 0) if visit.turns else 0


def _dropoffs(
    session: Session, visits: Sequence[Visit], scores: Sequence[Score], ends: Ends
) -> tuple[list[Dropoff], frozenset[Instance]]:
    """Why each visit was left; for the last one what holds once it closes. And what converted."""
    found: list[Dropoff] = []
    converted: frozenset[Instance] = frozenset()
    for number, visit in enumerate(visits):
        next_us = visits[number + 1].start_us if number + 1 < len(visits) else None
        if next_us is None:
            end = ends.in_force
        else:
            end = ends.between(visit.turns[-1].start_us if visit.turns else visit.start_us, next_us)
        said = [score for turn in visit.turns if turn.scores for score in turn.scores]
        if scores:
            said += _within(scores, visit.start_us, next_us)
        journeys = read_journeys(visit.turns)
        feedback = last_rating(said) if said else None
        converted |= journeys.converted
        found.append(find_dropoff(visit.turns, session.type, end, feedback, journeys.seen - converted))
    return found, converted


def _within(scores: Sequence[Score], start_us: int, end_us: int | None) -> Sequence[Score]:
    """Scores by time, from one time on and before another."""
    first = bisect_left(scores, start_us, key=lambda score: score[4])
    last = len(scores) if end_us is None else bisect_left(scores, end_us, key=lambda score: score[4])
    return scores[first:last]


def _fill_last(session: Session, visits: Sequence[Visit]) -> None:
    """What the agent did last and what the user wanted last, per visit and for the session."""
    lasts = [last_exchange(visit.turns) if visit.turns else None for visit in visits]
    intents = [[turn.intent for turn in visit.turns if turn.intent is not None] for visit in visits]
    session.visit_actions = tuple((last.last_action or "") if last is not None else "" for last in lasts)
    session.visit_intents = tuple(told[-1] if told else "" for told in intents)
    session.last_action = session.visit_actions[-1] or None
    session.last_intent = session.visit_intents[-1] or None
    if lasts[-1] is not None:
        session.last_turn = lasts[-1].visit_position


def _outcome(session: Session, scores: Sequence[Score], converted: bool) -> str | None:
    """As reported; else `resolved` (definitions, *Session state*); the rest is decided at read."""
    if session.reported_outcome is not None:
        return session.reported_outcome
    rated = last_rating(scores)
    if session.end_reason == "completed" or converted or (rated is not None and rated > POSITIVE_ABOVE):
        return RESOLVED
    return None
