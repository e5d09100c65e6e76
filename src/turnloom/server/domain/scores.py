"""Scores: the latest of each user on each target, beside what they rate."""

from collections.abc import Iterable

from turnloom.model.record import Record
from turnloom.server.domain.ratings import rating

Score = tuple[str, str, float | None, str | None, int, str, float | None]
"""(name, user id or "", value, text value, time in us, source or "", a user's rating 0..1 or None)."""


def latest_scores(records: Iterable[Record]) -> tuple[Score, ...]:
    """Keep the latest score per (target, user, name).

    Args:
        records: Records in any order; only `score` counts.

    Returns:
        Scores by (time, name, user).
    """
    latest: dict[tuple[str | None, str | None, str | None, str, str], Record] = {}
    for record in records:
        if record.kind != "score":
            continue
        key = (record.span_id, record.turn_id, record.conversation_id, _user(record), record.name or "")
        known = latest.get(key)
        if known is None or (record.time_us, record.record_id) > (known.time_us, known.record_id):
            latest[key] = record
    kept = sorted(
        latest.values(), key=lambda each: (each.time_us, each.name or "", _user(each), each.record_id)
    )
    return tuple(_score(record) for record in kept)


def _user(record: Record) -> str:
    return str(record.user_id or record.body.get("user_id") or "")


def _score(record: Record) -> Score:
    value = record.body.get("value")
    return (
        record.name or "",
        _user(record),
        float(value) if isinstance(value, int | float) else None,
        value if isinstance(value, str) else None,
        record.time_us,
        str(record.body.get("source") or ""),
        rating(record),
    )
