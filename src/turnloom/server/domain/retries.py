"""Calls that were tried again: all attempts before the last are wasted."""

from collections.abc import Sequence
from itertools import pairwise

from turnloom.server.domain.tree import Tree


def find_retried(tree: Tree, retries: Sequence[int]) -> list[int]:
    """Find the attempts that a later attempt followed.

    An attempt follows the span before it of the same parent, kind and name if its number is
    higher; a first attempt has no number, 0 or 1.

    Args:
        tree: Spans of a trace.
        retries: Indexes of the spans with `retry.attempt` above 0.

    Returns:
        Indexes of the attempts before the last.
    """
    spans, parents = tree.spans, tree.parents
    wanted = {(parents[index], spans[index].kind, spans[index].name) for index in retries}
    siblings: dict[tuple[int, str, str], list[int]] = {}
    for index, span in enumerate(spans):
        key = (parents[index], span.kind, span.name)
        if key in wanted:
            siblings.setdefault(key, []).append(index)
    retried: list[int] = []
    for indexes in siblings.values():
        indexes.sort(key=lambda index: (spans[index].start_us, spans[index].span_id))
        for before, after in pairwise(indexes):
            if (spans[after].retry_attempt or 0) > (spans[before].retry_attempt or 0):
                retried.append(before)
    return retried
