"""The digest's memory of one project: traces and sessions it has just written."""

from dataclasses import dataclass, field

from turnloom.model.record import Record
from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.ingest.recent import Recent

SPANS_MAX = 10_000
"""Spans of recent traces in memory, about 1.5 KB each."""

TURNS_MAX = 10_000
"""Turns of recent sessions in memory, about 2 KB each."""


Link = tuple[str, str]
"""(response id, `gives` or `needs`)."""


@dataclass(slots=True)
class TraceState:
    """A trace: what is stored of it, and after a digest has taken what came, all there is of it."""

    hours: set[int] = field(default_factory=set[int])
    """Hours in which rows of it lie, tombstones included."""
    session_ids: list[str] = field(default_factory=list[str])
    """Sessions it was part of when its row was written."""
    spans: dict[str, Span] = field(default_factory=dict[str, Span])
    """The winning version of each span, by span id."""
    placed: dict[str, dict[int, int]] = field(default_factory=dict[str, dict[int, int]])
    """Stored versions of each span: version by hour."""
    records: dict[str, Record] = field(default_factory=dict[str, Record])
    links: frozenset[Link] = frozenset()
    """Responses that it gives or needs, as its row has them (rule C3)."""


@dataclass(slots=True)
class SessionState:
    """A session as it is stored."""

    turns: list[Turn]
    records: dict[str, Record]


class Memory:
    """Recent traces and sessions of one project."""

    def __init__(self) -> None:
        self.traces: Recent[str, TraceState] = Recent(
            SPANS_MAX, lambda state: len(state.spans) + len(state.records)
        )
        self.sessions: Recent[str, SessionState] = Recent(TURNS_MAX, lambda state: len(state.turns))

    def clear(self) -> None:
        """Forget everything: what is stored may be something else."""
        self.traces.clear()
        self.sessions.clear()
