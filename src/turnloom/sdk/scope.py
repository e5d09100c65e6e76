"""What is known about the work in hand: whose session, which conversation, which turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from turnloom import semconv

Value = str | bool | int | float | tuple[str, ...]
"""An attribute value that needs no cleaning."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids and details that every span started inside gets.

    Args:
        session_id: The session.
        conversation_id: The conversation; stands for the session where there is none.
        user_id: The user as it leaves the process: hashed unless that is turned off.
        turn_id: The turn.
        turn_number: Its number in the conversation, from 1.
        tags: Tags of the trace.
        session_details: Further attributes of the session, by key.
        conversation_details: Further attributes of the conversation, by key.
        stamp: All of it as span attributes, worked out once.
    """

    session_id: str | None = None
    conversation_id: str | None = None
    user_id: str | None = None
    turn_id: str | None = None
    turn_number: int | None = None
    tags: tuple[str, ...] = ()
    session_details: Mapping[str, Value] = field(default_factory=dict[str, Value])
    conversation_details: Mapping[str, Value] = field(default_factory=dict[str, Value])
    stamp: Mapping[str, Value] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", _stamp(self))

    @property
    def effective_session_id(self) -> str | None:
        """The session, or the conversation that stands for it."""
        return self.session_id or self.conversation_id


def _stamp(scope: Scope) -> dict[str, Value]:
    """Write a scope as span attributes, each id in the key of every back end."""
    session = scope.effective_session_id
    ids: dict[str, Value | None] = {
        semconv.SESSION_ID: session,
        semconv.LANGFUSE_SESSION_ID: session,
        semconv.USER_ID: scope.user_id,
        semconv.LANGFUSE_USER_ID: scope.user_id,
        semconv.CONVERSATION_ID: scope.conversation_id,
        semconv.GEN_AI_CONVERSATION_ID: scope.conversation_id,
        semconv.TURN_ID: scope.turn_id,
        semconv.TURN_NUMBER: scope.turn_number,
        semconv.LANGFUSE_TRACE_TAGS: scope.tags or None,
    }
    known = {key: value for key, value in ids.items() if value is not None}
    return {**known, **scope.session_details, **scope.conversation_details}


EMPTY = Scope()
"""The scope outside of every session."""
