"""A turn as it is shown: one exchange, whole."""

from dataclasses import dataclass

from turnloom.model.turn import Turn


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with its whole texts, its parts merged into it."""

    turn: Turn
    trace_ids: tuple[str, ...]
    """Its own trace first, then those of its parts."""
