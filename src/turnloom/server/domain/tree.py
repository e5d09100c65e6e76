"""The spans of a trace as a tree, whatever the parents claim: no recursion, no trust."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from turnloom.model.span import Span
from turnloom.server.domain.winners import place

NONE = -1
"""Index of what is not there: the parent of a top-most span."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Spans of one trace by (start, span id); an index stands for a span."""

    spans: list[Span]
    parents: list[int]
    """Index of each span's parent, or `NONE`: it has none, or it is not here, or it closes a circle."""
    downwards: Sequence[int]
    """Every index, each after its parent's: the order of the spans unless clocks disagree."""

    def above(self, start: Iterable[int]) -> bytearray:
        """Mark all ancestors of some spans.

        Args:
            start: Indexes of the spans; they are marked only where they are above another one.

        Returns:
            One byte a span: 1 for an ancestor.
        """
        marks = bytearray(len(self.spans))
        parents = self.parents
        for index in start:
            parent = parents[index]
            while parent != NONE and not marks[parent]:
                marks[parent] = 1
                parent = parents[parent]
        return marks

    def below(self, start: Iterable[int]) -> bytearray:
        """Mark some spans and all their descendants.

        Args:
            start: Indexes of the spans.

        Returns:
            One byte a span: 1 for a span at or below one of `start`.
        """
        marks = bytearray(len(self.spans))
        for index in start:
            marks[index] = 1
        parents = self.parents
        for index in self.downwards:
            parent = parents[index]
            if parent != NONE and marks[parent]:
                marks[index] = 1
        return marks


def grow(spans: Sequence[Span]) -> Tree:
    """Find each span's parent, and an order in which parents come first.

    Args:
        spans: The winning spans of one trace, in any order.

    Returns:
        The tree; the same for any order of the spans; O(n log n).
    """
    ordered = sorted(spans, key=place)
    index = {span.span_id: number for number, span in enumerate(ordered)}
    parents = [index.get(span.parent_id, NONE) if span.parent_id else NONE for span in ordered]
    for number, parent in enumerate(parents):
        if parent >= number:
            return Tree(ordered, parents, _parents_first(parents))
    return Tree(ordered, parents, range(len(ordered)))


def _parents_first(parents: list[int]) -> list[int]:
    """Order indexes parents first, and cut each circle at the link that closes it."""
    new, walking, done = 0, 1, 2
    state = bytearray(len(parents))
    sequence: list[int] = []
    for first in range(len(parents)):
        chain: list[int] = []
        index = first
        while index != NONE and state[index] == new:
            state[index] = walking
            chain.append(index)
            index = parents[index]
        if index != NONE and state[index] == walking:
            parents[chain[-1]] = NONE
        for index in reversed(chain):
            state[index] = done
            sequence.append(index)
    return sequence
