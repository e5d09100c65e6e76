"""A copy of a turn without its place, so that a session can be read again from what is stored."""

from dataclasses import fields
from operator import attrgetter

from turnloom.model.turn import EVENT, RUNNING, Turn

_NAMES = tuple(field.name for field in fields(Turn))
_FACTS = _NAMES[: _NAMES.index("number")]
_READ_FACTS = attrgetter(*_FACTS)


def unplaced(turn: Turn) -> Turn:
    """Copy the facts of a turn; an announced one is taken as running again."""
    copy = Turn(*_READ_FACTS(turn))
    if copy.source == EVENT:
        copy.status = RUNNING
    return copy
