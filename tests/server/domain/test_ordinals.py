"""Definitions, *Ordinals*."""

import pytest

from domain.build import activity, session, stored, turn


def numbers(*items, **options):
    """Position and number of each row."""
    return [(each.position, each.number) for each in session(*items, **options).turns]


def test_turns_are_numbered_by_start_then_trace_id_then_span_id():
    """Turns are numbered by start then trace id then span id."""
    late, first = turn(5, trace_id="t2", span_id="b"), turn(1)
    tied = turn(5, trace_id="t1", span_id="z"), turn(5, trace_id="t2", span_id="a")

    reading = session(late, *tied, first)

    assert [(each.trace_id[-2:], each.number) for each in reading.turns][1:] == [
        ("t1", 2),
        ("t2", 3),
        ("t2", 4),
    ]
    assert reading.turns[-1].span_id == "b"


def test_number_is_in_the_conversation_and_position_in_the_session():
    """Number is in the conversation and position in the session."""
    assert numbers(
        turn(0, conversation_id="A"),
        turn(5, conversation_id="B"),
        turn(9, conversation_id="A"),
        turn(12),
        turn(15),
    ) == [(1, 1), (2, 1), (3, 2), (4, 1), (5, 2)]


def test_a_conversation_continued_from_another_session_counts_on():
    """A conversation continued from another session counts on."""
    options = {"conversation_offsets": {"A": 7}}

    assert numbers(turn(0, conversation_id="A"), turn(5, conversation_id="B"), **options) == [(1, 8), (2, 1)]


def test_activity_has_no_ordinals():
    """Activity has no ordinals."""
    assert numbers(turn(0), activity(2, 3), turn(5)) == [(1, 1), (None, None), (2, 2)]
    assert stored(turn(0), activity(2, 3), turn(5)).turns_count == 2


def reported(*numbers_told):
    """Turns that report these numbers."""
    return [turn(start * 10, reported_number=number) for start, number in enumerate(numbers_told)]


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        pytest.param([1, 2, 3], [(), (), ()], id="as ours"),
        pytest.param([1, 2, 4], [(), (), ("number_gap", "number_mismatch")], id="a gap"),
        pytest.param(
            [1, 1, 2], [(), ("number_duplicate", "number_mismatch"), ("number_mismatch",)], id="a duplicate"
        ),
        pytest.param([2, 1], [(), ("number_mismatch",)], id="out of order"),
        pytest.param([7, 8, 10], [(), (), ("number_gap", "number_mismatch")], id="continued from elsewhere"),
        pytest.param([None, 2, None, 4], [(), (), (), ()], id="some missing"),
    ],
)
def test_reported_numbers_are_kept_and_what_does_not_fit_is_flagged(told, flags):
    """Reported numbers are kept and what does not fit is flagged."""
    turns = session(*reported(*told)).turns

    assert [each.session_flags for each in turns] == flags
    assert [each.reported_number for each in turns] == told
    assert [each.number for each in turns] == list(range(1, len(told) + 1))


def test_visit_position_starts_again_with_each_visit():
    """Visit position starts again with each visit."""
    turns = session(turn(0), turn(10), turn(4000), turn(4010)).turns

    assert [(each.visit, each.visit_position, each.position) for each in turns] == [
        (1, 1, 1),
        (1, 2, 2),
        (2, 1, 3),
        (2, 2, 4),
    ]


def test_a_place_that_a_turn_had_is_not_used():
    """A place that a turn had is not used."""
    old = turn(
        5, number=9, position=9, visit=9, visit_position=9, variant_of="x", session_flags=("x",), part_of="y"
    )

    (new,) = session(old).turns

    assert (new.number, new.position, new.visit, new.visit_position) == (1, 1, 1, 1)
    assert (new.variant_of, new.part_of, new.session_flags, old.number) == (None, None, (), 9)


def test_a_first_number_is_checked_where_the_earlier_turns_are_known():
    """A first number is checked where the earlier turns are known."""
    reading = session(turn(0, conversation_id="A", reported_number=9), conversation_offsets={"A": 2})

    assert reading.turns[0].session_flags == ("number_gap", "number_mismatch")
