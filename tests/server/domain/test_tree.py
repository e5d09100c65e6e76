"""Parents that cannot be trusted."""

from domain.build import llm, read, span
from turnloom.server.domain.tree import NONE, grow
from turnloom.server.domain.winners import winners


def test_spans_are_by_start_and_span_id_and_parents_are_found():
    """Spans are by start and span id and parents are found."""
    tree = grow([span("c", "b", start=2), span("a", start=1), span("b", "a", start=1)])

    assert [each.span_id for each in tree.spans] == ["a", "b", "c"]
    assert tree.parents == [NONE, 0, 1]


def test_a_child_that_starts_before_its_parent_still_comes_after_it_downwards():
    """A child that starts before its parent still comes after it downwards."""
    tree = grow([span("child", "root", start=1), span("root", start=2)])

    assert [tree.spans[index].span_id for index in tree.downwards] == ["root", "child"]


def test_a_circle_of_parents_is_cut_the_same_way_in_any_order():
    """A circle of parents is cut the same way in any order."""
    spans = [
        span("a", "c", start=1),
        span("b", "a", start=2),
        span("c", "b", start=3),
        span("d", "c", start=4),
    ]

    trees = [grow(spans), grow(spans[::-1])]

    assert trees[0].parents == trees[1].parents
    assert sum(parent == NONE for parent in trees[0].parents) == 1


def test_a_span_that_is_its_own_parent_is_a_root():
    """A span that is its own parent is a root."""
    assert grow([span("a", "a")]).parents == [NONE]


def test_five_thousand_parents_neither_recurse_nor_hang():
    """Five thousand parents neither recurse nor hang."""
    spans = [
        llm(f"{i:04}", f"{i + 1:04}" if i < 4999 else None, i, 9999, input_tokens=1) for i in range(5000)
    ]

    reading = read(*spans)

    assert reading.turns[0].spans_count == 5000
    assert reading.turns[0].input_tokens == 1, "all but the innermost are wrappers"


def test_of_two_versions_the_larger_wins_in_any_order():
    """Of two versions the larger wins in any order."""
    old, new = span("a", version=1, name="old"), span("a", version=2, name="new")

    assert (
        [each.name for each in winners([new, old])] == ["new"] == [each.name for each in winners([old, new])]
    )
