"""Journeys as far as a session needs them: which are open, and whether one converted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from turnloom.model.turn import Turn

Instance = tuple[str, str]
"""(journey name, journey id ?? conversation id ?? session id); the user is the session's."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """Journeys of some turns."""

    seen: frozenset[Instance]
    converted: frozenset[Instance]


NO_JOURNEYS = Journeys(frozenset(), frozenset())


def read_journeys(turns: Iterable[Turn]) -> Journeys:
    """Read which journeys some turns touch and which of them convert (definitions, *Journey*).

    Args:
        turns: Turns and activity of one session.

    Returns:
        Instances; converted if reported so, or at the last of its stages.
    """
    told = [turn for turn in turns if turn.journey_steps]
    if not told:
        return NO_JOURNEYS
    seen: set[Instance] = set()
    converted: set[Instance] = set()
    for turn in told:
        for text in turn.journey_steps:
            step: dict[str, Any] = json.loads(text)
            instance = (step.get("name", ""), step.get("id") or turn.conversation_id or turn.session_id)
            seen.add(instance)
            total = step.get("total_stages")
            if step.get("converted") == "true" or (total is not None and step.get("stage_number") == total):
                converted.add(instance)
    return Journeys(frozenset(seen), frozenset(converted))
