"""What arrives beside spans: log events, message logs and scores."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

LIFECYCLE_EVENTS = frozenset(
    {"session.start", "session.end", "turn.start", "human.request", "human.response"}
)
"""Log events that a client sends at once, because a span only arrives when it ends."""


@dataclass(frozen=True, slots=True)
class Record:
    """One log event, message log or score; joined to its target when that is recomputed."""

    record_id: str
    """The sender's id of a score, else a hash of the content: the same record twice is one."""
    kind: str
    """A lifecycle event, `message` (a gen_ai log record) or `score`."""
    time_us: int
    """Event time, microseconds since 1970, UTC."""
    trace_id: str | None = None
    span_id: str | None = None
    session_id: str | None = None
    conversation_id: str | None = None
    user_id: str | None = None
    turn_id: str | None = None
    name: str | None = None
    """Name of the score, or of the log event."""
    body: dict[str, Any] = field(default_factory=dict[str, Any])
    """Score: `value` (float or str), `data_type`, `comment`, `source`, `user_id`. Message:
    `role`, `text`, `part` (`input` or `output`). Lifecycle: its attributes as sent."""
    received_us: int = 0


def record_version(record: Record) -> int:
    """Order two records with one id: the later event wins, then the hash of the content.

    Returns:
        An integer of at most 63 bits; never what the order of arrival decides.
    """
    content = repr(
        (record.kind, record.name, record.session_id, record.span_id, sorted(record.body.items(), key=str))
    )
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=2).digest()
    return (min(max(record.time_us, 0), 2**50) << 12) | (int.from_bytes(digest, "big") >> 4)


def supersedes(record: Record, held: Record) -> bool:
    """Whether a record replaces another with the same id."""
    return record_version(record) > record_version(held)
