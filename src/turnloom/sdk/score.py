"""Scores: what somebody thought of a turn, a trace, a session or a conversation."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from turnloom.sdk.border import shielded, warn_once
from turnloom.sdk.current import running_client
from turnloom.sdk.errors import InvalidArgumentError
from turnloom.sdk.frame import current_scope, current_turn_span
from turnloom.sdk.identifiers import Identifier, clean_id, new_id


@dataclass(frozen=True, slots=True)
class Target:
    """What is rated.

    Args:
        trace_id: A trace, as 32 hex digits.
        observation_id: A span of that trace, as 16 hex digits.
        session_id: A session.
        conversation_id: A conversation of that session.
    """

    trace_id: str | None = None
    observation_id: str | None = None
    session_id: str | None = None
    conversation_id: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to rate."""
        return bool(self.trace_id or self.session_id)


@dataclass(frozen=True, slots=True)
class Score:
    """A rating of a target, in the shape of Langfuse's API."""

    id: str
    target: Target
    name: str
    value: bool | float | str
    time_s: float
    comment: str | None = None
    source: str | None = None
    environment: str | None = None

    def body(self) -> dict[str, object]:
        """The score as JSON; what is missing is left out."""
        value = self.value
        fields: dict[str, object] = {
            "id": self.id,
            "traceId": self.target.trace_id,
            "observationId": self.target.observation_id,
            "sessionId": self.target.session_id,
            "conversationId": self.target.conversation_id,
            "name": self.name,
            "value": int(value) if isinstance(value, bool) else value,
            "dataType": _data_type(value),
            "comment": self.comment,
            "timestamp": datetime.fromtimestamp(self.time_s, UTC).isoformat(),
            "source": self.source,
            "metadata": None if self.source is None else {"source": self.source},
            "environment": self.environment,
        }
        return {key: item for key, item in fields.items() if item is not None}


def _data_type(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return "BOOLEAN"
    return "CATEGORICAL" if isinstance(value, str) else "NUMERIC"


def send_score(
    name: str,
    value: bool | float | str,
    target: Target,
    *,
    comment: str | None = None,
    source: str | None = None,
    id: Identifier | None = None,  # noqa: A002 - the word of the API
) -> None:
    """Queue a score.

    Args:
        name: What is rated.
        value: A number, a boolean, or a category.
        target: What it rates.
        comment: Why.
        source: Who rated.
        id: Id of the score: the same id again replaces it.

    Raises:
        TypeError: The value is of another type.
        InvalidArgumentError: There is no name, or an id holds a control character.
    """
    if not name:
        raise InvalidArgumentError(f"name is {name!r}; say what is rated, such as 'helpful'")
    if not isinstance(value, bool | int | float | str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise TypeError(f"value is {type(value).__name__}; give a number, a boolean or a str")
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidArgumentError(f"value is {value!r}; give a finite number")
    given_id = clean_id("id", id)
    client = running_client()
    if client is None:
        return
    if not target.is_known:
        warn_once("score", "turnloom: score() has nothing to rate; call it in a turn, or give an id")
        return
    environment = client.settings.environment
    made = Score(given_id or new_id("score"), target, name, value, time.time(), comment, source, environment)
    shielded("score", lambda: client.send_score(made))


def score(
    name: str,
    value: bool | float | str,
    *,
    trace_id: str | None = None,
    observation_id: str | None = None,
    session_id: Identifier | None = None,
    conversation_id: Identifier | None = None,
    comment: str | None = None,
    source: str | None = None,
    id: Identifier | None = None,  # noqa: A002 - the word of the API
) -> None:
    """Rate a trace, session or conversation; without an id the turn in hand, else the session in hand.

    Args:
        name: What is rated, such as `helpful`.
        value: A number, a boolean, or a category.
        trace_id: A trace, as 32 hex digits.
        observation_id: A span of that trace, as 16 hex digits.
        session_id: A session.
        conversation_id: A conversation.
        comment: Why.
        source: Who rated, such as `user` or `judge`.
        id: Id of the score: the same id again replaces it.

    Raises:
        TypeError: The value or an id has a type that cannot be used.
        InvalidArgumentError: There is no name, or an id holds a control character.
    """
    conversation = clean_id("conversation_id", conversation_id)
    session = clean_id("session_id", session_id) or conversation
    target = Target(trace_id, observation_id, session, conversation)
    if trace_id is None and session is None:
        target = _current_target()
    send_score(name, value, target, comment=comment, source=source, id=id)


def _current_target() -> Target:
    span = current_turn_span()
    if span is None:
        return Target(session_id=current_scope().effective_session_id)
    ids = span.get_span_context()
    return Target(trace_id=f"{ids.trace_id:032x}", observation_id=f"{ids.span_id:016x}")
