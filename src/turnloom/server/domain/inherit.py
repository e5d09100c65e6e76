"""Which session, conversation and user a span belongs to, in any order of arrival.

A span's effective id is its own, else its nearest tagged ancestor's, else its trace's. Per field
the trace's is that of the smallest (key rank, 0 if root else 1, start, span id) over its spans:
commutative and idempotent, so order, lateness and repetition do not matter (vocabulary,
*Trace-level inheritance*). A trace in which no span has a session takes its conversation as the
session (`derived`), and one without either is its own (rules C5, C6, C9).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.server.domain.tree import NONE, Tree

RANK_LAST = 1_000_000
"""Rank of an id that came without one: after every key of the precedence."""

RECORD_KEY = "log"
"""Key of an id that only a log record of the trace carries."""

Tag = tuple[str | None, str | None]
"""A value and the key it was read from."""

_Candidate = tuple[int, int, int, str, str, str | None]
"""Key rank, 0 if root else 1, start in us, span id; the value and its key."""

_Told = tuple[str | None, str | None, str | None, str | None, str | None, str | None]
"""Session, conversation and user of a span, each with its key."""

_NO_TAG: Tag = (None, None)
_NO_TAGS = (_NO_TAG, _NO_TAG, _NO_TAG)


@dataclass(frozen=True, slots=True)
class Identity:
    """The effective ids of a span, and the keys they were read from (*why grouped*)."""

    session_id: str
    session_key: str | None
    grouped: bool
    derived: bool
    conversation_id: str | None
    conversation_key: str | None
    user_id: str | None
    user_key: str | None


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What a trace's spans belong to."""

    identities: list[Identity]
    """Of each span of the tree, by index."""
    trace: Identity
    """Of the trace: what a span without an own or inherited id gets."""
    mixed_sessions: bool
    """Two distinct session ids in one trace (C9)."""
    several: bool
    """Not all spans have the same ids."""


def inherit(tree: Tree, records: Sequence[Record], trace_id: str) -> Inheritance:
    """Find the effective ids of every span of a trace.

    Args:
        tree: All spans of the trace.
        records: Its records: their ids stand in where no span has one.
        trace_id: Session id of a trace without session and conversation.

    Returns:
        An identity per span, the trace's, and whether sessions are mixed.
    """
    told = {
        (s.session_id, s.session_key, s.conversation_id, s.conversation_key, s.user_id, s.user_key)
        for s in tree.spans
    }
    if len(told) == 1 and (alike := _alike(told.pop(), len(tree.spans), bool(records))) is not None:
        return alike
    candidates = _candidates(tree.spans)
    session = _winner(candidates[0]) or _of_records((r.time_us, r.record_id, r.session_id) for r in records)
    conversation = _winner(candidates[1]) or _of_records(
        (r.time_us, r.record_id, r.conversation_id) for r in records
    )
    user = _winner(candidates[2]) or _of_records((r.time_us, r.record_id, r.user_id) for r in records)
    derived = session[0] is None and conversation[0] is not None
    if derived:
        session = conversation
    grouped = session[0] is not None
    known: dict[tuple[Tag, Tag, Tag], Identity] = {}
    identities: list[Identity] = []
    for tags in _inherited(tree):
        identity = known.get(tags)
        if identity is None:
            own_session, own_conversation, own_user = tags
            value, key = session if own_session[0] is None else own_session
            identity = Identity(
                value or trace_id,
                key,
                grouped,
                derived,
                *(conversation if own_conversation[0] is None else own_conversation),
                *(user if own_user[0] is None else own_user),
            )
            known[tags] = identity
        identities.append(identity)
    trace = Identity(session[0] or trace_id, session[1], grouped, derived, *conversation, *user)
    mixed = len(known) > 1 and len({identity.session_id for identity in known.values()}) > 1
    return Inheritance(identities, trace, mixed, len(known) > 1)


def _alike(told: _Told, count: int, has_records: bool) -> Inheritance | None:
    """All spans say the same, as they do where a client of ours stamps them: nothing to inherit."""
    session_id, session_key, conversation_id, conversation_key, user_id, user_key = told
    if session_id is None or (has_records and (conversation_id is None or user_id is None)):
        return None
    identity = Identity(
        session_id, session_key, True, False, conversation_id, conversation_key, user_id, user_key
    )
    return Inheritance([identity] * count, identity, mixed_sessions=False, several=False)


def _inherited(tree: Tree) -> list[tuple[Tag, Tag, Tag]]:
    """Own tags, else the nearest tagged ancestor's."""
    tags: list[tuple[Tag, Tag, Tag]] = [_NO_TAGS] * len(tree.spans)
    for index in tree.downwards:
        span, parent = tree.spans[index], tree.parents[index]
        session, conversation, user = _NO_TAGS if parent == NONE else tags[parent]
        if span.session_id is not None:
            session = (span.session_id, span.session_key)
        if span.conversation_id is not None:
            conversation = (span.conversation_id, span.conversation_key)
        if span.user_id is not None:
            user = (span.user_id, span.user_key)
        tags[index] = (session, conversation, user)
    return tags


def _candidates(spans: Sequence[Span]) -> tuple[list[_Candidate], list[_Candidate], list[_Candidate]]:
    """Every own session, conversation and user id, as what is compared and what it stands for."""
    sessions: list[_Candidate] = []
    conversations: list[_Candidate] = []
    users: list[_Candidate] = []
    for span in spans:
        child = 0 if span.parent_id is None else 1
        start_us, span_id = span.start_us, span.span_id
        if span.session_id is not None:
            rank = RANK_LAST if span.session_rank is None else span.session_rank
            sessions.append((rank, child, start_us, span_id, span.session_id, span.session_key))
        if span.conversation_id is not None:
            rank = RANK_LAST if span.conversation_rank is None else span.conversation_rank
            conversations.append(
                (rank, child, start_us, span_id, span.conversation_id, span.conversation_key)
            )
        if span.user_id is not None:
            rank = RANK_LAST if span.user_rank is None else span.user_rank
            users.append((rank, child, start_us, span_id, span.user_id, span.user_key))
    return sessions, conversations, users


def _winner(candidates: list[_Candidate]) -> Tag | None:
    return min(candidates)[4:] if candidates else None


def _of_records(values: Iterable[tuple[int, str, str | None]]) -> Tag:
    """The earliest record's value; by record id where times are equal."""
    found = sorted((time_us, record_id, value) for time_us, record_id, value in values if value is not None)
    return (found[0][2], RECORD_KEY) if found else _NO_TAG
