"""Rows of the derived tables, and the tombstones of what is gone."""

from dataclasses import asdict
from typing import Any

import orjson

from turnloom.model.record import Record, record_version
from turnloom.model.session import Session
from turnloom.model.turn import Turn
from turnloom.server.domain.trace import TraceReading
from turnloom.server.ingest.memory import Link, TraceState
from turnloom.server.store.columns import SESSION_COLUMNS, TURN_COLUMNS

Row = dict[str, Any]


def record_row(record: Record, project: str, target: str) -> Row:
    """The row of a record; its version is its content's, so that the order of arrival does not matter."""
    return {
        "project": project,
        "target": target,
        "record_id": record.record_id,
        "version": record_version(record),
        "record": orjson.dumps(asdict(record), default=str).decode(),
    }


def trace_row(trace_id: str, reading: TraceReading, state: TraceState, project: str, version: int) -> Row:
    """The row of a trace."""
    return {
        "project": project,
        "trace_id": trace_id,
        "version": version,
        "hours": sorted(state.hours),
        "session_ids": state.session_ids,
        "links": sorted(state.links),
        "start_us": reading.start_us,
        "end_us": reading.end_us,
        "name": reading.name,
        "service": reading.service,
        "spans_count": reading.spans_count,
        "errors": reading.errors,
        "other_traffic": reading.other_traffic,
        "flags": reading.flags,
    }


def session_row(session: Session, project: str, version: int) -> Row:
    """The row of a session."""
    return SESSION_COLUMNS.row(session, project, version)


def turn_row(turn: Turn, project: str, version: int) -> Row:
    """The row of a turn."""
    return TURN_COLUMNS.row(turn, project, version)


def session_tombstone(session_id: str, project: str, version: int) -> Row:
    """The row of a session that has lost its last turn."""
    return {"project": project, "session_id": session_id, "version": version, "is_deleted": 1}


def turn_tombstone(turn: Turn, project: str, version: int) -> Row:
    """The row of a turn that is no longer part of its session."""
    return {
        "project": project, "session_id": turn.session_id, "trace_id": turn.trace_id, "span_id": turn.span_id,
        "version": version, "is_deleted": 1,
    }  # fmt: skip


def conversation_row(
    place: tuple[str, str], turns: list[tuple[int, int | None]], project: str, version: int
) -> Row:
    """The row of a conversation's part in one session; `turns` are their starts and ends in us."""
    return {
        "project": project,
        "conversation_id": place[0],
        "session_id": place[1],
        "version": version,
        "start_us": min(start for start, _ in turns),
        "end_us": max(end or start for start, end in turns),
        "turns_count": len(turns),
    }


def conversation_tombstone(place: tuple[str, str], project: str, version: int) -> Row:
    """The row of a conversation that is no longer part of a session."""
    return {
        "project": project,
        "conversation_id": place[0],
        "session_id": place[1],
        "version": version,
        "is_deleted": 1,
    }


def link_row(link: Link, trace_id: str, chain_id: str, project: str, version: int) -> Row:
    """The row of a trace that gives a response, or needs one (rule C3)."""
    return {
        "project": project,
        "response_id": link[0],
        "role": link[1],
        "trace_id": trace_id,
        "chain_id": chain_id,
        "version": version,
    }


def link_tombstone(link: Link, trace_id: str, project: str, version: int) -> Row:
    """The row of a link that is gone."""
    return link_row(link, trace_id, "", project, version) | {"is_deleted": 1}
