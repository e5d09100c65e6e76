"""Copies of turns, so that a session can be read again and again from what is stored."""

from dataclasses import fields
from operator import attrgetter

from turnloom.model.turn import INCOMPLETE, RUNNING, Turn

_NAMES = tuple(field.name for field in fields(Turn))
_FIRST_PLACE = _NAMES.index("number")
_READ_FACTS = attrgetter(*_NAMES[:_FIRST_PLACE])
_PLACE_NAMES = tuple(name for name in _NAMES[_FIRST_PLACE:] if name != "part_of")


def facts(turn: Turn) -> Turn:
    """Copy the facts of a turn without its place; one without an end is taken as running again."""
    copy = Turn(*_READ_FACTS(turn))
    if copy.end_us is None and copy.status == INCOMPLETE:
        copy.status = RUNNING
    return copy


def take_place(turn: Turn, placed: Turn) -> None:
    """Give a turn the place that its merged form was given, and the status if it never ended."""
    for name in _PLACE_NAMES:
        setattr(turn, name, getattr(placed, name))
    if turn.status == RUNNING:
        turn.status = placed.status
