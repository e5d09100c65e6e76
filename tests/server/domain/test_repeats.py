"""Definitions, *Variant* and *Duplicate*; turns that came in parts."""

from decimal import Decimal

import pytest

from domain.build import RULES, announced, session, turn
from turnloom.server.domain.parts import merge
from turnloom.server.domain.rules import SessionRules

MERGE = SessionRules(merge_calls=True)


def asked(start, text="q", **fields):
    """A turn with an id and an input."""
    return turn(start, input_hash=text, **{"turn_id": f"id{start}"} | fields)


def kinds(*items, **options):
    """What each turn is: its number, or what it repeats."""
    return [
        "duplicate" if each.duplicate_of else "variant" if each.variant_of else each.number
        for each in session(*items, **options).turns
    ]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        pytest.param([turn(0, turn_id="a"), turn(5, regenerates="a")], [1, "variant"], id="by turn id"),
        pytest.param([turn(0, span_id="p"), turn(5, regenerates="p")], [1, "variant"], id="by span id"),
        pytest.param([turn(0), turn(5, regenerates="gone")], [1, 2], id="of a turn that is not here"),
        pytest.param([asked(0), asked(120)], [1, "variant"], id="the same input"),
        pytest.param([asked(0), asked(599)], [1, "variant"], id="just before 10 min"),
        pytest.param([asked(0), asked(600)], [1, 2], id="at 10 min"),
        pytest.param([asked(0), asked(60, "other"), asked(120)], [1, 2, 3], id="after another input"),
        pytest.param(
            [asked(0, conversation_id="A"), asked(120, conversation_id="B")],
            [1, 1],
            id="in another conversation",
        ),
        pytest.param(
            [asked(0), asked(120), asked(240), asked(300, "x")], [1, "variant", "variant", 2], id="twice"
        ),
        pytest.param([turn(0), turn(120)], [1, 2], id="without an input"),
    ],
)
def test_variants_have_no_number(turns, expected):
    """Variants have no number."""
    assert kinds(*turns) == expected


def test_the_last_variant_is_the_answer_and_the_others_are_wasted():
    """The last variant is the answer and the others are wasted."""
    cost = {"cost_usd": Decimal(1), "input_tokens": 3, "output_tokens": 1}
    reading = session(asked(0, **cost), asked(120, **cost), asked(240, **cost))

    assert [each.superseded for each in reading.turns] == [True, True, False]
    assert {each.variant_of for each in reading.turns[1:]} == {reading.turns[0].span_id}
    assert (reading.session.cost_usd, reading.session.wasted_cost_usd) == (Decimal(3), Decimal(2))
    assert (reading.session.wasted_tokens, reading.session.turns_count) == (8, 1)


def bare(start, end=None, text="q", **fields):
    """A turn with an input and without an id."""
    return turn(start, end, input_hash=text, **fields)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        pytest.param([bare(0, 10), bare(5, 9)], [1, "duplicate"], id="overlapping"),
        pytest.param([bare(0, 10), bare(69)], [1, "duplicate"], id="59 s apart"),
        pytest.param([bare(0, 10), bare(70)], [1, "variant"], id="60 s apart"),
        pytest.param(
            [bare(0, 10), bare(15, text="x"), bare(30)], [1, 2, "duplicate"], id="whatever came between"
        ),
        pytest.param(
            [bare(0, conversation_id="A"), bare(5, conversation_id="B")], [1, 1], id="other conversation"
        ),
        pytest.param([asked(0), asked(5)], [1, "variant"], id="both have ids"),
        pytest.param([asked(0), bare(0.5)], [1, "duplicate"], id="one has an id"),
        pytest.param([bare(0), bare(5, continues=True)], [1, 2], id="the next step of an agent loop"),
    ],
)
def test_duplicates_by_hash(turns, expected):
    """Duplicates by hash."""
    assert kinds(*turns) == expected


def test_a_duplicate_is_flagged_and_its_cost_is_wasted():
    """A duplicate is flagged and its cost is wasted."""
    reading = session(bare(0, cost_usd=Decimal(1)), bare(5, cost_usd=Decimal(1)))

    assert reading.turns[1].session_flags == ("duplicate",)
    assert reading.session.flags == ("duplicate",)
    assert (reading.session.cost_usd, reading.session.wasted_cost_usd) == (Decimal(2), Decimal(1))


def test_the_same_turn_id_twice_is_one_turn():
    """The same turn id twice is one turn."""
    first = turn(0, turn_id="x", trace_id="t1", output="a", input_tokens=1)
    again = turn(20, turn_id="x", trace_id="t2", output="b", input_tokens=2)

    reading = session(again, first, turn(50))

    assert [(each.number, each.part_of) for each in reading.turns] == [
        (1, None),
        (None, first.span_id),
        (2, None),
    ]
    assert (reading.session.turns_count, reading.session.input_tokens) == (2, 3)
    assert reading.session.strip_outcomes == ("ok", "ok")


def test_an_announced_turn_gives_way_to_its_span_in_another_trace():
    """An announced turn gives way to its span in another trace."""
    reading = session(announced(0, turn_id="x", trace_id="t1"), turn(1, turn_id="x", trace_id="t2"))

    assert [(each.source, each.number) for each in reading.turns] == [("event", None), ("client", 1)]
    assert reading.session.running_until_us is None


def call(start, end, text="q", **fields):
    """A trace of one call."""
    return turn(start, end, input_hash=text, source="trace", **fields)


@pytest.mark.parametrize(
    ("turns", "rules", "expected"),
    [
        ([call(0, 1), call(2, 3, continues=True)], MERGE, [1, None]),
        ([call(0, 1), call(2, 3, continues=True), call(4, 5, continues=True)], MERGE, [1, None, None]),
        ([call(0, 1), call(3, 4, continues=True)], MERGE, [1, 2]),
        ([call(0, 1), call(2, 3, "x")], MERGE, [1, 2]),
        ([call(0, 1), call(2, 3, continues=True)], RULES, [1, 2]),
        ([call(0, 1, conversation_id="A"), call(2, 3, conversation_id="B")], MERGE, [1, 1]),
    ],
    ids=["1 s apart", "a chain", "2 s apart", "other message", "rule is off", "other conversation"],
)
def test_one_trace_per_call_is_one_turn_if_the_project_says_so(turns, rules, expected):
    """One trace per call is one turn if the project says so."""
    assert [each.number for each in session(*turns, rules=rules).turns] == expected


def test_a_merged_turn_has_the_first_input_the_last_output_and_the_sums():
    """A merged turn has the first input the last output and the sums."""
    first = call(
        0, 1, input="q", output=None, llm_calls=1, input_tokens=1, cost_usd=Decimal(1), models=("a",)
    )
    second = call(2, 3, input="q", output="a", llm_calls=1, input_tokens=2, cost_usd=None, models=("b",))

    merged = merge(first, [second])

    assert (merged.input, merged.output, merged.llm_calls, merged.input_tokens) == ("q", "a", 2, 3)
    assert (merged.start_us, merged.end_us, merged.cost_usd, merged.models) == (
        0,
        3_000_000,
        Decimal(1),
        ("a", "b"),
    )
    assert first.output is None, "the stored facts stay as they are"


def test_reading_what_was_read_gives_the_same():
    """Reading what was read gives the same."""
    turns = [
        asked(0),
        asked(120),
        bare(300),
        bare(310),
        announced(400),
        turn(500, turn_id="x"),
        turn(600, turn_id="x"),
    ]
    once = session(*turns, now=500)

    again = session(*once.turns, now=500)
    later = session(*session(*turns, now=5000).turns, now=500)

    assert again == once == later
