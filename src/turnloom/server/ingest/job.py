"""What goes to the digest process, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from turnloom.server.ingest.segment import Entry
from turnloom.server.ingest.writing import RefusedRow

REASONS_MAX = 5
"""Reasons that are kept with a request; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work for one digest."""

    number: int
    segments: tuple[Path, ...]
    sessions: tuple[tuple[str, str], ...]
    """(project, session id) of sessions that the clock has changed."""
    version: int
    now_us: int
    request_bytes_max: int
    turn_incomplete_us: int


@dataclass(frozen=True, slots=True)
class Reject:
    """A request that could not be mapped, wholly or in part, or bytes that could not be read."""

    reason: str
    header: dict[str, Any]
    body: bytes


@dataclass(slots=True)
class Report:
    """What a digest did."""

    spans: int = 0
    records: int = 0
    duration_s: float = 0.0
    """From the end of the job before, or this one's start, to its own end."""
    rejects: list[Reject] = field(default_factory=list[Reject])
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])

    def add(self, other: "Report") -> None:
        """Count another one in."""
        self.spans += other.spans
        self.records += other.records
        self.rejects += other.rejects
        self.refused += other.refused


@dataclass(frozen=True, slots=True)
class Trouble:
    """A job failed, and not over what it was about: the engine, the disk."""

    reason: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A job failed over what it was about."""

    reason: str


Outcome = Report | Trouble | Defect


def reject(entry: Entry, reasons: Sequence[str]) -> Reject:
    """A request with the first of the reasons why it could not be stored."""
    more = len(reasons) - REASONS_MAX
    text = "; ".join(reasons[:REASONS_MAX]) + (f"; and {more} more" if more > 0 else "")
    header = {
        "project": entry.project,
        "kind": entry.kind,
        "sender": entry.sender,
        "received_us": entry.received_us,
        "content": entry.content,
        "encoding": entry.encoding,
        "faults": len(reasons),
    }
    return Reject(text, header, entry.body)
