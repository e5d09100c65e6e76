"""Clocks that do not agree (definitions, *Time*, `clock_skew`)."""

from collections.abc import Sequence

from turnloom.server.domain.tree import NONE, Tree

CHILD_OUTSIDE_US = 1_000_000
"""How far a child may lie outside its parent."""

RECEPTION_OFF_US = 5 * 60 * 1_000_000
"""How far event time may be off reception."""


def is_skewed(tree: Tree, members: Sequence[int]) -> bool:
    """Whether any span lies outside its parent or off its reception by more than is plausible.

    Args:
        tree: Spans of the trace.
        members: Indexes of the spans in question.

    Returns:
        True for a child outside its parent by > 1 s, or event time > 5 min off reception.
    """
    spans, parents = tree.spans, tree.parents
    for index in members:
        span = spans[index]
        end_us = span.end_us or span.start_us
        if span.received_us and not -RECEPTION_OFF_US <= span.received_us - end_us <= RECEPTION_OFF_US:
            return True
        parent_index = parents[index]
        if parent_index == NONE:
            continue
        parent = spans[parent_index]
        if span.start_us < parent.start_us - CHILD_OUTSIDE_US:
            return True
        if parent.end_us is not None and end_us > parent.end_us + CHILD_OUTSIDE_US:
            return True
    return False
