"""What each span of a trace counts as, so that nothing is counted twice.

Tokens and cost (definitions, *Tokens, cost, waste*): if any LLM or embedding span of the trace has
usage, only the innermost such spans count; else the outermost spans with usage. Usage on agents,
chains and outer spans is never added to that. Evaluators are counted by the same rule, apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from turnloom.server.domain.retries import find_retried
from turnloom.server.domain.tree import NONE, Tree

CALL = 1
"""An innermost LLM call: no LLM span below it."""
COUNTED = 2
"""Its usage counts."""
UNKNOWN = 4
"""An LLM call that succeeded and says nothing about usage: its price is not known."""
EVALUATOR = 8
"""An evaluator or below one: a bucket of its own."""
RETRIED = 16
"""Tried again, or below what was tried again."""
FAILURE = 32
"""Failed, with no failed span below it."""
BACKGROUND = 64
"""Marked as background or below what is: extends no activity."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What each span counts as, by index in the tree."""

    bits: bytearray
    agent_depths: Sequence[int]
    """How many agents are above each span; empty when the trace has no agent."""
    aside: bool
    """Some spans are evaluators, background or below one."""


@dataclass(slots=True)
class _Found:
    """Indexes of the spans that a rule below asks for."""

    llms: list[int]
    embeddings: list[int]
    usages: list[int]
    errors: list[int]
    evaluators: list[int]
    backgrounds: list[int]
    retries: list[int]
    agents: bool = False


def read_roles(tree: Tree) -> Roles:
    """Decide what each span of a trace counts as.

    Args:
        tree: All spans of the trace.

    Returns:
        The roles; O(number of spans).
    """
    found = _find(tree)
    bits = bytearray(len(tree.spans))
    if found.evaluators or found.backgrounds or found.retries:
        _mark_below(tree, bits, found.evaluators, EVALUATOR)
        _mark_below(tree, bits, found.backgrounds, BACKGROUND)
        _mark_below(tree, bits, find_retried(tree, found.retries), RETRIED)
    _mark_innermost(tree, bits, found.llms, CALL)
    _mark_innermost(tree, bits, found.errors, FAILURE)
    if found.evaluators:
        _mark_usage(tree, bits, [index for index in found.usages if bits[index] & EVALUATOR])
        _mark_usage(tree, bits, [index for index in found.usages if not bits[index] & EVALUATOR])
    else:
        _mark_usage(tree, bits, found.usages)
    _mark_unknown(tree, bits, found.llms)
    aside = bool(found.evaluators or found.backgrounds)
    return Roles(bits, _agent_depths(tree) if found.agents else (), aside)


def _find(tree: Tree) -> _Found:
    found = _Found([], [], [], [], [], [], [])
    for index, span in enumerate(tree.spans):
        kind = span.kind
        if kind == "llm":
            found.llms.append(index)
        elif kind == "agent":
            found.agents = True
        elif kind == "embedding":
            found.embeddings.append(index)
        elif kind == "evaluator":
            found.evaluators.append(index)
        if span.input_tokens is not None or span.output_tokens is not None or span.cost_usd is not None:
            found.usages.append(index)
        if span.error:
            found.errors.append(index)
        if span.background:
            found.backgrounds.append(index)
        if span.retry_attempt:
            found.retries.append(index)
    return found


def _mark_below(tree: Tree, bits: bytearray, starts: Sequence[int], bit: int) -> None:
    if starts:
        for index, mark in enumerate(tree.below(starts)):
            if mark:
                bits[index] |= bit


def _mark_innermost(tree: Tree, bits: bytearray, indexes: list[int], bit: int) -> None:
    if len(indexes) == 1:
        bits[indexes[0]] |= bit
    elif indexes:
        above = tree.above(indexes)
        for index in indexes:
            if not above[index]:
                bits[index] |= bit


def _mark_usage(tree: Tree, bits: bytearray, usages: list[int]) -> None:
    """Innermost LLM and embedding spans with usage, else the outermost spans with usage."""
    if not usages:
        return
    calls = [index for index in usages if tree.spans[index].kind in ("llm", "embedding")]
    if calls:
        _mark_innermost(tree, bits, calls, COUNTED)
        return
    below = tree.below(usages)
    for index in usages:
        parent = tree.parents[index]
        if parent == NONE or not below[parent]:
            bits[index] |= COUNTED


def _mark_unknown(tree: Tree, bits: bytearray, llms: list[int]) -> None:
    """LLM calls that succeeded without usage, unless a span above them has counted it."""
    silent = [
        index for index in llms if bits[index] & (CALL | COUNTED) == CALL and not tree.spans[index].error
    ]
    if silent:
        counted = tree.below([index for index, value in enumerate(bits) if value & COUNTED])
        for index in silent:
            if not counted[index]:
                bits[index] |= UNKNOWN


def _agent_depths(tree: Tree) -> list[int]:
    depths = [0] * len(tree.spans)
    for index in tree.downwards:
        parent = tree.parents[index]
        if parent != NONE:
            depths[index] = depths[parent] + (tree.spans[parent].kind == "agent")
    return depths
