"""What spans say about their session and their journey, beside its id."""

from collections.abc import Mapping, Sequence
from typing import Any

from turnloom.vocabulary.found import Found
from turnloom.vocabulary.values import json_text, text

SESSION_PREFIX = "session."
JOURNEY_PREFIX = "journey."
REPORTED_PREFIX = "reported_"
"""Aggregates that a client sends are kept beside ours, never summed (definitions, *Tokens*)."""


def session_attributes(found: Mapping[str, Sequence[Found]]) -> dict[str, str]:
    """Collect the attributes of a session.

    Args:
        found: Candidates by field.

    Returns:
        Name to text, without the prefix `session.`; of other prefixes the dots become `_`.
        Aggregates as `reported_<name>`.
    """
    read: dict[str, str] = {}
    for _, key, value in found.get("session_attributes", ()):
        _put(read, _name(key), value)
    for _, key, value in found.get("reported", ()):
        _put(read, REPORTED_PREFIX + _name(key), value)
    return read


def _name(key: str) -> str:
    if key.startswith(SESSION_PREFIX):
        return key[len(SESSION_PREFIX) :]
    return key.replace(".", "_")


def journey(candidates: Sequence[Found]) -> dict[str, str]:
    """Collect the attributes of a journey.

    Args:
        candidates: All of the family `journey.*`.

    Returns:
        Name to text, without the prefix `journey.`.
    """
    read: dict[str, str] = {}
    for _, key, value in candidates:
        _put(read, key.removeprefix(JOURNEY_PREFIX), value)
    return read


def _put(read: dict[str, str], name: str, value: Any) -> None:
    written = json_text(value) if isinstance(value, list | dict) else text(value)
    if written is not None:
        read[name] = written
