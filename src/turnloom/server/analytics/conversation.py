"""A conversation: one thread, over all sessions in which it was carried on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from turnloom.server.analytics.source import Source
from turnloom.server.analytics.where import Where


@dataclass(frozen=True, slots=True)
class Conversation:
    """What lists show of a conversation."""

    conversation_id: str
    session_ids: tuple[str, ...]
    started_us: int
    ended_us: int
    turns_count: int
    user_ids: tuple[str, ...] = ()
    errors: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    models: tuple[str, ...] = ()


def read_conversations(source: Source, rows: Sequence[Sequence[Any]]) -> list[Conversation]:
    """Add what their turns say to conversations.

    Args:
        source: Where to ask.
        rows: (conversation id, session ids, start, end, turns) of each.

    Returns:
        The conversations in the same order.
    """
    if not rows:
        return []
    where = Where(source.bindings())
    where.one_of("session_id", sorted({session_id for row in rows for session_id in row[1]}))
    where.one_of("conversation_id", [row[0] for row in rows])
    totals = {row[0]: row[1:] for row in source.ask("conversation_totals", where.bindings, {"where": where})}
    return [_conversation(row, totals.get(row[0])) for row in rows]


def _conversation(row: Sequence[Any], totals: Sequence[Any] | None) -> Conversation:
    conversation_id, session_ids, started_us, ended_us, turns_count = row
    if totals is None:
        return Conversation(conversation_id, tuple(session_ids), started_us, ended_us, turns_count)
    users, errors, given, made, cost, models = totals
    return Conversation(
        conversation_id, tuple(session_ids), started_us, ended_us, turns_count,
        tuple(users), errors, given, made, None if cost is None else Decimal(cost), tuple(models),
    )  # fmt: skip
