"""Conversations that have no id but the response which each call continues (rule C3).

A call of OpenAI's Responses API names the response it continues, `resp_…`. Traces linked so are
one conversation, whose id is that of its earliest known trace: the conversation that trace was
given, else its trace id. An earlier trace that arrives later renames the chain.
"""

from collections.abc import Iterable
from dataclasses import replace

from turnloom.model.span import Span
from turnloom.server.ingest.memory import Link, TraceState
from turnloom.server.ingest.rows import link_row, link_tombstone
from turnloom.server.ingest.touched import TouchedTraces
from turnloom.server.ingest.writing import Writing
from turnloom.server.store.event_store import EventStore

LINKS_MAX = 1_000
"""Traces that one digest follows along chains (vocabulary, C3)."""

GIVES, NEEDS = "gives", "needs"

CHAIN_KEY = "gen_ai.response.id"
"""*Why grouped* of an id that comes from a chain."""

CHAIN_RANK = 99
"""Behind every key that names a conversation."""


class Chains:
    """Finds the conversation of traces that continue responses.

    Args:
        store: Lookups of links.
        traces: The touched traces; those whose chain is renamed are loaded into it.
        project: Project id.
        version: Version of the rows.
    """

    def __init__(self, store: EventStore, traces: TouchedTraces, project: str, version: int) -> None:
        self._store = store
        self._traces = traces
        self._project = project
        self._version = version
        self._stored: dict[str, dict[tuple[str, str], str]] = {}
        """Stored links by response id: chain id by (role, trace id)."""
        self._followed: dict[str, str] = {}
        """Chain id of each followed trace."""
        self._conversations: dict[str, str] = {}
        self._touching: dict[Link, set[str]] = {}
        """Loaded traces by link."""

    def follow(self, writing: Writing) -> None:
        """Name the chains of the touched traces, load what that renames, and write the links."""
        todo = {trace_id for trace_id, state in self._traces.states.items() if state.links or _links(state)}
        before = {trace_id: self._traces.states[trace_id].links for trace_id in todo}
        while todo and len(self._followed) < LINKS_MAX:
            self._load_links(todo)
            for trace_id in todo:
                self._look_at(trace_id)
            todo = self._rename(todo)
            self._traces.load(todo)
            before |= {
                trace_id: self._traces.states[trace_id].links for trace_id in todo if trace_id not in before
            }
        for trace_id in self._followed:
            self._settle(trace_id, before[trace_id], writing)

    def spans(self, trace_id: str) -> list[Span]:
        """The spans of a touched trace, with the conversation that its chain gives it."""
        spans = list(self._traces.states[trace_id].spans.values())
        conversation_id = self._conversations.get(trace_id)
        if conversation_id is None:
            return spans
        return [
            replace(
                span,
                conversation_id=conversation_id,
                conversation_key=CHAIN_KEY,
                conversation_rank=CHAIN_RANK,
            )
            if span.linked_response_id or span.response_id
            else span
            for span in spans
        ]

    def _look_at(self, trace_id: str) -> None:
        state = self._traces.states[trace_id]
        state.links = _links(state)
        for link in state.links:
            self._touching.setdefault(link, set()).add(trace_id)

    def _rename(self, todo: Iterable[str]) -> set[str]:
        """Name the chains of traces; return those whose name may change with them."""
        following: set[str] = set()
        for trace_id in todo:
            name = self._name(trace_id)
            if self._followed.get(trace_id) == name:
                continue
            self._followed[trace_id] = name
            for response_id, role in self._traces.states[trace_id].links:
                for other, chain_id in self._others(response_id, NEEDS if role == GIVES else GIVES):
                    is_new_root = role == NEEDS and chain_id == other
                    if other != trace_id and (is_new_root or (role == GIVES and chain_id != name)):
                        following.add(other)
        return {
            other
            for other in following
            if self._followed.get(other) is None or self._name(other) != self._followed[other]
        }

    def _name(self, trace_id: str) -> str:
        """Walk up to the earliest known trace."""
        seen: set[str] = set()
        while trace_id not in seen and len(seen) < LINKS_MAX:
            seen.add(trace_id)
            state = self._traces.states[trace_id]
            if (explicit := _explicit(state)) is not None:
                return explicit
            giver = self._giver(trace_id, state)
            if giver is None:
                return trace_id
            if giver[0] not in self._traces.states:
                return giver[1]
            trace_id = giver[0]
        return min(seen)

    def _giver(self, trace_id: str, state: TraceState) -> tuple[str, str] | None:
        """The trace, and its chain id, that gives what a trace needs; the smallest of several."""
        givers = {
            giver
            for response_id, role in state.links
            if role == NEEDS
            for giver in self._others(response_id, GIVES)
            if giver[0] != trace_id
        }
        return min(givers, default=None)

    def _others(self, response_id: str, role: str) -> set[tuple[str, str]]:
        """(trace id, chain id) of the traces that give or need a response, as of now."""
        stored = {
            (trace_id, chain_id)
            for (held_role, trace_id), chain_id in self._stored.get(response_id, {}).items()
            if held_role == role and trace_id not in self._traces.states
        }
        loaded = {
            (trace_id, self._followed.get(trace_id, ""))
            for trace_id in self._touching.get((response_id, role), ())
        }
        return stored | loaded

    def _load_links(self, trace_ids: Iterable[str]) -> None:
        wanted = {
            response_id for trace_id in trace_ids for response_id, _ in _links(self._traces.states[trace_id])
        }
        missing = wanted - self._stored.keys()
        for response_id in missing:
            self._stored[response_id] = {}
        for response_id, role, trace_id, chain_id in self._store.links(self._project, missing):
            self._stored[response_id][(role, trace_id)] = chain_id

    def _settle(self, trace_id: str, before: frozenset[Link], writing: Writing) -> None:
        """Give a trace its conversation, and write its links."""
        state, name = self._traces.states[trace_id], self._followed[trace_id]
        is_needed = any(
            self._others(response_id, NEEDS) for response_id, role in state.links if role == GIVES
        )
        has_needs = any(role == NEEDS for _, role in state.links)
        if _explicit(state) is None and (has_needs or is_needed):
            self._conversations[trace_id] = name
        for link in state.links:
            writing.links.append(link_row(link, trace_id, name, self._project, self._version))
        for link in before - state.links:
            writing.links.append(link_tombstone(link, trace_id, self._project, self._version))


def _links(state: TraceState) -> frozenset[Link]:
    given = {
        (span.response_id, GIVES)
        for span in state.spans.values()
        if span.response_id and span.response_id.startswith("resp_")
    }
    needed = {(span.linked_response_id, NEEDS) for span in state.spans.values() if span.linked_response_id}
    return frozenset(given | needed)


def _explicit(state: TraceState) -> str | None:
    """The conversation that a trace was given (vocabulary, *Trace-level inheritance*)."""
    named = [
        (
            span.conversation_rank or 0,
            span.parent_id is not None,
            span.start_us,
            span.span_id,
            span.conversation_id,
        )
        for span in state.spans.values()
        if span.conversation_id is not None
    ]
    return min(named)[4] if named else None
