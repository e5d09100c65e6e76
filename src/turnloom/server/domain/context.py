"""How full the context window was (definitions, *Context window*)."""

from collections.abc import Sequence

from turnloom.model.span import Span
from turnloom.model.turn import Turn
from turnloom.server.domain.cast import Cast

PRUNING_DROP = 0.2
"""Share by which input tokens must fall for a pruning to be suspected."""


def context_ratio(span: Span) -> float | None:
    """Tokens of the request ÷ the model's limit; may exceed 1; None when either is not known."""
    tokens = span.input_tokens if span.context_tokens is None else span.context_tokens
    if tokens is None or not span.context_limit:
        return None
    return tokens / span.context_limit


def fill_context(turn: Turn, cast: Cast) -> None:
    """Fill in the ratio of the last top-level call, the peak, and what was pruned.

    Args:
        turn: The turn to fill in.
        cast: Its spans.
    """
    ratios = [
        ratio for span in cast.spans if span.context_limit and (ratio := context_ratio(span)) is not None
    ]
    if ratios:
        turn.peak_context_ratio = max(ratios)
    call = _last_top_level(cast)
    if call is not None:
        turn.context_ratio = context_ratio(call)
        turn.context_call = f"{call.agent_name or ''}/{call.model or ''}"
        turn.context_messages = call.messages_count
        turn.context_tokens = call.input_tokens if call.context_tokens is None else call.context_tokens
    if turn.context_ratio is None and ratios:
        turn.context_ratio = _reported(cast.spans)
    for span in cast.spans:
        if span.messages_pruned is not None:
            turn.messages_pruned = max(turn.messages_pruned or 0, span.messages_pruned)
        if span.context_pruned is not None:
            turn.context_pruned = turn.context_pruned or span.context_pruned
    if turn.messages_pruned and turn.context_pruned is None:
        turn.context_pruned = True


def _last_top_level(cast: Cast) -> Span | None:
    """The last call of the outermost agent: calls of its sub-agents have windows of their own."""
    if not cast.llms:
        return None
    if cast.top_agents == len(cast.agents):
        return cast.llms[-1]
    depth = max(min(cast.llm_depths), 1)
    return [span for span, depth_of in zip(cast.llms, cast.llm_depths, strict=True) if depth_of <= depth][-1]


def _reported(spans: Sequence[Span]) -> float | None:
    """What the turn itself reports when no call does: the outermost, then the earliest."""
    return next((ratio for span in spans if (ratio := context_ratio(span)) is not None), None)


def fill_suspected_pruning(turns: Sequence[Turn]) -> None:
    """Flag turns whose last call holds less than the one before it, by the same agent and model.

    Args:
        turns: Turns of a session in order.
    """
    before: dict[tuple[str | None, str], Turn] = {}
    for turn in turns:
        if turn.context_call is None:
            continue
        key = (turn.conversation_id, turn.context_call)
        earlier = before.get(key)
        if earlier is not None and not turn.context_pruned and _fell(earlier, turn):
            turn.session_flags += ("pruning_suspected",)
        before[key] = turn


def _fell(earlier: Turn, later: Turn) -> bool:
    """The message count falls, or input tokens fall by more than a fifth."""
    if (
        earlier.context_messages is not None
        and later.context_messages is not None
        and later.context_messages < earlier.context_messages
    ):
        return True
    if earlier.context_tokens is None or later.context_tokens is None:
        return False
    return later.context_tokens < earlier.context_tokens * (1 - PRUNING_DROP)
