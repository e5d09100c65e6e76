"""Definitions, *Drop-off*."""

import json

import pytest

from domain.build import announced, ended, score, session, stored, turn

OPEN = {"journey_steps": (json.dumps({"name": "refund", "stage": "found"}),)}
DONE = {"journey_steps": (json.dumps({"name": "refund", "converted": "true"}),)}
DISLIKED = {"scores": (("thumbs", "", 0.0, None, 5, "user", 0.0),)}
LIKED = {"scores": (("thumbs", "", 1.0, None, 9, "user", 1.0),)}


def reasons(*items, **options):
    """Why each visit was left."""
    return stored(*items, **options).visit_dropoffs


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        *[
            ([turn(0, status=status)], "failed_turn")
            for status in ("error", "cancelled", "disconnected", "timeout")
        ],
        ([announced(0)], "failed_turn"),
        ([turn(0, status="error"), turn(9)], "natural_end"),
        ([turn(0, answered=False)], "unanswered"),
        ([turn(0, answered=False, status="error")], "failed_turn"),
        ([turn(0, **DISLIKED)], "negative_feedback"),
        ([turn(0, **DISLIKED), turn(9, **LIKED)], "natural_end"),
        ([turn(0, **LIKED), turn(9, asked_question=True)], "unanswered_question"),
        ([turn(0, asked_question=True, **DISLIKED)], "negative_feedback"),
        ([turn(0, asked_question=True, **OPEN)], "unanswered_question"),
        ([turn(0, asked_question=True), turn(9)], "natural_end"),
        ([turn(0, asked_question=None)], "natural_end"),
        ([turn(0, **OPEN), turn(9)], "journey_abandoned"),
        ([turn(0, **OPEN), turn(9, **DONE)], "natural_end"),
        ([turn(0)], "natural_end"),
    ],
)
def test_one_reason_the_first_that_holds(turns, reason):
    """One reason the first that holds."""
    assert reasons(*turns) == (reason,)


@pytest.mark.parametrize(
    ("end", "fields", "reason"),
    [
        ("completed", {"status": "error"}, ""),
        ("replaced", {"status": "error"}, ""),
        ("user_exit", {"status": "error"}, "failed_turn"),
        ("logout", {"answered": False}, "unanswered"),
        ("logout", DISLIKED, "negative_feedback"),
        ("user_exit", {"asked_question": True}, "natural_end"),
        ("logout", OPEN, "natural_end"),
        ("error", {"asked_question": True}, "unanswered_question"),
    ],
)
def test_the_end_decides_what_is_asked(end, fields, reason):
    """The end decides what is asked."""
    assert reasons(turn(0, **fields), ended(end, 2)) == (reason,)


@pytest.mark.parametrize("session_type", ["api", "agent", "batch"])
def test_nobody_drops_off_from_a_machine(session_type):
    """Nobody drops off from a machine."""
    assert reasons(turn(0, status="error", session_attributes={"type": session_type})) == ("",)


def test_each_visit_has_its_reason():
    """Each visit has its reason."""
    assert reasons(turn(0, status="error"), turn(4000), turn(8000, asked_question=True)) == (
        "failed_turn",
        "natural_end",
        "unanswered_question",
    )


def test_an_earlier_visit_closed_by_an_explicit_end_is_judged_by_it():
    """An earlier visit closed by an explicit end is judged by it."""
    assert reasons(turn(0, asked_question=True), ended("logout", 10), turn(4000)) == (
        "natural_end",
        "natural_end",
    )
    assert reasons(turn(0, status="error"), ended("completed", 10), turn(4000)) == ("", "natural_end")


def test_a_visit_that_dropped_before_a_later_conversion_stays_dropped():
    """A visit that dropped before a later conversion stays dropped."""
    found = stored(turn(0, **OPEN), turn(4000, **DONE))

    assert (found.visit_dropoffs, found.outcome) == (("journey_abandoned", "natural_end"), "resolved")


def test_the_feedback_of_a_visit_includes_the_sessions():
    """The feedback of a visit includes the sessions."""

    def rated(time):
        return score("stars", 1, time, trace_id=None, session_id="s")

    assert reasons(turn(0), rated(5), turn(4000)) == ("negative_feedback", "natural_end")
    assert reasons(turn(0), turn(4000), rated(4005)) == ("natural_end", "negative_feedback")


def test_a_duplicate_is_not_the_last_turn():
    """A duplicate is not the last turn."""
    first = turn(0, 5, input_hash="q", asked_question=True, output="Which?")

    assert reasons(first, turn(1, 4, input_hash="q", status="error")) == ("unanswered_question",)


def test_the_last_variant_is_the_answer():
    """The last variant is the answer."""
    first = turn(0, input_hash="q", status="error", turn_id="a")

    assert reasons(first, turn(100, input_hash="q", turn_id="b")) == ("natural_end",)


def test_what_is_stored_with_it():
    """What is stored with it."""
    found = stored(
        turn(0, intent="refund", last_action="answered"),
        turn(9, last_action="asked_question", asked_question=True, question_inferred=True),
    )

    assert (found.last_turn, found.last_intent, found.last_action) == (2, "refund", "asked_question")
    assert (found.visit_actions, found.visit_intents, found.visit_turns) == (
        ("asked_question",),
        ("refund",),
        (2,),
    )
    assert found.dropoff_inferred is True


def test_a_bounce_is_one_turn():
    """A bounce is one turn."""
    assert stored(turn(0)).visit_turns == (1,)
    assert session(turn(0)).session.last_turn == 1
