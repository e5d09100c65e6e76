"""Which spans of a trace make which turn (definitions, *Turn*).

Per session of the trace: a client's turn span is authoritative, and so is the announcement of one
whose span is not here yet. Without either, a trace that holds several exchanges is split, else it is
one turn if it has an input or an LLM, agent or tool span and is no evaluator. What remains is
activity. A trace marked as background is activity too, unless a client says that it is a turn.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.model.turn import ACTIVITY, EVENT
from turnloom.server.domain.announced import announced
from turnloom.server.domain.inherit import Identity, Inheritance
from turnloom.server.domain.many import find_many
from turnloom.server.domain.spoken import Spoken
from turnloom.server.domain.tree import NONE, Tree

TURN_KINDS = frozenset({"llm", "agent", "tool"})
"""One of these makes a root trace a turn."""


@dataclass(slots=True)
class Exchange:
    """The spans of one turn, or of the activity of one session."""

    source: str
    identity: Identity
    anchor: Span | None = None
    """The span that stands for it; None for activity and for an announced turn."""
    announcement: Record | None = None
    members: list[int] = field(default_factory=list[int])
    """Indexes of its spans in the tree, parents first."""


def split(tree: Tree, inheritance: Inheritance, records: Sequence[Record], spoken: Spoken) -> list[Exchange]:
    """Split a trace into turns and activity, per session.

    Args:
        tree: All spans of the trace.
        inheritance: The effective ids of its spans.
        records: Its records: `turn.start` announces a turn.
        spoken: The texts of its spans.

    Returns:
        Exchanges in which every span is a member exactly once; those of one session together.
    """
    pending = announced(tree, inheritance.trace, records) if records else []
    if not inheritance.mixed_sessions and not pending:
        if not tree.spans:
            return []
        return _split_session(tree, tree.downwards, inheritance, spoken)
    sessions: dict[str, list[int]] = {}
    for index in tree.downwards:
        sessions.setdefault(inheritance.identities[index].session_id, []).append(index)
    events: dict[str, list[Exchange]] = {}
    for identity, record in pending:
        sessions.setdefault(identity.session_id, [])
        events.setdefault(identity.session_id, []).append(Exchange(EVENT, identity, announcement=record))
    local = _within_sessions(tree, inheritance)
    exchanges: list[Exchange] = []
    for session_id in sorted(sessions):
        group = sessions[session_id]
        if session_id in events:
            exchanges += _split_by_client(local, group, inheritance, events[session_id])
        else:
            exchanges += _split_session(local, group, inheritance, spoken)
    return exchanges


def _within_sessions(tree: Tree, inheritance: Inheritance) -> Tree:
    """The tree without links between sessions: each session's part of a trace is read by itself."""
    if not inheritance.mixed_sessions:
        return tree
    sessions = [identity.session_id for identity in inheritance.identities]
    parents = [
        parent if parent != NONE and sessions[parent] == sessions[index] else NONE
        for index, parent in enumerate(tree.parents)
    ]
    return Tree(tree.spans, parents, tree.downwards)


def _split_session(
    tree: Tree, group: Sequence[int], inheritance: Inheritance, spoken: Spoken
) -> list[Exchange]:
    for index in group:
        if tree.spans[index].is_turn:
            return _split_by_client(tree, group, inheritance, [])
    tops = [index for index in group if tree.parents[index] == NONE]
    heads = find_many(tree, group, tops, spoken)
    if heads:
        return _split_by_heads(tree, group, inheritance, heads)
    anchor = _root(tree, tops)
    source = "trace" if _is_turn(tree, group, tops, anchor, spoken) else ACTIVITY
    identity = inheritance.identities[anchor]
    span = tree.spans[anchor] if source != ACTIVITY else None
    return [Exchange(source, identity, span, members=list(group))]


def _root(tree: Tree, tops: Sequence[int]) -> int:
    """The top-most span that stands for the trace: a true root first, the earliest among equals."""
    if len(tops) == 1:
        return tops[0]
    spans = tree.spans
    return min(
        tops,
        key=lambda index: (
            spans[index].kind == "evaluator" or spans[index].background,
            spans[index].parent_id is not None,
            spans[index].start_us,
            spans[index].span_id,
        ),
    )


def _is_turn(tree: Tree, group: Sequence[int], tops: Sequence[int], anchor: int, spoken: Spoken) -> bool:
    spans = tree.spans
    if spans[anchor].kind == "evaluator" or spans[anchor].background:
        return False
    if any(spans[index].has_input or spoken.input_of(spans[index]) is not None for index in tops):
        return True
    return any(spans[index].kind in TURN_KINDS for index in group)


def _split_by_client(
    tree: Tree, group: Sequence[int], inheritance: Inheritance, events: list[Exchange]
) -> list[Exchange]:
    """Turn spans and announcements own what is below them; an orphan goes to the running turn."""
    exchanges = list(events)
    owners: dict[int, Exchange] = {}
    activity: list[int] = []
    for index in group:
        span, parent = tree.spans[index], tree.parents[index]
        owner = owners.get(parent)
        if span.is_turn and not _is_same_turn(span, owner):
            owner = Exchange("client", inheritance.identities[index], span)
            exchanges.append(owner)
        elif owner is None and parent == NONE and span.parent_id is not None and events:
            owner = _running_at(events, span.start_us)
        if owner is None:
            activity.append(index)
        else:
            owners[index] = owner
            owner.members.append(index)
    return exchanges + _activity(inheritance, activity)


def _is_same_turn(span: Span, owner: Exchange | None) -> bool:
    """The same turn id twice is one turn."""
    return (
        owner is not None
        and owner.anchor is not None
        and span.turn_id is not None
        and (owner.anchor.turn_id == span.turn_id)
    )


def _running_at(events: list[Exchange], start_us: int) -> Exchange:
    """The latest announced turn that had started; the first if none had."""
    return events[max(bisect_right(events, start_us, key=_announced_us) - 1, 0)]


def _announced_us(event: Exchange) -> int:
    return event.announcement.time_us if event.announcement is not None else 0


def _split_by_heads(
    tree: Tree, group: Sequence[int], inheritance: Inheritance, heads: dict[int, int]
) -> list[Exchange]:
    """Give each span to the exchange its branch belongs to.

    Args:
        tree: Spans of the trace.
        group: Indexes of the session's spans.
        inheritance: Their ids.
        heads: Per top of a branch, the span with the new user message that it answers.
    """
    exchanges: dict[int, Exchange] = {}
    owners: dict[int, Exchange] = {}
    activity: list[int] = []
    for index in group:
        head = heads.get(index)
        owner = owners.get(tree.parents[index])
        if head is not None:
            if head not in exchanges:
                exchanges[head] = Exchange("span", inheritance.identities[head], tree.spans[head])
            owner = exchanges[head]
        if owner is None:
            activity.append(index)
        else:
            owners[index] = owner
            owner.members.append(index)
    return list(exchanges.values()) + _activity(inheritance, activity)


def _activity(inheritance: Inheritance, members: list[int]) -> list[Exchange]:
    if not members:
        return []
    return [Exchange(ACTIVITY, inheritance.identities[members[0]], members=members)]
