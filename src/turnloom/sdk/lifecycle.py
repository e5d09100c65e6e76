"""What happens to a session or to a person waited for, told at once as log events."""

from typing import Literal, get_args

from opentelemetry.trace import SpanContext

from turnloom.sdk.border import shielded, warn_once
from turnloom.sdk.current import running_client
from turnloom.sdk.errors import InvalidArgumentError
from turnloom.sdk.frame import current_scope, current_turn_span
from turnloom.sdk.identifiers import Identifier, clean_id, new_id
from turnloom.sdk.scope import Scope

EndReason = Literal["completed", "user_exit", "logout", "replaced", "error"]
HumanType = Literal["approval", "clarification", "escalation", "feedback"]

END_REASONS: frozenset[str] = frozenset(get_args(EndReason))
HUMAN_TYPES: frozenset[str] = frozenset(get_args(HumanType))


def end_session(reason: EndReason = "completed", *, session_id: Identifier | None = None) -> None:
    """Say that a session has ended; leaving a `session` block does not.

    Args:
        reason: Why.
        session_id: The session; the one in hand if None.

    Raises:
        InvalidArgumentError: The reason is none of the known ones.
        TypeError: The id is neither str, int nor UUID.
    """
    if reason not in END_REASONS:
        raise InvalidArgumentError(f"reason is {reason!r}; give one of {', '.join(sorted(END_REASONS))}")
    given = clean_id("session_id", session_id)
    client = running_client()
    if client is None:
        return
    scope = current_scope()
    ended = given or scope.effective_session_id
    if ended is None:
        warn_once("end_session", "turnloom: end_session() outside of a session; give session_id")
        return
    told = scope if ended == scope.effective_session_id else Scope(session_id=ended)
    shielded("end of a session", lambda: client.session_ended(told, reason))


def human_request(type: HumanType, *, request_id: Identifier | None = None) -> str:  # noqa: A002 - as in human.type
    """Say that the turn in hand waits for a person.

    Args:
        type: What for.
        request_id: Id of the request; otherwise made.

    Returns:
        The id, for `human_response`.

    Raises:
        InvalidArgumentError: The type is none of the known ones.
        TypeError: The id is neither str, int nor UUID.
    """
    if type not in HUMAN_TYPES:
        raise InvalidArgumentError(f"type is {type!r}; give one of {', '.join(sorted(HUMAN_TYPES))}")
    request = clean_id("request_id", request_id) or new_id("human")
    client = running_client()
    if client is not None:
        shielded("human request", lambda: client.human_asked(request, current_scope(), _turn(), type))
    return request


def human_response(request_id: Identifier, *, decision: str | None = None) -> None:
    """Say that a person has answered.

    Args:
        request_id: What `human_request` returned.
        decision: What they decided, such as `approved`.

    Raises:
        InvalidArgumentError: There is no id.
        TypeError: The id is neither str, int nor UUID.
    """
    request = clean_id("request_id", request_id)
    if request is None:
        raise InvalidArgumentError("request_id is missing; give what human_request() returned")
    client = running_client()
    if client is not None:
        shielded("human response", lambda: client.human_answered(request, current_scope(), _turn(), decision))


def _turn() -> SpanContext | None:
    span = current_turn_span()
    return None if span is None else span.get_span_context()
