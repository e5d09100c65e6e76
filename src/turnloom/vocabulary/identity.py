"""Whose span it is: session, conversation, user and turn number, and the conflict rules C1 to C4.

C4 (an explicit conversation beats the ambient one) is the order of the table. C5, C6 and C9 are
about a whole trace and are not decided here.
"""

from collections.abc import Callable, Mapping, Sequence

from turnloom.model.span import Span
from turnloom.vocabulary.found import Found, rank_of
from turnloom.vocabulary.values import identifier, whole

DEMOTING_SCOPE = "openinference.instrumentation.langchain"
"""The instrumentation that writes a conversation into `session.id` (C1)."""

OPERATING_THREAD = "thread.id"
"""As a number it is OpenTelemetry's own key, the thread of a process that made the span: many people
share one. As a text it is a conversation."""

AMBIENT_CONVERSATION = "gen_ai.conversation.id"
RESPONSE_PREFIX = "resp_"
"""An ambient conversation of this form names the response that the call continues (C3)."""

IsMetadata = Callable[[str, int], bool]


def fill_identity(
    span: Span, found: Mapping[str, Sequence[Found]], is_metadata: IsMetadata, flags: list[str]
) -> None:
    """Fill the ids of a span, the key each was read from and that key's rank.

    Args:
        span: The span to fill; its scope is set.
        found: Candidates by field, best first.
        is_metadata: Whether the row of a field (by name and rank) is one of metadata.
        flags: Gets the flags of ids that were refused or shortened.
    """
    sessions, conversations = found.get("session", ()), found.get("conversation", ())
    if sessions or conversations:
        own = next((identifier(item[2])[0] for item in sessions if item[1] == "session.id"), None)
        demoted = own is not None and _is_demoted(span.scope, own, sessions, conversations, is_metadata)
        _fill_session(span, sessions, demoted, flags)
        _fill_conversation(span, conversations, own, demoted, flags)
    users = found.get("user")
    if users:
        span.user_id, span.user_key, span.user_rank = first_identifier(users, flags)
    for _, key, value in found.get("turn_number", ()):
        span.turn_number = whole(value)
        if span.turn_number is not None:
            span.turn_number_key = key
            return


def first_identifier(
    candidates: Sequence[Found], flags: list[str]
) -> tuple[str | None, str | None, int | None]:
    """Take the first candidate that holds an id.

    Args:
        candidates: Best first.
        flags: Gets `bad_id` and `long_id`.

    Returns:
        The id, its key and its rank, or three times None.
    """
    for order, key, value in candidates:
        read, flag = identifier(value)
        if flag is not None and flag not in flags:
            flags.append(flag)
        if read is not None:
            return read, key, rank_of(order)
    return None, None, None


def _is_demoted(
    scope: str,
    own: str,
    sessions: Sequence[Found],
    conversations: Sequence[Found],
    is_metadata: IsMetadata,
) -> bool:
    """C1: LangChain's instrumentation gave the conversation out as the session."""
    if scope != DEMOTING_SCOPE:
        return False
    if any(is_metadata("session", rank_of(item[0])) and identifier(item[2])[0] for item in sessions):
        return False
    return any(
        is_metadata("conversation", rank_of(order)) and identifier(value)[0] == own
        for order, _, value in conversations
    )


def _fill_session(span: Span, sessions: Sequence[Found], demoted: bool, flags: list[str]) -> None:
    left = [item for item in sessions if item[1] != "session.id"] if demoted else sessions
    span.session_id, span.session_key, span.session_rank = first_identifier(left, flags)


def _fill_conversation(
    span: Span, conversations: Sequence[Found], own: str | None, demoted: bool, flags: list[str]
) -> None:
    left: list[Found] = []
    link: str | None = None
    for item in conversations:
        if item[1] == "session.id":
            if demoted:
                left.append(item)
        elif item[1] == AMBIENT_CONVERSATION:
            ambient = identifier(item[2])[0]
            if ambient is not None and ambient.startswith(RESPONSE_PREFIX):
                link = ambient  # C3
            elif ambient is None or ambient != own:  # C2 otherwise
                left.append(item)
        elif item[1] != OPERATING_THREAD or not isinstance(item[2], int):
            left.append(item)
    if left:
        span.conversation_id, span.conversation_key, span.conversation_rank = first_identifier(left, flags)
    if span.conversation_id is None:
        span.linked_response_id = link
