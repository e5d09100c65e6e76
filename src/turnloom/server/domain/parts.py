"""Turns that came in parts: announced and arrived, the same turn id twice, one trace per LLM call."""

from collections.abc import Sequence

from turnloom.model.turn import EVENT, Turn
from turnloom.server.domain.placing import facts
from turnloom.server.domain.scores import Score
from turnloom.server.domain.usage import plus

CALLS_APART_US = 2_000_000
"""Gap under which consecutive traces with the same last user message are one turn."""


def find_parts(turns: Sequence[Turn], merge_calls: bool) -> dict[int, list[Turn]]:
    """Find the turns that belong to another one, and say so in `part_of`.

    The same `turn.id` twice is one turn: that of a span before that of an announcement, the earlier
    before the later. Where each LLM call is its own trace, consecutive traces of a conversation with
    the same last user message and a gap < 2 s are one turn if the project's rule says so
    (definitions, *Turn*, *Duplicate*).

    Args:
        turns: Turns of a session in order.
        merge_calls: The project's rule.

    Returns:
        Parts by `id()` of the turn that they belong to.
    """
    parts: dict[int, list[Turn]] = {}
    by_turn: dict[str, Turn] = {}
    for turn in sorted(turns, key=lambda turn: turn.source == EVENT):
        if turn.turn_id is None:
            continue
        whole = by_turn.setdefault(turn.turn_id, turn)
        if whole is not turn:
            _attach(turn, whole, parts)
    if merge_calls:
        _merge_calls(turns, parts)
    return parts


def _attach(turn: Turn, whole: Turn, parts: dict[int, list[Turn]]) -> None:
    turn.part_of = whole.span_id
    parts.setdefault(id(whole), []).append(turn)


def _merge_calls(turns: Sequence[Turn], parts: dict[int, list[Turn]]) -> None:
    last: dict[str | None, tuple[Turn, int]] = {}
    for turn in turns:
        if turn.part_of is not None or turn.source != "trace":
            continue
        end_us = turn.end_us or turn.start_us
        before = last.get(turn.conversation_id)
        if (
            before is not None
            and turn.input_hash is not None
            and turn.input_hash == before[0].input_hash
            and turn.start_us - before[1] < CALLS_APART_US
        ):
            _attach(turn, before[0], parts)
            last[turn.conversation_id] = (before[0], max(end_us, before[1]))
        else:
            last[turn.conversation_id] = (turn, end_us)


def merge(whole: Turn, parts: Sequence[Turn]) -> Turn:
    """One turn out of several: what a page shows, and what the session counts.

    Args:
        whole: The turn that the others are part of.
        parts: The others; an announcement adds nothing to what has arrived.

    Returns:
        A new turn with the identity and input of `whole`, sums, and the output of the last part.
    """
    turn = facts(whole)
    for part in sorted(parts, key=lambda part: (part.start_us, part.trace_id, part.span_id)):
        if part.source == EVENT and whole.source != EVENT:
            continue
        _extend(turn, part)
        _sum(turn, part)
        _unite(turn, part)
        if (part.end_us or part.start_us) >= (turn.end_us or turn.start_us) or turn.output is None:
            turn.status = part.status
            turn.output, turn.output_span_id = part.output, part.output_span_id
            turn.output_length, turn.output_type = part.output_length, part.output_type
            turn.answered, turn.last_action = part.answered, part.last_action
            turn.asked_question, turn.question_inferred = part.asked_question, part.question_inferred
            turn.context_ratio = part.context_ratio
        turn.end_us = _later(turn.end_us, part.end_us)
    if turn.end_us is not None:
        turn.latency_us = max(turn.end_us - turn.start_us - turn.human_wait_us, 0)
    return turn


def _extend(turn: Turn, part: Turn) -> None:
    turn.start_us = min(turn.start_us, part.start_us)
    turn.active_end_us = _later(turn.active_end_us, part.active_end_us)
    turn.extends_us = _later(turn.extends_us, part.extends_us)
    turn.last_end_us = max(turn.last_end_us, part.last_end_us)
    turn.human_wait_us += part.human_wait_us


def _sum(turn: Turn, part: Turn) -> None:
    turn.spans_count += part.spans_count
    turn.llm_calls += part.llm_calls
    turn.tool_calls += part.tool_calls
    turn.agent_runs = max(turn.agent_runs, part.agent_runs)
    turn.errors += part.errors
    turn.priced_calls += part.priced_calls
    turn.unpriced_calls += part.unpriced_calls
    turn.input_tokens = plus(turn.input_tokens, part.input_tokens)
    turn.output_tokens = plus(turn.output_tokens, part.output_tokens)
    turn.cached_input_tokens = plus(turn.cached_input_tokens, part.cached_input_tokens)
    turn.cost_usd = plus(turn.cost_usd, part.cost_usd)
    turn.evaluator_cost_usd = plus(turn.evaluator_cost_usd, part.evaluator_cost_usd)
    turn.wasted_tokens = plus(turn.wasted_tokens, part.wasted_tokens)
    turn.wasted_cost_usd = plus(turn.wasted_cost_usd, part.wasted_cost_usd)


def _unite(turn: Turn, part: Turn) -> None:
    turn.models = _union(turn.models, part.models)
    turn.tools = _union(turn.tools, part.tools)
    turn.agents = _union(turn.agents, part.agents)
    turn.users = _union(turn.users, part.users)
    turn.flags = _union(turn.flags, part.flags)
    turn.human_requests = _union(turn.human_requests, part.human_requests)
    turn.human_responses = _union(turn.human_responses, part.human_responses)
    turn.journey_steps += part.journey_steps
    turn.scores = tuple(sorted(turn.scores + part.scores, key=_by_time))
    peaks = [peak for peak in (turn.peak_context_ratio, part.peak_context_ratio) if peak is not None]
    turn.peak_context_ratio = max(peaks, default=None)


def _by_time(score: Score) -> tuple[int, str, str]:
    return score[4], score[0], score[1]


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return one if one == other else tuple(sorted({*one, *other}))


def _later(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)
