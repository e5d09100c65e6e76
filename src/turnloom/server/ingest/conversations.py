"""Numbers of turns in conversations that go on in several sessions."""

from collections.abc import Mapping
from dataclasses import replace

from turnloom.model.turn import Turn
from turnloom.server.domain.ordinals import number_conversation
from turnloom.server.ingest.rows import conversation_row, conversation_tombstone
from turnloom.server.ingest.writing import Writing
from turnloom.server.store.event_store import EventStore

SESSIONS_MAX = 50
"""Sessions over which a conversation is numbered as one. An id that more of them share is a
constant in someone's code, and would make each digest read every session; its turns keep the
numbers they have in their session."""

Place = tuple[str, str]
"""(conversation id, session id)."""


def number_across_sessions(
    store: EventStore,
    project: str,
    stored: dict[str, list[Turn]],
    placed: dict[str, list[Turn]],
    writing: Writing,
    *,
    version: int,
) -> None:
    """Give the turns of conversations that several sessions share their number in the conversation.

    Args:
        store: Lookups.
        project: Project id.
        stored: Turns as they are stored, by session id; other sessions of a shared conversation are added.
        placed: Turns as they are to be stored, by session id; changed in place, and added to likewise.
        writing: Takes the rows of the conversations.
        version: Version of the rows.
    """
    before, after = _places(stored), _places(placed)
    touched = {conversation_id for conversation_id, _ in before.keys() | after.keys()}
    if not touched:
        return
    known = store.conversations(project, touched)
    for place, turns in after.items():
        if before.get(place) != turns or place[1] not in known.get(place[0], ()):
            writing.conversations.append(conversation_row(place, turns, project, version))
    for place in before.keys() - after.keys():
        writing.conversations.append(conversation_tombstone(place, project, version))
    affected = frozenset(stored)
    for conversation_id in sorted(touched):
        held_by = set(known.get(conversation_id, ()))
        sessions = (held_by - affected) | {session for found, session in after if found == conversation_id}
        if _is_shared(len(held_by), len(sessions)):
            _load(store, project, sessions - placed.keys(), stored, placed)
            _number(conversation_id, sessions, placed)


def _is_shared(sessions_before: int, sessions_now: int) -> bool:
    """Whether numbers outside the sessions of this digest may change."""
    if min(sessions_before, sessions_now) > SESSIONS_MAX:
        return False
    return max(sessions_before, sessions_now) > 1


def _load(
    store: EventStore,
    project: str,
    session_ids: set[str],
    stored: dict[str, list[Turn]],
    placed: dict[str, list[Turn]],
) -> None:
    for session_id, turns in store.turns(project, session_ids).items():
        stored[session_id] = turns
        placed[session_id] = list(turns)


def _number(conversation_id: str, sessions: set[str], placed: dict[str, list[Turn]]) -> None:
    """Number one conversation over its sessions, or in each of them when they are too many."""
    groups = [
        [turn for turn in placed.get(session_id, ()) if turn.conversation_id == conversation_id]
        for session_id in sorted(sessions)
    ]
    if len(sessions) <= SESSIONS_MAX:
        groups = [[turn for group in groups for turn in group]]
    numbers: dict[tuple[str, str, str], int | None] = {}
    for group in groups:
        numbers |= number_conversation(group)
    for session_id in sessions:
        placed[session_id] = [
            _numbered(turn, conversation_id, numbers) for turn in placed.get(session_id, ())
        ]


def _numbered(turn: Turn, conversation_id: str, numbers: Mapping[tuple[str, str, str], int | None]) -> Turn:
    if turn.conversation_id != conversation_id:
        return turn
    number = numbers.get((turn.session_id, turn.trace_id, turn.span_id))
    return turn if turn.number == number else replace(turn, number=number)


def _places(sessions: Mapping[str, list[Turn]]) -> dict[Place, list[tuple[int, int | None]]]:
    """Start and end of the turns of each (conversation id, session id)."""
    places: dict[Place, list[tuple[int, int | None]]] = {}
    for session_id, turns in sessions.items():
        for turn in turns:
            if turn.conversation_id is not None:
                places.setdefault((turn.conversation_id, session_id), []).append((turn.start_us, turn.end_us))
    return places
