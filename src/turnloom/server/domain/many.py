"""Several exchanges in one trace: one trace per WebSocket, per worker, per script.

A trace whose root holds no exchange of its own (no input, no AI, no application step, no ordinary
HTTP request, or no root at all) is looked at branch by branch. A branch that brings a new user
message starts an exchange; the branches after it, such as the next step of an agent loop, belong to
it. A message is new if it differs from the one before and neither quotes the other, as the prompts
of a pipeline quote their input, if it does not quote the answer before, as they quote the result of
the step before, and if its branch starts after the one before has ended.
"""

from collections.abc import Sequence

from turnloom.model.span import AI_KINDS, Span
from turnloom.server.domain.spoken import Spoken
from turnloom.server.domain.tree import NONE, Tree

STEP_KINDS = AI_KINDS | {"chain", "workflow", "reranker", "guardrail"}
"""Kinds that are a step of an application: as a root they hold one exchange, as a branch they join one."""

DESCENT_MAX = 8
"""How many plain spans may lie around the branches: a WebSocket span in an HTTP span in a proxy's."""

QUOTE_LENGTH_MIN = 12
"""Code points from which a text inside another one is a quotation and no coincidence."""


def find_many(tree: Tree, group: Sequence[int], tops: Sequence[int], spoken: Spoken) -> dict[int, int]:
    """Find the branches of a trace that answer different user messages.

    Args:
        tree: Spans of the trace.
        group: Indexes of the session's spans, parents first.
        tops: Those without a parent in the group.
        spoken: The texts of the trace.

    Returns:
        Per top of a branch, the index of the span with the user message that it answers; empty
        when the trace does not hold several exchanges.
    """
    if len(tops) == 1 and _holds_one(tree.spans[tops[0]], spoken):
        return {}
    asking = [index for index in group if spoken.asks(tree.spans[index])]
    if len(asking) < 2:
        return {}
    branches = _branches(tree, group, tops, asking, spoken)
    exchanges = _exchanges(tree, branches, _ends(tree, branches, group), spoken) if branches else {}
    return exchanges if len(set(exchanges.values())) > 1 else {}


def _holds_one(span: Span, spoken: Spoken) -> bool:
    """Whether a root is one exchange whatever is below it."""
    if span.kind in STEP_KINDS or span.has_input or spoken.input_of(span) is not None:
        return True
    return span.one_exchange


def _branches(
    tree: Tree, group: Sequence[int], tops: Sequence[int], asking: Sequence[int], spoken: Spoken
) -> dict[int, int | None]:
    """Tops of the branches below the outermost plain spans, with the first asking span of each.

    Returns:
        Nothing if all that is asked lies in one branch that holds one exchange.
    """
    holder = tops[0] if len(tops) == 1 else NONE
    for _ in range(DESCENT_MAX):
        branch_of: dict[int, int] = {}
        for index in group:
            parent = tree.parents[index]
            if index != holder:
                branch_of[index] = index if parent in {holder, NONE} else branch_of[parent]
        heads: dict[int, int | None] = dict.fromkeys(branch_of.values())
        for index in sorted(asking, reverse=True):
            if index != holder:
                heads[branch_of[index]] = index
        asked = [branch for branch, head in heads.items() if head is not None]
        if len(asked) != 1:
            return heads
        if _holds_one(tree.spans[asked[0]], spoken):
            return {}
        holder = asked[0]
        group = [index for index in group if branch_of.get(index) == holder]
    return {}


def _ends(tree: Tree, branches: dict[int, int | None], group: Sequence[int]) -> dict[int, int]:
    """Latest end of each branch."""
    ends: dict[int, int] = {}
    branch_of: dict[int, int] = {}
    for index in group:
        branch = index if index in branches else branch_of.get(tree.parents[index])
        if branch is not None:
            branch_of[index] = branch
            span = tree.spans[index]
            ends[branch] = max(ends.get(branch, 0), span.end_us or span.start_us)
    return ends


def _exchanges(
    tree: Tree, branches: dict[int, int | None], ends: dict[int, int], spoken: Spoken
) -> dict[int, int]:
    """Give each branch to the exchange in which it happened; others than steps stay activity."""
    current: int | None = None
    answer: str | None = None
    reach_us = 0
    exchanges: dict[int, int] = {}
    for branch in sorted(branches):
        head, span = branches[branch], tree.spans[branch]
        if head is not None and span.kind != "evaluator" and not span.background:
            after = current is None or span.start_us >= reach_us
            if current is None or (after and _is_new(tree.spans[current], tree.spans[head], answer, spoken)):
                current = head
            answer = spoken.output_of(tree.spans[head])
        elif span.kind not in STEP_KINDS:
            continue
        if current is not None:
            exchanges[branch] = current
            reach_us = max(reach_us, ends[branch])
    return exchanges


def _is_new(before: Span, after: Span, answer: str | None, spoken: Spoken) -> bool:
    """Whether a user message starts another exchange than the one before, whose last answer is known."""
    for old, new in (
        (before.turn_number, after.turn_number),
        (before.turn_id, after.turn_id),
        (before.conversation_id, after.conversation_id),
    ):
        if old is not None and new is not None and old != new:
            return True
    old_text, new_text = spoken.input_of(before), spoken.input_of(after)
    if old_text is None or new_text is None:
        return before.input_hash is None or before.input_hash != after.input_hash
    shorter, longer = sorted((_plain(old_text), _plain(new_text)), key=len)
    if shorter == longer or _quotes(longer, shorter):
        return False
    return answer is None or not _quotes(_plain(new_text), _plain(answer))


def _quotes(text: str, other: str) -> bool:
    return len(other) >= QUOTE_LENGTH_MIN and other in text


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
